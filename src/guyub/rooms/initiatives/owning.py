"""Whose books these are: an office's or a partner's. Only its own people read what a bank says of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q
from django.http import Http404

from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.rooms.initiatives.models import Initiative
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people


@dataclass(frozen=True, slots=True)
class Owner:
    """Who runs initiatives and has the account: exactly one of both is set."""

    office: int | None
    partner: int | None
    name: str
    address: str

    @property
    def key(self) -> str:
        return f"kantor-{self.office}" if self.office else f"mitra-{self.partner}"

    @property
    def columns(self) -> dict[str, Any]:
        return {"office_id": self.office, "partner_id": self.partner}

    def of(self, path: str = "") -> Q:
        """Rows of this owner, `path` being what leads to them."""
        name, value = ("office", self.office) if self.office else ("partner", self.partner)
        return Q(**{f"{path}{name}": value})

    def runs(self, row: Initiative) -> bool:
        return (row.office_id, row.partner_id) == (self.office, self.partner)


def as_owner(by: Person, owner: Owner) -> int:
    """The account that acts for these books. Raises `NotAllowed`."""
    may = (
        owner.office in by.offices(roles.COLLABORATE)
        if owner.office
        else partners.may_act(account=by.acting, partner=owner.partner or 0)
    )
    if not may:
        raise NotAllowed("These are somebody else's books.")
    return by.acting


def office_books(person: Person, office: int) -> Owner:
    """The books of an office of this person's. Raises `Http404`."""
    found = people.directory().by_id.get(office)
    if found is None or office not in person.offices(roles.COLLABORATE):
        raise Http404
    return Owner(office, None, found.name, f"/petugas/prakarsa/rekening/{office}/")


def partner_books(person: Person, slug: str) -> Owner:
    """The books of a partner for which this person acts. Raises `Http404`."""
    row = partners.find(slug=slug)
    if row is None or person.account is None or not partners.may_act(account=person.account, partner=row.pk):
        raise Http404
    return Owner(None, row.pk, row.name, f"/prakarsa/rekening/{row.slug}/")


def books_address(row: Initiative) -> str:
    """Where the organiser of an initiative lays statements beside deliveries."""
    if row.office_id is not None:
        return f"/petugas/prakarsa/rekening/{row.office_id}/"
    return f"/prakarsa/rekening/{row.partner.slug}/" if row.partner else ""


def one_at_a_time(owner: Owner) -> None:
    """Hold these books until the transaction ends: a statement that two people send is taken over once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(current_schema() || %s))",
            [f":initiatives.books:{owner.key}"],
        )
