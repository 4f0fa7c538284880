"""How facts of reports are said to people."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext as _

from guyub.events import reports as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells
from guyub.rooms.reports.models import Witness


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


@tells(events.LinkChanged)
def _link_changed(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Pelapor mengganti tautannya"), public=False)


@tells(events.FixWitnessed)
def _witnessed(fact: RecordedFact) -> Sentence | None:
    event = cast(events.FixWitnessed, fact.event())
    if event.kind != Witness.Kind.NEIGHBOURHOOD:
        return None  # counted on the page, as supporters are
    if event.is_fixed:
        return Sentence(fact.occurred_at, _("Ketua RT setempat memeriksa: sudah selesai"), "confirmed")
    return Sentence(fact.occurred_at, _("Ketua RT setempat memeriksa: masih sama"), "overdue")
