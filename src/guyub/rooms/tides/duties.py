"""What is due when: a fit a night, a forecast an hour, the ladder with every sweep, scores once a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from guyub.kernel import tasks
from guyub.kernel.cities.api import get_city
from guyub.rooms.tides import fitting, forecasting, gauges, importing, outlooks, reference, scoring, standing
from guyub.rooms.tides.ladder import Source
from guyub.rooms.tides.models import Fit, Forecast, Score, Standing, Station
from guyub.rooms.tides.stations import open_stations

FIT, FORECAST, SCORE = "tides.fit", "tides.forecast", "tides.score"


def sweep(*, at: datetime) -> None:
    """A city without a station is done after one query."""
    rows = open_stations()
    for station in rows:
        if _needs_fit(station, at=at):
            tasks.enqueue(FIT, station=station.pk)
        if not Forecast.objects.filter(station=station, made_for=gauges.whole_hour(at)).exists():
            tasks.enqueue(FORECAST, station=station.pk)
    if rows:
        standing.assess(at=at)
        # While water stands over a mark the hour's outlook of today is soon untrue.
        for station in rows:
            if Standing.objects.filter(station=station, level__gt=0, source=Source.OBSERVED).exists():
                outlooks.refresh(station, at=at)
        if _needs_scores(at=at):
            tasks.enqueue(SCORE)


def _needs_fit(station: Station, *, at: datetime) -> bool:
    """After the hour of the night, unless this night has a fit; a new station at once."""
    last = Fit.objects.filter(station=station, kind="FITTED").order_by("-version").first()
    if last is None:
        return True
    local = at.astimezone(get_city().tz)
    again = timedelta(hours=reference.amount("fit_again", at=at))
    return local.hour >= reference.amount("fit_hour", at=at) and at - last.made_at > again


def _needs_scores(*, at: datetime) -> bool:
    yesterday = reference.today(at) - timedelta(days=1)
    local = at.astimezone(get_city().tz)
    return local.hour >= 1 and not Score.objects.filter(day=yesterday).exists()


def fit(key: int, *, at: datetime) -> None:
    """Fit, and forecast anew by what was found."""
    station = Station.objects.get(pk=key)
    if fitting.fit_station(station, at=at) is not None:
        forecast(key, at=at)


def forecast(key: int, *, at: datetime) -> None:
    """The hour's forecast, the chances that follow from it, and the levels that follow from those."""
    station = Station.objects.get(pk=key)
    if forecasting.make_forecast(station, at=at) is None:
        return
    outlooks.refresh(station, at=at)
    standing.assess(at=at)


def score(*, at: datetime) -> None:
    scoring.score_days(at=at)
    scoring.score_warnings(at=at)
    scoring.score_misses(at=at)
    forecasting.forget_old(at=at)
    importing.forget_drafts(at=at)
