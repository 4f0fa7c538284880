"""Seven days of the sea by the hour: the stored tide, and what is left of today's residual."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from guyub.rooms.tides import fitting, gauges, harmonics, reference, residuals
from guyub.rooms.tides.harmonics import Constants
from guyub.rooms.tides.models import Fit, Forecast, Station

LEAST_HOURS = 24
MEAN_DAYS = 30


def newest_forecast(station: Station, *, made_by: datetime | None = None) -> Forecast | None:
    """With `made_by` the newest that was there at a past moment: a forecast that was made is never changed."""
    rows = Forecast.objects.filter(station=station).select_related("fit")
    if made_by is not None:
        rows = rows.filter(made_at__lte=made_by)
    return rows.order_by("-made_for").first()


def make_forecast(station: Station, *, at: datetime) -> Forecast | None:
    """Forecast from the hour that is over; the same hour gives the forecast that is there. None without constants,
    or when published ones stand alone: they do not say where this gauge's zero is."""
    hour = gauges.whole_hour(at)
    there = Forecast.objects.filter(station=station, made_for=hour).select_related("fit").first()
    fit = None if there else fitting.newest_fit(station)
    if fit is None:
        return there
    memory = reference.memory(at=at)
    back = timedelta(days=MEAN_DAYS) if fit.kind == "PUBLISHED" else timedelta(hours=memory.hours + 1)
    measured = _without_stuck(gauges.hours(station, start=hour - back, until=hour + gauges.HOUR))
    constants = Constants.from_json(fit.constants)
    ahead = [hour + gauges.HOUR * n for n in range(1, residuals.HOURS + 1)]
    level = harmonics.predict([*(moment for moment, _height in measured), *ahead], constants)
    known, tide = level[: len(measured)], level[len(measured) :]
    if fit.kind == "PUBLISHED":
        if len(measured) < LEAST_HOURS:
            return None
        mean = sum(height for _moment, height in measured) / len(measured) - sum(known) / len(known)
        constants = replace(constants, mean=mean)
        known, tide = [one + mean for one in known], [one + mean for one in tide]
    moments = [moment for moment, _height in measured]
    residual = residuals.recent(
        dict(measured), dict(zip(moments, known, strict=True)), at=hour + gauges.HOUR, memory=memory
    )
    row, _made = Forecast.objects.get_or_create(
        station=station,
        made_for=hour,
        defaults={
            "fit": fit,
            "residual": residual,
            "tide": [round(value, 4) for value in tide],
            "heights": [round(value, 4) for value in residuals.ahead(tide, residual, memory=memory)],
            "made_at": at,
        },
    )
    return row


def _without_stuck(rows: list[tuple[datetime, float]]) -> list[tuple[datetime, float]]:
    same = harmonics.stuck([height for _moment, height in rows])
    return [row for row, is_same in zip(rows, same, strict=True) if not is_same]


def spread_of(fit: Fit) -> residuals.Spread:
    return residuals.Spread.from_json(fit.spread)


def forget_old(*, at: datetime) -> int:
    """Forecasts that nobody asks for any more. What they said of each day stays as chances."""
    days = reference.amount("forecasts_kept", at=at)
    return Forecast.objects.filter(made_for__lt=at - timedelta(days=days)).delete()[0]
