"""What of the sea a person may open. Views load through here, and strangers are told there is no such page."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from guyub.kernel.access.api import Person
from guyub.rooms.places import api as places
from guyub.rooms.places.api import PlaceRow
from guyub.rooms.tides.models import ImportDraft, Station, Threshold
from guyub.rooms.tides.stations import is_coastal


def needs_the_sea() -> None:
    """A city without a station has none of these pages."""
    if not is_coastal():
        raise Http404


def station(slug: str) -> Station:
    row = Station.objects.filter(slug=slug, closed_at__isnull=True).first()
    if row is None:
        raise Http404
    return row


def coastal_place(code: str) -> PlaceRow:
    """A kelurahan or desa that has thresholds."""
    needs_the_sea()
    row = places.gazetteer().by_code.get(code)
    if row is None or not Threshold.objects.filter(place=code).exists():
        raise Http404
    return row


def own_draft(person: Person, uuid: UUID) -> ImportDraft:
    row = ImportDraft.objects.filter(uuid=uuid, by_id=person.acting).first()
    if row is None:
        raise Http404
    return row
