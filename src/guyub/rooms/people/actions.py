"""What happens to accounts, contacts and organisations. What happens to grants stands in `granting`."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from guyub.events.people import AccountErased, OfficeDescribed
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.ledger import api as ledger
from guyub.rooms.people.belongings import forget_belongings
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


def rename_organisation(*, organisation: int, name: str, short_name: str) -> None:
    """Call an organisation otherwise; its key, kind and place stay."""
    Organisation.objects.filter(pk=organisation).update(name=name, short_name=short_name)
    forget()


@transaction.atomic
def describe_office(*, office: int, address: str, phone: str, hours: str, by: Person, at: datetime) -> None:
    """The head says where the office is found and when it is open. Raises NotAllowed."""
    if office not in by.offices(roles.DELEGATE):
        raise NotAllowed("This person does not head this office.")
    rows = Organisation.objects.filter(pk=office).exclude(address=address, phone=phone, hours=hours)
    if not rows.update(address=address, phone=phone, hours=hours):
        return
    ledger.record(
        OfficeDescribed(office=office),
        subject=f"people.office:{office}",
        at=at,
        by=by.account,
        on_behalf_of=office,
    )
    forget()


def correct_contact(
    *, contact: int | None, name: str, email: str, phone: str, account: int | None, at: datetime
) -> int | None:
    """A reporter says anew how to reach them; None (and the old one erased) if nothing is said."""
    if not (name or email or phone):
        if contact:
            erase_contact(contact)
        return None
    row = Contact.objects.filter(pk=contact).first() if contact else None
    if row is None:
        return add_contact(name=name, email=email, phone=phone, account=account, at=at)
    row.name, row.email, row.phone = name, email, phone
    row.save(update_fields=["name", "email", "phone"])
    return row.pk


def erase_contact(contact: int) -> None:
    Contact.objects.filter(pk=contact).delete()


class HasAuthority(ValueError):
    """The account holds or held an office: what it did there must stay attributable."""


@transaction.atomic
def erase_account(account: int, *, at: datetime) -> None:
    """A resident's account leaves with its address, its contacts, and what other rooms keep of it. Raises HasAuthority."""
    row = Account.objects.select_for_update().get(pk=account)
    if Grant.objects.filter(account=row).exists():
        raise HasAuthority
    forget_belongings(account)
    Contact.objects.filter(account=row).delete()
    row.delete()
    ledger.record(AccountErased(account=account), subject=f"people.account:{account}", at=at)


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
