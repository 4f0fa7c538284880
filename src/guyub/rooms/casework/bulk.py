"""One act on many cases: each with its own lock, check and fact; what can be taken back is put back as it was.

A batch has the id that its form was given, so sending it again goes on where it stopped and does nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import serializers
from django.db import transaction

from guyub.events import casework as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import acting, actions
from guyub.rooms.casework.access import speaking_for, visible
from guyub.rooms.casework.dispositions import NotOfThisOffice
from guyub.rooms.casework.models import Batch, BatchItem, Case
from guyub.rooms.casework.rules import NotPossible, Verb

Outcome = BatchItem.Outcome
VERBS = (Verb.VERIFY, Verb.DISPOSE, Verb.HAND_OVER, Verb.ASK)
CAN_BE_UNDONE = {
    Verb.VERIFY: roles.VERIFY,
    Verb.DISPOSE: roles.DISPOSE,
    Verb.HAND_OVER: roles.HAND_OVER,
}
Deed = Callable[[UUID], object]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one case of a batch."""

    number: str
    label: str
    outcome: str


def begin(*, batch: UUID, verb: Verb, by: Person, at: datetime) -> Batch:
    """The batch of an id, made now or by an earlier sending of the same form. Raises NotAllowed for another's."""
    row, _ = Batch.objects.get_or_create(
        uuid=batch, defaults={"verb": verb, "account": by.acting, "started_at": at}
    )
    if row.account != by.account or row.verb != verb:
        raise NotAllowed("This batch is another's.")
    return row


def do_one(*, batch: Batch, number: str, seen: datetime | None, by: Person, deed: Deed) -> None:
    """Do the deed to one case, unless this batch has dealt with it; what stood in the way is kept, not raised."""
    case = visible(by).filter(number=number).order_by("-is_open", "-pk").first()
    if case is None:
        return
    try:
        with transaction.atomic():
            _do(batch, case, seen, deed)
    except (acting.CaseChanged, NotPossible):
        _keep(batch, case, Outcome.CHANGED)
    except (NotAllowed, actions.CannotHandOver, NotOfThisOffice):
        _keep(batch, case, Outcome.REFUSED)


def _do(batch: Batch, case: Case, seen: datetime | None, deed: Deed) -> None:
    before = Case.objects.select_for_update().get(pk=case.pk)
    if BatchItem.objects.filter(batch=batch, case=case).exists():
        return
    if before.updated_at != seen:
        raise acting.CaseChanged(case.uuid)
    kept = serializers.serialize("json", [before])
    deed(case.uuid)
    after = Case.objects.get(pk=case.pk)
    BatchItem.objects.create(
        batch=batch, case=case, outcome=Outcome.DONE, before=kept, left_at=after.updated_at
    )


def _keep(batch: Batch, case: Case, outcome: str) -> None:
    BatchItem.objects.get_or_create(batch=batch, case=case, defaults={"outcome": outcome})


def outcomes(batch: Batch) -> list[Done]:
    """What became of each case, in the order of their numbers. One query."""
    rows = BatchItem.objects.filter(batch=batch).order_by("case__number")
    return [Done(*row) for row in rows.values_list("case__number", "case__label", "outcome")]


def find(*, batch: UUID, by: Person) -> Batch:
    """A person's own batch. Raises NotAllowed."""
    row = Batch.objects.filter(uuid=batch, account=by.acting).first()
    if row is None:
        raise NotAllowed("This person made no such batch.")
    return row


def undo_until(batch: Batch) -> datetime | None:
    """Until when a batch can be taken back; None for what cannot be."""
    if Verb(batch.verb) not in CAN_BE_UNDONE:
        return None
    return batch.started_at + timedelta(minutes=undo_minutes(at=batch.started_at))


def undo_minutes(*, at: datetime) -> int:
    amount: int = rulebook.rule("desk.undo_window", on=local_date(at, get_city().tz)).value["amount"]
    return amount


def put_back(*, batch: Batch, by: Person, at: datetime, with_each: Callable[[Case], object]) -> None:
    """Put back what the batch did, case by case, where nobody has acted since. Raises NotAllowed when too late.

    `with_each` is done in the same transaction as each. An undo is a new fact: the old one stays.
    """
    until = undo_until(batch)
    if batch.account != by.account or until is None or at > until:
        raise NotAllowed("This batch cannot be taken back (any more).")
    for item in BatchItem.objects.filter(batch=batch, outcome=Outcome.DONE).order_by("pk"):
        with transaction.atomic():
            _put_back(item, Verb(batch.verb), by=by, at=at, with_each=with_each)


def _put_back(
    item: BatchItem, verb: Verb, *, by: Person, at: datetime, with_each: Callable[[Case], object]
) -> None:
    now = Case.objects.select_for_update().get(pk=item.case_id)
    item = BatchItem.objects.select_for_update().get(pk=item.pk)
    if item.outcome != Outcome.DONE:
        return
    if now.updated_at != item.left_at:
        item.outcome = Outcome.MOVED_ON
    else:
        (kept,) = serializers.deserialize("json", item.before)
        case: Case = kept.object  # type: ignore[assignment]
        case.updated_at = at
        fact = events.ActUndone(case=case.pk, verb=verb, office=case.office_id)
        with_each(case)
        office = speaking_for(by, CAN_BE_UNDONE[verb], case)
        acting.save(case, fact, by=by, office=office, at=at)
        item.outcome = Outcome.UNDONE
    item.save()


def forget_before(*, at: datetime) -> int:
    """What cases were like before a batch is not kept for longer than it can be needed; returns how many."""
    old = BatchItem.objects.filter(batch__started_at__lt=at - timedelta(days=1)).exclude(before="")
    return old.update(before="")
