"""What happens to accounts, contacts, organisations and grants."""

from __future__ import annotations

from datetime import date, datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from guyub.events.people import GrantGiven
from guyub.kernel.access.api import ROLES
from guyub.kernel.ledger import api as ledger
from guyub.rooms.people.models import Account, Contact, Grant, Organisation
from guyub.rooms.people.queries import forget


def add_account(*, email: str, name: str) -> int:
    """An account that signs in by a code; returns its id, also when it is there already.

    Its address is known but not yet proved: the first code to sign in proves it, so that nobody is asked
    for two.
    """
    found = Account.objects.filter(email=email.lower()).values_list("pk", flat=True).first()
    if found:
        return found
    account = Account.objects.create_user(email, name=name)
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=False)
    return account.pk


def add_contact(*, name: str, email: str, phone: str, account: int | None, at: datetime) -> int | None:
    """How to reach a reporter; None if nothing was said."""
    if not (name or email or phone):
        return None
    return Contact.objects.create(name=name, email=email, phone=phone, account_id=account, created_at=at).pk


def add_organisation(
    *, key: str, kind: str, name: str, short_name: str, place: str, parent: int | None = None, unit: str = ""
) -> int:
    """An office or neighbourhood body; returns its id, also when it is there already."""
    row, _ = Organisation.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "name": name,
            "short_name": short_name,
            "place_code": place,
            "parent_id": parent,
            "unit": unit,
        },
    )
    forget()
    return row.pk


def give_grant(
    *,
    account: int,
    role: str,
    organisation: int,
    place: str,
    legal_basis: str,
    since: date,
    by: int | None,
    at: datetime,
) -> int:
    """Give a role, citing its legal basis. Raises ValueError for a role that does not exist."""
    if role not in ROLES:
        raise ValueError(f"There is no role '{role}'; there are: {', '.join(ROLES)}.")
    with transaction.atomic():
        row, new = Grant.objects.get_or_create(
            account_id=account,
            role=role,
            organisation_id=organisation,
            place_code=place,
            defaults={"legal_basis": legal_basis, "since": since},
        )
        if new:
            fact = GrantGiven(grant=row.pk, account=account, role=role, organisation=organisation)
            ledger.record(fact, subject=f"people.account:{account}", at=at, by=by, place=place)
    return row.pk
