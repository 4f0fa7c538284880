"""What an admin does to an account: close it, or let its holder set up the second factor anew."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events.people import AccountClosed, SecondFactorReset
from guyub.kernel.access.api import Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices import api as notices
from guyub.rooms.people.actions import add_account
from guyub.rooms.people.granting import ADMIN, GrantRefused, give_grant, keep_an_admin, must_manage, revoke
from guyub.rooms.people.models import Account, AccountNote, Grant, Organisation, OrganisationKind
from guyub.rooms.people.rules import Told

CLOSED, RESET = "closed", "factor-reset"


def add_admin(*, email: str, name: str, basis: str, at: datetime) -> int:
    """A city's first admin, named by whoever runs the installation. Raises `GrantRefused`."""
    office = Organisation.objects.filter(kind=OrganisationKind.COORDINATOR).order_by("pk").first()
    if office is None:
        raise GrantRefused(_("Kota ini belum punya kantor koordinator. Isi dahulu kantornya."))
    account = add_account(email=email, name=name)
    today = local_date(at, get_city().tz)
    held = Grant.objects.in_force(today).filter(account_id=account, role=ADMIN).first()
    if held is not None:
        return held.pk
    return give_grant(
        account=account,
        role=ADMIN,
        organisation=office.pk,
        place="",
        legal_basis=basis,
        since=today,
        by=None,
        at=at,
    )


def close_account(*, by: Person, account: int, reason: str, at: datetime) -> None:
    """Nobody signs in with it any more, its sessions and grants end at once. Raises `NotAllowed`, `GrantRefused`."""
    admin = must_manage(by)
    if admin == account:
        raise GrantRefused(_("Akun sendiri tidak dapat ditutup. Minta admin lain."))
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account)
        if not row.is_active:
            return
        keep_an_admin(without=Q(account=account), on=local_date(at, get_city().tz))
        row.is_active = False
        _end_sessions(row)
        for grant in Grant.objects.select_for_update().filter(account=row, ended_at__isnull=True):
            if grant.told != Told.ENDED:
                revoke(grant, by=admin, reason=reason, cause="account-closed", at=at)
        AccountNote.objects.create(account=row, kind=CLOSED, reason=reason, by_id=admin, at=at)
        ledger.record(AccountClosed(account=account), subject=f"people.account:{account}", at=at, by=admin)


def reset_second_factor(*, by: Person, account: int, reason: str, at: datetime) -> None:
    """Take the authenticator and recovery codes away and end the sessions; the officer sets it up anew.

    Raises `NotAllowed`, `GrantRefused`.
    """
    admin = must_manage(by)
    if admin == account:
        raise GrantRefused(_("Faktor kedua sendiri tidak dapat direset. Minta admin lain."))
    with transaction.atomic():
        row = Account.objects.select_for_update().get(pk=account)
        Authenticator.objects.filter(user=row).delete()
        _end_sessions(row)
        note = AccountNote.objects.create(account=row, kind=RESET, reason=reason, by_id=admin, at=at)
        ledger.record(
            SecondFactorReset(account=account), subject=f"people.account:{account}", at=at, by=admin
        )
        with override("id"):
            notices.notify(
                key=f"factor-reset:{note.pk}",
                recipient=f"account:{account}",
                subject=_("Faktor kedua akun Anda direset"),
                body=_(
                    "Admin kota mereset faktor kedua akun Anda. Pasang yang baru saat masuk lagi. Bila Anda "
                    "tidak memintanya, segera hubungi admin kota."
                ),
                at=at,
            )


def _end_sessions(account: Account) -> None:
    """Every session carries a mark of the password field; a new random one ends them all at once."""
    account.set_unusable_password()
    account.save()
