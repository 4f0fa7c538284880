"""How initiatives and what happens to them are said."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guyub.events import Event
from guyub.events import initiatives as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells, tells_each
from guyub.rooms.initiatives.bank_rules import Why
from guyub.rooms.initiatives.models import BudgetItem
from guyub.rooms.initiatives.rules import (
    Brought,
    Consent,
    Joined,
    Likelihood,
    Part,
    Pledged,
    Role,
    State,
    Task,
)

STATES = {
    State.DRAFT: _("Rancangan"),
    State.OPEN: _("Dibuka"),
    State.RUNNING: _("Berjalan"),
    State.DONE: _("Selesai"),
    State.STOPPED: _("Dihentikan"),
}
STATE_TONES = {
    State.DRAFT: "waiting",
    State.OPEN: "info",
    State.RUNNING: "progress",
    State.DONE: "confirmed",
    State.STOPPED: "rejected",
}
ROLES = {
    Role.ORGANISER: _("Penyelenggara"),
    Role.PARTNER: _("Mitra"),
    Role.DOER: _("Pelaksana"),
    Role.SUPPORTER: _("Pendukung"),
}
PARTS = {
    Part.INVITED: _("Diundang"),
    Part.ACCEPTED: _("Ikut"),
    Part.DECLINED: _("Tidak ikut"),
    Part.LEFT: _("Sudah keluar"),
}
CONSENTS = {
    Consent.NOT_NEEDED: _("Tidak perlu persetujuan"),
    Consent.ASKED: _("Menunggu persetujuan kantor wilayah"),
    Consent.GIVEN: _("Disetujui kantor wilayah"),
    Consent.REFUSED: _("Belum disetujui kantor wilayah"),
}
LIKELIHOODS = {
    Likelihood.LOW: _("Kecil kemungkinannya"),
    Likelihood.MIDDLE: _("Mungkin"),
    Likelihood.HIGH: _("Besar kemungkinannya"),
}
PLEDGES = {
    Pledged.PROMISED: _("Dijanjikan"),
    Pledged.ACCEPTED: _("Diterima, ditunggu"),
    Pledged.DELIVERED: _("Diserahkan, diperiksa"),
    Pledged.VERIFIED: _("Terbukti"),
    Pledged.THANKED: _("Terbukti, sudah diucapkan terima kasih"),
    Pledged.REFUSED: _("Tidak diterima"),
    Pledged.WITHDRAWN: _("Ditarik"),
}
PLEDGE_TONES = {
    Pledged.PROMISED: "waiting",
    Pledged.ACCEPTED: "progress",
    Pledged.DELIVERED: "done",
    Pledged.VERIFIED: "confirmed",
    Pledged.THANKED: "confirmed",
    Pledged.REFUSED: "rejected",
    Pledged.WITHDRAWN: "rejected",
}
DELIVERIES = {
    Brought.SENT: _("Menunggu tanda terima"),
    Brought.RECEIVED: _("Sudah diterima, menunggu diperiksa"),
    Brought.VERIFIED: _("Terbukti ada"),
    Brought.REFUSED: _("Dikembalikan"),
}
TASKS = {
    Task.TODO: _("Akan dikerjakan"),
    Task.PROVED: _("Bukti menunggu diperiksa"),
    Task.VERIFIED: _("Terbukti selesai"),
    Task.DROPPED: _("Tidak jadi"),
}
TASK_TONES = {
    Task.TODO: "waiting",
    Task.PROVED: "done",
    Task.VERIFIED: "confirmed",
    Task.DROPPED: "rejected",
}
SOURCES = {
    BudgetItem.Source.PLEDGES: _("Dari janji mitra"),
    BudgetItem.Source.OFFICE: _("Dari anggaran pemerintah"),
    BudgetItem.Source.OWN: _("Swadaya"),
}
WHY_MATCHED = {
    Why.CODE: _("kode transfer tertulis di keterangan"),
    Why.AMOUNT: _("jumlahnya sama"),
    Why.DAYS: _("harinya berdekatan"),
    Why.NAME: _("nama pengirim mirip"),
    Why.OTHER_AMOUNT: _("jumlahnya berbeda"),
    Why.FAR_DAYS: _("harinya berjauhan"),
    Why.HAND: _("dipilih sendiri, jumlahnya sama"),
}
FINDINGS = {
    "NEW": _("Foto belum pernah dipakai di daerah ini."),
    "USED_BEFORE": _("Foto ini atau yang serupa pernah dipakai sebelumnya."),
    "OLDER": _("Menurut berkasnya, foto diambil sebelum prakarsa dimulai."),
    "NO_TIME": _("Berkas foto tidak mencatat waktu pengambilan."),
    "UNREADABLE": _("Foto tidak dapat dibandingkan."),
}

# text, tone, and whether everyone may read it: who promises what is between giver and organiser until it is there.
_TOLD: dict[type[Event], tuple[Any, str, bool]] = {
    events.InitiativeDrafted: (_("Prakarsa dirancang"), "info", False),
    events.InitiativeChanged: (_("Keterangan prakarsa diubah"), "info", False),
    events.ConsentAsked: (_("Persetujuan kantor wilayah diminta"), "waiting", False),
    events.InitiativeOpened: (_("Prakarsa dibuka"), "info", True),
    events.InitiativeStarted: (_("Pekerjaan dimulai"), "progress", True),
    events.InitiativeDone: (_("Prakarsa selesai"), "confirmed", True),
    events.InitiativeStopped: (_("Prakarsa dihentikan"), "rejected", True),
    events.PartnerInvited: (_("Mitra diundang"), "info", False),
    events.PartEnded: (_("Mitra keluar"), "info", False),
    events.LineSet: (_("Kebutuhan ditulis atau diubah"), "info", False),
    events.LineRemoved: (_("Kebutuhan dihapus"), "info", False),
    events.PledgeMade: (_("Janji baru"), "waiting", False),
    events.PledgeAccepted: (_("Janji diterima"), "progress", False),
    events.PledgeRefused: (_("Janji tidak diterima"), "rejected", False),
    events.PledgeWithdrawn: (_("Janji ditarik"), "rejected", False),
    events.PledgeDelayed: (_("Penyerahan diundur"), "overdue", False),
    events.PledgeThanked: (_("Ucapan terima kasih disampaikan"), "confirmed", False),
    events.DeliveryMade: (_("Penyerahan dicatat"), "done", False),
    events.DeliveryReceived: (_("Penerima memberi tanda terima"), "done", False),
    events.DeliveryVerified: (_("Penyerahan terbukti ada"), "confirmed", True),
    events.DeliveryRefused: (_("Penyerahan dikembalikan"), "rejected", False),
    events.MoneySpent: (_("Belanja dicatat"), "info", True),
    events.VerificationTakenBack: (_("Pemeriksaan penyerahan dibatalkan"), "rejected", True),
    events.MoneyMatched: (_("Uang cocok dengan rekening bank"), "confirmed", True),
    events.MatchUndone: (_("Pencocokan dengan rekening dibatalkan"), "rejected", True),
    events.StatementTaken: (_("Rekening koran diambil"), "info", False),
    events.PaperIssued: (_("Dokumen diterbitkan"), "info", False),
    events.PaperWithdrawn: (_("Dokumen ditarik"), "rejected", False),
    events.TaskSet: (_("Pekerjaan ditulis atau diubah"), "info", False),
    events.TaskDropped: (_("Pekerjaan tidak jadi"), "rejected", True),
    events.TaskProved: (_("Bukti pekerjaan dikirim"), "done", False),
    events.TaskVerified: (_("Pekerjaan terbukti selesai"), "confirmed", True),
    events.TaskSentBack: (_("Bukti pekerjaan dikembalikan"), "rejected", False),
    events.UpdatePosted: (_("Kabar baru"), "info", True),
    events.FigureRecorded: (_("Angka bulanan dicatat"), "info", False),
    events.CaseJoined: (_("Laporan warga dijawab prakarsa ini"), "info", True),
}


tells_each(_TOLD)


@tells(events.ConsentDecided)
def _consent(fact: RecordedFact) -> Sentence:
    given = fact.payload["is_given"]
    text = CONSENTS[Consent.GIVEN if given else Consent.REFUSED]
    return Sentence(fact.occurred_at, str(text), "confirmed" if given else "rejected", public=given)


@tells(events.PartDecided)
def _part(fact: RecordedFact) -> Sentence:
    accepted = fact.payload["is_accepted"]
    text = _("Mitra menyatakan ikut") if accepted else _("Mitra menyatakan tidak ikut")
    return Sentence(fact.occurred_at, str(text), "info", public=accepted)


@tells(events.AppealStated)
def _appeal(fact: RecordedFact) -> Sentence:
    by_permit = fact.payload["basis"] == "IZIN"
    text = (
        _("Izin pengumpulan uang atau barang dinyatakan")
        if by_permit
        else _("Dasar tanpa izin PUB dinyatakan")
    )
    return Sentence(fact.occurred_at, str(text), "info")


@tells(events.GoodsHandedOver)
def _handed(fact: RecordedFact) -> Sentence:
    by_record = fact.payload["kind"] == "BAST"
    text = (
        _("Barang diserahkan kepada pemerintah dengan BAST")
        if by_record
        else _("Barang dihibahkan kepada pemerintah")
    )
    return Sentence(fact.occurred_at, str(text), "confirmed")


@tells(events.ProofChecked)
def _checked(fact: RecordedFact) -> Sentence:
    text = (
        _("Foto diperiksa komputer: perlu dilihat")
        if fact.payload["is_flagged"]
        else _("Foto diperiksa komputer")
    )
    return Sentence(fact.occurred_at, str(text), "info", public=False)


@tells(events.JoinedCaseEnded)
def _case(fact: RecordedFact) -> Sentence:
    said = {
        Joined.COMPLETED: _("Laporan warga selesai dikerjakan; pelapornya ditanya"),
        Joined.RETURNED: _("Laporan warga kembali ke meja petugas"),
        Joined.GONE: _("Laporan warga ditangani dengan cara lain"),
    }
    tone = "done" if fact.payload["how"] == Joined.COMPLETED else "info"
    return Sentence(fact.occurred_at, str(said[Joined(fact.payload["how"])]), tone)
