"""The sea as pages and other rooms need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from guyub.rooms.places import api as places
from guyub.rooms.tides import forecasting, gauges, ladder, reference, stations
from guyub.rooms.tides.ladder import LEVELS, Level
from guyub.rooms.tides.models import Chance, Forecast, Score, Standing
from guyub.rooms.tides.residuals import DAYS
from guyub.rooms.tides.skill import Counts

NINE_OF_TEN = 1.2816
"""The band is so many usual errors wide that eight of ten heights lie inside, one above, one below."""


@dataclass(frozen=True, slots=True)
class StationRow:
    """A tide gauge. `datastream` is its id in sensing."""

    id: int
    slug: str
    name: str
    datastream: int
    latitude: float
    longitude: float
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class Hour:
    """What is expected at a moment, metres above the gauge's zero; eight of ten heights lie between low and high."""

    time: datetime
    p50: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class DayOutlook:
    """A day in a kelurahan. `chances` by level, 0 to 1: for officers only, unless BMKG has agreed."""

    day: date
    level: Level
    chances: Mapping[Level, float]
    expected: float
    sigma: float
    peak_at: datetime | None
    limits: Mapping[Level, float]
    residual: float | None
    reasons: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class PlaceLevel:
    """At which level a kelurahan stands, by what, since when."""

    place: str
    level: Level
    source: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """How days of a level came out, over so many days."""

    level: Level
    counts: Counts
    days: int


@dataclass(frozen=True, slots=True)
class DayTally:
    """How the kelurahan came out on a day, at a level."""

    day: date
    level: Level
    counts: Counts


def all_stations() -> list[StationRow]:
    """The city's open stations, by name."""
    return [
        StationRow(row.pk, row.slug, row.name, row.datastream, row.latitude, row.longitude, row.is_simulated)
        for row in stations.open_stations()
    ]


def forecast(station: int, *, at: datetime) -> list[Hour]:
    """The hours still to come of the newest forecast, at most seven days; empty when there is none from today.

    `station` is the id of a `StationRow`; heights are metres above the gauge's zero, times UTC.
    """
    return _ahead(forecasting.newest_forecast(stations.Station.objects.get(pk=station)), at=at)


def forecast_then(station: int, *, at: datetime) -> list[Hour]:
    """The same as it was at a past moment; empty also when that forecast is kept no more."""
    row = stations.Station.objects.get(pk=station)
    return _ahead(forecasting.newest_forecast(row, made_by=at), at=at)


def _ahead(found: Forecast | None, *, at: datetime) -> list[Hour]:
    if found is None or at - found.made_for > timedelta(hours=24):
        return []
    wide = [one * NINE_OF_TEN for one in forecasting.spread_of(found.fit).hours]
    return [
        Hour(found.made_for + gauges.HOUR * n, height, height - wide[n - 1], height + wide[n - 1])
        for n, height in enumerate(found.heights, start=1)
        if found.made_for + gauges.HOUR * n > at
    ]


def outlook(*, place: str, at: datetime) -> list[DayOutlook]:
    """The coming days in a kelurahan; empty where nothing is known."""
    return outlooks_of([place], at=at).get(place, [])


def outlooks_of(codes: Iterable[str] | None, *, at: datetime) -> dict[str, list[DayOutlook]]:
    """The coming days of several kelurahan (all, for None), by code. One query."""
    today = reference.today(at)
    rows = Chance.objects.filter(day__gte=today, day__lt=today + timedelta(days=DAYS))
    rows = rows.filter(at__gte=at - timedelta(hours=24), at__lte=at)
    if codes is not None:
        rows = rows.filter(place__in=list(codes))
    cells: dict[tuple[str, date], list[Chance]] = {}
    for row in rows.order_by("place", "day", "level"):
        if row.lead == (row.day - today).days:
            cells.setdefault((row.place, row.day), []).append(row)
    found: dict[str, list[DayOutlook]] = {}
    marks = reference.marks(at=at)
    for (place, day), levels in cells.items():
        found.setdefault(place, []).append(_day(day, levels, marks))
    return found


def _day(day: date, rows: list[Chance], marks: ladder.Marks) -> DayOutlook:
    first = rows[0]
    chances = {Level(row.level): row.probability for row in rows}
    return DayOutlook(
        day=day,
        level=ladder.forecast_level(chances, marks, raises=first.raises),
        chances=chances,
        expected=first.expected,
        sigma=first.sigma,
        peak_at=first.peak_at,
        limits={Level(row.level): row.limit for row in rows},
        residual=first.residual,
        reasons=tuple(first.reasons),
    )


def levels() -> list[PlaceLevel]:
    """At which level each kelurahan stands, the highest first. One query."""
    rows = Standing.objects.filter(station__closed_at__isnull=True).order_by("-level", "place")
    return [PlaceLevel(row.place, Level(row.level), row.source, row.since) for row in rows]


def tallies(*, place: str | None = None) -> list[Tally]:
    """Hits, misses and false alarms by level, of all scored days. One query."""
    rows = Score.objects.all() if place is None else Score.objects.filter(place=place)
    counts = {level: Counts() for level in LEVELS}
    days: dict[Level, set[date]] = {level: set() for level in LEVELS}
    for level, day, warned, happened in rows.values_list("level", "day", "warned", "happened"):
        counts[Level(level)].add(warned=warned, happened=happened)
        days[Level(level)].add(day)
    return [Tally(level, counts[level], len(days[level])) for level in LEVELS]


def days_told(*, limit: int) -> list[DayTally]:
    """What the tallies are made of: each day and level of which something was expected or seen, the newest first.
    One query."""
    rows = Score.objects.filter(Q(warned=True) | Q(happened=True)).order_by("-day", "level")
    found: dict[tuple[date, Level], Counts] = {}
    for level, day, warned, happened in rows.values_list("level", "day", "warned", "happened"):
        found.setdefault((day, Level(level)), Counts()).add(warned=warned, happened=happened)
    return [DayTally(day, level, counts) for (day, level), counts in list(found.items())[:limit]]


def label(code: str) -> str:
    row = places.gazetteer().by_code.get(code)
    return row.label if row else code
