"""Features of interest: those that rows name, and the one that is made from where a thing stands."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from guyub.kernel.compiled import prepared_cursor
from guyub.rooms.sensing.models import Datastream, FeatureOfInterest, Location
from guyub.rooms.sensing.rules import LARGEST_ID


def features_named(ids: Iterable[object]) -> set[int]:
    """Those of the ids that are there; kept from being removed until the transaction ends."""
    wanted = {one for one in ids if type(one) is int and 0 < one <= LARGEST_ID}
    if not wanted:
        return set()
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "SELECT id FROM sensing_feature WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [sorted(wanted)]
        )
        return {key for (key,) in cursor.fetchall()}


def default_features(datastreams: set[int]) -> dict[int, int]:
    """Of datastreams that have none: the feature made from their thing's location; those without one are left out."""
    found = {}
    for stream in Datastream.objects.filter(pk__in=datastreams).order_by("pk"):
        location = Location.objects.filter(things=stream.thing_id).order_by("pk").first()
        if location is not None:
            stream.feature = feature_at(location)
            stream.save(update_fields=["feature"])
            found[stream.pk] = stream.feature.pk
    return found


def feature_at(location: Location) -> FeatureOfInterest:
    """The one feature of a location: all that is measured there is of it."""
    made, _new = FeatureOfInterest.objects.get_or_create(
        location=location,
        defaults={
            "name": location.name,
            "description": location.description or location.name,
            "encoding_type": location.encoding_type,
            "feature": location.location,
            "owner_id": location.owner_id,
        },
    )
    return made
