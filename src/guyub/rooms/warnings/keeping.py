"""What of people is erased when its time is over (rulebook `retention`). What was sent, and who sent it, stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guyub.kernel.retention import keeps
from guyub.rooms.warnings.models import Approver, Ask, Note, Review


@keeps("warning_asks", title=_("Siapa diminta menyetujui peringatan dan jawabannya"), since=_("ia menjawab"))
def asks(*, before: datetime) -> QuerySet[Ask]:
    """Who approved stands with the message itself."""
    return Ask.objects.filter(answered_at__lt=before)


@keeps(
    "warning_roster", title=_("Siapa pernah ada di daftar penyetuju peringatan"), since=_("ia dikeluarkan")
)
def roster(*, before: datetime) -> QuerySet[Approver]:
    return Approver.objects.filter(removed_at__lt=before)


@keeps("warning_notes", title=_("Alasan yang ditulis petugas pada peringatan"), since=_("ditulis"))
def notes(*, before: datetime) -> QuerySet[Note]:
    """Why a warning was cancelled was told to everyone and stays."""
    return Note.objects.filter(at__lt=before).exclude(kind="CANCEL")


def _forget(rows: list[Any], at: datetime) -> None:
    Review.objects.filter(pk__in=[row.pk for row in rows]).update(words="")


@keeps(
    "warning_reviews",
    title=_("Penjelasan tinjauan orang kedua pada peringatan"),
    since=_("ditinjau"),
    erase=_forget,
)
def reviews(*, before: datetime) -> QuerySet[Review]:
    return Review.objects.filter(done_at__lt=before).exclude(words="")
