"""What of a report's personal data is erased when its time is over; how long, the rulebook says (`retention`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, QuerySet, Value
from django.db.models.functions import Cast, StrIndex, Substr
from django.utils.translation import gettext_lazy as _

from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.kernel.notices import api as notices
from guyub.kernel.retention import keeps
from guyub.rooms.people import api as people
from guyub.rooms.reports import chat_inbox
from guyub.rooms.reports.models import Chat, ChatReport, DataRequest, Report


def _erase_contacts(rows: list[Any], at: datetime) -> None:
    for row in rows:
        contact = row.contact_id
        Report.objects.filter(pk=row.pk).update(contact=None)
        notices.forget_recipient(f"contact:{contact}")
        people.erase_contact(contact)


@keeps(
    "contacts",
    title=_("Nama, telepon, dan surel pelapor"),
    since=_("laporan berakhir"),
    erase=_erase_contacts,
)
def contacts(*, before: datetime) -> QuerySet[Report]:
    return Report.objects.filter(contact__isnull=False, ended_at__lt=before)


def _erase_chats(rows: list[Any], at: datetime) -> None:
    chat_inbox.forget_chats(rows)


@keeps(
    "chats",
    title=_("Nomor pada percakapan WhatsApp dan Telegram"),
    since=_("pesan terakhir"),
    erase=_erase_chats,
)
def chats(*, before: datetime) -> QuerySet[Chat]:
    """Not while a report that was sent there goes on: its reporter is told there."""
    open_still = ChatReport.objects.filter(report__ended_at__isnull=True).values("chat")
    return Chat.objects.filter(heard_at__lt=before).exclude(pk__in=open_still)


def _remove(rows: list[Any], at: datetime) -> None:
    files.remove(rows)


@keeps(
    "unpublished_photos",
    title=_("Foto pelapor yang tidak ditampilkan, juga asli dari foto yang disamarkan"),
    since=_("laporan berakhir"),
    erase=_remove,
)
def unpublished_photos(*, before: datetime) -> QuerySet[Photo]:
    key = Cast(Substr("subject", StrIndex("subject", Value(":")) + 1), BigIntegerField())
    rows = Photo.objects.filter(is_public=False, subject__startswith="reports.report:").annotate(report=key)
    return rows.filter(report__in=Report.objects.filter(ended_at__lt=before).values("pk"))


def _forget_words(rows: list[Any], at: datetime) -> None:
    for row in rows:
        row.words = row.reason = ""
        row.is_forgotten = True
        row.save(update_fields=["words", "reason", "is_forgotten"])


@keeps(
    "data_requests",
    title=_("Penjelasan pada permintaan data pribadi"),
    since=_("permintaan diputuskan"),
    erase=_forget_words,
)
def data_requests(*, before: datetime) -> QuerySet[DataRequest]:
    return DataRequest.objects.filter(is_forgotten=False, decided_at__lt=before)
