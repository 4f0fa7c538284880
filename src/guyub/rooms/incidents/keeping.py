"""What of people is erased when its time is over (rulebook `retention`); numbers, facts and numbered reports stay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, StrIndex, Substr
from django.utils.translation import gettext_lazy as _

from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.kernel.retention import keeps
from guyub.rooms.incidents.models import GONE, Count, Incident, Movement, ReadMark, Task


def _forget(rows: list[Any], at: datetime) -> None:
    """The mark comes first: only for an incident that bears it does the database let words of the log be taken out."""
    for row in rows:
        row.forgotten_at, row.contact = at, ""
        row.save(update_fields=["forgotten_at", "contact"])
        row.lines.update(words=GONE)
        Movement.objects.filter(item__incident=row).update(words=GONE)
        row.hand_overs.update(words=GONE)
        row.tasks.exclude(proof="").update(proof=GONE)
        row.steps.exclude(reason="").update(reason=GONE)
        Count.objects.filter(shelter__incident=row).update(needs="")
        ReadMark.objects.filter(incident=row).delete()


@keeps(
    "incident_words",
    title=_("Kata-kata dalam catatan insiden, serah terima, bukti tugas, dan logistik; kontak insiden"),
    since=_("insidennya ditutup"),
    erase=_forget,
)
def words(*, before: datetime) -> QuerySet[Incident]:
    """One that was opened again later is due again when it has been closed long enough."""
    return Incident.objects.filter(
        Q(forgotten_at__isnull=True) | Q(forgotten_at__lt=F("closed_at")), closed_at__lt=before
    )


@keeps(
    "incident_photos",
    title=_("Foto bukti tugas dalam keadaan darurat"),
    since=_("insidennya ditutup"),
    erase=lambda rows, at: files.remove(rows),
)
def photos(*, before: datetime) -> QuerySet[Photo]:
    key = Cast(Substr("subject", StrIndex("subject", Value(":")) + 1), BigIntegerField())
    rows = Photo.objects.filter(subject__startswith="incidents.task:").annotate(task=key)
    return rows.filter(task__in=Task.objects.filter(incident__closed_at__lt=before).values("pk"))
