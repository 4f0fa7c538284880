"""Activities of a body: planned below its ceiling, changed, stopped with a reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from guyub.events import areafunds as events
from guyub.kernel.access.api import Person
from guyub.rooms.areafunds import rules
from guyub.rooms.areafunds.acting import as_manager, open_book, record, refuse
from guyub.rooms.areafunds.models import Activity, Ceiling
from guyub.rooms.areafunds.rules import LIVE, No, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an activity is to be. `amount` in whole rupiah; the last day counts."""

    name: str
    volume: Decimal
    unit_word: str
    amount: int
    begins_on: date
    ends_on: date
    what: str = ""
    where: str = ""


@transaction.atomic
def plan(*, ceiling: int, said: Plan, by: Person, at: datetime) -> Activity:
    """Plan an activity. Raises `NotAllowed`, or `Refused` if it does not fit below the ceiling or the year is closed."""
    row = Ceiling.objects.select_related("book").get(pk=ceiling)
    account = as_manager(by, row.book.place)
    book = open_book(row.book_id)
    row.refresh_from_db(fields=["amount", "planned"])
    refuse(rules.fits_year(year=book.year, begins=said.begins_on, ends=said.ends_on), field="ends_on")
    refuse(rules.may_plan(ceiling=row.amount, planned=row.planned, amount=said.amount), field="amount")
    made = Activity.objects.create(ceiling=row, made_by_id=account, made_at=at, **asdict(said))
    row.planned += said.amount
    row.save(update_fields=["planned"])
    fact = events.ActivityPlanned(activity=made.pk, ceiling=row.pk, amount=made.amount)
    record(fact, subject=made.subject, place=book.place, by=by, at=at)
    return made


def locked(activity: int, by: Person) -> tuple[Activity, Ceiling]:
    """An activity that is not over with its ceiling, its book locked. Raises `NotAllowed` or `Refused`."""
    found = Activity.objects.select_related("ceiling__book").get(pk=activity)
    as_manager(by, found.ceiling.book.place)
    open_book(found.ceiling.book_id)
    row = Activity.objects.select_related("ceiling__book").get(pk=activity)
    refuse(None if row.state in LIVE else No.NOT_LIVE)
    return row, row.ceiling


@transaction.atomic
def change(*, activity: int, said: Plan, by: Person, at: datetime) -> None:
    """Say anew what an activity is to be; the body stays. Raises `NotAllowed` or `Refused`."""
    row, ceiling = locked(activity, by)
    before = row.amount
    refuse(rules.fits_year(year=ceiling.book.year, begins=said.begins_on, ends=said.ends_on), field="ends_on")
    refuse(rules.may_replan(spent=row.spent, amount=said.amount), field="amount")
    why = rules.may_plan(
        ceiling=ceiling.amount, planned=ceiling.planned, amount=said.amount, instead_of=before
    )
    refuse(why, field="amount")
    for name, value in asdict(said).items():
        setattr(row, name, value)
    row.save(update_fields=list(asdict(said)))
    ceiling.planned += said.amount - before
    ceiling.save(update_fields=["planned"])
    fact = events.ActivityChanged(activity=row.pk, amount=row.amount, before=before)
    record(fact, subject=row.subject, place=ceiling.book.place, by=by, at=at)


@transaction.atomic
def stop(*, activity: int, reason: str, by: Person, at: datetime) -> None:
    """End an activity before its last step; what it did not spend is free again. Raises `NotAllowed` or `Refused`."""
    row, ceiling = locked(activity, by)
    ceiling.planned -= row.amount - row.spent
    row.state, row.reason = State.STOPPED, reason
    row.save(update_fields=["state", "reason"])
    ceiling.save(update_fields=["planned"])
    fact = events.ActivityStopped(activity=row.pk, spent=row.spent)
    record(fact, subject=row.subject, place=ceiling.book.place, by=by, at=at)
