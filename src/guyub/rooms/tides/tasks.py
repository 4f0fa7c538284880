"""Background entries of the sea. Each may run twice: what it makes is keyed by station, night, hour or day."""

from __future__ import annotations

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.tides import duties


@tasks.task("tides.sweep")
def sweep() -> None:
    """What has become due: the ladder by the gauges now, and jobs for the fit, the forecast and the scores."""
    duties.sweep(at=timezone.now())


@tasks.task(duties.FIT, slow=True)
def fit(station: int) -> None:
    duties.fit(station, at=timezone.now())


@tasks.task(duties.FORECAST, slow=True)
def forecast(station: int) -> None:
    duties.forecast(station, at=timezone.now())


@tasks.task(duties.SCORE, slow=True)
def score() -> None:
    duties.score(at=timezone.now())
