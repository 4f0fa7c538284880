"""From how high on the sea means what, where: set once, never edited, followed by a new one from a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet

from guyub.events import tides as events
from guyub.kernel.access.api import Person
from guyub.rooms.places import api as places
from guyub.rooms.tides import reference, rules, stations
from guyub.rooms.tides.acting import as_keeper, record, refuse
from guyub.rooms.tides.ladder import Level
from guyub.rooms.tides.models import Datum, Station, Threshold
from guyub.rooms.tides.rules import Aged, No
from guyub.rooms.tides.wording import GAUGE_ZERO


@dataclass(frozen=True, slots=True)
class Survey:
    """The thresholds of a place as one survey or decree gives them; `heights` by level, metres over the datum."""

    place: str
    station: int
    datum: str
    heights: Mapping[Level, float]
    surveyed_on: date
    valid_until: date
    basis: str
    effective_from: date


@dataclass(frozen=True, slots=True)
class InForce:
    """A threshold that holds on a day, over the gauge's zero, with what time has done to it."""

    row: Threshold
    limit: float
    aged: Aged

    @property
    def level(self) -> Level:
        return Level(self.row.level)


def in_force(*, on: date, at: datetime, place: str | None = None) -> list[InForce]:
    """Every threshold that holds on a day, by place and level; the newest that has begun. Two queries."""
    rows = Threshold.objects.filter(effective_from__lte=on, station__closed_at__isnull=True)
    if place is not None:
        rows = rows.filter(place=place)
    return _newest(rows, Datum.objects.all(), on=on, at=at)


def in_force_then(*, at: datetime) -> list[InForce]:
    """Every threshold that was known to hold at a past moment, over the datums as they were levelled by then. Two
    queries."""
    on = reference.today(at)
    rows = Threshold.objects.filter(effective_from__lte=on, at__lte=at).exclude(station__closed_at__lte=at)
    return _newest(rows, Datum.objects.filter(at__lte=at), on=on, at=at)


def _newest(rows: QuerySet[Threshold], datums: QuerySet[Datum], *, on: date, at: datetime) -> list[InForce]:
    newest = rows.select_related("station").order_by("place", "level", "-effective_from")
    found = list(newest.distinct("place", "level"))
    known = _zeros({row.station_id for row in found}, datums)
    return [
        InForce(row, row.metres + known[row.station_id][row.datum], _aged(row, on=on, at=at))
        for row in found
        if row.datum in known[row.station_id]
    ]


def _zeros(keys: Iterable[int], datums: QuerySet[Datum]) -> dict[int, dict[str, float]]:
    wanted = set(keys)
    found: dict[int, dict[str, float]] = {key: {GAUGE_ZERO: 0.0} for key in wanted}
    for row in datums.filter(station__in=wanted).order_by("surveyed_on", "pk"):
        found[row.station_id][row.name] = row.zero
    return found


def _aged(row: Threshold, *, on: date, at: datetime) -> Aged:
    warns = reference.value("threshold_warns", at=at)
    return rules.aged(
        surveyed_on=row.surveyed_on,
        valid_until=row.valid_until,
        on=on,
        cm_a_year=reference.sinks(row.place, at=at),
        margin=float(warns["margin"]),
        warn_days=int(warns["days"]),
    )


def by_place(rows: Iterable[InForce]) -> dict[str, list[InForce]]:
    """The thresholds of each place, the lowest level first."""
    found: dict[str, list[InForce]] = {}
    for one in rows:
        found.setdefault(one.row.place, []).append(one)
    return {place: sorted(found[place], key=lambda one: one.level) for place in sorted(found)}


def check(
    said: Survey, *, others: Mapping[int, float], known: Mapping[str, float], at: datetime
) -> tuple[No, Level] | None:
    """Why these may not be set, and at which level; None if they may. `others` are the place's heights that hold,
    over the gauge's zero, `known` the datums of the gauge."""
    row, zero = places.gazetteer().by_code.get(said.place), known.get(said.datum)
    if row is None or not row.is_settlement:
        return No.PLACE, Level.WASPADA
    news = {int(level): (zero or 0.0) + metres for level, metres in said.heights.items()}
    for level, metres in said.heights.items():
        why = rules.may_set(
            metres=metres,
            surveyed_on=said.surveyed_on,
            valid_until=said.valid_until,
            effective_from=said.effective_from,
            today=reference.today(at),
            others={one: height for one, height in {**others, **news}.items() if one != level},
            level=level,
            above_gauge=None if zero is None else zero + metres,
        )
        if why is not None:
            return why, level
    return None


def heights(place: str, *, on: date, at: datetime) -> dict[int, float]:
    """A place's levels that will hold on a day, over the gauge's zero."""
    return {int(one.level): one.limit for one in in_force(on=on, at=at, place=place)}


@transaction.atomic
def set_thresholds(*, said: Survey, by: Person, at: datetime) -> list[Threshold]:
    """Let thresholds hold from a day on. Raises `NotAllowed`, `Refused`; then nothing is set."""
    as_keeper(by)
    station = Station.objects.select_for_update().get(pk=said.station, closed_at__isnull=True)
    others = heights(said.place, on=said.effective_from, at=at)
    found = check(said, others=others, known=stations.zeros(station.pk), at=at)
    if found is not None:
        refuse(*found)
    same = Threshold.objects.filter(
        place=said.place, level__in=list(said.heights), effective_from=said.effective_from
    )
    if same.exists():
        refuse(No.THERE)
    return [_set(said, level, metres, by=by, at=at) for level, metres in sorted(said.heights.items())]


def _set(said: Survey, level: Level, metres: float, *, by: Person, at: datetime) -> Threshold:
    row = Threshold.objects.create(
        place=said.place,
        level=int(level),
        station_id=said.station,
        metres=metres,
        datum=said.datum,
        surveyed_on=said.surveyed_on,
        valid_until=said.valid_until,
        basis=said.basis,
        effective_from=said.effective_from,
        by_id=by.acting,
        at=at,
    )
    fact = events.ThresholdSet(
        threshold=row.pk,
        level=level.name,
        millimetres=round(metres * 1000),
        effective_from=said.effective_from.isoformat(),
    )
    record(fact, subject=row.subject, place=row.place, by=by, at=at)
    return row
