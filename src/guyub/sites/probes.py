"""For operators: is the process alive, is it ready, what does it count."""

from __future__ import annotations

import time

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from guyub.kernel import telemetry
from guyub.kernel.access.api import gate
from guyub.kernel.cities import current, registry
from guyub.kernel.ledger import api as ledger

MIGRATIONS_FRESH_FOR_SECONDS = 30.0


class _Migrations:
    """Which cities lag behind this program; read every half minute, because probes come every few seconds."""

    def __init__(self) -> None:
        self.read_at = float("-inf")
        self.lagging: list[str] = []

    def fresh(self) -> list[str]:
        if self.lagging or time.monotonic() - self.read_at > MIGRATIONS_FRESH_FOR_SECONDS:
            self.lagging, self.read_at = registry.lagging(), time.monotonic()
        return self.lagging


_migrations = _Migrations()


@gate.public
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@gate.loopback
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers, its tables fit, the ledger's readers are not held back and follow (seconds)."""
    try:
        with current.only_schema(current.COMMONS):
            holder = ledger.horizon_holder()
            lagging = _migrations.fresh()
        lag = {
            city.slug: ledger.pump_lag_seconds()
            for city in registry.each_city()
            if city.schema not in lagging
        }
    except DatabaseError:
        return JsonResponse({"ready": False, "why": ["the database does not answer"]}, status=503)
    age, slowest = holder.seconds if holder else 0.0, max(lag.values(), default=0.0)
    why = [f"{schema} has not been migrated" for schema in lagging]
    if holder and age > settings.GUYUB_HORIZON_LIMIT:
        why.append(
            f"session {holder.pid} of {holder.database} has held the ledger's readers back for {age:.0f} s"
        )
    if slowest > settings.GUYUB_PUMP_LIMIT:
        why.append(f"the pump of {max(lag, key=lag.__getitem__)} is {slowest:.0f} s behind")
    found = {
        "ready": not why,
        "why": why,
        "ledger_horizon_age_seconds": round(age, 3),
        "pump_lag_seconds": round(slowest, 3),
        "cities": len(lag) + len(lagging),
    }
    return JsonResponse(found, status=503 if why else 200)


@gate.loopback
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """This process's figures and those that all share, for Prometheus."""
    return HttpResponse(telemetry.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")
