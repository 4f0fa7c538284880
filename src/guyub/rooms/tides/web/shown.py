"""The sea in words and drawings for its pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format, time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from guyub.kernel.cities.api import get_city
from guyub.rooms.tides import gauges, queries, reference, thresholds
from guyub.rooms.tides.ladder import LEVELS, Level
from guyub.rooms.tides.models import Forecast, Station
from guyub.rooms.tides.probability import Kind
from guyub.rooms.tides.queries import DayOutlook
from guyub.rooms.tides.skill import Counts
from guyub.rooms.tides.thresholds import InForce
from guyub.rooms.tides.wording import (
    FITNESS,
    age,
    centimetres,
    level_tone,
    level_word,
    metres,
    percent,
)
from guyub.ui import bands
from guyub.ui.rows import Printed, day_in_words

SEEN = timedelta(hours=48)
# The tone of Awas is made for a badge: its ink is white.
LINES = {Level.WASPADA: "waiting", Level.SIAGA: "overdue", Level.AWAS: "overdue"}


def moment(at: datetime) -> str:
    """`22 November 2026, 15.40` in the city's zone."""
    return date_format(localtime(at, get_city().tz), "j F Y, H.i")


def hour(at: datetime) -> str:
    return time_format(localtime(at, get_city().tz), "H.i")


@dataclass(frozen=True, slots=True)
class Badge(Printed):
    level: str
    tone: str
    is_up: bool


def badge(level: int) -> Badge:
    return Badge(level_word(level), level_tone(level), level > 0)


@dataclass(frozen=True, slots=True)
class DayCell(Printed):
    day: str
    short: str
    badge: Badge
    chances: list[tuple[str, str]]
    highest: str
    when: str
    why: list[str]


def day_cell(said: DayOutlook, forecast: Forecast | None, *, at: datetime) -> DayCell:
    """A day as officers read it: level, chances, the highest water and why."""
    known = [(level, said.chances[level]) for level in LEVELS if level in said.chances]
    # A higher level that will hardly come says nothing and makes the table wider than the screen.
    shown = [
        (level_word(level), percent(share))
        for n, (level, share) in enumerate(known)
        if not n or share >= 0.01
    ]
    return DayCell(
        day=day_in_words(said.day, "l, j F"),
        short=day_in_words(said.day, "D j/n"),
        badge=badge(said.level),
        chances=shown,
        highest=metres(said.expected),
        when=hour(said.peak_at) if said.peak_at else "",
        why=reasons(said, forecast, at=at),
    )


def reasons(said: DayOutlook, forecast: Forecast | None, *, at: datetime) -> list[str]:
    """Tide, residual, error, then what makes it worse: each with its figure."""
    words = []
    tide = _tide_at(forecast, said.peak_at)
    if tide is not None and said.peak_at is not None:
        given = {"tide": metres(tide), "hour": hour(said.peak_at), "rest": centimetres(said.expected - tide)}
        words.append(_("Pasang tertinggi %(tide)s pada %(hour)s; cuaca dan musim menambah %(rest)s.") % given)
    if said.sigma:
        words.append(_("Galat yang biasa ±%(cm)d cm.") % {"cm": round(said.sigma * 100)})
    if forecast is not None and forecast.residual is None:
        words.append(_("Alat ukur diam: hanya pasang surut yang dihitung."))
    return words + [aggravation(one, at=at) for one in said.reasons]


def aggravation(one: Any, *, at: datetime) -> str:
    label = reference.aggravation_label(one["code"], at=at)
    rain = one["kind"] in (Kind.RAIN_FORECAST, Kind.RAIN_MEASURED)
    figure = _("%(mm)d mm dalam %(hours)d jam") if rain else _("%(mm)d buah")
    effect = []
    if one["lowers"]:
        effect.append(_("ambang dihitung %(cm)d cm lebih rendah") % {"cm": round(one["lowers"] * 100)})
    if one["raises"]:
        effect.append(_("tingkat naik satu"))
    given = {"mm": round(one["amount"]), "hours": one["hours"]}
    return f"{label[:1].upper()}{label[1:]} ({figure % given}): {', '.join(effect)}."


def _tide_at(forecast: Forecast | None, at: datetime | None) -> float | None:
    if forecast is None or at is None:
        return None
    n = round((at - forecast.made_for) / gauges.HOUR)
    return forecast.tide[n - 1] if 1 <= n <= len(forecast.tide) else None


# ── A station's chart ──────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class HourRow(Printed):
    when: str
    middle: str
    low: str
    high: str


def chart(
    station: Station, hours: list[queries.Hour], *, at: datetime, levels: list[InForce]
) -> tuple[bands.Band, list[HourRow]]:
    """Two days measured and seven expected, with the lowest threshold of each level; and every third hour in words."""
    seen = gauges.hours(station, start=at - SEEN, until=at + gauges.HOUR)
    start, until = at - SEEN, hours[-1].time if hours else at
    whole = max((until - start).total_seconds(), 1)

    def x(moment_: datetime) -> float:
        return min(max((moment_ - start).total_seconds() / whole, 0.0), 1.0)

    lowest = {
        level: min((one.limit for one in levels if one.level == level), default=None) for level in LEVELS
    }
    drawn = bands.band(
        points=[bands.Point(x(one.time), one.p50, one.low, one.high) for one in hours],
        seen=[(x(moment_), height) for moment_, height in seen],
        levels=[
            (height, level_word(level), LINES[level])
            for level, height in lowest.items()
            if height is not None
        ],
        along=_days_along(start, until, x),
        now=x(at) if hours else None,
    )
    rows = [
        HourRow(
            date_format(localtime(one.time, get_city().tz), "D j/n H.i"),
            metres(one.p50),
            metres(one.low),
            metres(one.high),
        )
        for one in hours
        if localtime(one.time, get_city().tz).hour % 3 == 0
    ]
    return drawn, rows


def _days_along(start: datetime, until: datetime, x: Any) -> list[tuple[float, str]]:
    """Every second midnight of the city, which leaves room on a phone."""
    first = localtime(start, get_city().tz).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [first + timedelta(days=n) for n in range(1, 12)]
    return [(x(day), date_format(day, "j/n")) for day in days if start < day < until][::2]


# ── Water and thresholds ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class WaterShown(Printed):
    """What a gauge says now. `height` is empty when it is silent."""

    name: str
    height: str
    age: str
    datum: str
    is_simulated: bool
    address: str


def water(station: Station, *, at: datetime, address: str = "") -> WaterShown:
    found = gauges.water(station, at=at)
    return WaterShown(
        name=station.name,
        height=metres(found.height) if found else "",
        age=age(found.time, now=at) if found else "",
        datum=_("di atas nol alat"),
        is_simulated=station.is_simulated,
        address=address,
    )


@dataclass(frozen=True, slots=True)
class ThresholdShown(Printed):
    place: str
    code: str
    level: str
    tone: str
    height: str
    limit: str
    station: str
    surveyed: str
    until: str
    basis: str
    fitness: str
    fitness_tone: str
    words: str
    is_worn: bool


def threshold(one: InForce) -> ThresholdShown:
    fitness, tone = FITNESS[one.aged.fitness]
    return ThresholdShown(
        place=queries.label(one.row.place),
        code=one.row.place,
        level=level_word(one.level),
        tone=level_tone(one.level),
        height=f"{metres(one.row.metres)} {one.row.datum}",
        limit=metres(one.limit),
        station=one.row.station.name,
        surveyed=day_in_words(one.row.surveyed_on),
        until=day_in_words(one.row.valid_until),
        basis=one.row.basis,
        fitness=str(fitness),
        fitness_tone=tone,
        words=_sunk(one),
        is_worn=one.aged.is_worn,
    )


def _sunk(one: InForce) -> str:
    if one.aged.sunk < 0.005:
        return ""
    return _("Sejak survei tanah turun kira-kira %(cm)d cm.") % {"cm": round(one.aged.sunk * 100)}


def worn_first(rows: list[InForce]) -> list[ThresholdShown]:
    order = {fitness: n for n, fitness in enumerate(FITNESS)}
    return [
        threshold(one)
        for one in sorted(rows, key=lambda one: (order[one.aged.fitness], one.row.place, one.level))
    ]


def held(station: Station, *, at: datetime) -> list[InForce]:
    found = thresholds.in_force(on=reference.today(at), at=at)
    return [one for one in found if one.row.station_id == station.pk]


# ── How it came out ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class TallyShown(Printed):
    name: str
    events: int
    hits: int
    misses: int
    false_alarms: int
    quiet: int
    pod: str
    far: str


def tally(name: str, counts: Counts, *, least: int) -> TallyShown:
    """Shares only from so many cases on: three of four is no 75 percent."""
    return TallyShown(
        name,
        counts.hits + counts.misses,
        counts.hits,
        counts.misses,
        counts.false_alarms,
        counts.quiet,
        percent(counts.pod) if counts.pod is not None and counts.hits + counts.misses >= least else "–",
        percent(counts.far) if counts.far is not None and counts.hits + counts.false_alarms >= least else "–",
    )


@dataclass(frozen=True, slots=True)
class DayTallyShown(Printed):
    day: str
    level: str
    tone: str
    hits: int
    misses: int
    false_alarms: int


def day_tally(one: queries.DayTally) -> DayTallyShown:
    counts = one.counts
    return DayTallyShown(
        day_in_words(one.day),
        level_word(one.level),
        level_tone(one.level),
        counts.hits,
        counts.misses,
        counts.false_alarms,
    )


@dataclass(frozen=True, slots=True)
class MethodShown(Printed):
    name: str
    rmse: str
    first: str
    tally: TallyShown


def methods(said: dict[str, Any], *, least: int) -> list[MethodShown]:
    """The skill of a fit beside what anybody could say."""
    if not said:
        return []
    names = {
        "forecast": _("Prakiraan ini"),
        "tide": _("Pasang surut saja"),
        "persistence": _("Seperti kemarin"),
        "climatology": _("Biasanya di bulan ini"),
    }
    return [
        MethodShown(
            name,
            f"{said['rmse'][code] * 100:.1f} cm".replace(".", ","),
            f"{said['rmse_first'][code] * 100:.1f} cm".replace(".", ","),
            tally(name, Counts(**said["days"][code]["0"]), least=least),
        )
        for code, name in names.items()
    ]
