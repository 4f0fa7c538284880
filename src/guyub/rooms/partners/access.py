"""Which partners a person may see or act for. Views load through here, and strangers are told there is no such page."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from guyub.kernel.access.api import Person, roles
from guyub.rooms.partners import queries
from guyub.rooms.partners.models import Partner
from guyub.rooms.partners.rules import Status


def public_partner(slug: str) -> Partner:
    """A partner that everyone may know of; of a merged one what it became, under its own address."""
    row = queries.find(slug=slug)
    if row is None or row.status not in (Status.ACTIVE, Status.CLOSED):
        raise Http404
    return row


def active_partner(slug: str) -> Partner:
    row = Partner.objects.filter(slug=slug, status=Status.ACTIVE).first()
    if row is None:
        raise Http404
    return row


def own_partner(person: Person, slug: str) -> Partner:
    """A partner that this person acts for, also while it is suspended."""
    rows = Partner.objects.filter(slug=slug, status__in=[Status.ACTIVE, Status.SUSPENDED])
    row = rows.first()
    if row is None or not queries.actors(row.pk).filter(account_id=person.acting).exists():
        raise Http404
    return row


def city_partner(person: Person, uuid: UUID) -> Partner:
    """Any partner, for who verifies them."""
    if not person.can(roles.PARTNERS):
        raise Http404
    row = Partner.objects.select_related("merged_into", "office").filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row
