"""Signs of life of the background processes, one row each, read by checks and probes."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from guyub.kernel.cities import current
from guyub.kernel.cities.models import Pulse

SWEEP = "worker.sweep"


def beat(name: str, *, at: datetime, seconds: float) -> None:
    """Note that a round has ended."""
    with current.only_schema(current.COMMONS):
        if not Pulse.objects.filter(name=name).update(at=at, seconds=seconds, count=F("count") + 1):
            Pulse.objects.bulk_create([Pulse(name=name, at=at, seconds=seconds)], ignore_conflicts=True)


def last(name: str) -> datetime | None:
    with current.only_schema(current.COMMONS):
        return Pulse.objects.filter(name=name).values_list("at", flat=True).first()


def pulses() -> list[Pulse]:
    with current.only_schema(current.COMMONS):
        return list(Pulse.objects.order_by("name"))
