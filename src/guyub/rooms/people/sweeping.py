"""Telling people what the calendar did: authority begins and ends by its dates, and this only says so.

Nothing here gives or takes a power; were no worker to run, every grant would still end in time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.kernel.access.api import role_title
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.notices import api as notices
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.people.granting import record_ended
from guyub.rooms.people.models import Grant, Upload
from guyub.rooms.people.rules import Told

AT_ONCE = 100
PAGE = "/petugas/wewenang/"


def tell_of_grants(*, at: datetime) -> int:
    """Tell both people of grants that began, are about to end, or ended; returns how many were told of."""
    today = local_date(at, get_city().tz)
    held = Grant.objects.in_force(today).values("pk")
    warned = rulebook.rule("authority.warn_before", on=today).value["amount"]
    soon = rulebook.calendar().add_working_days_provisional(today, warned).date
    quiet = Q(told=Told.NOTHING)
    begun = Grant.objects.filter(quiet, pk__in=held)
    ending = Grant.objects.filter(told__in=[Told.NOTHING, Told.BEGUN], until__lte=soon, pk__in=held)
    ended = Grant.objects.exclude(told=Told.ENDED).exclude(pk__in=held)
    ended = ended.filter(Q(since__lte=today) | Q(ended_at__isnull=False))
    return (
        _each(ended, Told.ENDED, at=at) + _each(ending, Told.ENDING, at=at) + _each(begun, Told.BEGUN, at=at)
    )


def _each(rows: QuerySet[Grant], told: Told, *, at: datetime) -> int:
    with transaction.atomic():
        found = list(rows.order_by("pk").select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
        for row in found:
            # What came from a new city's seeds, or ended in an account that is closed, is told to nobody.
            if told is Told.ENDED and row.ended_at is None:
                _record_end(row, at=at)
            if row.given_by_id is not None or row.ended_by_id is not None:
                _tell(row, told, at=at)
            row.told = told
            row.save(update_fields=["told"])
    return len(found)


def _record_end(row: Grant, *, at: datetime) -> None:
    """Which of the three ended it: its own day, the head's grant, or the base of the one who acted."""
    today = local_date(at, get_city().tz)
    if row.until is not None and row.until <= today:
        cause = "expired"
    elif row.source is not None and not Grant.objects.in_force(today).filter(pk=row.source.pk).exists():
        cause = "source-ended"
    else:
        cause = "base-ended"
    record_ended(row, cause=cause, by=None, at=at)
    row.ended_at = at  # what it rested on may come back; what has ended does not
    row.save(update_fields=["ended_at"])


def _tell(row: Grant, told: Told, *, at: datetime) -> None:
    """The holder, and whoever gave it or is stood in for."""
    with override("id"):
        subject, body = _words(row, told)
        for account in {row.account_id, row.source.account_id if row.source else row.given_by_id} - {None}:
            notices.notify(
                key=f"grant:{row.pk}:{told.lower()}:{account}",
                recipient=f"account:{account}",
                subject=subject,
                body=body,
                link=PAGE,
                at=at,
            )


def _words(row: Grant, told: Told) -> tuple[str, str]:
    said = {
        "title": role_title(row.role, row.kind),
        "office": row.organisation.name,
        "holder": row.account.name or row.account.email,
        "basis": row.legal_basis,
        "day": date_format(row.until - timedelta(days=1), "j F Y") if row.until else "",
    }
    if told is Told.BEGUN:
        ends = _("Berlaku sampai %(day)s.") if row.until else _("Berlaku sampai diakhiri.")
        first = _("%(holder)s sekarang %(title)s di %(office)s, menurut %(basis)s.")
        return _("Wewenang mulai berlaku: %(title)s") % said, f"{first} {ends}" % said
    if told is Told.ENDING:
        body = _(
            "Wewenang %(holder)s sebagai %(title)s di %(office)s berakhir sendiri sesudah %(day)s. Bila masih "
            "perlu, urus perpanjangannya sebelum itu."
        )
        return _("Wewenang segera berakhir: %(title)s") % said, body % said
    body = _("Wewenang %(holder)s sebagai %(title)s di %(office)s sudah berakhir.")
    return _("Wewenang berakhir: %(title)s") % said, body % said


def forget_uploads(*, at: datetime) -> int:
    """Tables that were checked and never applied name people; they are not kept."""
    hours = rulebook.rule("authority.import_kept", on=local_date(at, get_city().tz)).value["amount"]
    return Upload.objects.filter(at__lt=at - timedelta(hours=hours)).delete()[0]
