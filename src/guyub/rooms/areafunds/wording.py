"""How area funds and what happens to them are said."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.events import areafunds as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells
from guyub.rooms.areafunds.rules import No, State
from guyub.ui.figures import rupiah

STATES = {
    State.PLANNED: (gettext_lazy("Direncanakan"), "waiting"),
    State.RUNNING: (gettext_lazy("Berjalan"), "progress"),
    State.DONE: (gettext_lazy("Selesai dikerjakan"), "done"),
    State.STOPPED: (gettext_lazy("Dihentikan"), "rejected"),
}
REFUSALS = {
    No.CLOSED: gettext_lazy("Tahun anggaran ini sudah ditutup dan tidak berubah lagi."),
    No.OVER_CEILING: gettext_lazy("Melebihi sisa pagu lembaga ini."),
    No.BELOW_PLAN: gettext_lazy("Pagu tidak boleh di bawah yang sudah direncanakan. Ubah kegiatannya dulu."),
    No.OVER_PLAN: gettext_lazy("Realisasi melebihi anggaran kegiatan ini."),
    No.BELOW_SPENT: gettext_lazy("Anggaran tidak boleh di bawah yang sudah dibelanjakan."),
    No.WRONG_STEP: gettext_lazy("Langkah ini bukan langkah berikutnya. Muat ulang halaman ini."),
    No.NO_PHOTO: gettext_lazy("Lampirkan paling sedikit satu foto keadaan di lapangan."),
    No.NO_RECEIPT: gettext_lazy("Lampirkan foto kuitansi untuk uang yang dibelanjakan."),
    No.NOTHING_SPENT: gettext_lazy("Kegiatan yang selesai mencatat belanjanya. Isi jumlahnya."),
    No.NOT_LIVE: gettext_lazy("Kegiatan ini sudah berakhir."),
    No.STILL_LIVE: gettext_lazy("Masih ada kegiatan yang belum selesai. Selesaikan atau hentikan dulu."),
    No.SAME_BODY: gettext_lazy("Pilih dua lembaga yang berbeda dalam dana dan tahun yang sama."),
    No.AMOUNT: gettext_lazy("Isian ini tidak mungkin."),
    No.DATES: gettext_lazy("Kegiatan mulai dan selesai dalam tahun anggarannya."),
}


def _said(fact: RecordedFact, text: str, tone: str, *, public: bool = True) -> Sentence:
    return Sentence(at=fact.occurred_at, text=text, tone=tone, public=public)


@tells(events.CeilingSet)
def _ceiling_set(fact: RecordedFact) -> Sentence:
    said = {"amount": rupiah(fact.payload["amount"]), "year": fact.payload["year"]}
    return _said(fact, _("Pagu %(year)s ditetapkan: %(amount)s") % said, "info")


@tells(events.CeilingRevised)
def _ceiling_revised(fact: RecordedFact) -> Sentence:
    said = {"amount": rupiah(fact.payload["amount"])}
    return _said(fact, _("Pagu digeser antarlembaga: %(amount)s") % said, "info")


@tells(events.ActivityPlanned)
def _planned(fact: RecordedFact) -> Sentence:
    said = {"amount": rupiah(fact.payload["amount"])}
    return _said(fact, _("Kegiatan direncanakan: %(amount)s") % said, "waiting")


@tells(events.ActivityChanged)
def _changed(fact: RecordedFact) -> Sentence:
    before, amount = fact.payload["before"], fact.payload["amount"]
    if before == amount:
        return _said(fact, _("Rencana kegiatan diubah"), "info")
    said = {"before": rupiah(before), "amount": rupiah(amount)}
    return _said(fact, _("Anggaran kegiatan diubah dari %(before)s menjadi %(amount)s") % said, "info")


@tells(events.ActivityStopped)
def _stopped(fact: RecordedFact) -> Sentence:
    said = {"amount": rupiah(fact.payload["spent"])}
    return _said(fact, _("Kegiatan dihentikan; terpakai %(amount)s") % said, "rejected")


@tells(events.StepRecorded)
def _step(fact: RecordedFact) -> Sentence:
    said = {"percent": fact.payload["percent"], "amount": rupiah(fact.payload["amount"])}
    tone = "done" if fact.payload["percent"] == 100 else "progress"
    return _said(fact, _("Pekerjaan %(percent)d persen; belanja %(amount)s") % said, tone)


@tells(events.StepWithdrawn)
def _step_withdrawn(fact: RecordedFact) -> Sentence:
    said = {"percent": fact.payload["percent"]}
    return _said(fact, _("Catatan %(percent)d persen ditarik kembali") % said, "rejected")


@tells(events.PhotoSeenAgain)
def _seen_again(fact: RecordedFact) -> Sentence:
    return _said(fact, _("Foto mirip dengan yang pernah dikirim; perlu diperiksa"), "overdue", public=False)


@tells(events.YearClosed)
def _closed(fact: RecordedFact) -> Sentence:
    said = {"year": fact.payload["year"], "spent": rupiah(fact.payload["spent"])}
    return _said(fact, _("Tahun anggaran %(year)s ditutup; terpakai %(spent)s") % said, "confirmed")
