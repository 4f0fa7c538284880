"""Traces of signing in and of support that are erased when their time is over (rulebook `retention`)."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from guyub.kernel.retention import keeps
from guyub.rooms.people.models import SupportPage


@keeps("sessions", title=_("Tanda masuk di peramban"), since=_("berakhir atau tidak dipakai lagi"))
def sessions(*, before: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=before)


@keeps("support_pages", title=_("Halaman yang dibuka dukungan teknis"), since=_("dibuka"))
def support_pages(*, before: datetime) -> QuerySet[SupportPage]:
    return SupportPage.objects.filter(at__lt=before)
