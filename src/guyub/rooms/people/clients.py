"""Keys for programs of others: given and ended by an admin, kept as a fingerprint, on record in the ledger."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from guyub.events.people import ClientAdded, ClientEnded
from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import Remembered, fingerprint
from guyub.kernel.compiled import Compiled
from guyub.kernel.ledger import api as ledger
from guyub.rooms.people.granting import GrantRefused, must_manage
from guyub.rooms.people.models_clients import ApiClient
from guyub.rooms.people.queries import directory

BEGINS = 6


@dataclass(frozen=True, slots=True)
class Client:
    """A program whose key holds today. `office` is the organisation it belongs to; a partner's has none."""

    id: int
    name: str
    used_on: date | None
    office: int | None


def add_client(
    *, name: str, office: str = "", partner: str = "", by: Person | None, at: datetime
) -> tuple[int, str]:
    """Give a program a key; returns its id and the key, which is never to be seen again.

    It belongs to an `office` (its key in the directory) or to a `partner` outside. `by` is an admin, or None for
    the operator on the machine itself. Raises `NotAllowed`, `GrantRefused`.
    """
    admin = must_manage(by) if by else None
    found = directory().find_key(office) if office else None
    if office and found is None:
        raise GrantRefused(_("Kantor ini tidak ada."), field="office")
    if bool(office) == bool(partner.strip()):
        raise GrantRefused(_("Isi salah satu: kantor, atau mitra di luar pemerintah."), field="partner")
    key = secrets.token_urlsafe(32)
    with transaction.atomic():
        row = ApiClient.objects.create(
            name=name,
            organisation_id=found.id if found else None,
            partner=partner.strip(),
            fingerprint=fingerprint("api-key", key),
            begins=key[:BEGINS],
            made_by_id=admin,
            made_at=at,
        )
        fact = ClientAdded(client=row.pk, organisation=row.organisation_id)
        ledger.record(fact, subject=f"people.client:{row.pk}", at=at, by=admin)
    client_names.forget()
    return row.pk, key


def end_client(*, client: int, by: Person | None, at: datetime) -> None:
    """Its key holds no more; what came by it stays. Raises `NotAllowed`, `ApiClient.DoesNotExist`."""
    admin = must_manage(by) if by else None
    with transaction.atomic():
        row = ApiClient.objects.select_for_update().get(pk=client)
        if row.ended_at is not None:
            return
        row.ended_at, row.ended_by_id = at, admin
        row.save(update_fields=["ended_at", "ended_by"])
        ledger.record(ClientEnded(client=row.pk), subject=f"people.client:{row.pk}", at=at, by=admin)


def find_client(key: str) -> Client | None:
    """The program that holds a key today, or None. One query; asked anew each time, so an ended key ends at once."""
    if not 20 <= len(key) <= 80 or not key.isascii():
        return None
    rows = _holding.rows(fingerprint=fingerprint("api-key", key))
    return Client(*rows[0]) if rows else None


_holding: Compiled[tuple[int, str, date | None, int | None]] = Compiled(
    lambda fingerprint: ApiClient.objects.filter(fingerprint=fingerprint, ended_at__isnull=True).values_list(
        "pk", "name", "used_on", "organisation"
    )
)


# What must still be so of a client that is remembered, for a statement that asks it together with what it does.
# `{client}` and `{office}` stand for its id and its office's, or 0.
STILL_HOLDS = (
    "EXISTS (SELECT FROM people_api_client k WHERE k.id = {client} AND k.ended_at IS NULL "
    "AND coalesce(k.organisation_id, 0) = {office})"
)
# By fingerprint: the programs that sent something today, and lately.
_lately: Remembered[dict[str, Client]] = Remembered(dict, seconds=300)


def remembered_client(key: str, *, on: date) -> Client | None:
    """The program that held this key a moment ago, without asking; None if that is not known, or if its use is not
    noted for this day. Whoever trusts it asks `STILL_HOLDS` in the same statement: an ended key ends at once.
    """
    if not 20 <= len(key) <= 80 or not key.isascii():
        return None
    client = _lately().get(fingerprint("api-key", key))
    return client if client is not None and client.used_on == on else None


def remember_client(key: str, client: Client) -> None:
    """Found by its key just now, for `remembered_client`."""
    _lately()[fingerprint("api-key", key)] = client


def note_use(client: Client, *, on: date) -> None:
    """Remember the day on which a key was last used; written once a day."""
    if client.used_on != on:
        ApiClient.objects.filter(pk=client.id).update(used_on=on)


def clients() -> QuerySet[ApiClient]:
    """All programs that ever had a key, those whose key holds first."""
    rows = ApiClient.objects.select_related("organisation", "made_by", "ended_by")
    return rows.order_by(F("ended_at").desc(nulls_first=True), "-made_at")


client_names: Remembered[dict[int, str]] = Remembered(
    lambda: dict(ApiClient.objects.values_list("pk", "name")), seconds=60
)
