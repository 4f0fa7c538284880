"""Support access: opened by an admin with a reason, for hours, to look only; every page is on record."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events.people import SupportEnded, SupportOpened
from guyub.kernel.access.api import Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices import api as notices
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.people.granting import ADMIN, GrantRefused, must_manage
from guyub.rooms.people.models import Account, Grant, SupportAccess, SupportPage
from guyub.rooms.people.queries import SUPPORT_ROLE, accounts_with

PAGE = "/petugas/wewenang/dukungan/"


def most_hours(*, at: datetime) -> int:
    return rulebook.rule("authority.support", on=local_date(at, get_city().tz)).value["amount"]


def open_support(*, by: Person, account: int, reason: str, hours: int, at: datetime) -> int:
    """Let a support person look for some hours. Raises `NotAllowed`, `GrantRefused`."""
    admin = must_manage(by)
    if admin == account:
        raise GrantRefused(_("Tidak seorang pun memberi wewenang kepada dirinya sendiri."), field="account")
    if not 1 <= hours <= most_hours(at=at):
        raise GrantRefused(_("Paling lama %(n)d jam.") % {"n": most_hours(at=at)}, field="hours")
    today = local_date(at, get_city().tz)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account)
        if not Grant.objects.in_force(today).filter(account_id=account, role=SUPPORT_ROLE).exists():
            raise GrantRefused(_("Orang ini bukan petugas dukungan."), field="account")
        running = SupportAccess.objects.filter(account_id=account, is_told=False)
        if running.filter(ended_at__isnull=True, until_at__gt=at).exists():
            raise GrantRefused(_("Akses orang ini masih terbuka."), field="account")
        for row in running.select_for_update():
            _close(row, at=at)
        row = SupportAccess.objects.create(
            account_id=account,
            reason=reason,
            opened_by_id=admin,
            opened_at=at,
            until_at=at + timedelta(hours=hours),
        )
        fact = SupportOpened(access=row.pk, account=account, until=row.until_at.isoformat())
        ledger.record(fact, subject=f"people.account:{account}", at=at, by=admin)
        _tell_admins(row, "opened", at=at)
    return row.pk


def end_support(*, by: Person, access: int, at: datetime) -> None:
    """End it now. Raises `NotAllowed`."""
    admin = must_manage(by)
    with transaction.atomic():
        row = SupportAccess.objects.select_for_update().get(pk=access)
        if row.is_told:
            return
        if row.until_at > at:
            row.ended_at, row.ended_by_id = at, admin
        _close(row, at=at)


def tell_of_support(*, at: datetime) -> int:
    """Record and tell the end of what ran out; it had ended by itself."""
    with transaction.atomic():
        over = SupportAccess.objects.filter(is_told=False, until_at__lte=at)
        rows = list(over.select_for_update(skip_locked=True))
        for row in rows:
            _close(row, at=at)
    return len(rows)


def _close(row: SupportAccess, *, at: datetime) -> None:
    row.is_told = True
    row.save()
    cause = "ended" if row.ended_at else "expired"
    fact = SupportEnded(access=row.pk, account=row.account_id, cause=cause)
    subject = f"people.account:{row.account_id}"
    ledger.record(fact, subject=subject, at=row.ended_at or row.until_at, by=row.ended_by_id)
    _tell_admins(row, "ended", at=at)


def _tell_admins(row: SupportAccess, what: str, *, at: datetime) -> None:
    today = local_date(at, get_city().tz)
    admins = accounts_with(roles=frozenset({ADMIN}), organisation=None, on=today)
    with override("id"):
        who = {"name": row.account.name or row.account.email}
        if what == "opened":
            subject = _("Akses dukungan dibuka untuk %(name)s") % who
        else:
            subject = _("Akses dukungan untuk %(name)s berakhir") % who
        for admin in {*admins, row.account_id}:
            notices.notify(
                key=f"support:{row.pk}:{what}:{admin}",
                recipient=f"account:{admin}",
                subject=subject,
                body=_("Halaman yang dibuka tercatat dan dapat dibaca admin kota."),
                link=PAGE if admin != row.account_id else "",
                at=at,
            )


def record_page(*, access: int, route: str, subject: str, refused: bool, at: datetime) -> None:
    """Note a page that a support person asked for."""
    SupportPage.objects.create(
        access_id=access, route=route[:80], subject=subject[:40], refused=refused, at=at
    )
