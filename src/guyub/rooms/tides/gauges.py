"""What the gauges of a station say, by the hour and now, as the sea's own numbers go on from them."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import datetime, timedelta

from guyub.rooms.sensing import api as sensing
from guyub.rooms.tides import reference
from guyub.rooms.tides.models import Station

HOUR = timedelta(hours=1)
NEWEST = 3
FAST = timedelta(minutes=2)
"""By how much a gauge's clock may be ahead: what it sends then was measured now."""


def whole_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def hours(
    station: Station, *, start: datetime, until: datetime, arrived: datetime | None = None
) -> list[tuple[datetime, float]]:
    """The good hours, each at the moment that its mean stands for: values of an hour are spread from its beginning.
    With `arrived` by the values that were there at a past moment."""
    if arrived is None:
        rows = sensing.hourly(station.datastream, start=start, until=until)
    else:
        rows = sensing.hourly_then(station.datastream, start=start, until=until, arrived=arrived)
    return [(row.hour + HOUR * ((row.count - 1) / (2 * row.count)), row.mean) for row in rows]


def highest(station: Station, *, start: datetime, until: datetime) -> tuple[float | None, int]:
    """The highest good value between two moments, and in how many hours there were any.

    An hour that stands alone above the hours around it is a wrong value that quality control has not come to yet.
    """
    rows = sensing.hourly(station.datastream, start=start - 2 * HOUR, until=until + 2 * HOUR)
    limit = float(reference.value("spike", at=until)["metres"])
    found = []
    for row in rows:
        if start <= row.hour < until:
            near = [one.high for one in rows if one is not row and abs(one.hour - row.hour) <= 2 * HOUR]
            if not near or row.high - statistics.median(near) <= limit:
                found.append(row.high)
    return max(found, default=None), len(found)


@dataclass(frozen=True, slots=True)
class Water:
    """The newest good value of a gauge, of which moment it is, and the water that levels are judged by: the middle one
    of the newest values, so that one wrong value opens no alarm. Water that rises quickly is already higher than that."""

    height: float
    time: datetime
    steady: float


def water(station: Station, *, at: datetime, arrived: datetime | None = None) -> Water | None:
    """The water now. None when the gauge is silent, or all it said is too old."""
    rows = sensing.series(
        station.datastream,
        start=at - reference.fresh(at=at),
        until=at + (FAST if arrived is None else timedelta(seconds=1)),
        arrived=arrived,
    )
    if not rows:
        return None
    time, height = rows[-1]
    return Water(height, time, statistics.median_low(value for _moment, value in rows[-NEWEST:]))
