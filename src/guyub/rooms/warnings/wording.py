"""How warnings and what happens to them are said."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.events import warnings as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells, tells_each
from guyub.rooms.warnings.rules import Channel, Fault, Kind, Level, Outcome, State

LEVELS = {
    Level.NORMAL: (gettext_lazy("Normal"), "info"),
    Level.WASPADA: (gettext_lazy("Waspada"), "waiting"),
    Level.SIAGA: (gettext_lazy("Siaga"), "hazard"),
    Level.AWAS: (gettext_lazy("Awas"), "hazard"),
}
STATES = {
    State.DRAFT: (gettext_lazy("Rancangan"), "waiting"),
    State.WAITING: (gettext_lazy("Menunggu persetujuan"), "waiting"),
    State.ISSUED: (gettext_lazy("Berlaku"), "hazard"),
    State.SUPERSEDED: (gettext_lazy("Diganti pembaruan"), "info"),
    State.CANCELLED: (gettext_lazy("Dicabut"), "info"),
    State.EXPIRED: (gettext_lazy("Masa berlakunya habis"), "info"),
    State.REJECTED: (gettext_lazy("Tidak jadi dikirim"), "rejected"),
}
KINDS = {
    Kind.ALERT: gettext_lazy("Peringatan"),
    Kind.UPDATE: gettext_lazy("Pembaruan"),
    Kind.CANCEL: gettext_lazy("Pencabutan"),
}
CHANNELS = {
    Channel.WHATSAPP: gettext_lazy("WhatsApp"),
    Channel.RADIO: gettext_lazy("Radio (HT)"),
    Channel.MOSQUE: gettext_lazy("Pengeras suara masjid"),
    Channel.SMS: gettext_lazy("SMS"),
    Channel.WEB: gettext_lazy("Situs"),
}
LANGUAGES = {
    "id": gettext_lazy("Bahasa Indonesia"),
    "jv": gettext_lazy("Bahasa Jawa"),
    "en": gettext_lazy("Bahasa Inggris"),
}
FAULTS = {
    Fault.EMPTY: gettext_lazy("Teks ini kosong."),
    Fault.NO_EXERCISE: gettext_lazy("Teks latihan harus memuat kata LATIHAN."),
    Fault.EXERCISE_IN_EARNEST: gettext_lazy("Peringatan sungguhan tidak boleh memuat kata LATIHAN."),
    Fault.NO_SIMULATION: gettext_lazy("Datanya simulasi: teks harus memuat kata SIMULASI."),
    Fault.NO_CITATION: gettext_lazy("Datanya dari BMKG: sebutkan BMKG sebagai sumber."),
    Fault.PROBABILITY: gettext_lazy("Peluang dalam persen hanya untuk petugas, belum boleh disiarkan."),
    Fault.SMS_TOO_LONG: gettext_lazy("Terlalu panjang untuk satu SMS."),
    Fault.RADIO_TOO_LONG: gettext_lazy("Terlalu panjang untuk dibacakan lewat radio."),
}
OUTCOMES = {
    Outcome.HIT: (gettext_lazy("Tepat"), "confirmed"),
    Outcome.NEAR: (gettext_lazy("Nyaris tepat"), "progress"),
    Outcome.FALSE_ALARM: (gettext_lazy("Tidak terjadi"), "rejected"),
    Outcome.MISS: (gettext_lazy("Luput: terjadi tanpa peringatan"), "hazard"),
}

_TOLD: dict[type[events.Event], tuple[object, str, bool]] = {
    events.DraftChanged: (gettext_lazy("Rancangan diubah"), "info", False),
    events.SentBack: (gettext_lazy("Dikembalikan untuk diubah"), "rejected", False),
    events.WarningRejected: (gettext_lazy("Tidak jadi dikirim"), "rejected", False),
    events.DraftWithdrawn: (gettext_lazy("Ditarik oleh sistem yang menyusunnya"), "rejected", False),
    events.WarningCancelled: (gettext_lazy("Peringatan dicabut"), "info", True),
    events.ReviewLate: (gettext_lazy("Tinjauan orang kedua terlambat"), "overdue", True),
}


tells_each(_TOLD)


@tells(events.WarningDrafted)
def _drafted(fact: RecordedFact) -> Sentence:
    said = _("%(kind)s tingkat %(level)s disusun") % {
        "kind": KINDS[Kind(fact.payload["kind"])],
        "level": LEVELS[Level(fact.payload["level"])][0],
    }
    return Sentence(at=fact.occurred_at, text=said, tone="info", public=False)


@tells(events.ApprovalAsked)
def _asked(fact: RecordedFact) -> Sentence:
    said = _("Persetujuan diminta kepada orang ke-%(position)d di daftar") % fact.payload
    return Sentence(at=fact.occurred_at, text=said, tone="waiting", public=False)


@tells(events.WarningIssued)
def _issued(fact: RecordedFact) -> Sentence:
    level = LEVELS[Level(fact.payload["level"])][0]
    if fact.payload["alone"]:
        said = _("Peringatan %(level)s dikirim petugas jaga; ditinjau kemudian") % {"level": level}
    else:
        said = _("Peringatan %(level)s disetujui orang kedua dan dikirim") % {"level": level}
    return Sentence(at=fact.occurred_at, text=said, tone="hazard", public=True)


@tells(events.WarningUpdated)
def _updated(fact: RecordedFact) -> Sentence:
    level, before = (LEVELS[Level(fact.payload[key])][0] for key in ("level", "from_level"))
    said = _("Diperbarui: dari %(before)s menjadi %(level)s") % {"before": before, "level": level}
    if fact.payload["level"] == fact.payload["from_level"]:
        said = _("Diperbarui: tetap %(level)s, wilayah atau waktunya berubah") % {"level": level}
    return Sentence(at=fact.occurred_at, text=said, tone="hazard", public=True)


@tells(events.WarningExpired)
def _expired(fact: RecordedFact) -> Sentence:
    was = fact.payload["was_issued"]
    said = _("Masa berlaku peringatan habis") if was else _("Lewat waktunya sebelum dikirim")
    return Sentence(at=fact.occurred_at, text=said, tone="info", public=was)


@tells(events.WarningReviewed)
def _reviewed(fact: RecordedFact) -> Sentence:
    right = fact.payload["was_right"]
    said = _("Ditinjau orang kedua: tepat") if right else _("Ditinjau orang kedua: tidak tepat")
    return Sentence(at=fact.occurred_at, text=said, tone="confirmed" if right else "rejected", public=True)


@tells(events.WarningScored)
def _scored(fact: RecordedFact) -> Sentence:
    label, tone = OUTCOMES[Outcome(fact.payload["outcome"])]
    return Sentence(
        at=fact.occurred_at, text=_("Dinilai: %(outcome)s") % {"outcome": label}, tone=tone, public=True
    )


@tells(events.RosterChanged)
def _roster(fact: RecordedFact) -> Sentence:
    on = fact.payload["position"] > 0
    said = (
        _("Daftar penyetuju: seseorang ditempatkan") if on else _("Daftar penyetuju: seseorang dikeluarkan")
    )
    return Sentence(at=fact.occurred_at, text=said, tone="info", public=False)
