"""`guyub worker`: the pump of every city, the jobs, the sweeps. More than one may run side by side."""

from __future__ import annotations

import asyncio
import logging
import threading
import time

import django
import psycopg
from procrastinate.exceptions import ConnectorException

log = logging.getLogger("guyub.worker")

RETRY_SECONDS = 2
IDLE_SECONDS = 0.3
SWEEP_SECONDS = 60
SEAL_AT_HOUR = 1
JOBS_AT_ONCE = 2


def run(args: list[str]) -> int:
    from guyub.launch.arguments import parser

    options = parser("worker", "Run the pump, the jobs and the sweeps.")
    options.add_argument("--metrics-port", type=int, help="show this worker's figures on 127.0.0.1")
    chosen = options.parse_args(args)
    django.setup()
    if chosen.metrics_port:
        from prometheus_client import start_http_server

        from guyub.kernel import telemetry  # noqa: F401 (registers the figures)

        start_http_server(chosen.metrics_port, addr="127.0.0.1")
    stop = threading.Event()
    threads = [
        threading.Thread(target=_forever, args=(pump_cities, IDLE_SECONDS, stop), name="pump"),
        threading.Thread(target=_forever, args=(sweep_cities, SWEEP_SECONDS, stop), name="sweep"),
    ]
    for thread in threads:
        thread.start()
    try:
        _work_on()
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=10)
    return 0


def _work_on() -> None:
    """Run jobs until told to end. A database that goes away is waited for: a worker that gave up would be missed."""
    while True:
        try:
            return asyncio.run(work())
        except (psycopg.Error, ConnectorException):
            log.exception("the queue cannot be reached")
            time.sleep(RETRY_SECONDS)


def _forever(step, pause: float, stop: threading.Event) -> None:
    """Call a step again and again; what fails is logged and tried again, a little later each time."""
    from django.db import connections

    wait = pause
    while not stop.is_set():
        try:
            wait = 0.0 if step() else pause
        except Exception:
            log.exception("%s failed", step.__name__)
            connections.close_all()
            wait = min(max(wait, 0.5) * 2, 30)
        stop.wait(wait)
    connections.close_all()


def pump_cities() -> int:
    """One batch of each city; how many facts were read."""
    from guyub.kernel.cities import api as cities
    from guyub.kernel.ledger import api as ledger

    return sum(ledger.pump_once() for _ in cities.each_city())


def sweep_cities() -> int:
    """What has become due in each city, and the daily seal."""
    from django.utils import timezone

    from guyub.kernel import tasks, telemetry
    from guyub.kernel.cities import api as cities
    from guyub.kernel.cities import pulse
    from guyub.kernel.ledger import api as ledger
    from guyub.kernel.ledger.models import Seal
    from guyub.kernel.notices import api as notices

    began = time.monotonic()
    for city in cities.each_city():
        telemetry.SWEEPS.labels(city.slug).inc()
        for name in (
            "casework.sweep",
            "casework.morning",
            "reports.sweep",
            "people.sweep",
            "notices.sweep",
            "limits.sweep",
            "files.sweep",
            "retention.sweep",
        ):
            tasks.enqueue(name)
        now = timezone.now()
        ledger.redrive(at=now)
        notices.redrive(at=now)
        last = Seal.objects.order_by("-number").values_list("sealed_at", flat=True).first()
        today = now.astimezone(city.tz).date()
        if last is None or last.astimezone(city.tz).date() < today:
            while ledger.seal(at=now):
                pass
    pulse.beat(pulse.SWEEP, at=timezone.now(), seconds=time.monotonic() - began)
    return 0


async def work() -> None:
    """Run jobs until told to end; give back the jobs of workers that died."""
    from django.db import connections
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import app as django_app

    given = connections["default"].get_connection_params()
    wanted = {key: given[key] for key in ("dbname", "user", "host", "port", "password") if given.get(key)}
    connector = PsycopgConnector(
        kwargs={**wanted, "options": "-c search_path=commons"}, min_size=1, max_size=4
    )
    app = django_app.with_connector(connector)
    async with app.open_async():
        rescuer = asyncio.create_task(_rescue(app))
        try:
            await app.run_worker_async(
                queues=["guyub"],
                concurrency=JOBS_AT_ONCE,
                delete_jobs="successful",
                shutdown_graceful_timeout=10,
            )
        finally:
            rescuer.cancel()


async def _rescue(app) -> None:
    """A job whose worker was killed is given to another, half a minute after its last sign of life."""
    while True:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=30):
            await app.job_manager.retry_job(job)
        await asyncio.sleep(10)
