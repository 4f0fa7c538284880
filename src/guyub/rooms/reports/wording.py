"""How facts of reports are said to people."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext as _

from guyub.events import reports as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells
from guyub.rooms.people import api as people
from guyub.rooms.reports.models import Origin, Witness
from guyub.rooms.reports.queries import called


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


@tells(events.MaskingChanged)
def _masking(fact: RecordedFact) -> Sentence:
    event = cast(events.MaskingChanged, fact.event())
    text = _("Penyamaran diubah: %(shown)d ditampilkan, %(hidden)d disamarkan dengan tangan")
    return Sentence(fact.occurred_at, text % {"shown": event.shown, "hidden": event.hidden}, public=False)


@tells(events.ReportHidden)
def _hidden(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Pelapor menyembunyikan laporan dari umum"))


@tells(events.ReportCorrected)
def _corrected(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Pelapor memperbaiki isi laporan"), public=False)


@tells(events.WordsAdded)
def _added(fact: RecordedFact) -> Sentence:
    event = cast(events.WordsAdded, fact.event())
    return Sentence(fact.occurred_at, _("Pelapor menambah keterangan"), message=event.message, public=False)


@tells(events.ContactCorrected)
def _contact(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Pelapor membetulkan kontaknya"), public=False)


@tells(events.PersonErased)
def _erased(fact: RecordedFact) -> Sentence:
    text = _("Nama dan kontak pelapor dihapus atas permintaannya")
    return Sentence(fact.occurred_at, text, public=False)


@tells(events.WordsErased)
def _words_erased(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Kata dan foto pelapor dihapus atas permintaannya"))


@tells(events.DataGiven)
def _given(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Pelapor mengunduh datanya"), public=False)


@tells(events.DataRequested)
def _requested(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Pelapor mengajukan permintaan tentang datanya"), public=False)


@tells(events.DataRequestDecided)
def _decided(fact: RecordedFact) -> Sentence:
    event = cast(events.DataRequestDecided, fact.event())
    text = (
        _("Permintaan pelapor tentang datanya dikabulkan")
        if event.is_granted
        else _("Permintaan pelapor tentang datanya ditolak, dengan alasan")
    )
    return Sentence(fact.occurred_at, text, public=False)


@tells(events.PhotoBlurred)
def _blurred(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Bagian foto disamarkan"), public=False)


@tells(events.LaporItemEntered)
def _from_lapor(fact: RecordedFact) -> Sentence:
    event = cast(events.LaporItemEntered, fact.event())
    text = _("Dimasukkan dari SP4N-LAPOR!, nomor %(id)s") % {"id": event.external_id}
    return Sentence(fact.occurred_at, text)


@tells(events.ReportEntered)
def _entered(fact: RecordedFact) -> Sentence:
    event = cast(events.ReportEntered, fact.event())
    said = {"channel": Origin.Channel(event.channel).label}
    if event.channel == Origin.Channel.MAIL:
        return Sentence(fact.occurred_at, _("Dikirim warga lewat surel"), public=False)
    if event.channel in (Origin.Channel.WHATSAPP, Origin.Channel.TELEGRAM):
        return Sentence(fact.occurred_at, _("Dikirim warga lewat %(channel)s") % said, public=False)
    text = _("Dicatat petugas dari ucapan warga lewat %(channel)s") % said
    if event.has_consent:
        text = (
            _("Dicatat petugas dari ucapan warga lewat %(channel)s; warga setuju kontaknya disimpan") % said
        )
    return Sentence(fact.occurred_at, text, public=False)


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


@tells(events.SentByClient)
def _by_client(fact: RecordedFact) -> Sentence:
    event = cast(events.SentByClient, fact.event())
    name = people.client_names().get(event.client, "–")
    return Sentence(fact.occurred_at, _("Dikirim lewat aplikasi %(name)s") % {"name": name}, public=False)


@tells(events.LinkChanged)
def _link_changed(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Pelapor mengganti tautannya"), public=False)


@tells(events.FixWitnessed)
def _witnessed(fact: RecordedFact) -> Sentence | None:
    event = cast(events.FixWitnessed, fact.event())
    if event.kind != Witness.Kind.NEIGHBOURHOOD:
        return None  # counted on the page, as supporters are
    tone = "confirmed" if event.is_fixed else "overdue"
    words = {
        (True, True): _("Ketua RT setempat memeriksa: sudah selesai"),
        (True, False): _("Ketua RT setempat memeriksa: masih sama"),
        (False, True): _("Ketua RT di kelurahan ini melihat ke tempatnya: sudah selesai"),
        (False, False): _("Ketua RT di kelurahan ini melihat ke tempatnya: masih sama"),
    }
    return Sentence(fact.occurred_at, words[event.is_rt_known, event.is_fixed], tone)


@tells(events.CategoryModelTrained)
def _trained(fact: RecordedFact) -> Sentence | None:
    return None  # belongs to no report; the figures are read by whoever trained it


@tells(events.CategoryCorrected)
def _category_corrected(fact: RecordedFact) -> Sentence:
    event = cast(events.CategoryCorrected, fact.event())
    said = {"before": called(event.from_category), "now": called(event.to_category)}
    text = _("Kategori dibetulkan dari %(before)s menjadi %(now)s; tenggat tetap dihitung sejak diterima")
    return Sentence(fact.occurred_at, text % said, message=event.message)


@tells(events.QuestionDefined)
def _question_defined(fact: RecordedFact) -> Sentence | None:
    return None  # belongs to a category; its page lists the versions
