"""What of people is erased when its time is over (rulebook `retention`); depth, cell and cluster stay as figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guyub.kernel.retention import keeps
from guyub.rooms.floods import own
from guyub.rooms.floods.models import FloodReport


def _forget(rows: list[Any], at: datetime) -> None:
    for row in rows:
        own.wipe(row)
        row.forgotten_at = at
        row.save()


@keeps(
    "flood_reports",
    title=_("Titik, keterangan, foto, dan sidik perangkat pada laporan banjir"),
    since=_("laporan terakhir diperbarui"),
    erase=_forget,
)
def reports(*, before: datetime) -> QuerySet[FloodReport]:
    return FloodReport.objects.filter(forgotten_at__isnull=True, erased_at__isnull=True, said_at__lt=before)
