"""How partners and what happens to them are said."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.events import partners as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells, tells_each
from guyub.rooms.partners.rules import Actor, Kind, LegalForm, Role, Status, Why

KINDS = {
    Kind.COMMUNITY: gettext_lazy("Komunitas atau organisasi kemasyarakatan"),
    Kind.COMPANY: gettext_lazy("Perusahaan"),
    Kind.UNIVERSITY: gettext_lazy("Perguruan tinggi atau sekolah"),
    Kind.MEDIA: gettext_lazy("Media"),
    Kind.AGENCY: gettext_lazy("Perangkat daerah atau instansi"),
    Kind.RW: gettext_lazy("Rukun warga (RW)"),
    Kind.RT: gettext_lazy("Rukun tetangga (RT)"),
    Kind.PKK: gettext_lazy("PKK"),
    Kind.KARANG_TARUNA: gettext_lazy("Karang Taruna"),
    Kind.LPM: gettext_lazy("LPM"),
}
# As heads of columns; None stands for all bodies of a kelurahan.
SHORT_KINDS = {
    Kind.COMMUNITY: gettext_lazy("Komunitas"),
    Kind.COMPANY: gettext_lazy("Perusahaan"),
    Kind.UNIVERSITY: gettext_lazy("Kampus"),
    Kind.MEDIA: gettext_lazy("Media"),
    Kind.AGENCY: gettext_lazy("Instansi"),
    None: gettext_lazy("Lembaga kelurahan"),
}
ACTORS = {
    Actor.GOV_POLITICAL: gettext_lazy("Kepala daerah dan DPRD"),
    Actor.GOV_BUREAUCRACY: gettext_lazy("Birokrasi"),
    Actor.CIVIL_SOCIETY: gettext_lazy("Masyarakat sipil"),
    Actor.BUSINESS: gettext_lazy("Dunia usaha"),
    Actor.ACADEMIA: gettext_lazy("Akademisi"),
    Actor.MEDIA: gettext_lazy("Pers dan media"),
}
LEGAL_FORMS = {
    LegalForm.NONE: gettext_lazy("Belum berbadan hukum"),
    LegalForm.SKT: gettext_lazy("Terdaftar (SKT)"),
    LegalForm.YAYASAN: gettext_lazy("Yayasan (AHU)"),
    LegalForm.PERKUMPULAN: gettext_lazy("Perkumpulan (AHU)"),
    LegalForm.PT: gettext_lazy("PT (NIB)"),
    LegalForm.CV: gettext_lazy("CV (NIB)"),
    LegalForm.KOPERASI: gettext_lazy("Koperasi"),
    LegalForm.UNIVERSITY: gettext_lazy("Perguruan tinggi berizin"),
    LegalForm.SCHOOL: gettext_lazy("Sekolah berizin"),
    LegalForm.PRESS: gettext_lazy("Perusahaan pers"),
    LegalForm.DECREE: gettext_lazy("Dibentuk dengan keputusan (SK)"),
    LegalForm.GOVERNMENT: gettext_lazy("Instansi pemerintah"),
}
ROLES = {
    Role.LEAD: gettext_lazy("Penanggung jawab"),
    Role.BOARD: gettext_lazy("Pengurus"),
    Role.MEMBER: gettext_lazy("Anggota"),
}
STATUSES = {
    Status.ACTIVE: gettext_lazy("Aktif"),
    Status.SUSPENDED: gettext_lazy("Dinonaktifkan sementara"),
    Status.CLOSED: gettext_lazy("Ditutup"),
    Status.MERGED: gettext_lazy("Digabung"),
}
DOCUMENTS = {
    "SKT": gettext_lazy("Surat Keterangan Terdaftar (SKT)"),
    "AKTA": gettext_lazy("Akta pendirian atau AD/ART"),
    "SK_AHU": gettext_lazy("Keputusan pengesahan badan hukum (AHU)"),
    "NIB": gettext_lazy("Nomor Induk Berusaha (NIB)"),
    "IZIN": gettext_lazy("Izin penyelenggaraan"),
    "SK": gettext_lazy("Surat keputusan pembentukan"),
    "PROGRAM": gettext_lazy("Program kerja"),
    "PENGURUS": gettext_lazy("Susunan pengurus"),
    "DOMISILI": gettext_lazy("Surat domisili"),
    "NPWP": gettext_lazy("NPWP organisasi"),
    "TIDAK_SENGKETA": gettext_lazy("Pernyataan tidak dalam sengketa"),
    "KESANGGUPAN_LAPOR": gettext_lazy("Pernyataan sanggup melaporkan kegiatan"),
    "LAIN": gettext_lazy("Dokumen lain"),
}

WHY = {
    Why.NUMBER: gettext_lazy("nomor hukumnya sama"),
    Why.NAME: gettext_lazy("namanya sama"),
    Why.CONTACT: gettext_lazy("kontaknya sama"),
    Why.ALIKE: gettext_lazy("namanya mirip"),
}

_TOLD: dict[type[events.Event], tuple[object, str]] = {
    events.ProfileChanged: (gettext_lazy("Profil diubah"), "info"),
    events.VerificationAsked: (gettext_lazy("Verifikasi diminta"), "waiting"),
    events.CompletionAsked: (gettext_lazy("Diminta melengkapi"), "waiting"),
    events.VerificationRefused: (gettext_lazy("Verifikasi ditolak"), "rejected"),
    events.VerificationLapsed: (gettext_lazy("Permintaan verifikasi berakhir: tidak dilengkapi"), "rejected"),
    events.VouchGiven: (gettext_lazy("Dijamin mitra lain"), "progress"),
    events.VouchWithdrawn: (gettext_lazy("Jaminan ditarik"), "rejected"),
    events.MembershipAsked: (gettext_lazy("Seseorang minta bergabung"), "waiting"),
    events.MemberInvited: (gettext_lazy("Seseorang diundang"), "info"),
    events.RoleChanged: (gettext_lazy("Peran pengurus diubah"), "info"),
    events.MembershipEnded: (gettext_lazy("Seseorang tidak lagi bergabung"), "info"),
    events.DocumentAdded: (gettext_lazy("Dokumen ditambahkan"), "info"),
    events.DocumentRemoved: (gettext_lazy("Dokumen dihapus"), "info"),
    events.PartnerSuspended: (gettext_lazy("Dinonaktifkan sementara oleh pemerintah daerah"), "rejected"),
    events.PartnerResumed: (gettext_lazy("Diaktifkan kembali"), "confirmed"),
    events.PartnersMerged: (gettext_lazy("Digabung dengan entri lain yang ternyata sama"), "info"),
    events.MergeUndone: (gettext_lazy("Penggabungan dibatalkan"), "info"),
}


def _inside(fact: RecordedFact, text: object, tone: str) -> Sentence:
    return Sentence(at=fact.occurred_at, text=str(text), tone=tone, public=False)


tells_each(_TOLD, public=False)


@tells(events.PartnerFounded)
def _founded(fact: RecordedFact) -> Sentence:
    said = {
        "RESIDENT": _("Didaftarkan oleh warga"),
        "CITY": _("Didaftarkan oleh pemerintah daerah"),
        "IMPORT": _("Diimpor dari daftar pemerintah daerah"),
    }
    return _inside(fact, said[fact.payload["origin"]], "info")


@tells(events.PartnerVerified)
def _verified(fact: RecordedFact) -> Sentence:
    by_city = fact.payload["how"] == "CITY"
    said = _("Diverifikasi pemerintah daerah") if by_city else _("Terverifikasi atas jaminan mitra lain")
    return _inside(fact, said, "confirmed")


@tells(events.VerificationEnded)
def _unverified(fact: RecordedFact) -> Sentence:
    by_city = fact.payload["cause"] == "city"
    said = (
        _("Verifikasi diakhiri pemerintah daerah") if by_city else _("Verifikasi berakhir: jaminan ditarik")
    )
    return _inside(fact, said, "rejected")


@tells(events.MembershipDecided)
def _decided(fact: RecordedFact) -> Sentence:
    accepted = fact.payload["is_accepted"]
    return _inside(fact, _("Seseorang bergabung") if accepted else _("Permintaan bergabung ditolak"), "info")


@tells(events.InvitationEnded)
def _invitation_ended(fact: RecordedFact) -> Sentence:
    said = {
        "accepted": _("Undangan diterima"),
        "withdrawn": _("Undangan dibatalkan"),
        "expired": _("Undangan habis waktunya"),
    }
    return _inside(fact, said[fact.payload["cause"]], "info")


@tells(events.PartnerClosed)
def _closed(fact: RecordedFact) -> Sentence:
    by_city = fact.payload["by_city"]
    return _inside(fact, _("Ditutup pemerintah daerah") if by_city else _("Ditutup pengurusnya"), "rejected")


@tells(events.ListImported)
def _imported(fact: RecordedFact) -> Sentence:
    said = {"added": fact.payload["added"], "changed": fact.payload["changed"]}
    return _inside(fact, _("Daftar mitra diimpor: %(added)d baru, %(changed)d dilengkapi") % said, "info")
