"""How facts of reports are said to people."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext as _

from guyub.events import reports as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells


@tells(events.ReportSubmitted)
def _submitted(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Laporan diterima"), "info")


@tells(events.ReportPublished)
def _published(fact: RecordedFact) -> Sentence:
    event = cast(events.ReportPublished, fact.event())
    text = (
        _("Ditampilkan untuk umum, sebagian disamarkan") if event.is_redacted else _("Ditampilkan untuk umum")
    )
    return Sentence(fact.occurred_at, text)


@tells(events.ReportSupported)
def _supported(fact: RecordedFact) -> Sentence | None:
    return None  # counted on the page: a line for each of a thousand supporters would bury the rest


@tells(events.ReportStateChanged)
def _changed(fact: RecordedFact) -> Sentence | None:
    return None


@tells(events.IdentityViewed)
def _identity(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Identitas pelapor dilihat petugas"), public=False)


@tells(events.ReportWithdrawn)
def _withdrawn(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Tidak lagi ditampilkan untuk umum"))


@tells(events.LaporItemEntered)
def _from_lapor(fact: RecordedFact) -> Sentence:
    event = cast(events.LaporItemEntered, fact.event())
    text = _("Dimasukkan dari SP4N-LAPOR!, nomor %(id)s") % {"id": event.external_id}
    return Sentence(fact.occurred_at, text)


@tells(events.LaporAnswerCopied)
def _copied(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Jawaban disalin ke SP4N-LAPOR!"), public=False)


@tells(events.LaporReactionRecorded)
def _reaction(fact: RecordedFact) -> Sentence:
    event = cast(events.LaporReactionRecorded, fact.event())
    text = _("Tanggapan pelapor di SP4N-LAPOR! dicatat koordinator")
    return Sentence(fact.occurred_at, text, message=event.message or None)


@tells(events.ReportMerged)
def _merged(fact: RecordedFact) -> Sentence | None:
    return None  # casework tells of it, with the office and the reason


@tells(events.ReportSeparated)
def _separated(fact: RecordedFact) -> Sentence | None:
    event = cast(events.ReportSeparated, fact.event())
    if event.message is None:
        return None  # casework tells of it
    text = _("Pelapor menyatakan ini hal lain: diperiksa sendiri lagi")
    return Sentence(fact.occurred_at, text, "waiting", message=event.message)


@tells(events.ReportGathered)
def _gathered(fact: RecordedFact) -> Sentence:
    event = cast(events.ReportGathered, fact.event())
    text = _("%(number)s tidak lagi digabung di sini") if event.is_over else _("%(number)s digabung di sini")
    return Sentence(fact.occurred_at, text % {"number": event.number}, public=False)


@tells(events.ReportAddedTo)
def _added_to(fact: RecordedFact) -> Sentence:
    event = cast(events.ReportAddedTo, fact.event())
    text = _("Warga lain mendukung dan menambahkan keterangan")
    return Sentence(fact.occurred_at, text, public=False, message=event.message)


@tells(events.CategoryModelTrained)
def _trained(fact: RecordedFact) -> Sentence | None:
    return None  # belongs to no report; the figures are read by whoever trained it
