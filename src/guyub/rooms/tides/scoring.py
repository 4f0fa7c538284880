"""What came of each day's outlook: hits, misses and false alarms by the gauge, and of each warning that was sent."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from guyub.rooms.tides import gauges, outlooks, reference, thresholds
from guyub.rooms.tides.ladder import Level
from guyub.rooms.tides.models import Chance, Score, Station
from guyub.rooms.tides.standing import HAZARD, SOURCE
from guyub.rooms.tides.stations import open_stations
from guyub.rooms.tides.wording import GAUGE_ZERO
from guyub.rooms.warnings import api as warnings

WHOLE_DAY_HOURS = 18
BACK_DAYS = 7
WARNED_LEAD = 1


@transaction.atomic
def score_days(*, at: datetime) -> int:
    """Score the last days that are over and have no score yet. Doing it again adds nothing."""
    today, made = reference.today(at), 0
    for station in open_stations():
        for back in range(1, BACK_DAYS + 1):
            made += score_day(station, today - timedelta(days=back), at=at)
    return made


def score_day(station: Station, day: date, *, at: datetime) -> int:
    """Only days on which the eve said something and the gauge spoke for most hours: silence proves nothing."""
    chances = list(Chance.objects.filter(station=station, day=day, lead=WARNED_LEAD))
    done = set(Score.objects.filter(station=station, day=day).values_list("place", "level"))
    open_ones = [row for row in chances if (row.place, row.level) not in done]
    if not open_ones:
        return 0
    start, until = outlooks.bounds(day)
    peak, hours = gauges.highest(station, start=start, until=until)
    if peak is None or hours < WHOLE_DAY_HOURS:
        return 0
    limits = {(one.row.place, one.row.level): one.limit for one in thresholds.in_force(on=day, at=at)}
    least = reference.marks(at=at).possible
    rows = [
        Score(
            place=row.place,
            day=day,
            level=row.level,
            station=station,
            limit=limits[row.place, row.level],
            peak=peak,
            probability=row.probability,
            warned=row.probability * 100 >= least,
            happened=peak > limits[row.place, row.level],
            is_simulated=station.is_simulated,
            at=at,
        )
        for row in open_ones
        if (row.place, row.level) in limits
    ]
    return len(Score.objects.bulk_create(rows, ignore_conflicts=True))


def score_warnings(*, at: datetime) -> int:
    """Say of each warning of ours that is over whether the water came: up to its level, nearly, or not at all."""
    rows = warnings.unscored(since=at - timedelta(days=BACK_DAYS), until=at)
    return sum(
        _score_warning(one, at=at) for one in rows if one.source.startswith(SOURCE) and one.expires < at
    )


def score_misses(*, at: datetime) -> int:
    """Say of each of the last days on which the water reached a level and nobody had warned of it that it was missed.

    A day is one event, at the highest level that a place without a warning saw. A place that a warning of rob named at
    any hour of the day was warned, and that warning is scored itself. The same again changes nothing.
    """
    today, made = reference.today(at), 0
    for back in range(1, BACK_DAYS + 1):
        made += _score_miss(today - timedelta(days=back), at=at)
    return made


def _score_miss(day: date, *, at: datetime) -> int:
    start, until = outlooks.bounds(day)
    held = thresholds.by_place(thresholds.in_force(on=day, at=at))
    peaks = {
        row.pk: gauges.highest(row, start=start, until=until)[0]
        for row in {levels[0].row.station for levels in held.values()}
    }
    warned = {
        place for one in warnings.issued(hazard=HAZARD, start=start, until=until) for place in one.areas
    }
    found: list[tuple[Level, str, Station, float, float]] = []
    for place, levels in held.items():
        station, peak = levels[0].row.station, peaks[levels[0].row.station_id]
        reached = [one for one in levels if peak is not None and peak > one.limit]
        if reached and peak is not None and place not in warned:
            top = max(reached, key=lambda one: one.level)
            found.append((top.level, place, station, peak, top.limit))
    if not found:
        return 0
    level, place, station, peak, limit = max(found, key=lambda one: (one[0], one[3] - one[4], one[1]))
    evidence: dict[str, str | float | bool] = {
        "peak_m": round(peak, 2),
        "limit_m": round(limit, 2),
        "datum": GAUGE_ZERO,
        "place": place,
    }
    if station.is_simulated:
        evidence["simulated"] = True
    warnings.score_warning(
        outcome=warnings.Outcome.MISS.value,
        event=f"{SOURCE}{day.isoformat()}",
        hazard=HAZARD,
        level=level.name,
        areas=[one[1] for one in found],
        happened_at=start,
        evidence=evidence,
        at=at,
    )
    return 1


def _score_warning(one: warnings.Warning_, *, at: datetime) -> int:
    """The best that any of its places saw counts: a warning is for all of them together."""
    start = gauges.whole_hour((one.issued_at or one.onset) if one.is_observed else one.onset)
    held = thresholds.by_place(thresholds.in_force(on=reference.today(one.onset), at=at))
    margin, found = reference.marks(at=at).margin, []
    for place in one.areas:
        limits = {row.level: row.limit for row in held.get(place, [])}
        limit = limits.get(Level[one.level])
        if limit is not None:
            peak, _hours = gauges.highest(held[place][0].row.station, start=start, until=one.expires)
            if peak is not None:
                found.append((peak - limit, peak - limits.get(Level.WASPADA, limit), peak, limit, place))
    if not found:
        return 0
    above, above_lowest, peak, limit, place = max(found)
    outcome = warnings.Outcome.FALSE_ALARM
    if above > 0:
        outcome = warnings.Outcome.HIT
    elif above_lowest > -margin:
        outcome = warnings.Outcome.NEAR
    evidence = {
        "peak_m": round(peak, 2),
        "limit_m": round(limit, 2),
        "datum": GAUGE_ZERO,
        "place": place,
    }
    warnings.score_warning(warning=one.id, outcome=outcome.value, evidence=evidence, at=at)
    return 1
