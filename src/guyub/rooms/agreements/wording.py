"""How agreements and what happens to them are said."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.events import Event
from guyub.events import agreements as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells, tells_each
from guyub.rooms.agreements.rules import Authority, Check, Result, State, Why

STAGES = {
    "PREPARE": (gettext_lazy("Persiapan"), gettext_lazy("Tulis kerangka acuannya.")),
    "OFFER": (gettext_lazy("Penawaran"), gettext_lazy("Surat penawaran ditandatangani dan dikirim.")),
    "DRAFT_KB": (
        gettext_lazy("Penyusunan kesepakatan bersama"),
        gettext_lazy("Rancangan kesepakatan bersama lengkap semua pasalnya."),
    ),
    "SIGN_KB": (
        gettext_lazy("Penandatanganan kesepakatan bersama"),
        gettext_lazy("Kesepakatan bersama ditandatangani para pihak."),
    ),
    "DRAFT_NK": (
        gettext_lazy("Penyusunan nota kesepakatan"),
        gettext_lazy("Rancangan nota kesepakatan lengkap semua pasalnya."),
    ),
    "SIGN_NK": (
        gettext_lazy("Penandatanganan nota kesepakatan"),
        gettext_lazy("Nota kesepakatan ditandatangani para pihak."),
    ),
    "COUNCIL": (
        gettext_lazy("Persetujuan DPRD, bila perlu"),
        gettext_lazy(
            "Catat persetujuan DPRD: ada biaya yang belum dianggarkan, atau mitranya dari luar negeri."
        ),
    ),
    "MINISTRY": (
        gettext_lazy("Persetujuan kementerian"),
        gettext_lazy("Catat nomor persetujuan kementerian."),
    ),
    "DRAFT_PKS": (
        gettext_lazy("Penyusunan perjanjian kerja sama"),
        gettext_lazy("Rancangan perjanjian kerja sama lengkap semua pasalnya."),
    ),
    "SIGN_PKS": (
        gettext_lazy("Penandatanganan perjanjian kerja sama"),
        gettext_lazy("Perjanjian kerja sama ditandatangani para pihak."),
    ),
    "DRAFT_RK": (
        gettext_lazy("Penyusunan rencana kerja"),
        gettext_lazy("Rancangan rencana kerja lengkap semua pasalnya."),
    ),
    "SIGN_RK": (
        gettext_lazy("Penandatanganan rencana kerja"),
        gettext_lazy("Rencana kerja ditandatangani para pihak."),
    ),
    "RUN": (gettext_lazy("Pelaksanaan"), ""),
    "ARCHIVE": (
        gettext_lazy("Penatausahaan"),
        gettext_lazy("Unggah pindaian setiap naskah yang ditandatangani."),
    ),
    "REPORT": (gettext_lazy("Pelaporan tahunan"), gettext_lazy("Catat evaluasi tahunan.")),
}
CHECKS = {
    Check.CLAUSES: gettext_lazy("Ada pasal wajib yang belum terisi."),
    Check.PARTIES: gettext_lazy("Paling sedikit dua pihak."),
    Check.NUMBERS: gettext_lazy("Setiap pihak memberi nomornya sendiri."),
    Check.AUTHORITY: gettext_lazy("Penanda tangan belum lengkap; yang bukan kepala memerlukan surat kuasa."),
    Check.DATES: gettext_lazy("Jangka waktunya belum diisi atau terbalik."),
    Check.PARENT_SIGNED: gettext_lazy("Naskah di atasnya belum ditandatangani atau sudah berakhir."),
    Check.STARTS_AFTER_PARENT: gettext_lazy("Mulai berlaku sebelum naskah di atasnya ditandatangani."),
    Check.WITHIN_PARENT: gettext_lazy("Melampaui jangka waktu naskah di atasnya."),
    Check.SCOPE: gettext_lazy("Ruang lingkupnya keluar dari naskah di atasnya."),
    Check.COUNCIL: gettext_lazy("Ada biaya yang belum dianggarkan, dan persetujuan DPRD belum dicatat."),
    Check.LAPSED: gettext_lazy(
        "Lebih lama dari lazimnya sejak kesepakatan bersama; periksa apakah masih berlaku."
    ),
    Check.TOO_LONG: gettext_lazy("Lebih panjang dari lazimnya; periksa jangka waktunya."),
}
STATES = {
    State.DRAFT: (gettext_lazy("Rancangan"), "waiting"),
    State.SIGNED: (gettext_lazy("Berlaku"), "confirmed"),
    State.ENDED: (gettext_lazy("Sudah berakhir"), "rejected"),
}
AUTHORITIES = {
    Authority.HEAD: gettext_lazy("Kepala atau pimpinan"),
    Authority.PROXY: gettext_lazy("Dengan surat kuasa"),
}
ENDINGS = {
    Why.TERM: gettext_lazy("Jangka waktunya habis"),
    Why.REACHED: gettext_lazy("Tujuannya tercapai"),
    Why.AGREED: gettext_lazy("Para pihak bersepakat mengakhiri"),
    Why.CHANGED: gettext_lazy("Perubahan mendasar membuatnya tidak dapat dilaksanakan"),
    Why.BREACH: gettext_lazy("Salah satu pihak tidak memenuhi kewajibannya"),
    Why.LAW: gettext_lazy("Peraturan baru"),
    Why.OBJECT_LOST: gettext_lazy("Objeknya hilang"),
    Why.NATIONAL: gettext_lazy("Merugikan kepentingan nasional"),
    Why.COURT: gettext_lazy("Putusan pengadilan"),
}
RESULTS = {
    Result.CONTINUE: gettext_lazy("Dilanjutkan"),
    Result.IMPROVE: gettext_lazy("Dilanjutkan dengan perbaikan"),
    Result.STOP: gettext_lazy("Sebaiknya diakhiri"),
}


_TOLD: dict[type[Event], tuple[object, str, bool]] = {
    events.CooperationBegun: (gettext_lazy("Kerja sama mulai disiapkan"), "info", False),
    events.DocumentDrafted: (gettext_lazy("Rancangan naskah dibuat"), "waiting", False),
    events.ScanAdded: (gettext_lazy("Pindaian naskah diunggah"), "info", False),
    events.DutyAdded: (gettext_lazy("Kewajiban dicatat"), "info", False),
    events.DutyDone: (gettext_lazy("Kewajiban dipenuhi"), "done", True),
    events.DocumentEvaluated: (gettext_lazy("Dievaluasi"), "progress", True),
}


tells_each(_TOLD)


def _said(fact: RecordedFact, text: str, tone: str, *, public: bool) -> Sentence:
    return Sentence(at=fact.occurred_at, text=text, tone=tone, public=public)


@tells(events.StageReached)
def _stage(fact: RecordedFact) -> Sentence:
    label = STAGES[fact.payload["stage"]][0]
    return _said(fact, _("Tahap: %(stage)s") % {"stage": label}, "progress", public=False)


@tells(events.ApprovalRecorded)
def _approved(fact: RecordedFact) -> Sentence:
    council = fact.payload["of"] == "COUNCIL"
    said = _("Persetujuan DPRD dicatat") if council else _("Persetujuan kementerian dicatat")
    return _said(fact, said, "confirmed", public=False)


@tells(events.VersionWritten)
def _version(fact: RecordedFact) -> Sentence:
    return _said(fact, _("Naskah diubah: versi %(n)d") % {"n": fact.payload["number"]}, "info", public=False)


@tells(events.DocumentSigned)
def _signed(fact: RecordedFact) -> Sentence:
    return _said(
        fact, _("Naskah ditandatangani"), "confirmed", public=fact.payload["kind"] != "SURAT_PENAWARAN"
    )


@tells(events.DocumentExtended)
def _extended(fact: RecordedFact) -> Sentence:
    return _said(fact, _("Jangka waktu diubah dengan adendum"), "progress", public=True)


@tells(events.DocumentEnded)
def _ended(fact: RecordedFact) -> Sentence:
    said = _("Berakhir: %(why)s") % {"why": ENDINGS[Why(fact.payload["why"])]}
    return _said(fact, said, "rejected", public=True)
