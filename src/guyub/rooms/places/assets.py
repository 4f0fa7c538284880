"""What lies near a point, of the layers that the city has brought in. One query over an index of boxes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guyub.rooms.places.distances import metres_to, reach
from guyub.rooms.places.models import Asset

_NEAR = "box(point(west, south), point(east, north)) && box(point(%s, %s), point(%s, %s))"


@dataclass(frozen=True, slots=True)
class NearAsset:
    """An asset and how far it is. `owner` is the source's own word for whose it is."""

    id: int
    layer: str
    source_id: str
    name: str
    owner: str
    metres: float
    source: str


def near_assets(*, layers: Iterable[str], lat: float, lon: float, metres: float) -> list[NearAsset]:
    """Those within so many metres, nearest first; of the same distance the one that came in first."""
    north, east = reach(lat=lat, metres=metres)
    box = [lon - east, lat - north, lon + east, lat + north]
    rows = (
        Asset.objects.filter(layer__in=list(layers))
        .extra(where=[_NEAR], params=box)  # noqa: S610 -- a constant; the ORM has no boxes
        .values_list("id", "layer", "source_id", "name", "owner", "parts", "taken_from__source")
    )
    found = [
        NearAsset(id, layer, source_id, name, owner, metres_to(parts, lat=lat, lon=lon), source)
        for id, layer, source_id, name, owner, parts, source in rows
    ]
    return sorted((one for one in found if one.metres <= metres), key=lambda one: (one.metres, one.id))
