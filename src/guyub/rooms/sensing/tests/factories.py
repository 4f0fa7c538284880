"""Things that measure, for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from guyub.rooms.sensing.models import Datastream, Location, ObservedProperty, Sensor, Thing
from guyub.rooms.sensing.placing import place_thing

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
NUMBER = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"


def a_datastream(
    *, kind: str = "rain", at: tuple[float, float] | None = (-6.9, 107.6), **more: Any
) -> Datastream:
    thing = Thing.objects.create(name=f"Alat {kind}", description="uji")
    if at:
        point = {"type": "Point", "coordinates": [at[1], at[0]]}
        place_thing(
            thing, [Location.objects.create(name="Tempat", description="uji", location=point)], at=NOW
        )
    sensor = Sensor.objects.create(name="Sensor", encoding_type="text/plain", metadata="uji")
    observed, _new = ObservedProperty.objects.get_or_create(
        code=kind, defaults={"name": kind, "definition": f"urn:guyub:{kind}"}
    )
    return Datastream.objects.create(
        name=more.pop("name", f"Deret {kind}"),
        thing=thing,
        sensor=sensor,
        observed_property=observed,
        observation_type=NUMBER,
        unit_of_measurement={"name": "meter", "symbol": "m", "definition": "urn:m"},
        **more,
    )
