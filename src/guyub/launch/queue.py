"""procrastinate, set up for cities: its tables lie in `commons`, its one task carries all of ours."""

from __future__ import annotations

from typing import Any

import procrastinate
from procrastinate import RetryStrategy

from guyub.kernel import tasks


def on_app_ready(app: procrastinate.App) -> None:
    """Register the one task with the queue (named in settings as PROCRASTINATE_ON_APP_READY)."""

    @app.task(name=tasks.RUN, queue=tasks.QUICK, retry=RetryStrategy(max_attempts=10, exponential_wait=3))
    def run(city: str, name: str, values: dict[str, Any]) -> None:
        tasks.run(city=city, name=name, values=values)
