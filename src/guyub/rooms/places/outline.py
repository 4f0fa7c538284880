"""The city's approximate areas, made from the middles that are known: a base map where no survey is at hand.

Each kelurahan or desa gets the points that lie nearer to its middle than to any other (its Voronoi cell),
inside a hull around all middles. This is no boundary of any law; whoever shows it says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from guyub.kernel.cities.api import get_city
from guyub.rooms.places.queries import gazetteer

AROUND_DEGREES = 0.012  # some 1.3 km beyond the outermost middles
FEWEST_POINTS = 4

_cache: dict[str, tuple[int, str | None]] = {}


def outline() -> str | None:
    """The current city's areas as GeoJSON text, [lon, lat] with 5 decimals; None with too few known middles.

    Computed once a process and city, and again when the middles change.
    """
    schema = get_city().schema
    middles = {(lon, lat): (row.name, row.code) for lat, lon, row in gazetteer().points}
    mark = hash(frozenset(middles.items()))
    found = _cache.get(schema)
    if found is None or found[0] != mark:
        found = (mark, _geojson(middles) if len(middles) >= FEWEST_POINTS else None)
        _cache[schema] = found
    return found[1]


def _geojson(middles: dict[tuple[float, float], tuple[str, str]]) -> str:
    cells = areas(list(middles))
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "code": code},
            "geometry": {"type": "Polygon", "coordinates": [[[round(x, 5), round(y, 5)] for x, y in ring]]},
        }
        for (name, code), ring in zip(middles.values(), cells, strict=True)
    ]
    return json.dumps(
        {"type": "FeatureCollection", "features": features}, separators=(",", ":"), ensure_ascii=False
    )


def areas(points: list[tuple[float, float]]) -> Iterable[list[tuple[float, float]]]:
    """The outer ring of each point's cell, in the order of the points, which are all different."""
    import shapely  # 30 MB with numpy, for a sum that each process does once a city if at all
    from shapely import MultiPoint, Polygon

    cloud = MultiPoint(points)
    hull = cloud.convex_hull.buffer(AROUND_DEGREES, quad_segs=3)
    cells = shapely.voronoi_polygons(cloud, extend_to=hull, ordered=True)
    for cell in cells.geoms:
        inside = cell.intersection(hull)
        assert isinstance(inside, Polygon)  # both are convex
        yield list(inside.exterior.coords)
