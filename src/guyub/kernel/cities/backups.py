"""What is known of backups: that one was finished, and that a drill restored it."""

from __future__ import annotations

from datetime import datetime

from guyub.kernel.cities import current
from guyub.kernel.cities.current import City
from guyub.kernel.cities.models import Backup


def note(city: City, *, file: str, size: int, facts: int, at: datetime) -> None:
    with current.only_schema(current.COMMONS):
        Backup.objects.create(code=city.code, file=file, size=size, facts=facts, made_at=at)


def newest(city: City) -> Backup | None:
    with current.only_schema(current.COMMONS):
        return Backup.objects.filter(code=city.code).order_by("-made_at").first()


def note_drill(backup: Backup, *, at: datetime, seconds: float) -> None:
    with current.only_schema(current.COMMONS):
        Backup.objects.filter(pk=backup.pk).update(drilled_at=at, drill_seconds=seconds)


def newest_drill(city: City) -> datetime | None:
    """When a backup of this city was last restored by a drill."""
    with current.only_schema(current.COMMONS):
        rows = Backup.objects.filter(code=city.code, drilled_at__isnull=False).order_by("-drilled_at")
        return rows.values_list("drilled_at", flat=True).first()
