"""How states and facts of cases are said to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guyub.events import casework as events
from guyub.kernel.calendar import end_of_local_day, local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework.capture import Source
from guyub.rooms.casework.ground import Said as OfGround
from guyub.rooms.casework.models import Case, CrewProof
from guyub.rooms.casework.queries import Proof, letter_of
from guyub.rooms.casework.rules import Classification, DelayReason, HandOverReason, MergeReason, State
from guyub.rooms.people import api as people
from guyub.ui.rows import day_in_words

STATE_LABELS = {
    State.RECEIVED: gettext_lazy("Menunggu verifikasi"),
    State.FORWARDED: gettext_lazy("Diteruskan ke kantor"),
    State.IN_PROGRESS: gettext_lazy("Sedang ditangani"),
    State.WAITING_REPORTER: gettext_lazy("Menunggu jawaban pelapor"),
    State.SCHEDULED: gettext_lazy("Dijadwalkan"),
    State.EXTERNAL: gettext_lazy("Diteruskan ke instansi luar, belum selesai"),
    State.WORK_DONE: gettext_lazy("Selesai dikerjakan, menunggu konfirmasi"),
    State.MERGED: gettext_lazy("Digabung dengan laporan lain"),
    State.APPEAL_REFUSED: gettext_lazy("Ditutup, keberatan ditolak dengan alasan"),
    State.CONFIRMED: gettext_lazy("Selesai, dikonfirmasi"),
    State.NO_RESPONSE: gettext_lazy("Selesai, tanpa tanggapan"),
    State.UNANSWERED: gettext_lazy("Ditutup, pertanyaan tidak dijawab"),
    State.REJECTED: gettext_lazy("Tidak dapat diproses"),
}
# Tones are the names of the badges in guyub.ui.
STATE_TONES = {
    State.RECEIVED: "waiting",
    State.FORWARDED: "progress",
    State.IN_PROGRESS: "progress",
    State.WAITING_REPORTER: "waiting",
    State.SCHEDULED: "scheduled",
    State.EXTERNAL: "scheduled",
    State.WORK_DONE: "done",
    State.MERGED: "info",
    State.APPEAL_REFUSED: "rejected",
    State.CONFIRMED: "confirmed",
    State.NO_RESPONSE: "done",
    State.UNANSWERED: "rejected",
    State.REJECTED: "rejected",
}
CLASS_LABELS = {
    Classification.OVERSIGHT: gettext_lazy("Pengaduan tentang perilaku petugas"),
    Classification.COMPLAINT: gettext_lazy("Pengaduan"),
    Classification.ASPIRATION: gettext_lazy("Aspirasi"),
    Classification.INFO_REQUEST: gettext_lazy("Permintaan informasi"),
}
REJECT_REASONS = {
    "tidak-jelas": gettext_lazy("Tidak jelas atau tidak lengkap setelah ditanyakan"),
    "bukan-wewenang": gettext_lazy("Bukan wewenang pemerintah daerah ini"),
    "ganda": gettext_lazy("Sudah ada laporan yang sama"),
    "proses-hukum": gettext_lazy("Sedang dalam proses hukum atau di Ombudsman"),
    "tidak-pantas": gettext_lazy("Memuat kebencian, fitnah, atau iklan"),
    "ditarik": gettext_lazy("Ditarik pelapor"),
}
HAND_OVER_REASONS = {
    HandOverReason.NOT_OURS: gettext_lazy("Bukan wewenang kantor ini"),
    HandOverReason.WRONG_CATEGORY: gettext_lazy("Kategorinya keliru"),
    HandOverReason.WRONG_PLACE: gettext_lazy("Lokasinya keliru"),
    HandOverReason.ANOTHER_NEEDED: gettext_lazy("Perlu dikerjakan kantor lain"),
    HandOverReason.OTHER: gettext_lazy("Alasan lain"),
}
MERGE_REASONS = {
    MergeReason.SAME_THING: gettext_lazy("Hal yang sama di tempat yang sama"),
    MergeReason.SENT_TWICE: gettext_lazy("Terkirim dua kali"),
    MergeReason.SAME_CAUSE: gettext_lazy("Satu penyebab, dikerjakan sekaligus"),
}
DELAY_REASONS = {
    DelayReason.STAFF: gettext_lazy("Kekurangan petugas"),
    DelayReason.MATERIAL: gettext_lazy("Menunggu bahan atau alat"),
    DelayReason.BUDGET: gettext_lazy("Menunggu anggaran"),
    DelayReason.OTHERS: gettext_lazy("Menunggu pihak lain"),
    DelayReason.WEATHER: gettext_lazy("Cuaca"),
    DelayReason.OVERLOOKED: gettext_lazy("Terlewat"),
    DelayReason.OTHER: gettext_lazy("Alasan lain"),
}

# Stands wherever both clocks may be read: the step that is due next, and the completion that runs from receipt.
TWO_DEADLINES = gettext_lazy(
    "“Lewat tenggat” berarti langkah yang ditunggu sudah lewat waktunya: verifikasi, jawaban, penyelesaian, atau yang "
    "dijanjikan kantor. “Lewat tenggat penyelesaian” hanya yang seharusnya sudah selesai, dihitung sejak laporan "
    "diterima."
)

CREW_OUTCOMES = {
    CrewProof.Outcome.WAITING: (gettext_lazy("Diperiksa kantor"), "waiting"),
    CrewProof.Outcome.ACCEPTED: (gettext_lazy("Diterima kantor"), "confirmed"),
    CrewProof.Outcome.RETURNED: (gettext_lazy("Dikembalikan, perlu diulang"), "overdue"),
}


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline said to people. `tone` is '', 'soon' or 'late', as the styles of clocks are called."""

    words: str
    tone: str = ""


class DueTeller:
    """Says deadlines as seen from one moment, in the working days of the city; remembers what it said for a
    list.
    """

    def __init__(self, at: datetime) -> None:
        self.at, self.tz, self.calendar = at, get_city().tz, rulebook.calendar()
        self.today = local_date(at, self.tz)
        self._days: dict[date, int] = {}

    def day(self, at: datetime) -> str:
        """A day as people write it: 25 Nov 2026."""
        return day_in_words(local_date(at, self.tz), "j M Y")

    def moment(self, at: datetime) -> str:
        return f"{self.day(at)}, {at.astimezone(self.tz):%H.%M}"

    def due(self, due_at: datetime, *, provisional: bool = False) -> Due:
        """'terlambat 3 hari kerja', 'hari ini', 'besok', '4 hari kerja lagi'; an estimate is called one."""
        found = self._due(due_at)
        return Due(_("%(when)s (perkiraan)") % {"when": found.words}, found.tone) if provisional else found

    def _due(self, due_at: datetime) -> Due:
        day = local_date(due_at, self.tz)
        if due_at < self.at:
            return Due(self._late(due_at, day), "late")
        if day == self.today:
            if due_at == end_of_local_day(day, self.tz):
                return Due(_("hari ini"), "soon")
            return Due(_("hari ini pukul %(time)s") % {"time": f"{due_at.astimezone(self.tz):%H.%M}"}, "soon")
        if day == self.today + timedelta(days=1):
            return Due(_("besok"), "soon")
        left = self._between(day)
        if left < 1:
            return Due(self.day(due_at), "soon")
        words = ngettext("%(n)d hari kerja lagi", "%(n)d hari kerja lagi", left) % {"n": left}
        return Due(words, "soon" if left <= 1 else "")

    def _late(self, due_at: datetime, day: date) -> str:
        days = -self._between(day)
        if days > 0:
            return ngettext("terlambat %(n)d hari kerja", "terlambat %(n)d hari kerja", days) % {"n": days}
        hours = int((self.at - due_at).total_seconds() // 3600)
        if day == self.today and hours > 0:
            return ngettext("terlambat %(n)d jam", "terlambat %(n)d jam", hours) % {"n": hours}
        return _("terlambat")

    def _between(self, day: date) -> int:
        """Working days from today to a day, negative for one that is over."""
        if day not in self._days:
            self._days[day] = self.calendar.working_days_between_provisional(self.today, day).days
        return self._days[day]


def captured(proof: Proof | CrewProof, tell: DueTeller) -> str:
    """How far it is known where and when the photo of finished work was taken; empty for none to speak of."""
    if proof.source != Source.CAMERA or proof.taken_at is None:
        return _("waktu dan lokasi foto belum terbukti")
    if proof.taken_lat is None:
        return _("dipotret lewat halaman ini %(when)s; lokasi belum terbukti") % {
            "when": tell.moment(proof.taken_at)
        }
    if proof.taken_accuracy is None:
        return _("dipotret lewat halaman ini %(when)s, dengan lokasi") % {"when": tell.moment(proof.taken_at)}
    return _("dipotret lewat halaman ini %(when)s, dengan lokasi (± %(metres)d m)") % {
        "when": tell.moment(proof.taken_at),
        "metres": round(proof.taken_accuracy),
    }


def _office(office: int) -> str:
    try:
        return people.directory().get(office).name
    except people.UnknownOffice:
        return _("kantor yang sudah tidak ada")


def _month(iso: str) -> str:
    """`2027-03` as people say it: Maret 2027."""
    return day_in_words(date.fromisoformat(f"{iso}-01"), "F Y")


@tells(events.CaseOpened)
def _opened(fact: RecordedFact) -> Sentence:
    event = cast(events.CaseOpened, fact.event())
    if event.mode == "REQUEST":
        text = _("Disampaikan sebagai permohonan kepada %(office)s")
    else:
        text = _("Masuk ke %(office)s untuk diperiksa")
    return Sentence(fact.occurred_at, text % {"office": _office(event.office)}, "waiting")


@tells(events.RequestAccepted)
def _accepted(fact: RecordedFact) -> Sentence:
    event = cast(events.RequestAccepted, fact.event())
    return Sentence(
        fact.occurred_at,
        _("%(office)s menerima permohonan ini") % {"office": _office(event.office)},
        "progress",
    )


@tells(events.CaseVerified)
def _verified(fact: RecordedFact) -> Sentence:
    event = cast(events.CaseVerified, fact.event())
    text = _("Diverifikasi; ditangani oleh %(office)s") % {"office": _office(event.office)}
    return Sentence(fact.occurred_at, text, "progress")


@tells(events.CaseAnswered)
def _answered(fact: RecordedFact) -> Sentence:
    event = cast(events.CaseAnswered, fact.event())
    text = _("%(office)s menjawab") % {"office": _office(event.office)}
    return Sentence(fact.occurred_at, text, "progress", message=event.message)


_PUBLIC_REASONS = frozenset(HandOverReason) - {HandOverReason.OTHER}


@tells(events.CaseHandedOver)
def _handed_over(fact: RecordedFact) -> Sentence:
    event = cast(events.CaseHandedOver, fact.event())
    names = {"from": _office(event.from_office), "to": _office(event.to_office)}
    if event.reason in _PUBLIC_REASONS:
        names["why"] = str(HAND_OVER_REASONS[HandOverReason(event.reason)]).lower()
    if event.is_by_rule:
        text = _("%(from)s meneruskan lagi; karena sudah berkali-kali berpindah, %(to)s yang menentukan")
    elif event.mode == "REQUEST":
        text = _("%(from)s menyampaikan permohonan kepada %(to)s")
    elif "why" in names:
        text = _("%(from)s meneruskan kepada %(to)s: %(why)s")
    else:
        text = _("%(from)s meneruskan kepada %(to)s")
    return Sentence(fact.occurred_at, text % names, "progress")


@tells(events.ReporterAsked)
def _asked(fact: RecordedFact) -> Sentence:
    event = cast(events.ReporterAsked, fact.event())
    text = _("%(office)s bertanya kepada pelapor") % {"office": _office(event.office)}
    return Sentence(fact.occurred_at, text, "waiting", message=event.message)


@tells(events.ReporterReplied)
def _replied(fact: RecordedFact) -> Sentence:
    event = cast(events.ReporterReplied, fact.event())
    return Sentence(fact.occurred_at, _("Pelapor menjawab"), "info", message=event.message)


@tells(events.ScheduleProposed)
def _proposed(fact: RecordedFact) -> Sentence:
    event = cast(events.ScheduleProposed, fact.event())
    text = _("%(office)s mengusulkan penjadwalan, menunggu keputusan kepala kantor") % {
        "office": _office(event.office)
    }
    return Sentence(fact.occurred_at, text, "scheduled", public=False)


@tells(events.ScheduleDecided)
def _scheduled(fact: RecordedFact) -> Sentence:
    event = cast(events.ScheduleDecided, fact.event())
    names = {"office": _office(event.office), "month": _month(event.target_month)}
    if event.is_approved:
        return Sentence(
            fact.occurred_at,
            _("Kepala %(office)s menyetujui penjadwalan untuk %(month)s") % names,
            "scheduled",
        )
    return Sentence(
        fact.occurred_at, _("Kepala %(office)s tidak menyetujui penjadwalan") % names, public=False
    )


@tells(events.ScheduleLifted)
def _lifted(fact: RecordedFact) -> Sentence:
    event = cast(events.ScheduleLifted, fact.event())
    text = _("Penjadwalan diakhiri; kembali dikerjakan %(office)s") % {"office": _office(event.office)}
    return Sentence(fact.occurred_at, text, "progress")


@tells(events.WorkCompleted)
def _completed(fact: RecordedFact) -> Sentence:
    event = cast(events.WorkCompleted, fact.event())
    text = _("%(office)s menyatakan pekerjaan selesai; menunggu konfirmasi pelapor") % {
        "office": _office(event.office)
    }
    return Sentence(fact.occurred_at, text, "done", evidence=event.evidence)


@tells(events.FixConfirmed)
def _confirmed(fact: RecordedFact) -> Sentence:
    if cast(events.FixConfirmed, fact.event()).witness:
        text = _("Pelapor tidak menanggapi; Ketua RT setempat yang mengonfirmasi: sudah selesai")
        return Sentence(fact.occurred_at, text, "confirmed")
    return Sentence(fact.occurred_at, _("Pelapor mengonfirmasi: sudah selesai"), "confirmed")


@tells(events.FixDisputed)
def _disputed(fact: RecordedFact) -> Sentence:
    event = cast(events.FixDisputed, fact.event())
    return Sentence(
        fact.occurred_at,
        _("Pelapor menyatakan belum selesai; dibuka kembali"),
        "overdue",
        message=event.message,
    )


@tells(events.CaseExpired)
def _expired(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Ditutup tanpa tanggapan pelapor"), "done")


@tells(events.CaseRejected)
def _rejected(fact: RecordedFact) -> Sentence:
    event = cast(events.CaseRejected, fact.event())
    reason = REJECT_REASONS.get(event.reason, event.reason)
    text = _("%(office)s tidak dapat memproses: %(reason)s") % {
        "office": _office(event.office),
        "reason": reason,
    }
    return Sentence(fact.occurred_at, text, "rejected", message=event.message)


@tells(events.DeadlinesRecomputed)
def _recomputed(fact: RecordedFact) -> Sentence:
    return Sentence(
        fact.occurred_at, _("Tenggat sementara menjadi pasti: hari libur tahun itu sudah ditetapkan")
    )


@tells(events.RouteChangeSubmitted)
def _change_submitted(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Usul perubahan kewenangan diajukan"), public=False)


@tells(events.RouteChangeApproved)
def _change_approved(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Usul perubahan kewenangan disetujui"), "confirmed", public=False)


@tells(events.RouteChangeDeclined)
def _change_declined(fact: RecordedFact) -> Sentence:
    return Sentence(fact.occurred_at, _("Usul perubahan kewenangan dikembalikan"), public=False)


@tells(events.CaseDisposed)
def _disposed(fact: RecordedFact) -> Sentence:
    event = cast(events.CaseDisposed, fact.event())
    text = _("%(office)s menugaskan petugasnya") % {"office": _office(event.office)}
    return Sentence(fact.occurred_at, text, "progress")


@tells(events.StandingDispositionSet)
def _standing(fact: RecordedFact) -> Sentence:
    event = cast(events.StandingDispositionSet, fact.event())
    text = _("%(office)s menetapkan disposisi tetap") % {"office": _office(event.office)}
    return Sentence(fact.occurred_at, text, public=False)


@tells(events.StandingDispositionEnded)
def _standing_ended(fact: RecordedFact) -> Sentence:
    event = cast(events.StandingDispositionEnded, fact.event())
    text = _("%(office)s mengakhiri disposisi tetap") % {"office": _office(event.office)}
    return Sentence(fact.occurred_at, text, public=False)


@tells(events.CaseEscalated)
def _escalated(fact: RecordedFact) -> Sentence:
    event = cast(events.CaseEscalated, fact.event())
    names = {"from": _office(event.from_office), "to": _office(event.to_office)}
    if event.is_by_office:
        return Sentence(fact.occurred_at, _("%(from)s menaikkan laporan ini ke %(to)s") % names, "info")
    text = _("Lewat tenggat di %(from)s; dinaikkan ke %(to)s") % names
    return Sentence(fact.occurred_at, text, "overdue")


@tells(events.DelayExplained)
def _explained(fact: RecordedFact) -> Sentence:
    event = cast(events.DelayExplained, fact.event())
    text = _("%(office)s menjelaskan keterlambatan: %(why)s")
    why = str(DELAY_REASONS[DelayReason(event.reason)]).lower()
    return Sentence(fact.occurred_at, text % {"office": _office(event.office), "why": why})


@tells(events.CaseSplit)
def _split(fact: RecordedFact) -> Sentence:
    event = cast(events.CaseSplit, fact.event())
    names = {"from": _office(event.from_office), "to": _office(event.to_office)}
    if event.mode == "REQUEST":
        text = _("%(from)s membagi laporan ini dan menyampaikan permohonan kepada %(to)s")
    else:
        text = _("%(from)s membagi laporan ini: %(to)s ikut menangani bagiannya")
    return Sentence(fact.occurred_at, text % names, "progress")


@tells(events.CaseSentOut)
def _sent_out(fact: RecordedFact) -> Sentence:
    event = cast(events.CaseSentOut, fact.event())
    letter = letter_of(event.letter)
    names = {
        "office": _office(event.office),
        "body": _office(event.body),
        "number": letter.number if letter else "–",
        "day": day_in_words(letter.dated, "j F Y") if letter and letter.dated else "–",
    }
    text = _("%(office)s menyurati %(body)s, nomor %(number)s tanggal %(day)s; belum selesai")
    return Sentence(fact.occurred_at, text % names, "scheduled")


@tells(events.BodyReplied)
def _body_replied(fact: RecordedFact) -> Sentence:
    event = cast(events.BodyReplied, fact.event())
    return Sentence(
        fact.occurred_at, _("%(body)s membalas surat") % {"body": _office(event.body)}, "progress"
    )


@tells(events.CaseTakenBack)
def _taken_back(fact: RecordedFact) -> Sentence:
    event = cast(events.CaseTakenBack, fact.event())
    text = _("%(office)s menangani sendiri lagi") % {"office": _office(event.office)}
    return Sentence(fact.occurred_at, text, "progress")


@tells(events.OfficerMonthViewed)
def _month_viewed(fact: RecordedFact) -> Sentence:
    event = cast(events.OfficerMonthViewed, fact.event())
    text = _("Kepala kantor melihat bukti kinerja bulan %(month)s") % {"month": _month(event.month)}
    return Sentence(fact.occurred_at, text, public=False)


@tells(events.CasesExported)
def _exported(fact: RecordedFact) -> Sentence:
    event = cast(events.CasesExported, fact.event())
    text = ngettext("%(n)d baris laporan diunduh", "%(n)d baris laporan diunduh", event.rows) % {
        "n": event.rows
    }
    return Sentence(fact.occurred_at, text, public=False)


@tells(events.AnswerTemplateChanged)
def _template_changed(fact: RecordedFact) -> Sentence:
    event = cast(events.AnswerTemplateChanged, fact.event())
    text = _("Templat jawaban disimpan") if event.is_active else _("Templat jawaban dihapus")
    return Sentence(fact.occurred_at, text, public=False)


@tells(events.ExternalBodyChanged)
def _body_changed(fact: RecordedFact) -> Sentence:
    body = _office(fact.payload["body"])
    return Sentence(
        fact.occurred_at, _("Alamat instansi luar diubah: %(body)s") % {"body": body}, "info", public=False
    )


@tells(events.ActUndone)
def _undone(fact: RecordedFact) -> Sentence:
    event = cast(events.ActUndone, fact.event())
    text = {
        "verifikasi": _("Verifikasi ditarik kembali; masih di %(office)s"),
        "teruskan": _("Penerusan dibatalkan; kembali ke %(office)s"),
        "disposisi": _("Disposisi ke petugas dibatalkan di %(office)s"),
    }.get(event.verb, _("Tindakan dibatalkan; masih di %(office)s"))
    is_public = event.verb != "disposisi"  # who of an office has a case is the office's own matter
    return Sentence(fact.occurred_at, text % {"office": _office(event.office)}, "waiting", public=is_public)


@tells(events.CaseMerged)
def _merged(fact: RecordedFact) -> Sentence:
    event = cast(events.CaseMerged, fact.event())
    reason = MERGE_REASONS.get(MergeReason(event.reason), event.reason)
    text = _("%(office)s menggabungkan dengan laporan lain: %(reason)s") % {
        "office": _office(event.office),
        "reason": reason,
    }
    return Sentence(fact.occurred_at, text, "info")


@tells(events.CaseUnmerged)
def _unmerged(fact: RecordedFact) -> Sentence | None:
    event = cast(events.CaseUnmerged, fact.event())
    if event.by_reporter:
        return None  # the room whose reporter it was tells of it, with their words
    text = _("Penggabungan dibatalkan; kembali ke %(office)s")
    return Sentence(fact.occurred_at, text % {"office": _office(event.office)}, "waiting")


@tells(events.EvidenceChecked)
def _checked(fact: RecordedFact) -> Sentence:
    event = cast(events.EvidenceChecked, fact.event())
    text = _("Komputer memeriksa foto bukti: tidak ada yang perlu dilihat ulang")
    if event.flags:
        text = ngettext(
            "Komputer memeriksa foto bukti: %(n)d hal perlu dilihat petugas",
            "Komputer memeriksa foto bukti: %(n)d hal perlu dilihat petugas",
            event.flags,
        ) % {"n": event.flags}
    return Sentence(fact.occurred_at, text, public=False)


@tells(events.CrewLinkMade)
def _crew_link(fact: RecordedFact) -> Sentence:
    event = cast(events.CrewLinkMade, fact.event())
    text = _("%(office)s memberi regu tautan tugas") % {"office": _office(event.office)}
    return Sentence(fact.occurred_at, text, "progress", public=False)


@tells(events.CrewLinkRevoked)
def _crew_link_revoked(fact: RecordedFact) -> Sentence:
    event = cast(events.CrewLinkRevoked, fact.event())
    text = _("%(office)s mencabut tautan tugas") % {"office": _office(event.office)}
    return Sentence(fact.occurred_at, text, public=False)


@tells(events.CrewProofSent)
def _crew_proof(fact: RecordedFact) -> Sentence:
    event = cast(events.CrewProofSent, fact.event())
    text = _("Regu mengirim bukti; %(office)s memeriksanya") % {"office": _office(event.office)}
    return Sentence(fact.occurred_at, text, "waiting", public=False)


@tells(events.CrewProofReturned)
def _crew_proof_returned(fact: RecordedFact) -> Sentence:
    event = cast(events.CrewProofReturned, fact.event())
    text = _("%(office)s mengembalikan bukti regu") % {"office": _office(event.office)}
    return Sentence(fact.occurred_at, text, "progress", public=False)


@tells(events.SecondLookAsked)
def _look_asked(fact: RecordedFact) -> Sentence:
    event = cast(events.SecondLookAsked, fact.event())
    drawn = _("Terpilih dalam undian: bukti pekerjaan ditinjau orang kedua")
    text = drawn if event.is_drawn else _("Bukti pekerjaan diminta ditinjau orang kedua")
    return Sentence(fact.occurred_at, text, "waiting")


@tells(events.SecondLookGiven)
def _look_given(fact: RecordedFact) -> Sentence:
    event = cast(events.SecondLookGiven, fact.event())
    text = _("Orang kedua dari %(office)s meninjau bukti: sesuai")
    if not event.fits:
        text = _("Orang kedua dari %(office)s meninjau bukti: tidak sesuai; dikerjakan lagi")
    tone = "info" if event.fits else "overdue"
    return Sentence(fact.occurred_at, text % {"office": _office(event.office)}, tone, message=event.message)


@tells(events.AppealMade)
def _appeal(fact: RecordedFact) -> Sentence:
    event = cast(events.AppealMade, fact.event())
    text = _("Pelapor mengajukan keberatan; %(office)s yang memutuskan") % {
        "office": _office(event.to_office)
    }
    return Sentence(fact.occurred_at, text, "overdue", message=event.message)


@tells(events.AppealRisen)
def _appeal_rose(fact: RecordedFact) -> Sentence:
    event = cast(events.AppealRisen, fact.event())
    text = _("Keberatan belum diputuskan %(late)s pada waktunya; kini %(office)s yang memutuskan") % {
        "late": _office(event.from_office),
        "office": _office(event.to_office),
    }
    return Sentence(fact.occurred_at, text, "overdue")


@tells(events.AppealJudged)
def _judged(fact: RecordedFact) -> Sentence:
    event = cast(events.AppealJudged, fact.event())
    text = _("%(office)s menolak keberatan dengan alasan; laporan ditutup")
    if event.redo:
        text = _("%(office)s menerima keberatan; pekerjaan diulang")
    tone = "progress" if event.redo else "rejected"
    return Sentence(fact.occurred_at, text % {"office": _office(event.office)}, tone, message=event.message)


@tells(events.CaseGrounded)
def _grounded(fact: RecordedFact) -> Sentence:
    event = cast(events.CaseGrounded, fact.event())
    text = {
        "decided": _("Kantor ditentukan dari pemilik aset terdekat, %(metres)d m"),
        "hint": _("Aset terdekat (%(metres)d m) bukan urusan kantor ini"),
    }.get(event.outcome, _("Aset terdekat (%(metres)d m) belum pasti milik siapa; kantor menurut tabel"))
    return Sentence(fact.occurred_at, text % {"metres": event.metres}, public=False)


def ground_words(case: Case) -> str:
    """Why this office, or what to look at first, from what lies near the case's point; empty without any."""
    if not case.ground:
        return ""
    near = case.ground["near"]
    first = {"what": _asset(near[0]), "source": near[0]["source"]}
    if case.ground["said"] == OfGround.DECIDED:
        return _("Kantor dipilih menurut pemilik terdekat: %(what)s (sumber: %(source)s).") % first
    if case.ground["said"] == OfGround.UNCLEAR:
        what = "; ".join(map(_asset, near))
        return _("Beberapa pemilik sama dekatnya: %(what)s. Kantor menurut tabel; periksa dahulu.") % {
            "what": what
        }
    owner = people.directory().find_key(case.ground["key"])
    if owner is None:
        return _("Terdekat: %(what)s (sumber: %(source)s). Kantor pemiliknya belum terdaftar.") % first
    words = _("Terdekat: %(what)s (sumber: %(source)s). Biasanya urusan %(owner)s.")
    return words % {**first, "owner": owner.name}


def _asset(one: dict[str, Any]) -> str:
    return _("%(layer)s %(owner)s %(name)s, %(metres)d m") % one


@tells(events.CaseRecategorised)
def _recategorised(fact: RecordedFact) -> Sentence | None:
    return None  # the subject's room tells of it, by the categories' names
