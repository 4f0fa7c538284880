"""Tasks for offices and partners, calls to them, and the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import IO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import incidents as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.rooms.incidents.acting import (
    Refused,
    accounts_of,
    acts_for,
    add_line,
    exercise_mark,
    known_party,
    locked,
    must_be_live,
    needs_words,
    record,
    runs,
    tell,
)
from guyub.rooms.incidents.models import Incident, Line, ReadMark, Task
from guyub.rooms.incidents.rules import TaskState

MOST_PHOTOS = 4


def give(row: Incident, *, party: str, what: str, due_at: datetime, by: int, at: datetime) -> Task:
    """Give a task and tell who shall do it. The caller holds the incident."""
    made = Task.objects.create(
        incident=row, party=party, what=what.strip()[:300], due_at=due_at, set_at=at, set_by=by
    )
    fact = events.TaskSet(incident=row.pk, task=made.pk, party=party, due=due_at.isoformat())
    record(fact, row=row, by=by, at=at)
    with override("id"):
        tell(
            accounts_of(party, at=at),
            f"incident-task:{made.pk}",
            subject=_("%(exercise)sTugas darurat: %(title)s")
            % {"exercise": exercise_mark(row.mode), "title": row.title},
            body=made.what,
            link=f"/insiden/tugas/{made.uuid}/",
            at=at,
            besides=by,
        )
    return made


@transaction.atomic
def set_task(*, incident: int, party: str, what: str, due_at: datetime, by: Person, at: datetime) -> Task:
    """Give a task to an office or a partner. Raises `NotAllowed`, `Refused`."""
    row = locked(incident, by=by)
    if due_at <= at:
        raise Refused(_("Batas waktunya sudah lewat."), field="due_time")
    return give(row, party=known_party(party), what=what, due_at=due_at, by=by.acting, at=at)


def may_end(person: Person, task: Task) -> bool:
    """Who runs the incident, or answers for whom the task is."""
    return runs(person, task.incident.places) or acts_for(person, task.party)


@transaction.atomic
def finish(*, task: int, proof: str, by: Person, at: datetime, photos: Sequence[IO[bytes]] = ()) -> Task:
    """A task is done, with words and perhaps photos that show it. Raises `NotAllowed`, `Refused`."""
    row = _held(task)
    if not may_end(by, row):
        raise NotAllowed("This task is another's.")
    if row.state != TaskState.OPEN:
        raise Refused(_("Tugas ini sudah tidak terbuka."))
    row.proof = needs_words(proof, "proof")
    row.state, row.ended_at, row.ended_by = TaskState.DONE.value, at, by.acting
    row.save()
    for position, upload in enumerate(photos[:MOST_PHOTOS]):
        try:
            files.store_photo(upload, at=at, subject=row.photos, position=position)
        except files.NotAPhoto as refused:
            raise Refused(str(refused), field="photos") from refused
    fact = events.TaskDone(incident=row.incident_id, task=row.pk)
    record(fact, row=row.incident, by=by.acting, at=at)
    return row


def _held(task: int) -> Task:
    incident = Task.objects.values_list("incident_id", flat=True).get(pk=task)
    held = Incident.objects.select_for_update().get(pk=incident)
    must_be_live(held)
    row = Task.objects.get(pk=task)
    row.incident = held
    return row


@transaction.atomic
def drop(*, incident: int, task: int, reason: str, by: Person, at: datetime) -> None:
    """A task is not needed any more, with a reason in the log. Raises `NotAllowed`, `Refused`."""
    row = locked(incident, by=by)
    found = Task.objects.filter(pk=task, incident=row).first()
    if found is None or found.state != TaskState.OPEN:
        raise Refused(_("Tugas ini sudah tidak terbuka."), field="task")
    words = needs_words(reason)
    found.state, found.ended_at, found.ended_by = TaskState.DROPPED.value, at, by.acting
    found.save()
    line = add_line(row, f"{found.what} {words}", by=by.acting, at=at)
    record(events.TaskDropped(incident=row.pk, task=found.pk, line=line.pk), row=row, by=by.acting, at=at)


# ── Calls ──────────────────────────────────────────────────────────────────────────────────────────────────


def ring(row: Incident, *, party: str, words: str, by: int, at: datetime) -> int:
    """Call an office or a partner; what was said stands in the log. The caller holds the incident."""
    line = add_line(row, words, by=by, at=at)
    with override("id"):
        told = tell(
            accounts_of(party, at=at),
            f"incident-call:{line.pk}",
            subject=_("%(exercise)sPanggilan darurat: %(title)s")
            % {"exercise": exercise_mark(row.mode), "title": row.title},
            body=words,
            link=f"/insiden/{row.number}/" if row.is_public else "/insiden/tugas/",
            at=at,
            besides=by,
        )
    record(events.PartyCalled(incident=row.pk, party=party, line=line.pk, told=told), row=row, by=by, at=at)
    return told


@transaction.atomic
def call(*, incident: int, party: str, words: str, by: Person, at: datetime) -> int:
    """Call by hand. Returns how many people were written to. Raises `NotAllowed`, `Refused`."""
    row = locked(incident, by=by)
    return ring(row, party=known_party(party), words=needs_words(words, "words"), by=by.acting, at=at)


# ── The log ────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def write(
    *,
    incident: int,
    words: str,
    by: Person,
    at: datetime,
    happened_at: datetime | None = None,
    corrects: int | None = None,
    token: UUID | None = None,
) -> Line:
    """A line of the log; the same form twice is one line. A correction stands beside what it corrects.

    Raises `NotAllowed`, `Refused`.
    """
    row = locked(incident, by=by)
    if token and (before := Line.objects.filter(token=token, incident=row).first()):
        return before
    earlier = Line.objects.filter(pk=corrects, incident=row).first() if corrects is not None else None
    if corrects is not None and earlier is None:
        raise Refused(_("Baris yang dibetulkan tidak ada."), field="corrects")
    if happened_at is not None and happened_at > at:
        raise Refused(_("Waktu kejadian belum tiba."), field="time")
    said = needs_words(words, "words")
    made = add_line(row, said, by=by.acting, at=at, happened_at=happened_at, corrects=earlier, token=token)
    fact = events.LineWritten(incident=row.pk, line=made.pk, corrects=earlier.pk if earlier else None)
    record(fact, row=row, by=by.acting, at=at)
    return made


@transaction.atomic
def mark_read(*, incident: int, by: Person, at: datetime) -> None:
    """A person has read the log so far. Raises `NotAllowed`."""
    row = locked(incident, by=by, live=False)
    keep_mark(row, account=by.acting, at=at)


def keep_mark(row: Incident, *, account: int, at: datetime) -> None:
    newest = max((fact.id for fact in ledger.facts_about(row.subject)), default=0)
    ReadMark.objects.update_or_create(incident=row, account=account, defaults={"fact": newest})
    record(events.LogRead(incident=row.pk, fact=newest), row=row, by=account, at=at)


def unread(row: Incident, account: int) -> list[int]:
    """The facts of the log that a person has not read, the oldest first; what they did themselves is read."""
    mark = ReadMark.objects.filter(incident=row, account=account).values_list("fact", flat=True).first() or 0
    return [
        fact.id
        for fact in ledger.facts_about(row.subject)
        if fact.id > mark and fact.actor != account and fact.name != events.LogRead.name
    ]
