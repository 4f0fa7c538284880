"""What is owed under a document that is in force: duties, yearly evaluations, reminders before its end."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import agreements as events
from guyub.kernel.access.api import NotAllowed, Person
from guyub.rooms.agreements import reference, rules
from guyub.rooms.agreements.acting import Refused, as_officer, locked_document, record, tell
from guyub.rooms.agreements.models import Document, Duty, Evaluation, Party
from guyub.rooms.agreements.rules import Result, State


@transaction.atomic
def add_duty(*, document: int, party: int, what: str, due_on: date, by: Person, at: datetime) -> Duty:
    """What a party is to deliver by when; in a draft too. Raises `NotAllowed` or `Refused`."""
    as_officer(by)
    row = locked_document(document, State.DRAFT, State.SIGNED)
    owner = Party.objects.filter(pk=party, document=row).first()
    if owner is None:
        raise Refused(_("Pilih pihak yang berkewajiban."), field="party")
    made = Duty.objects.create(document=row, party=owner, what=what, due_on=due_on)
    fact = events.DutyAdded(
        cooperation=row.cooperation_id, document=row.pk, duty=made.pk, due_on=due_on.isoformat()
    )
    record(fact, of=row.cooperation, by=by, at=at)
    return made


@transaction.atomic
def deliver(*, duty: int, on: date, words: str, by: Person, at: datetime) -> None:
    """Write down that a duty was done. Raises `NotAllowed` for one that is done, `Refused` for a day to come."""
    as_officer(by)
    found = Duty.objects.get(pk=duty)
    row = locked_document(found.document_id, State.SIGNED, State.ENDED)
    found.refresh_from_db()
    if found.done_on is not None:
        raise NotAllowed("This duty is done already.")
    if on > reference.today_of(at):
        raise Refused(_("Tanggal ini belum tiba."), field="on")
    found.done_on, found.words = on, words
    found.save(update_fields=["done_on", "words"])
    fact = events.DutyDone(cooperation=row.cooperation_id, document=row.pk, duty=found.pk)
    record(fact, of=row.cooperation, by=by, at=at)


@transaction.atomic
def evaluate(*, document: int, on: date, result: str, words: str, by: Person, at: datetime) -> Evaluation:
    """The yearly look at what became of a document. Raises `NotAllowed` or `Refused`."""
    account = as_officer(by)
    row = locked_document(document, State.SIGNED, State.ENDED)
    if on > reference.today_of(at):
        raise Refused(_("Tanggal ini belum tiba."), field="on")
    made = Evaluation.objects.create(
        document=row, on=on, result=Result(result), words=words, by_id=account, at=at
    )
    fact = events.DocumentEvaluated(
        cooperation=row.cooperation_id, document=row.pk, evaluation=made.pk, result=result
    )
    record(fact, of=row.cooperation, by=by, at=at)
    return made


def remind(*, at: datetime, limit: int = 200) -> int:
    """Tell the desk and the partners of documents that run out, so many months before; how many were told.

    A notice's key says it once of one last day, so that looking again does no harm and an extension counts anew.
    """
    today = reference.today_of(at)
    first, again = (reference.amount(f"remind_{one}", on=today) for one in ("first", "again"))
    rows = Document.objects.filter(state=State.SIGNED, ends_on__lte=rules.months_after(today, first))
    rows = rows.filter(ends_on__gte=rules.months_after(today, -1)).exclude(kind="SURAT_PENAWARAN")
    told = 0
    for row in rows.order_by("ends_on", "pk")[:limit]:
        assert row.ends_on is not None
        stage = rules.reminder(today=today, ends_on=row.ends_on, first=first, again=again)
        if stage:
            told += _remind(row, stage, at=at)
    return told


@transaction.atomic
def _remind(row: Document, stage: str, *, at: datetime) -> int:
    assert row.ends_on is not None
    with override("id"):
        said = {"title": row.title, "day": date_format(row.ends_on, "j F Y")}
        if stage == "OVER":
            subject, body = (
                _("%(title)s sudah berakhir"),
                _("Masa berlakunya habis %(day)s. Catat pengakhirannya, atau adendum yang memperpanjangnya."),
            )
        else:
            subject, body = (
                _("%(title)s akan berakhir"),
                _(
                    "Masa berlakunya sampai %(day)s. Putuskan bersama: diperpanjang dengan adendum, atau selesai."
                ),
            )
        return tell(row, f"{stage}:{row.ends_on.isoformat()}", subject % said, body % said, at=at)
