"""Which sensors a person may look at or keep. Views load through here; strangers are told there is no such page."""

from __future__ import annotations

from django.http import Http404

from guyub.kernel.access.api import Person
from guyub.rooms.sensing import listing, managing
from guyub.rooms.sensing.listing import Value
from guyub.rooms.sensing.models import Datastream, DeadLetter
from guyub.rooms.sensing.rules import LARGEST_ID


def public_datastream(key: int) -> Datastream:
    return _one(key, is_public=True)


def desk_datastream(key: int) -> Datastream:
    """Whoever keeps sensors sees all of the city's."""
    return _one(key)


def kept_datastream(person: Person, key: int) -> Datastream:
    row = _one(key)
    if not managing.keeps(person, row.owner_id):
        raise Http404
    return row


def kept_thing(person: Person, key: int) -> Datastream:
    """A datastream to whose thing a person may add another: its own office's, as the thing itself is."""
    row = kept_datastream(person, key)
    if row.thing.owner_id is not None and not managing.keeps(person, row.thing.owner_id):
        raise Http404
    return row


def kept_value(person: Person, key: int, value: int) -> tuple[Datastream, Value]:
    row = kept_datastream(person, key)
    found = listing.find_value(row.pk, value) if value <= LARGEST_ID else None
    if found is None:
        raise Http404
    return row, found


def open_letter(key: int) -> DeadLetter:
    row = DeadLetter.objects.filter(pk=key, settled_at__isnull=True).first()
    if row is None:
        raise Http404
    return row


def _one(key: int, **more: bool) -> Datastream:
    rows = Datastream.objects.select_related("thing", "observed_property", "owner", "latest")
    row = rows.filter(pk=key, **more).first()
    if row is None:
        raise Http404
    return row
