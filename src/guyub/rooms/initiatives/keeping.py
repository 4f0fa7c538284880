"""What of people is erased when its time is over (rulebook `retention`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.kernel.retention import keeps
from guyub.rooms.initiatives.belonging import forget_givers
from guyub.rooms.initiatives.models import BankLine, Delivery, Pledge, StatementDraft


@keeps(
    "initiative_givers",
    title=_("Warga yang berjanji dan relawan: siapa mereka dan kata-katanya"),
    since=_("prakarsanya berakhir"),
    erase=lambda rows, at: forget_givers(rows),
)
def givers(*, before: datetime) -> QuerySet[Pledge]:
    """Of residents; what a partner gave is the partner's record."""
    return Pledge.objects.filter(partner=None, account__isnull=False, line__initiative__ended_at__lt=before)


def _forget_receivers(rows: list[Any], at: datetime) -> None:
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(receiver_name="", receiver_erased=True)


@keeps(
    "initiative_receivers",
    title=_("Nama penerima barang atau bantuan"),
    since=_("prakarsanya berakhir"),
    erase=_forget_receivers,
)
def receivers(*, before: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(receiver_erased=False, pledge__line__initiative__ended_at__lt=before)


@keeps(
    "initiative_receipts",
    title=_("Foto tanda terima dan kuitansi prakarsa"),
    since=_("fotonya diunggah"),
    erase=lambda rows, at: files.remove(rows),
)
def receipts(*, before: datetime) -> QuerySet[Photo]:
    return Photo.objects.filter(subject__regex=r"^initiatives\.(receipt|spending):", uploaded_at__lt=before)


@keeps("bank_drafts", title=_("Rekening koran yang belum diambil"), since=_("filenya dikirim"))
def drafts(*, before: datetime) -> QuerySet[StatementDraft]:
    return StatementDraft.objects.filter(at__lt=before)


def _forget(rows: list[Any], at: datetime) -> None:
    """Day and amount stay, because sums stand on them; the mark stays, so that the line is known again."""
    for row in rows:
        row.remark = row.name = row.reference = ""
        row.is_erased = True
        row.save(update_fields=["remark", "name", "reference", "is_erased"])


@keeps(
    "bank_names",
    title=_("Nama dan keterangan pengirim di rekening koran"),
    since=_("rekening korannya diambil"),
    erase=_forget,
)
def lines(*, before: datetime) -> QuerySet[BankLine]:
    return BankLine.objects.filter(statement__at__lt=before, is_erased=False)
