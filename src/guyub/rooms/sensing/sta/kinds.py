"""What each kind of entity is made of, what a removal takes along, and whose datastreams hang on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from guyub.rooms.sensing import removing
from guyub.rooms.sensing.models import (
    Datastream,
    FeatureOfInterest,
    FeatureUse,
    HistoricalLocation,
    Location,
    ObservedProperty,
    Sensor,
    Thing,
)
from guyub.rooms.sensing.placing import place_thing
from guyub.rooms.sensing.sta.describing import Body
from guyub.rooms.sensing.sta.entities import ENTITIES
from guyub.rooms.sensing.sta.refusing import wrong

if TYPE_CHECKING:
    from guyub.rooms.sensing.sta.writing import Writer

Maker = Callable[["Writer", Body, dict[str, Any], dict[str, int], int, int], Any]


def _thing(
    w: Writer, body: Body, columns: dict[str, Any], given: dict[str, int], office: int, deep: int
) -> Thing:
    thing = Thing.objects.create(**columns, owner_id=office)
    said = [*w.many("Locations", body), *([{"@iot.id": given["Locations"]}] if "Locations" in given else [])]
    if said:
        place_thing(thing, w.places(said, deep=deep), at=w.at)
    w.below("HistoricalLocations", body, {"Thing": thing.pk}, deep=deep)
    w.below("Datastreams", body, {"Thing": thing.pk}, deep=deep)
    return thing


def _location(
    w: Writer, body: Body, columns: dict[str, Any], given: dict[str, int], office: int, deep: int
) -> Location:
    location = Location.objects.create(**columns, owner_id=office)
    said = [*w.many("Things", body), *([{"@iot.id": given["Things"]}] if "Things" in given else [])]
    for one in said:
        key = w.leaned_or_made(ENTITIES["Things"], one, deep=deep)
        place_thing(Thing.objects.get(pk=key), [location], at=w.at)
    if "HistoricalLocations" in given:
        key = w.leaned(ENTITIES["HistoricalLocations"], given["HistoricalLocations"])
        HistoricalLocation.objects.get(pk=key).locations.add(location)
    w.below("HistoricalLocations", body, {"Locations": location.pk}, deep=deep)
    return location


def _history(
    w: Writer, body: Body, columns: dict[str, Any], given: dict[str, int], office: int, deep: int
) -> HistoricalLocation:
    thing = w.one("Thing", body, given, deep=deep)
    said = [*w.many("Locations", body), *([{"@iot.id": given["Locations"]}] if "Locations" in given else [])]
    if not said:
        raise wrong("HistoricalLocations: Locations is missing.")
    row = HistoricalLocation.objects.create(**columns, thing_id=thing)
    row.locations.set(w.places(said, deep=deep))
    return row


def _datastream(
    w: Writer, body: Body, columns: dict[str, Any], given: dict[str, int], office: int, deep: int
) -> Datastream:
    row = Datastream.objects.create(
        **columns,
        thing_id=w.one("Thing", body, given, deep=deep),
        sensor_id=w.one("Sensor", body, given, deep=deep),
        observed_property_id=w.one("ObservedProperty", body, given, deep=deep),
        owner_id=office,
    )
    w.below("Observations", body, {"Datastream": row.pk, "new": 1}, deep=deep)
    return row


def _sensor(
    w: Writer, body: Body, columns: dict[str, Any], given: dict[str, int], office: int, deep: int
) -> Sensor:
    row = Sensor.objects.create(**columns, owner_id=office)
    w.below("Datastreams", body, {"Sensor": row.pk}, deep=deep)
    return row


def _property(
    w: Writer, body: Body, columns: dict[str, Any], given: dict[str, int], office: int, deep: int
) -> ObservedProperty:
    row = ObservedProperty.objects.create(**columns, owner_id=office)
    w.below("Datastreams", body, {"ObservedProperty": row.pk}, deep=deep)
    return row


def _feature(
    w: Writer, body: Body, columns: dict[str, Any], given: dict[str, int], office: int, deep: int
) -> FeatureOfInterest:
    row = FeatureOfInterest.objects.create(**columns, owner_id=office)
    w.below("Observations", body, {"FeatureOfInterest": row.pk}, deep=deep)
    return row


MAKERS: dict[str, Maker] = {
    "Things": _thing,
    "Locations": _location,
    "HistoricalLocations": _history,
    "Datastreams": _datastream,
    "Sensors": _sensor,
    "ObservedProperties": _property,
    "FeaturesOfInterest": _feature,
}
REMOVERS: dict[str, Callable[[int], None]] = {
    "Things": lambda key: removing.remove_things(Thing.objects.filter(pk=key)),
    "Locations": lambda key: removing.remove_locations(Location.objects.filter(pk=key)),
    "HistoricalLocations": lambda key: _drop(HistoricalLocation, key),
    "Datastreams": lambda key: removing.remove_datastreams(Datastream.objects.filter(pk=key)),
    "Sensors": lambda key: removing.remove_sensors(Sensor.objects.filter(pk=key)),
    "ObservedProperties": lambda key: removing.remove_properties(ObservedProperty.objects.filter(pk=key)),
    "FeaturesOfInterest": lambda key: removing.remove_features(FeatureOfInterest.objects.filter(pk=key)),
}
STREAMS_OF: dict[str, Callable[[int], Any]] = {
    "Things": lambda key: Datastream.objects.filter(thing=key),
    "Datastreams": lambda key: Datastream.objects.filter(pk=key),
    "Sensors": lambda key: Datastream.objects.filter(sensor=key),
    "ObservedProperties": lambda key: Datastream.objects.filter(observed_property=key),
    "FeaturesOfInterest": lambda key: Datastream.objects.filter(pk__in=_users_of(key)),
    "Locations": lambda key: None,
    "HistoricalLocations": lambda key: None,
}


def _users_of(feature: int) -> Any:
    return FeatureUse.objects.filter(feature=feature).values("datastream")


def _drop(model: type[Model], key: int) -> None:
    model._default_manager.filter(pk=key).delete()
