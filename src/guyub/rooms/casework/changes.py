"""What happens to the decision table: a change is drafted, submitted, and approved by somebody else.

A row that has begun is never edited: the change gives it an end and puts another after it. So each day has one
table for good, and a change begins tomorrow at the earliest.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from guyub.events import casework as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import table
from guyub.rooms.casework.decision_table import Ending, Row
from guyub.rooms.casework.models import Route, RouteChange

Status = RouteChange.Status
OPEN_FOR_EDITS = frozenset({Status.DRAFT, Status.DECLINED})


class CannotChange(ValueError):
    """The draft cannot go on as it is; the message is for people."""


def _locked(change: UUID) -> RouteChange:
    return RouteChange.objects.select_for_update().get(uuid=change)


def _editable(change: UUID, by: Person) -> RouteChange:
    if not by.can(roles.ROUTE_EDIT):
        raise NotAllowed("This person may not draft changes of the decision table.")
    row = _locked(change)
    if row.status not in OPEN_FOR_EDITS:
        raise CannotChange(table.words_for("not-open"))
    return row


def _written(row: RouteChange, *, by: Person, at: datetime) -> RouteChange:
    row.status = Status.DRAFT
    row.authors = sorted({*row.authors, by.acting})
    row.updated_at = at
    row.save()
    return row


@transaction.atomic
def draft_change(
    *, title: str, legal_basis: str, legal_date: date, effective_from: date, by: Person, at: datetime
) -> RouteChange:
    """Begin a change. Raises NotAllowed."""
    if not by.can(roles.ROUTE_EDIT):
        raise NotAllowed("This person may not draft changes of the decision table.")
    row = RouteChange(
        title=title,
        legal_basis=legal_basis,
        legal_date=legal_date,
        effective_from=effective_from,
        drafted_by=by.acting,
        drafted_at=at,
    )
    return _written(row, by=by, at=at)


@transaction.atomic
def edit_change(*, change: UUID, by: Person, at: datetime, **said: Any) -> RouteChange:
    """Write its title, basis and dates anew. Raises NotAllowed, CannotChange."""
    row = _editable(change, by)
    for name in ("title", "legal_basis", "legal_date", "effective_from"):
        setattr(row, name, said[name])
    return _written(row, by=by, at=at)


@transaction.atomic
def put_row(*, change: UUID, row: Row, by: Person, at: datetime) -> RouteChange:
    """Add a row to the draft; one with the same key is replaced. Raises NotAllowed, CannotChange."""
    draft = _editable(change, by)
    if wrong := table.Known.now(draft.kind).wrong_with(row):
        raise CannotChange(wrong)
    rows = {one.key: one for one in table.rows_in(draft)}
    rows[row.key] = row
    draft.rows = table.as_json(rows.values())
    return _written(draft, by=by, at=at)


@transaction.atomic
def drop_row(*, change: UUID, position: int, by: Person, at: datetime) -> RouteChange:
    """Take a row out of the draft; one that is gone already is no mistake. Raises NotAllowed, CannotChange."""
    draft = _editable(change, by)
    draft.rows = [row for n, row in enumerate(draft.rows) if n != position]
    return _written(draft, by=by, at=at)


@transaction.atomic
def take_table(*, change: UUID, rows: Iterable[Row], by: Person, at: datetime) -> RouteChange:
    """Let the draft lead from the table of its day to a whole table: what is missing there ends.

    Raises NotAllowed, CannotChange.
    """
    draft = _editable(change, by)
    now = {row.key: row for row in table.table_of(draft.kind).in_force(on=draft.effective_from)}
    wanted = {row.key: row for row in rows}
    changed = [row for key, row in wanted.items() if key not in now or now[key].says != row.says]
    ended = [Row(*key, Ending.END, "") for key in now if key not in wanted]
    known = table.Known.now(draft.kind)
    for row in changed:
        if wrong := known.wrong_with(row):
            raise CannotChange(wrong)
    draft.rows = table.as_json([*changed, *ended])
    return _written(draft, by=by, at=at)


@transaction.atomic
def submit_change(*, change: UUID, by: Person, at: datetime) -> RouteChange:
    """Ask for approval. Raises NotAllowed, CannotChange."""
    row = _editable(change, by)
    _expect_sound(row, at=at)
    row.status, row.submitted_by, row.submitted_at = Status.SUBMITTED, by.acting, at
    row.decided_by, row.decided_at = None, None
    row.authors, row.updated_at = sorted({*row.authors, by.acting}), at
    row.save()
    fact = events.RouteChangeSubmitted(
        change=row.pk, effective_from=row.effective_from.isoformat(), rows=len(row.rows)
    )
    ledger.record(fact, subject=subject_of(row), at=at, by=by.account)
    return row


def _expect_sound(row: RouteChange, *, at: datetime) -> None:
    if not row.rows:
        raise CannotChange(table.words_for("empty"))
    if row.effective_from <= local_date(at, get_city().tz):
        raise CannotChange(table.words_for("too-early"))
    known = table.Known.now(row.kind)
    for one in table.rows_in(row):
        if wrong := known.wrong_with(one):
            raise CannotChange(wrong)
    if clash := table.clash_of(row):
        raise CannotChange(clash)


@transaction.atomic
def approve_change(*, change: UUID, by: Person, at: datetime) -> RouteChange:
    """Put it in force from its day on. Nobody approves what they wrote in. Raises NotAllowed, CannotChange."""
    row = _to_decide(change, by)
    list(Route.objects.select_for_update().filter(kind=row.kind).values_list("pk"))  # one approval at a time
    _expect_sound(row, at=at)
    for one in table.rows_in(row):
        _put_in_force(row, one)
    _decided(row, Status.APPROVED, "", by=by, at=at)
    fact = events.RouteChangeApproved(
        change=row.pk, effective_from=row.effective_from.isoformat(), rows=len(row.rows)
    )
    ledger.record(fact, subject=subject_of(row), at=at, by=by.account)
    return row


@transaction.atomic
def decline_change(*, change: UUID, words: str, by: Person, at: datetime) -> RouteChange:
    """Send it back with words; it can be written anew. Raises NotAllowed, CannotChange."""
    row = _to_decide(change, by)
    _decided(row, Status.DECLINED, words, by=by, at=at)
    ledger.record(events.RouteChangeDeclined(change=row.pk), subject=subject_of(row), at=at, by=by.account)
    return row


def may_decide(person: Person, change: RouteChange) -> bool:
    """Whether a person may approve or send back: whoever holds the power and wrote nothing of it."""
    return (
        person.can(roles.ROUTE_APPROVE)
        and change.status == Status.SUBMITTED
        and person.account not in change.authors
    )


def _to_decide(change: UUID, by: Person) -> RouteChange:
    row = _locked(change)
    if not by.can(roles.ROUTE_APPROVE) or by.account in row.authors:
        raise NotAllowed("This person may not decide on this change.")
    if row.status != Status.SUBMITTED:
        raise CannotChange(table.words_for("not-submitted"))
    return row


def _decided(row: RouteChange, status: str, words: str, *, by: Person, at: datetime) -> None:
    row.status, row.decision_words = status, words
    row.decided_by, row.decided_at, row.updated_at = by.acting, at, at
    row.save()


def _put_in_force(change: RouteChange, row: Row) -> None:
    """End what holds on that day and begin the new row, up to where the old one or the next planned one says."""
    same = Route.objects.filter(
        kind=change.kind, category=row.category, classification=row.classification, place_code=row.place
    )
    start = change.effective_from
    holding = same.filter(
        Q(effective_until__isnull=True) | Q(effective_until__gt=start), effective_from__lt=start
    )
    until = _end_of(same, holding, start)
    holding.update(effective_until=start)
    if row.level == Ending.END:
        return
    Route.objects.create(
        kind=change.kind,
        category=row.category,
        classification=row.classification,
        place_code=row.place,
        level=row.level,
        organisation_key=row.agency,
        backing_key=row.backing,
        effective_from=start,
        effective_until=until,
        legal_basis=f"{change.legal_basis} ({change.legal_date:%d-%m-%Y})",
        change=change,
    )


def _end_of(same: Any, holding: Any, start: date) -> date | None:
    """When a row that begins on a day ends: before a later one that is planned already."""
    ends = [row.effective_until for row in holding if row.effective_until]
    later = same.filter(effective_from__gt=start).order_by("effective_from").first()
    return min([*ends, *([later.effective_from] if later else [])], default=None)


def subject_of(change: RouteChange) -> str:
    return f"casework.route_change:{change.pk}"
