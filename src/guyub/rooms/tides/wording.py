"""How the sea is said."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guyub.events import tides as events
from guyub.kernel.ledger.api import RecordedFact, Sentence, tells
from guyub.rooms.tides.ladder import Level
from guyub.rooms.tides.rules import Fitness, No
from guyub.ui import figures

GAUGE_ZERO = "Nol alat"
"""The datum that every gauge knows: its own zero."""

LEVELS = {
    Level.NORMAL: (gettext_lazy("Normal"), "done"),
    Level.WASPADA: (gettext_lazy("Waspada"), "waiting"),
    Level.SIAGA: (gettext_lazy("Siaga"), "overdue"),
    Level.AWAS: (gettext_lazy("Awas"), "hazard"),
}
FITNESS = {
    Fitness.EXPIRED: (gettext_lazy("habis masa berlaku"), "overdue"),
    Fitness.SUNK: (gettext_lazy("tanah turun melebihi batas"), "overdue"),
    Fitness.SOON: (gettext_lazy("segera habis"), "waiting"),
    Fitness.GOOD: (gettext_lazy("berlaku"), "done"),
}
REFUSALS = {
    No.NO_DATUM: gettext_lazy(
        "Stasiun ini tidak mengenal datum itu. Catat dulu tinggi datumnya di halaman stasiun."
    ),
    No.METRES: gettext_lazy("Tinggi ini tidak mungkin."),
    No.ORDER: gettext_lazy("Ambang harus naik menurut tingkat: Waspada di bawah Siaga, Siaga di bawah Awas."),
    No.SURVEY_LATER: gettext_lazy("Tanggal survei belum tiba."),
    No.VALID_TOO_SHORT: gettext_lazy("Masa berlaku harus berakhir sesudah survei dan sesudah mulai berlaku."),
    No.VALID_TOO_LONG: gettext_lazy("Paling lama lima tahun sejak survei: tanah pesisir turun."),
    No.IN_THE_PAST: gettext_lazy("Ambang berlaku mulai hari ini atau sesudahnya, tidak surut ke belakang."),
    No.THERE: gettext_lazy("Sudah ada untuk tanggal ini. Yang tercatat tidak diubah; pilih tanggal lain."),
    No.PLACE: gettext_lazy("Kelurahan atau desa ini tidak dikenal."),
    No.NOT_THE_SEA: gettext_lazy("Pilih sensor tinggi muka laut."),
    No.TAKEN: gettext_lazy("Sensor ini sudah menjadi stasiun."),
}


def level_word(level: int) -> str:
    return str(LEVELS[Level(level)][0])


def level_tone(level: int) -> str:
    return LEVELS[Level(level)][1]


def metres(value: float, places: int = 2) -> str:
    """`1,05 m`, in the digits of the reader's language."""
    return f"{number_format(round(value, places) + 0.0, decimal_pos=places)} m"  # alone it cuts off


def age(at: datetime, *, now: datetime) -> str:
    minutes = max(0, int((now - at).total_seconds() // 60))
    if not minutes:
        return _("baru saja")
    if minutes < 90:
        return ngettext("%(n)d menit lalu", "%(n)d menit lalu", minutes) % {"n": minutes}
    if minutes < 60 * 48:
        return ngettext("%(n)d jam lalu", "%(n)d jam lalu", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d hari lalu", "%(n)d hari lalu", minutes // 1440) % {"n": minutes // 1440}


def centimetres(value: float) -> str:
    """A difference in metres, as people say it: `+12 cm`."""
    return f"{round(value * 100):+d} cm".replace("-", "−")


def percent(share: float) -> str:
    """Never quite nothing and never quite certain, unless it was measured."""
    if 0 < share < 0.01:
        return "<1%"
    if 0.99 < share < 1:
        return ">99%"
    return figures.percent(share * 100)


def _said(fact: RecordedFact, text: str, tone: str, *, public: bool = True) -> Sentence:
    return Sentence(at=fact.occurred_at, text=text, tone=tone, public=public)


@tells(events.StationAdded)
def _station_added(fact: RecordedFact) -> Sentence:
    return _said(fact, _("Stasiun pasang surut ditambahkan"), "info")


@tells(events.DatumSet)
def _datum_set(fact: RecordedFact) -> Sentence:
    said = {"height": metres(fact.payload["millimetres"] / 1000, 3)}
    return _said(fact, _("Tinggi datum dicatat: %(height)s di atas nol alat") % said, "info", public=False)


@tells(events.ConstantsPublished)
def _constants(fact: RecordedFact) -> Sentence:
    said = {"version": fact.payload["number"]}
    return _said(fact, _("Konstanta terbitan dipakai sebagai versi %(version)d") % said, "info", public=False)


@tells(events.ThresholdSet)
def _threshold(fact: RecordedFact) -> Sentence:
    said = {
        "level": level_word(Level[fact.payload["level"]]),
        "height": metres(fact.payload["millimetres"] / 1000),
        "day": fact.payload["effective_from"],
    }
    return _said(fact, _("Ambang %(level)s: %(height)s mulai %(day)s") % said, "info")


@tells(events.LevelChanged)
def _level(fact: RecordedFact) -> Sentence:
    level = Level[fact.payload["level"]]
    said = {"level": level_word(level), "before": level_word(Level[fact.payload["before"]])}
    if fact.payload["source"] == "OBSERVED":
        words = _("Tingkat rob menurut alat ukur: %(level)s (sebelumnya %(before)s)") % said
        return _said(fact, words, level_tone(level))
    # What a forecast says of a level becomes public when people send a warning.
    words = _("Tingkat rob menurut prakiraan: %(level)s (sebelumnya %(before)s)") % said
    return _said(fact, words, level_tone(level), public=False)
