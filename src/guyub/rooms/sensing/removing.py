"""Remove what measures, with everything that hangs on it, as the standard has it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from guyub.rooms.sensing import observations
from guyub.rooms.sensing.models import (
    Datastream,
    FeatureOfInterest,
    HistoricalLocation,
    Location,
    ObservedProperty,
    Sensor,
    Thing,
)

_Rows = QuerySet[Any]


@transaction.atomic
def remove_things(rows: QuerySet[Thing]) -> None:
    """With their datastreams, values and history; the locations stay."""
    keys = list(rows.values_list("pk", flat=True))
    remove_datastreams(Datastream.objects.filter(thing__in=keys))
    Thing.objects.filter(pk__in=keys).delete()


@transaction.atomic
def remove_datastreams(rows: QuerySet[Datastream]) -> None:
    keys = observations.lock(rows.values_list("pk", flat=True))
    Datastream.objects.filter(pk__in=keys).delete()
    observations.remove_of_datastreams(keys)


@transaction.atomic
def remove_sensors(rows: QuerySet[Sensor]) -> None:
    keys = list(rows.values_list("pk", flat=True))
    remove_datastreams(Datastream.objects.filter(sensor__in=keys))
    Sensor.objects.filter(pk__in=keys).delete()


@transaction.atomic
def remove_properties(rows: QuerySet[ObservedProperty]) -> None:
    keys = list(rows.values_list("pk", flat=True))
    remove_datastreams(Datastream.objects.filter(observed_property__in=keys))
    ObservedProperty.objects.filter(pk__in=keys).delete()


@transaction.atomic
def remove_locations(rows: QuerySet[Location]) -> None:
    """With the history that names them; the things stay, and stand nowhere until they are placed again."""
    keys = list(rows.values_list("pk", flat=True))
    HistoricalLocation.objects.filter(locations__in=keys).delete()
    things = list(Thing.objects.filter(locations__in=keys))
    Location.objects.filter(pk__in=keys).delete()
    for thing in things:
        Thing.objects.filter(pk=thing.pk).update(place="")


@transaction.atomic
def remove_features(rows: QuerySet[FeatureOfInterest]) -> None:
    """With the values that are of them. Locked first, so that no more of them are stored meanwhile."""
    keys = list(rows.select_for_update().values_list("pk", flat=True))
    observations.remove_of_features(keys)
    FeatureOfInterest.objects.filter(pk__in=keys).delete()
