"""Two invented roads that cross in the demo's kelurahan, and the rule that says whose they are."""

from __future__ import annotations

import json
from datetime import datetime

from django.utils import timezone

from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.places import api as places

LAYER = "jalan"
ARM = 0.004  # degrees, some 440 m
RULE = {
    "categories": ["jalan-berlubang", "trotoar-rusak", "galian-jalan", "jembatan-rusak"],
    "metres": 25,
    "apart_metres": 15,
    "owners": {
        "nasional": "luar:jalan-nasional",
        "provinsi": "luar:jalan-provinsi",
        "kota": "pu",
        "lingkungan": "KELURAHAN",
    },
}


def add_demo_roads(place: str, *, at: datetime) -> dict[str, tuple[float, float]]:
    """Bring the layer and its rule in; a spot on each road and where they cross. Nothing where the place has no
    middle."""
    row = places.gazetteer().get(place)
    if row.lat is None or row.lon is None:
        return {}
    lat, lon = row.lat, row.lon
    roads = [
        _road("contoh-1", "Jalan Raya Contoh", "provinsi", [[lon - ARM, lat], [lon + ARM, lat]]),
        _road("contoh-2", "Jalan Pasar Contoh", "kota", [[lon, lat - ARM], [lon, lat + ARM]]),
    ]
    places.import_assets(
        data=json.dumps({"type": "FeatureCollection", "features": roads}).encode(),
        layer=LAYER,
        fields=places.Fields(owner="kelas"),
        source="Data contoh Guyub, bukan jalan sungguhan",
        licence="CC0",
        dated=timezone.localdate(at, get_city().tz),
        at=at,
    )
    rulebook.publish(
        key=f"asset_owners.{LAYER}",
        value=RULE,
        effective_from=timezone.localdate(at, get_city().tz),
        legal_basis="Contoh: SK status jalan",
        confidence="C",
        at=at,
    )
    return {
        "provinsi": (lat + 0.00005, lon + ARM / 2),
        "kota": (lat + ARM / 2, lon + 0.00005),
        "simpang": (lat + 0.00003, lon + 0.00003),
    }


def _road(id: str, name: str, owner: str, line: list[list[float]]) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"id": id, "name": name, "kelas": owner},
        "geometry": {"type": "LineString", "coordinates": line},
    }
