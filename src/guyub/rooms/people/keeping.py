"""Traces of signing in and of support that are erased when their time is over (rulebook `retention`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guyub.events.people import AccountErased
from guyub.kernel.erasures import repeats
from guyub.kernel.retention import keeps
from guyub.rooms.people.actions import erase_account
from guyub.rooms.people.models import Account, Grant, SupportPage


@keeps("sessions", title=_("Tanda masuk di peramban"), since=_("berakhir atau tidak dipakai lagi"))
def sessions(*, before: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=before)


@keeps("support_pages", title=_("Halaman yang dibuka dukungan teknis"), since=_("dibuka"))
def support_pages(*, before: datetime) -> QuerySet[SupportPage]:
    return SupportPage.objects.filter(at__lt=before)


@repeats(AccountErased)
def _account(payload: dict[str, Any], *, noted_at: datetime, at: datetime) -> bool:
    """Only the account that was meant, not a later one with the same id, nor one that has held an office since."""
    row = Account.objects.filter(pk=payload["account"], joined_at__lte=noted_at).first()
    if row is None or Grant.objects.filter(account=row).exists():
        return False
    erase_account(row.pk, at=at)
    return True
