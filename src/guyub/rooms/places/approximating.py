"""Areas made from the middles that are known, where a city has imported no boundaries.

Each kelurahan or desa gets the points that lie nearer to its middle than to any other (its Voronoi cell), inside a hull
around all middles; a kecamatan is its kelurahan joined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import shapely
from shapely import MultiPoint, Polygon

from guyub.rooms.places import repairing
from guyub.rooms.places.queries import Gazetteer

AROUND_DEGREES = 0.012  # some 1.3 km beyond the outermost middles
FEWEST_POINTS = 4
CELLS_DRAWN_TO_METRES = 0.0  # they are as simple as can be


def drawings(known: Gazetteer) -> Iterator[tuple[str, repairing.Drawing]]:
    """Each place's area as maps draw it, by code; none with too few middles."""
    middles = {(lon, lat): row for lat, lon, row in known.points}
    if len(middles) < FEWEST_POINTS:
        return
    cells = dict(zip((row.code for row in middles.values()), map(Polygon, areas(list(middles))), strict=True))
    whole = {
        row.code: repairing.polygonal(shapely.union_all(inside))
        for row in known.districts
        if (inside := [cells[one.code] for one in known.within(row.code) if one.code in cells])
    }
    for level in (cells, whole):
        yield from repairing.drawings(level, to_metres=CELLS_DRAWN_TO_METRES).items()


def areas(points: list[tuple[float, float]]) -> Iterable[list[tuple[float, float]]]:
    """The outer ring of each point's cell, in the order of the points, which are all different."""
    cloud = MultiPoint(points)
    hull = cloud.convex_hull.buffer(AROUND_DEGREES, quad_segs=3)
    cells = shapely.voronoi_polygons(cloud, extend_to=hull, ordered=True)
    for cell in cells.geoms:
        inside = cell.intersection(hull)
        assert isinstance(inside, Polygon)  # both are convex
        yield list(inside.exterior.coords)
