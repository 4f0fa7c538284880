"""`guyub worker`: the pump of every city, the jobs, the sweeps. More than one may run side by side."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

import django
import psycopg
from procrastinate.exceptions import ConnectorException

from guyub.kernel import tasks

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.jobs import Job

log = logging.getLogger("guyub.worker")

RETRY_SECONDS = 2
IDLE_SECONDS = 0.3
SWEEP_SECONDS = 60
SEAL_AT_HOUR = 1
AT_ONCE = {tasks.QUICK: 2, tasks.SLOW: 1}  # jobs of each queue
RESCUE_SECONDS = 10
STALLED_SECONDS = 30  # without a sign of life, of a worker
SILENT_SECONDS = 15  # after its end, of a job


def run(args: list[str]) -> int:
    from guyub.launch.arguments import parser

    options = parser("worker", "Run the pump, the jobs and the sweeps.")
    options.add_argument("--metrics-port", type=int, help="show this worker's figures on 127.0.0.1")
    chosen = options.parse_args(args)
    django.setup()
    from guyub.kernel import bell

    if chosen.metrics_port:
        from prometheus_client import start_http_server

        from guyub.kernel import telemetry  # noqa: F401 (registers the figures)

        start_http_server(chosen.metrics_port, addr="127.0.0.1")
    stop = threading.Event()
    threads = [
        threading.Thread(target=_forever, args=(pump_cities, IDLE_SECONDS, stop, bell.FACTS), name="pump"),
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
            if asyncio.run(work()):
                return
            log.warning("the queue was lost")
        except (psycopg.Error, ConnectorException):
            log.exception("the queue cannot be reached")
        time.sleep(RETRY_SECONDS)


def _forever(step, pause: float, stop: threading.Event, rung: str = "") -> None:
    """Call a step again and again, at once when the bell that is named is rung; what fails is logged and tried again,
    a little later each time."""
    from django.db import connections

    from guyub.kernel.bell import Ear

    wait, ear = pause, Ear(rung) if rung else None
    while not stop.is_set():
        try:
            wait = 0.0 if step() else pause
        except Exception:
            log.exception("%s failed", step.__name__)
            connections.close_all()
            wait = min(max(wait, 0.5) * 2, 30)
        if ear and 0 < wait <= pause:
            with suppress(psycopg.Error):  # without the bell it is called after the pause, as ever
                ear.wait(wait)
                continue
        stop.wait(wait)
    if ear:
        ear.close()
    connections.close_all()


def pump_cities() -> int:
    """One batch of each city; how many facts were read."""
    from guyub.kernel.cities import api as cities
    from guyub.kernel.ledger import api as ledger

    return sum(ledger.pump_once() for _ in cities.each_city())


def sweep_cities() -> int:
    """What has become due in each city, and the daily seal."""
    from django.utils import timezone

    from guyub.kernel import telemetry
    from guyub.kernel.cities import api as cities
    from guyub.kernel.cities import pulse
    from guyub.kernel.ledger import api as ledger
    from guyub.kernel.ledger.models import Seal
    from guyub.kernel.notices import api as notices

    began = time.monotonic()
    for city in cities.each_city():
        telemetry.SWEEPS.labels(city.slug).inc()
        for name in (
            "warnings.sweep",
            "warnings.bmkg",
            "casework.sweep",
            "casework.morning",
            "initiatives.sweep",
            "reports.sweep",
            "people.sweep",
            "partners.sweep",
            "needs.sweep",
            "areafunds.sweep",
            "sensing.sweep",
            "floods.sweep",
            "agreements.sweep",
            "tides.sweep",
            "notices.sweep",
            "limits.sweep",
            "live.sweep",
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


async def work() -> bool:
    """Run jobs, and give back those of workers that died. True once it was told to end; False if it ended by itself,
    as it does, without a word, when it loses the connection on which it hears of new jobs."""
    from django.db import connections
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import app as django_app

    given = connections["default"].get_connection_params()
    wanted = {key: given[key] for key in ("dbname", "user", "host", "port", "password") if given.get(key)}
    connector = PsycopgConnector(
        kwargs={**wanted, "options": "-c search_path=commons"}, min_size=1, max_size=4
    )
    app, ended, told = django_app.with_connector(connector), _Ended(), asyncio.Event()
    async with app.open_async():
        working = [
            asyncio.create_task(
                app.run_worker_async(
                    queues=[queue],
                    concurrency=at_once,
                    delete_jobs="successful",
                    shutdown_graceful_timeout=10,
                    install_signal_handlers=False,
                    worker_middleware=[ended.note],
                )
            )
            for queue, at_once in AT_ONCE.items()
        ]
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, told.set)
        others = [asyncio.create_task(told.wait()), asyncio.create_task(_rescue(app, ended))]
        done, _ = await asyncio.wait([*working, *others], return_when=asyncio.FIRST_COMPLETED)
        for one in (*others, *working):
            one.cancel()
        await asyncio.gather(*working, *others, return_exceptions=True)
        for one in done:
            one.result()
    return told.is_set()


class _Ended:
    """When which jobs ended here: one that the queue still takes for running later on lost its last word."""

    def __init__(self) -> None:
        self.workers: set[int] = set()
        self.at: dict[int | None, float] = {}

    async def note(self, run, context, worker):
        self.workers.add(worker.worker_id)
        self.at.pop(context.job.id, None)
        try:
            return await run()
        finally:
            self.at[context.job.id] = time.monotonic()

    def silent(self, running: Iterable[Job]) -> list[Job]:
        """Those of the jobs that ended some time ago. Of the others only what ended just now is remembered."""
        now, ours = time.monotonic(), {job.id: job for job in running if job.worker_id in self.workers}
        self.at = {key: at for key, at in self.at.items() if key in ours or now - at <= SILENT_SECONDS}
        return [job for key, job in ours.items() if now - self.at.get(key, now) > SILENT_SECONDS]


async def _rescue(app: App, ended: _Ended) -> None:
    """A job is given to another when its worker was killed, half a minute after the last sign of life, and when its
    end could not be noted because the database was away. Jobs bear being run twice."""
    while True:
        try:
            lost = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))
            lost += ended.silent(await app.job_manager.list_jobs_async(status="doing"))
            for job in lost:
                await app.job_manager.retry_job(job)
                ended.at.pop(job.id, None)
        except (psycopg.Error, ConnectorException):
            log.exception("jobs could not be rescued")
        await asyncio.sleep(RESCUE_SECONDS)
