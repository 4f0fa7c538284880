"""Versions of a station's constants: fitted each night on what its gauge measured, or taken from who published them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guyub.events import tides as events
from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import get_city
from guyub.rooms.tides import gauges, harmonics, reference, residuals, skill
from guyub.rooms.tides.acting import Refused, as_keeper, record
from guyub.rooms.tides.harmonics import Constants
from guyub.rooms.tides.models import Fit, Station
from guyub.rooms.tides.residuals import Memory, Spread

HELD_OUT_DAYS = 45
"""The skill is measured on days that the measured fit has not seen."""
SKILL_FROM_DAYS = 120
SMALL_SAMPLE_HOURS = 24 * 180
Series = list[tuple[datetime, float]]


def newest_fit(station: Station) -> Fit | None:
    return Fit.objects.filter(station=station).order_by("-version").first()


def fit_station(station: Station, *, at: datetime) -> Fit | None:
    """Fit on the good hours of the last years, once a night. None when there are too few, or this night has one."""
    night = reference.today(at)
    if Fit.objects.filter(station=station, night=night, kind="FITTED").exists():
        return None
    said = reference.value("fit_days", at=at)
    until = gauges.whole_hour(at)
    series = gauges.hours(station, start=until - timedelta(days=int(said["most"])), until=until)
    memory = reference.memory(at=at)
    try:
        found = harmonics.fit(series, latitude=station.latitude, least_days=int(said["least"]))
    except harmonics.TooLittle:
        return None
    row = Fit(
        kind="FITTED",
        night=night,
        constants=found.constants.as_json(),
        spread=_spread(series, found, memory).as_json(),
        skill=_skill(series, station.latitude, memory=memory, at=at),
        from_time=series[0][0],
        until_time=series[-1][0],
        good=found.good,
        rejected=found.rejected,
        rmse=found.rmse,
        made_at=at,
    )
    try:
        return _add(station, row)
    except IntegrityError:  # another worker was as quick
        return None


@transaction.atomic
def _add(station: Station, row: Fit) -> Fit:
    """Make it the newest version; two never take the same number."""
    Station.objects.select_for_update().get(pk=station.pk)
    last = Fit.objects.filter(station=station).aggregate(last=Max("version"))["last"]
    row.station, row.version = station, (last or 0) + 1
    row.save()
    return row


def _grid(series: Series) -> tuple[list[datetime], list[float]]:
    """The hours from the first to the last without gaps; NaN where nothing good was measured."""
    known = {gauges.whole_hour(moment): (moment, height) for moment, height in series}
    start = min(known)
    count = int((max(known) - start) / gauges.HOUR) + 1
    hours = [start + gauges.HOUR * n for n in range(count)]
    found = [known.get(hour, (hour, math.nan)) for hour in hours]
    return [moment for moment, _height in found], [height for _moment, height in found]


def _spread(series: Series, found: harmonics.Fit, memory: Memory) -> Spread:
    times, heights = _grid(series)
    tide = harmonics.predict(times, found.constants)
    limit = max(6 * found.rmse, 0.3)
    left = [
        height - level if abs(height - level) < limit and not same else None
        for height, level, same in zip(heights, tide, harmonics.stuck(heights), strict=True)
    ]
    freedom = 2 * len(found.constants.names) + 1
    inflate = math.sqrt(found.good / max(found.good - 2 * freedom, found.good / 4))
    return residuals.measure(left, tide, memory=memory, inflate=inflate)


def _skill(series: Series, latitude: float, *, memory: Memory, at: datetime) -> dict[str, Any]:
    """How well a fit on the earlier part forecasts the last weeks, which it has not seen. Empty for a young gauge."""
    times, heights = _grid(series)
    first = len(times) - HELD_OUT_DAYS * 24
    if len(times) < SKILL_FROM_DAYS * 24:
        return {}
    try:
        before = harmonics.fit([row for row in series if row[0] < times[first]], latitude=latitude)
    except harmonics.TooLittle:
        return {}
    tide = harmonics.predict(times, before.constants)
    good = [
        height if abs(height - level) < max(6 * before.rmse, 0.3) and not same else math.nan
        for height, level, same in zip(heights, tide, harmonics.stuck(heights), strict=True)
    ]
    local = [moment.astimezone(get_city().tz) for moment in times]
    found = skill.roll(
        truth=good,
        observed=good,
        tide=tide,
        hour_of=[moment.hour for moment in local],
        month_of=[moment.month for moment in local],
        first=first,
        every=13,
        spread=_spread([row for row in series if row[0] < times[first]], before, memory),
        memory=memory,
        percent=reference.marks(at=at).possible,
    )
    return found.as_json()


def publish_constants(*, station: int, said: Any, by: Person, at: datetime) -> Fit:
    """Use constants that others published for this very port until the gauge has its own. Raises `Refused`."""
    as_keeper(by)
    row = Station.objects.get(pk=station)
    try:
        constants, source = _read(said, row, at=at)
    except harmonics.OtherPort as other:
        raise Refused(_other_port(other, said, row), field="file") from other
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as wrong:
        raise Refused(
            _(
                "File ini bukan daftar konstanta yang terbaca: perlu “port”, “latitude”, “longitude”, “source”, dan "
                "“constituents” dengan “name”, “amplitude” (meter), dan “phase” (derajat, Greenwich)."
            ),
            field="file",
        ) from wrong
    sigma = float(reference.value("spread_unknown", at=at)["metres"])
    with transaction.atomic():
        fit = _add(
            row,
            Fit(
                kind="PUBLISHED",
                night=reference.today(at),
                constants=constants.as_json(),
                spread=residuals.usual(sigma).as_json(),
                source=source,
                made_at=at,
            ),
        )
        fact = events.ConstantsPublished(station=row.pk, fit=fit.pk, number=fit.version)
        record(fact, subject=row.subject, by=by, at=at)
    return fit


def _read(said: Mapping[str, Any], station: Station, *, at: datetime) -> tuple[Constants, str]:
    constants = harmonics.published(
        dict(said),
        port=station.port,
        latitude=station.latitude,
        longitude=station.longitude,
        most_km=float(reference.value("published_within", at=at)["amount"]),
    )
    source = str(said["source"]).strip()[:200]
    if not source:
        raise ValueError("Nobody is named as the source.")
    return constants, source


def _other_port(other: harmonics.OtherPort, said: Mapping[str, Any], station: Station) -> str:
    if other.args == ("NAME",):
        return _(
            "Konstanta ini milik pelabuhan “%(theirs)s”, bukan “%(ours)s”. Konstanta pelabuhan lain tidak dipakai: "
            "selisihnya dapat puluhan sentimeter."
        ) % {"theirs": str(said["port"])[:60], "ours": station.port}
    return _(
        "Letak dalam file ini terlalu jauh dari stasiun. Konstanta hanya dipakai bagi pelabuhan yang sama."
    )
