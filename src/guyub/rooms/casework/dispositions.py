"""Disposisi inside an office: its head names the officer, now or beforehand (a standing disposition)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from guyub.events import casework as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import queries
from guyub.rooms.casework.acting import check, locked, save
from guyub.rooms.casework.models import Assignment, Case, StandingDisposition


class NotOfThisOffice(ValueError):
    """The officer does not work in this office (any more)."""


@transaction.atomic
def dispose_case(*, case: UUID, officer: int, instruction: str, by: Person, at: datetime) -> Case:
    """The head gives a case of the office to one of its officers. Raises NotAllowed, NotOfThisOffice."""
    row = locked(case)
    office = check(by, roles.DISPOSE, row)
    if not row.is_open:
        raise NotAllowed("The case has ended.")
    if officer not in dict(queries.staff_of(row.office_id, at=at)):
        raise NotOfThisOffice(officer)
    fact = _assigned(row, officer, instruction, by=by.acting, at=at)
    row.updated_at = at
    save(row, fact, by=by, office=office, at=at)
    return row


def _assigned(
    case: Case,
    officer: int,
    instruction: str,
    *,
    at: datetime,
    by: int,
    standing: StandingDisposition | None = None,
) -> events.CaseDisposed:
    Assignment.objects.create(
        case=case,
        office_id=case.office_id,
        officer=officer,
        instruction=instruction,
        standing=standing,
        by=by,
        at=at,
    )
    case.assignee = officer
    return events.CaseDisposed(
        case=case.pk, office=case.office_id, officer=officer, is_standing=standing is not None
    )


def assign_on_arrival(case: Case, *, at: datetime) -> None:
    """What the head said beforehand, done when a case comes to the office, in the transaction that brings it."""
    standing = queries.standing_for(case, at=at)
    if standing is None:
        return
    fact = _assigned(case, standing.officer, "", by=standing.set_by, at=at, standing=standing)
    case.save(update_fields=["assignee"])
    ledger.record(fact, subject=case.subject, at=at, on_behalf_of=case.office_id, place=case.place_code)


@transaction.atomic
def set_standing(
    *, office: int, category: str, officer: int, nota: str, until: date, by: Person, at: datetime
) -> StandingDisposition:
    """Pre-delegate a category ('*' for all) to an officer until a day; one before it for the same ends.

    Raises NotAllowed, NotOfThisOffice, ValueError for a day that is over.
    """
    if office not in by.offices(roles.DISPOSE):
        raise NotAllowed("This person does not head this office.")
    if officer not in dict(queries.staff_of(office, at=at)):
        raise NotOfThisOffice(officer)
    if until <= local_date(at, get_city().tz):
        raise ValueError("The day is over.")
    for one in StandingDisposition.objects.select_for_update().filter(
        office_id=office, category=category, ended_at=None
    ):
        _end(one, by=by, at=at)
    row = StandingDisposition.objects.create(
        office_id=office,
        category=category,
        officer=officer,
        nota=nota,
        until=until,
        set_by=by.acting,
        set_at=at,
    )
    fact = events.StandingDispositionSet(
        standing=row.pk,
        office=office,
        category="semua" if category == "*" else category,
        officer=officer,
        until=until.isoformat(),
    )
    ledger.record(fact, subject=_subject(row), at=at, by=by.account, on_behalf_of=office)
    return row


@transaction.atomic
def end_standing(*, standing: int, by: Person, at: datetime) -> None:
    """End a standing disposition before its day; ended twice it is ended once. Raises NotAllowed."""
    row = StandingDisposition.objects.select_for_update().get(pk=standing)
    if row.office_id not in by.offices(roles.DISPOSE):
        raise NotAllowed("This person does not head this office.")
    if row.ended_at is None:
        _end(row, by=by, at=at)


def _end(row: StandingDisposition, *, by: Person, at: datetime) -> None:
    row.ended_by, row.ended_at = by.acting, at
    row.save()
    ledger.record(
        events.StandingDispositionEnded(standing=row.pk, office=row.office_id),
        subject=_subject(row),
        at=at,
        by=by.account,
        on_behalf_of=row.office_id,
    )


def _subject(row: StandingDisposition) -> str:
    return f"casework.standing:{row.pk}"
