"""Bukti dukung e-Kinerja: what one officer did in a month, by the ledger's own facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from guyub.events import Event
from guyub.events import casework as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import ROLES, NotAllowed, Person
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework.models import Case
from guyub.rooms.casework.sheets.days import Span, month_span
from guyub.rooms.people import api as people

COUNTED: tuple[type[Event], ...] = (
    events.RequestAccepted,
    events.CaseVerified,
    events.CaseAnswered,
    events.ReporterAsked,
    events.CaseHandedOver,
    events.ScheduleProposed,
    events.ScheduleDecided,
    events.WorkCompleted,
    events.CaseRejected,
    events.CaseDisposed,
    events.CaseSplit,
    events.CaseSentOut,
    events.DelayExplained,
)


@dataclass(frozen=True, slots=True)
class Deed:
    """One act. `number` is empty for a case about officials' conduct, which is named on no paper.

    `fact` and `seal` say where the ledger keeps it; a fact of today may have no seal yet.
    """

    name: str
    at: datetime
    number: str
    fact: int
    seal: int | None


@dataclass(frozen=True, slots=True)
class Proof:
    """A seal under which some of the deeds lie."""

    number: int
    hash: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class Month:
    """An officer's month. `counts` holds every counted kind, zero too."""

    name: str
    period: Span
    counts: dict[str, int]
    deeds: list[Deed]
    seals: list[Proof]


def colleagues(*, head: Person, on: date) -> list[tuple[int, str]]:
    """The officers of a head's own offices, by name: whose month the head may look at, one at a time."""
    kinds = frozenset(code for code, role in ROLES.items() if role.powers)
    accounts = {
        account
        for office in head.offices(roles.APPROVE_SCHEDULE)
        for account in people.accounts_with(roles=kinds, organisation=office, on=on)
    }
    named = list(people.names_of(accounts - {head.account}).items())
    return sorted(named, key=lambda pair: (pair[1], pair[0]))


def own_month(*, person: Person, month: date) -> Month:
    """What this person did in a month. Four queries at most."""
    return _month(person.acting, person.name, month, offices=None)


@transaction.atomic
def look_at(*, officer: int, head: Person, month: date, at: datetime, on: date) -> Month:
    """What an officer did for a head's offices in a month; that the head looked is recorded. Raises NotAllowed."""
    names = dict(colleagues(head=head, on=on))
    if officer not in names:
        raise NotAllowed("A head sees the months of the officers of their own office only.")
    offices = head.offices(roles.APPROVE_SCHEDULE)
    fact = events.OfficerMonthViewed(officer=officer, month=f"{month:%Y-%m}")
    ledger.record(
        fact, subject=f"people.account:{officer}", at=at, by=head.account, on_behalf_of=min(offices)
    )
    return _month(officer, names[officer], month, offices=offices)


def _month(account: int, name: str, month: date, *, offices: frozenset[int] | None) -> Month:
    period = month_span(month, get_city().tz)
    facts = ledger.facts_by(
        actor=account, names=[kind.name for kind in COUNTED], since=period.since, until=period.until
    )
    facts = [fact for fact in facts if offices is None or fact.on_behalf_of in offices]
    numbers = _numbers(fact.payload["case"] for fact in facts)
    under = ledger.seals_over(facts)
    deeds = [
        Deed(
            name=fact.name,
            at=fact.occurred_at,
            number=numbers.get(fact.payload["case"], ""),
            fact=fact.id,
            seal=under[fact.id].number if fact.id in under else None,
        )
        for fact in facts
    ]
    counts = {kind.name: sum(deed.name == kind.name for deed in deeds) for kind in COUNTED}
    seals = {one.number: Proof(one.number, one.hash, one.sealed_at) for one in under.values()}
    return Month(name, period, counts, deeds, [seals[n] for n in sorted(seals)])


def _numbers(cases: Iterable[int]) -> dict[int, str]:
    rows = Case.objects.filter(pk__in=set(cases), is_restricted=False)
    return dict(rows.values_list("pk", "number"))
