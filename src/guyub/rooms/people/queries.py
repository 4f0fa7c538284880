"""Accounts, offices and grants as others need them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from guyub.kernel.access.api import NOBODY, ROLES, GrantInForce, Person, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.compiled import Compiled
from guyub.kernel.parties import Card, party
from guyub.rooms.people.models import Account, Contact, Grant, Organisation, OrganisationKind, SupportAccess
from guyub.rooms.people.rules import ACTING, Kind
from guyub.rooms.people.second_factor import Proof, proof_of

FRESH_FOR_SECONDS = 30.0
SUPPORT_ROLE = "dukungan"


class UnknownOffice(LookupError):
    """There is no such office in this city."""


@dataclass(frozen=True, slots=True)
class Office:
    """An organisation as others see it. `is_village` marks a desa: asked, never ordered."""

    id: int
    key: str
    kind: str
    name: str
    short_name: str
    place: str
    address: str = ""
    phone: str = ""
    hours: str = ""

    @property
    def is_village(self) -> bool:
        return self.kind == OrganisationKind.VILLAGE


NEIGHBOURHOOD = (OrganisationKind.RT, OrganisationKind.RW)
GOV_POLITICAL, GOV_BUREAUCRACY = "GOV_POLITICAL", "GOV_BUREAUCRACY"


class Directory:
    """The offices of one city, read once and looked up often.

    The council (DPRD) is known by its id and key and is in `all`, but is none of `offices`: nothing is sent to it.
    """

    def __init__(self, offices: list[Office]) -> None:
        self.all = offices
        self.offices = [office for office in offices if office.kind != OrganisationKind.COUNCIL]
        self.by_id = {office.id: office for office in offices}
        self.by_key = {office.key: office for office in offices}
        self._by_place = {(office.kind, office.place): office for office in offices}

    def get(self, office: int) -> Office:
        try:
            return self.by_id[office]
        except KeyError:
            raise UnknownOffice(str(office)) from None

    def find_key(self, key: str) -> Office | None:
        return self.by_key.get(key)

    def of_kind(self, kind: str) -> list[Office]:
        return [office for office in self.offices if office.kind == kind]

    def of_settlement(self, code: str) -> Office | None:
        """The kelurahan's office, or the desa's government, at a place code."""
        wanted = (OrganisationKind.WARD, OrganisationKind.VILLAGE)
        return next((self._by_place[kind, code] for kind in wanted if (kind, code) in self._by_place), None)

    def of_district(self, code: str) -> Office | None:
        """The kecamatan's office for a kecamatan's code or for any place inside it."""
        return self._by_place.get((OrganisationKind.DISTRICT, ".".join(code.split(".")[:3])))


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """An RW or RT: `unit` is "003", or "002/003" for RT 002 of RW 003. Nobody's name is in it."""

    kind: str
    unit: str
    place: str
    id: int = 0


def neighbourhoods(*, place: str) -> list[Neighbourhood]:
    """The RW and RT of a kelurahan or desa, or of all in a kecamatan. One query."""
    inside = Q(place_code=place) | Q(place_code__startswith=f"{place}.")
    rows = Organisation.objects.filter(inside, kind__in=NEIGHBOURHOOD, is_active=True)
    return [
        Neighbourhood(*row)
        for row in rows.order_by("place_code", "unit").values_list("kind", "unit", "place_code", "pk")
    ]


_directories: dict[str, tuple[float, Directory]] = {}


def directory() -> Directory:
    """The current city's offices (neighbourhood bodies left out), read anew every half minute."""
    schema = get_city().schema
    found = _directories.get(schema)
    if found is None or time.monotonic() - found[0] > FRESH_FOR_SECONDS:
        rows = (
            Organisation.objects.filter(is_active=True)
            .exclude(kind__in=NEIGHBOURHOOD)
            .order_by("kind", "name")
        )
        columns = ("pk", "key", "kind", "name", "short_name", "place_code", "address", "phone", "hours")
        offices = [Office(*values) for values in rows.values_list(*columns)]
        found = (time.monotonic(), Directory(offices))
        _directories[schema] = found
    return found[1]


def unit_of(organisation: int) -> str:
    """Which RT or RW inside its kelurahan: '002/003' is RT 002 of RW 003, '003' the RW; '' for offices. One query."""
    return Organisation.objects.values_list("unit", flat=True).get(pk=organisation)


def forget() -> None:
    _directories.clear()


_grants_of: Compiled[tuple[Any, ...]] = Compiled(
    lambda account, on: (
        Grant.objects.in_force(on)
        .filter(account_id=account)
        .order_by("pk")
        .values_list(
            "role",
            "organisation_id",
            "organisation__kind",
            "organisation__name",
            "place_code",
            "kind",
            "until",
            "powers",
        )
    )
)


def grants_of(account: int, *, on: date) -> tuple[GrantInForce, ...]:
    """The roles that an account holds on a day, city calendar. One query."""
    return tuple(_in_force(*row) for row in _grants_of.rows(account=account, on=on))


def in_force(grant: Grant) -> GrantInForce:
    """A grant that holds, as access knows it: with the powers it lends, no more than its role has today."""
    office = grant.organisation
    return _in_force(
        grant.role,
        office.pk,
        office.kind,
        office.name,
        grant.place_code,
        grant.kind,
        grant.until,
        grant.powers,
    )


def _in_force(
    role: str,
    organisation: int,
    organisation_kind: str,
    organisation_name: str,
    place: str,
    kind: str,
    until: date | None,
    powers: list[str],
) -> GrantInForce:
    limited = None
    if kind in ACTING:
        limited = ROLES[role].acting_powers
    elif kind == Kind.DELEGATION:
        limited = frozenset(powers) & ROLES[role].delegable
    return GrantInForce(
        role=role,
        organisation=organisation,
        organisation_kind=organisation_kind,
        organisation_name=organisation_name,
        place=place,
        kind=kind,
        limited=limited,
        until=until,
    )


def person(account: int, *, on: date) -> Person:
    """The person of an account with the grants in force on a day; nobody if the account is closed."""
    row = Account.objects.filter(pk=account, is_active=True).first()
    if row is None:
        return NOBODY
    return Person(row.pk, row.name, row.email, grants_of(row.pk, on=on))


def person_of_request(request: HttpRequest) -> Person:
    """The person who sent a request, by the session of this city."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return NOBODY
    now = timezone.now()
    grants = grants_of(user.pk, on=local_date(now, get_city().tz))
    access = _open_support(user.pk, grants, at=now)
    if access:
        grants = _support_grants(grants)
    proof = Proof(False, None)
    if settings.GUYUB_OFFICER_SECOND_FACTOR and grants:
        proof = proof_of(request)
    return Person(
        account=user.pk,
        name=user.name,
        email=user.email,
        grants=grants,
        has_second_factor=proof.given,
        proved_at=proof.at,
        support=access.pk if access else None,
        support_until=access.until_at if access else None,
    )


def _open_support(account: int, grants: tuple[GrantInForce, ...], *, at: datetime) -> SupportAccess | None:
    """The access that is open for a support person now; nobody else is looked up."""
    if not any(grant.role == SUPPORT_ROLE for grant in grants):
        return None
    rows = SupportAccess.objects.filter(account_id=account, ended_at__isnull=True, until_at__gt=at)
    return rows.filter(opened_at__lte=at).first()


def _support_grants(grants: tuple[GrantInForce, ...]) -> tuple[GrantInForce, ...]:
    """What the open access lends: to look, over the whole city; other roles of the same account rest meanwhile."""
    return tuple(
        replace(grant, limited=roles.SUPPORT_POWERS, place="")
        for grant in grants
        if grant.role == SUPPORT_ROLE
    )


def office_cards(ids: Iterable[int]) -> dict[int, Card]:
    """Offices as parties of meetings and conversations. No query."""
    known = directory().by_id
    return {
        key: Card(
            party("office", key),
            known[key].name,
            GOV_POLITICAL if known[key].kind == OrganisationKind.COUNCIL else GOV_BUREAUCRACY,
        )
        for key in ids
        if key in known
    }


def accounts_with(*, roles: frozenset[str], organisation: int | None, on: date) -> list[int]:
    """Accounts that hold one of the roles whole (not a delegated part), at an organisation or anywhere."""
    rows = Grant.objects.in_force(on).filter(role__in=roles, account__is_active=True)
    rows = rows.exclude(kind=Kind.DELEGATION)
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    return sorted(set(rows.values_list("account_id", flat=True)))


def offices_with_officers(*, on: date) -> frozenset[int]:
    """The offices where somebody with a role that sees cases can sign in on a day. One query."""
    seeing = [role.code for role in ROLES.values() if roles.VIEW in role.powers]
    rows = Grant.objects.in_force(on).filter(role__in=seeing, account__is_active=True)
    return frozenset(rows.values_list("organisation", flat=True))


def names_of(accounts: Iterable[int]) -> dict[int, str]:
    """The names of accounts that are not closed. One query."""
    return dict(Account.objects.filter(pk__in=list(accounts), is_active=True).values_list("pk", "name"))


def address_of(recipient: str) -> str | None:
    """The e-mail address of `account:12` or `contact:7`; None if there is none."""
    kind, _, key = recipient.partition(":")
    if kind == "account":
        return Account.objects.filter(pk=key, is_active=True).values_list("email", flat=True).first()
    contact = Contact.objects.filter(pk=key).first() if kind == "contact" else None
    return contact.email or None if contact else None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a reporter is, for the few who may know."""

    name: str
    email: str
    phone: str


def identity(*, account: int | None, contact: int | None) -> Identity:
    """The reporter's own words about themselves; empty strings for what was not said."""
    row = Contact.objects.filter(pk=contact).first() if contact else None
    owner = Account.objects.filter(pk=account).first() if account else None
    return Identity(
        name=(row.name if row else "") or (owner.name if owner else ""),
        email=(row.email if row else "") or (owner.email if owner else ""),
        phone=row.phone if row else "",
    )


DEMO_DOMAIN = "demo.guyub.example"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An invented person of the demo: `does` says in plain words what they may do."""

    email: str
    name: str
    role: str
    office: str
    does: str


def demo_accounts(*, on: date) -> list[DemoAccount]:
    """The demo's accounts with their roles, for the sign-in page of a demo city."""
    rows = Grant.objects.in_force(on).filter(account__email__endswith="@" + DEMO_DOMAIN)
    grants: dict[int, list[GrantInForce]] = {}
    for row in rows.select_related("organisation").order_by("pk"):
        grants.setdefault(row.account_id, []).append(in_force(row))
    found = []
    for account in Account.objects.filter(email__endswith="@" + DEMO_DOMAIN).order_by("pk"):
        if account.pk not in grants and not account.email.startswith("warga@"):
            continue  # they only lend their name to the demo's history
        held = grants.get(account.pk, [])
        found.append(
            DemoAccount(
                email=account.email,
                name=account.name,
                role=" + ".join(grant.title for grant in held) or _("Warga"),
                office=held[0].organisation_name if held else "",
                does=_demo_words(held[-1]) if held else _("Melapor dan mengikuti laporannya sendiri."),
            )
        )
    return found


def _demo_words(grant: GrantInForce) -> str:
    if grant.kind == Kind.DELEGATION:
        return _("Atas nama pimpinan: %(powers)s.") % {
            "powers": ", ".join(roles.in_words(grant.powers)).lower()
        }
    return str(ROLES[grant.role].description)


def desk_home(person: Person) -> str:
    """The name of the first page of an officer's desk: theirs who only keep the authority to that is where it is."""
    if person.can(roles.VIEW):
        return "desk_inbox"
    if person.can(roles.APPROVE_WARNING):
        return "desk_warnings"
    if person.can(roles.INCIDENTS):
        return "desk_incidents"
    together = person.can(roles.PARTNERS) or person.can(roles.COLLABORATE)
    return "desk_together" if together else "own_authority"
