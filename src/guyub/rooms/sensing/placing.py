"""Where a thing stands: its locations, the history of them, the kelurahan they lie in, the feature measured there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from guyub.rooms.places import api as places
from guyub.rooms.sensing.models import Datastream, HistoricalLocation, Location, Thing
from guyub.rooms.sensing.queries import point_of


@transaction.atomic
def place_thing(thing: Thing, locations: Sequence[Location], *, at: datetime) -> HistoricalLocation | None:
    """From `at` on a thing stands at these locations and no others. Without any, nothing is added to its history."""
    thing.locations.set(locations)
    thing.place = place_at(locations)
    thing.save(update_fields=["place"])
    Datastream.objects.filter(thing=thing).update(feature=None)
    if not locations:
        return None
    row = HistoricalLocation.objects.create(thing=thing, time=at)
    row.locations.set(locations)
    return row


def relocated(location: Location) -> None:
    """A location was corrected: what stands there lies in its kelurahan, and its feature is what it shows."""
    from guyub.rooms.sensing.models import FeatureOfInterest

    for thing in Thing.objects.filter(locations=location):
        thing.place = place_at(list(thing.locations.order_by("pk")))
        thing.save(update_fields=["place"])
    FeatureOfInterest.objects.filter(location=location).update(feature=location.location)


def place_at(locations: Sequence[Location]) -> str:
    """The code of the kelurahan or desa that holds the first of them that is a point; '' if none does."""
    for one in locations:
        if point := point_of(one.location):
            found = places.locate(lat=point[0], lon=point[1]).place
            return found.code if found else ""
    return ""
