"""The sea on the wall: each port's water now, what is expected of it with its band, and the marks of its kelurahan.

Visitors read what the gauge measures. What is expected is for those inside, and how likely a level is for officers,
unless an agreement with BMKG is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.formats import time_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.events import tides as events
from guyub.kernel import wall
from guyub.kernel.cities.api import get_city
from guyub.kernel.wall import Asked, Audience, Course, Panel
from guyub.rooms.sensing import api as sensing
from guyub.rooms.tides import gauges, ladder, queries, reference, stations, thresholds
from guyub.rooms.tides.ladder import LEVELS
from guyub.rooms.tides.models import Station
from guyub.rooms.tides.queries import DayOutlook, Hour
from guyub.rooms.tides.thresholds import InForce
from guyub.rooms.tides.wording import level_tone, metres, percent

PORTS = 3
SEEN, AHEAD = timedelta(hours=12), timedelta(hours=24)
LATELY = timedelta(hours=1)
MOVED = 0.03  # metres within that hour, from which on water rises or falls
EVERY = 4  # of the last hour's values
TOLD_FROM = 0.05  # a chance below it is no news


def past_sea(asked: Asked) -> Panel | None:
    """The same of a past moment: the values that had arrived, and the forecast that was the newest then. Chances are
    worked out over and over the day long, and only their last word stays: they are left out."""
    rows = stations.stations_then(at=asked.at)
    return _panel(rows, thresholds.in_force_then(at=asked.at), {}, asked, is_past=True) if rows else None


@wall.panel("laut", title=gettext_lazy("Air laut"), order=14, is_wide=True, past=past_sea)
def sea(asked: Asked) -> Panel | None:
    """Three ports beside each other. Three queries, and five for each port."""
    rows = stations.open_stations() if stations.is_coastal() else []
    if not rows:
        return None
    held = thresholds.in_force(on=reference.today(asked.at), at=asked.at)
    outlooks = queries.outlooks_of(None, at=asked.at) if asked.audience is Audience.OFFICERS else {}
    return _panel(rows, held, outlooks, asked, is_past=False)


def _panel(
    rows: list[Station],
    held: list[InForce],
    outlooks: dict[str, list[DayOutlook]],
    asked: Asked,
    *,
    is_past: bool,
) -> Panel:
    courses = [
        _course(row, [one for one in held if one.row.station_id == row.pk], outlooks, asked, is_past=is_past)
        for row in rows[:PORTS]
    ]
    return Panel((), more=len(rows) - len(courses), courses=tuple(courses))


def _course(
    row: Station,
    held: list[InForce],
    outlooks: dict[str, list[DayOutlook]],
    asked: Asked,
    *,
    is_past: bool,
) -> Course:
    at, arrived = asked.at, asked.at if is_past else None
    lowest = {level: min(found) for level in LEVELS if (found := [o.limit for o in held if o.level == level])}
    water = gauges.water(row, at=at, arrived=arrived)
    lately = sensing.series(
        row.datastream, start=at - LATELY, until=at + timedelta(seconds=1), arrived=arrived
    )
    since = lately[0][0] if lately else at
    hourly = gauges.hours(row, start=at - SEEN, until=at - LATELY, arrived=arrived)
    before = [one for one in hourly if one[0] < since]
    hours = _expected(row, asked, is_past=is_past)
    measured = ladder.observed_level(water.steady if water else None, lowest)
    said = [
        _("simulasi") if row.is_simulated else "",
        *(
            [_("melebihi prakiraan")]
            if water and _is_over(hours, water.height)
            else [_peak(hours), _chance({one.row.place for one in held}, outlooks)]
        ),
    ]
    return Course(
        title=row.port,
        value=f"{metres(water.height)} {_moves(lately)}".strip() if water else "–",
        when=time_format(localtime(water.time, get_city().tz), "H.i") if water else "",
        note=" · ".join(filter(None, said)) if water else _("alat ukur diam"),
        now=at,
        seen=(*before, *lately[::-EVERY][::-1]),
        expected=tuple((one.time, one.p50, one.low, one.high) for one in hours),
        # By their names alone: what they mean in another language has no room beside a line.
        marks=tuple((height, level.name.title(), level_tone(level)) for level, height in lowest.items()),
        tone=level_tone(measured) if measured else "",
        url=reverse("sea"),  # not all who watch may open the desk
    )


def _expected(row: Station, asked: Asked, *, is_past: bool) -> list[Hour]:
    if asked.for_visitors and not reference.may_tell_probability(at=asked.at):
        return []
    forecast = queries.forecast_then if is_past else queries.forecast
    return [one for one in forecast(row.pk, at=asked.at) if one.time <= asked.at + AHEAD]


def _moves(lately: list[tuple[datetime, float]]) -> str:
    """A sign for water that rises or falls, which needs no colour."""
    change = lately[-1][1] - lately[0][1] if lately else 0.0
    return "▲" if change > MOVED else "▼" if change < -MOVED else ""


def _is_over(hours: list[Hour], water: float) -> bool:
    """Whether the water is higher than all that is expected of it: then neither a peak below it nor a chance is news."""
    return bool(hours) and water > max(hour.high for hour in hours)


def _peak(hours: list[Hour]) -> str:
    """The highest water that is expected: where a day has two tides, the lesser one is no news."""
    if not hours:
        return ""
    one = max(hours, key=lambda hour: hour.p50)
    when = time_format(localtime(one.time, get_city().tz), "H.i")
    return _("puncak %(height)s, %(time)s") % {"height": metres(one.p50), "time": when}


def _chance(codes: Iterable[str], outlooks: dict[str, list[DayOutlook]]) -> str:
    """The highest level that may come today or tomorrow, at the likeliest place."""
    days = [day for code in codes for day in outlooks.get(code, [])[:2]]
    for level in reversed(LEVELS):
        share = max((day.chances.get(level, 0.0) for day in days), default=0.0)
        if share >= TOLD_FROM:
            return f"{level.name.title()} {percent(share)}"
    return ""


wall.tell(events.LevelChanged, about=lambda fact: _("Rob"), is_inside=True)
