"""How far an activity came: steps with photos for everyone and receipts for who oversees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from guyub.events import areafunds as events
from guyub.kernel import tasks
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.files import api as files
from guyub.kernel.files.api import NotAPhoto
from guyub.rooms.areafunds import reference, rules
from guyub.rooms.areafunds.acting import Refused, as_manager, open_book, record, refuse
from guyub.rooms.areafunds.activities import locked
from guyub.rooms.areafunds.models import Activity, Repeat, Step
from guyub.rooms.areafunds.rules import No, State

COMPARE = "areafunds.compare"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A step as it is recorded: `amount` is what was spent since the step before."""

    percent: int
    amount: int
    on: date
    receipt: str = ""
    words: str = ""
    photos: Sequence[IO[bytes]] = field(default_factory=tuple)
    receipts: Sequence[IO[bytes]] = field(default_factory=tuple)


_FIELDS = {No.NO_PHOTO: "photos", No.NO_RECEIPT: "receipts", No.WRONG_STEP: "percent"}


@transaction.atomic
def show_step(*, activity: int, said: Shown, by: Person, at: datetime) -> Step:
    """Record the next step with its photos and receipts. Raises `NotAllowed` or `Refused`; nothing is kept then."""
    row, ceiling = locked(activity, by)
    percents = reference.percents(year=ceiling.book.year)
    taken = _taken(row)
    why = rules.may_step(
        percent=said.percent,
        taken=taken,
        percents=percents,
        planned=row.amount,
        spent=row.spent,
        amount=said.amount,
        photos=len(said.photos),
        receipts=len(said.receipts),
    )
    refuse(why, field=_FIELDS.get(why, "amount") if why else "")
    step = Step.objects.create(
        activity=row,
        percent=said.percent,
        amount=said.amount,
        on=said.on,
        receipt=said.receipt,
        words=said.words,
        by_id=by.acting,
        at=at,
    )
    _keep(said.photos, step.photos, "photos", at=at)
    files.publish(step.photos)
    _keep(said.receipts, step.receipts, "receipts", at=at)
    _spend(row, said.amount, rules.state_after([*taken, said.percent], percents))
    fact = events.StepRecorded(activity=row.pk, step=step.pk, percent=step.percent, amount=step.amount)
    record(fact, subject=row.subject, place=ceiling.book.place, by=by, at=at)
    tasks.enqueue(COMPARE, step=step.pk)
    return step


def _taken(row: Activity) -> list[int]:
    rows = Step.objects.filter(activity=row, withdrawn_at__isnull=True)
    return list(rows.order_by("percent").values_list("percent", flat=True))


def _keep(uploads: Sequence[IO[bytes]], subject: str, named: str, *, at: datetime) -> None:
    most = reference.amount("photos_a_step", at=at)
    if len(uploads) > most:
        raise Refused(_("Paling banyak %(n)d gambar sekali kirim.") % {"n": most}, field=named)
    for position, upload in enumerate(uploads):
        try:
            files.store_photo(upload, at=at, subject=subject, position=position)
        except NotAPhoto as refused:
            raise Refused(str(refused), field=named) from refused


def _spend(row: Activity, amount: int, state: State) -> None:
    row.spent += amount
    row.state = state
    row.save(update_fields=["spent", "state"])
    row.ceiling.spent += amount
    row.ceiling.save(update_fields=["spent"])


@transaction.atomic
def withdraw_step(*, step: int, reason: str, by: Person, at: datetime) -> None:
    """Take the newest step back, with a reason that everyone reads; its money counts as not spent again.

    Raises `NotAllowed` for any other step, `Refused` once the year is closed.
    """
    found = Step.objects.select_related("activity__ceiling__book").get(pk=step)
    book = found.activity.ceiling.book
    as_manager(by, book.place)
    open_book(book.pk)
    row = Step.objects.select_related("activity__ceiling").get(pk=step)
    taken = _taken(row.activity)
    if row.withdrawn_at or not taken or row.percent != taken[-1] or row.activity.state == State.STOPPED:
        raise NotAllowed("Only the newest step is taken back.")
    row.withdrawn_at, row.withdrawn_why = at, reason
    row.save(update_fields=["withdrawn_at", "withdrawn_why"])
    files.publish(row.photos, public=False)
    percents = reference.percents(year=book.year)
    _spend(row.activity, -row.amount, rules.state_after(taken[:-1], percents))
    fact = events.StepWithdrawn(activity=row.activity_id, step=row.pk, percent=row.percent, amount=row.amount)
    record(fact, subject=row.activity.subject, place=book.place, by=by, at=at)


def compare(step: int, *, at: datetime) -> None:
    """Look whether a step's photos were sent before, once; in a job, because it reads many pictures."""
    row = Step.objects.select_related("activity__ceiling__book").filter(pk=step).first()
    if row is None or row.compared_at is not None:
        return
    files.fingerprints.make_missing(limit=files.fingerprints.A_ROUND)
    least = reference.seen_alike(at=at)
    found = [
        again for photo in files.Photo.objects.filter(subject=row.photos) for again in _again(photo, least)
    ]
    with transaction.atomic():
        row = Step.objects.select_for_update(of=("self",)).get(pk=step)
        if row.compared_at is not None:
            return
        row.compared_at = at
        row.save(update_fields=["compared_at"])
        for photo, subject, alike in found:
            Repeat.objects.create(step=row, photo=photo, subject=subject, alike=alike)
        if found:
            fact = events.PhotoSeenAgain(activity=row.activity_id, step=row.pk, photos=len(found))
            place = row.activity.ceiling.book.place
            record(fact, subject=row.activity.subject, place=place, by=None, at=at)


def _again(photo: files.Photo, least: int) -> list[tuple[int, str, int]]:
    """The likest earlier photo, if there is one that is like enough."""
    try:
        answer = files.fingerprints.seen_before(photo, besides=photo.subject, least=least)
    except (ValueError, OSError):  # the file is gone or no picture any more: nothing can be said
        return []
    return [(photo.pk, one.subject, one.alike) for one in answer.again[:1]]


def compare_forgotten(*, at: datetime, limit: int = 20) -> int:
    """Compare what no job has compared: an empty queue after a restore loses nothing."""
    rows = Step.objects.filter(compared_at__isnull=True).order_by("pk")
    chosen = list(rows.values_list("pk", flat=True)[:limit])
    for key in chosen:
        compare(key, at=at)
    return len(chosen)
