"""Figures for Prometheus. Each process tells its own; what all share is asked of the database when somebody looks.

Labels are route names, cities' slugs and words of ours: never an address, an id or anything of a person.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from django.db import DatabaseError, connection
from prometheus_client import REGISTRY, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from guyub.kernel.cities import current, pulse
from guyub.kernel.cities.registry import cities
from guyub.kernel.ledger import api as ledger

__all__ = ["DATABASE_QUERIES", "NOTICES", "REQUESTS", "SECONDS", "SWEEPS", "exposition"]

_BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)
SHARED_FRESH_FOR_SECONDS = 10.0
SIZES_FRESH_FOR_SECONDS = 600.0

REQUESTS = Counter(
    "guyub_requests", "Answers by route name, method and status.", ["route", "method", "status"]
)
SECONDS = Histogram("guyub_request_seconds", "Time to an answer.", ["route"], buckets=_BUCKETS)
DATABASE_QUERIES = Counter("guyub_database_queries", "Statements that requests sent.", ["route"])
NOTICES = Counter("guyub_notices", "Notices by what became of them (this worker).", ["city", "outcome"])
SWEEPS = Counter("guyub_sweeps", "Rounds of the sweep (this worker).", ["city"])


def exposition() -> bytes:
    """All figures in Prometheus's text."""
    return generate_latest(REGISTRY)


class Shared(Collector):
    """What the database knows: queue, pump, horizon, files. Asked at most every few seconds."""

    def __init__(self) -> None:
        self._asked_at = self._sized_at = float("-inf")
        self._kept: list[Metric] = []
        self._sizes: dict[str, int] = {}

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        if time.monotonic() - self._asked_at > SHARED_FRESH_FOR_SECONDS:
            try:
                self._kept = list(self._ask())
                self._asked_at = time.monotonic()
            except DatabaseError:
                self._kept = [GaugeMetricFamily("guyub_database_up", "Whether the database answers.", 0)]
        yield from self._kept

    def _ask(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("guyub_database_up", "Whether the database answers.", 1)
        with current.only_schema(current.COMMONS):
            yield _gauge(
                "guyub_ledger_horizon_age_seconds", "Age of the oldest writer.", ledger.horizon_age_seconds()
            )
            jobs = GaugeMetricFamily("guyub_jobs", "Jobs in the queue by state.", labels=["status"])
            for status, n in _rows("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1"):
                jobs.add_metric([status], n)
            yield jobs
        rounds = GaugeMetricFamily("guyub_pulse_timestamp_seconds", "Last round.", labels=["name"])
        for one in pulse.pulses():
            rounds.add_metric([one.name], one.at.timestamp())
        yield rounds
        yield from self._of_cities()

    def _of_cities(self) -> Iterator[Metric]:
        lag = GaugeMetricFamily("guyub_pump_lag_seconds", "Wait of the first unread fact.", labels=["city"])
        size = GaugeMetricFamily("guyub_files_bytes", "Photos on disk.", labels=["city"])
        measure = time.monotonic() - self._sized_at > SIZES_FRESH_FOR_SECONDS
        for city in cities():
            with current.inside(city):
                lag.add_metric([city.slug], ledger.pump_lag_seconds())
                if measure:
                    self._sizes[city.slug] = _rows("SELECT coalesce(sum(size), 0) FROM files_photo")[0][0]
                    self._sized_at = time.monotonic()
            size.add_metric([city.slug], self._sizes.get(city.slug, 0))
        yield lag
        yield size


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value)


def _rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


SHARED = Shared()
REGISTRY.register(SHARED)
