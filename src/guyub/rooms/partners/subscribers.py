"""What partners do when others acted. Each may run again; each has its effect once."""

from __future__ import annotations

from guyub.events import people as events
from guyub.kernel.ledger.api import RecordedFact, subscribe
from guyub.rooms.partners import membership


@subscribe(events.AccountClosed, consumer="partners.account_closed")
def let_go(fact: RecordedFact) -> None:
    """A closed account belongs to nothing any more."""
    membership.end_of_account(account=fact.payload["account"], at=fact.occurred_at)
