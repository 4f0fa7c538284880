"""How floods and what happens to them are said."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.events import floods as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells, tells_each
from guyub.rooms.floods.rules import Depth, Help, HideReason, Road, State, Trust

DEPTHS = {
    Depth.FOOT: gettext_lazy("Mata kaki"),
    Depth.CALF: gettext_lazy("Betis"),
    Depth.KNEE: gettext_lazy("Lutut"),
    Depth.THIGH: gettext_lazy("Paha"),
    Depth.WAIST: gettext_lazy("Pinggang"),
    Depth.CHEST: gettext_lazy("Dada"),
}
ROADS = {
    Road.ALL: gettext_lazy("Motor dan mobil bisa lewat"),
    Road.CAR: gettext_lazy("Hanya mobil yang bisa lewat"),
    Road.NONE: gettext_lazy("Tidak bisa dilewati"),
}
HELPS = {
    Help.EVACUATION: gettext_lazy("Evakuasi"),
    Help.FOOD: gettext_lazy("Makanan dan air minum"),
    Help.MEDICINE: gettext_lazy("Obat"),
    Help.VULNERABLE: gettext_lazy("Ada lansia, bayi, atau penyandang disabilitas"),
}
STATES = {
    State.OPEN: (gettext_lazy("Belum dipastikan"), "waiting"),
    State.CONFIRMED: (gettext_lazy("Dipastikan"), "hazard"),
    State.DRY: (gettext_lazy("Surut"), "done"),
    State.CLOSED: (gettext_lazy("Selesai"), "confirmed"),
}
TRUSTS = {
    Trust.SUPPORTED: (gettext_lazy("Didukung sensor"), "confirmed"),
    Trust.CONTRADICTED: (gettext_lazy("Bertentangan dengan sensor"), "overdue"),
}
REASONS = {
    HideReason.FALSE: gettext_lazy("Keliru: tidak ada air di sana"),
    HideReason.PERSONAL: gettext_lazy("Memuat data pribadi"),
    HideReason.UNFIT: gettext_lazy("Tidak patut ditampilkan"),
    HideReason.OTHER_MATTER: gettext_lazy("Bukan tentang banjir"),
}

_TOLD: dict[type[events.Event], tuple[object, str, bool]] = {
    events.FloodGone: (gettext_lazy("Pelapor menyatakan air sudah surut"), "done", True),
    events.FloodHidden: (gettext_lazy("Disembunyikan petugas"), "rejected", False),
    events.FloodShown: (gettext_lazy("Ditampilkan lagi"), "info", False),
    events.FloodErased: (gettext_lazy("Dihapus atas permintaan pengirim"), "rejected", False),
    events.PhotoBlurred: (gettext_lazy("Foto disamarkan"), "info", False),
    events.ClusterDoubted: (gettext_lazy("Tidak lagi dipastikan: laporannya berkurang"), "waiting", True),
    events.ClusterJoined: (gettext_lazy("Bergabung dengan kelompok laporan di sebelahnya"), "info", True),
    events.ClusterReturned: (gettext_lazy("Air dilaporkan lagi"), "hazard", True),
    events.ClusterClosed: (gettext_lazy("Tidak ada laporan baru lagi"), "confirmed", True),
}


tells_each(_TOLD)


@tells(events.FloodReported)
def _reported(fact: RecordedFact) -> Sentence:
    said = _("Dilaporkan lagi: %(depth)s cm") if fact.payload["again"] else _("Dilaporkan: %(depth)s cm")
    text = said % {"depth": fact.payload["depth"]}
    return Sentence(at=fact.occurred_at, text=text, tone="hazard", public=True)


@tells(events.DepthCorrected)
def _corrected(fact: RecordedFact) -> Sentence:
    text = _("Kedalaman dibetulkan petugas: %(depth)s cm") % {"depth": fact.payload["depth"]}
    return Sentence(at=fact.occurred_at, text=text, tone="info", public=True)


@tells(events.PhotoLet)
def _photo(fact: RecordedFact) -> Sentence:
    text = _("Foto ditampilkan untuk umum") if fact.payload["public"] else _("Foto tidak lagi ditampilkan")
    return Sentence(at=fact.occurred_at, text=text, tone="info", public=False)


@tells(events.ClusterConfirmed)
def _confirmed(fact: RecordedFact) -> Sentence:
    if fact.payload["by_officer"]:
        text = _("Dipastikan petugas, kedalaman %(depth)s cm")
    else:
        text = _("Dipastikan oleh pelapor yang tidak saling bergantung, kedalaman %(depth)s cm")
    said = text % {"depth": fact.payload["depth"]}
    return Sentence(at=fact.occurred_at, text=said, tone="hazard", public=True)


@tells(events.ClusterCounted)
def _counted(fact: RecordedFact) -> Sentence:
    text = _("Dihitung: %(reports)d laporan, %(depth)d cm, %(in_need)d orang perlu bantuan") % fact.payload
    return Sentence(at=fact.occurred_at, text=text, tone="info", public=False)


@tells(events.ClusterDried)
def _dried(fact: RecordedFact) -> Sentence:
    text = (
        _("Surut, menurut petugas") if fact.payload["by_officer"] else _("Surut, atau tidak ada kabar lagi")
    )
    return Sentence(at=fact.occurred_at, text=text, tone="done", public=True)


@tells(events.WorkAsked)
def _work(fact: RecordedFact) -> Sentence:
    text = _("Dijadikan laporan pekerjaan %(number)s") % {"number": fact.payload["number"]}
    return Sentence(at=fact.occurred_at, text=text, tone="progress", public=True)


@tells(events.ThresholdDoubted)
def _doubted(fact: RecordedFact) -> Sentence:
    text = _("Ambang diusulkan turun: %(n)s banjir di bawahnya") % {"n": fact.payload["clusters"]}
    return Sentence(at=fact.occurred_at, text=text, tone="waiting", public=False)


@tells(events.ThresholdSettled)
def _settled(fact: RecordedFact) -> Sentence:
    text = _("Usul ambang dipakai") if fact.payload["taken"] else _("Usul ambang tidak dipakai")
    return Sentence(at=fact.occurred_at, text=text, tone="info", public=False)
