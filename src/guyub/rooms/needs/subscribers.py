"""What needs do when others acted. Each may run again; each has its effect once."""

from __future__ import annotations

from guyub.events import partners as partner_events
from guyub.events import people as people_events
from guyub.kernel.ledger.api import RecordedFact, subscribe
from guyub.rooms.needs import offering, publishing


@subscribe(partner_events.PartnerClosed, consumer="needs.partner_closed")
def end_of_partner(fact: RecordedFact) -> None:
    """A closed partner looks for nothing and offers nothing any more."""
    publishing.close_of_partner(partner=fact.payload["partner"], at=fact.occurred_at)
    offering.end_of_partner(partner=fact.payload["partner"], at=fact.occurred_at)


@subscribe(people_events.AccountClosed, consumer="needs.account_closed")
def end_of_account(fact: RecordedFact) -> None:
    """A closed account offers nothing any more."""
    offering.end_of_account(account=fact.payload["account"], at=fact.occurred_at)
