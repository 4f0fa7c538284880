"""Areas made from the middles that are known, where a city has imported no boundaries.

Each kelurahan or desa gets the points that lie nearer to its middle than to any other (its Voronoi cell), inside a hull
around all middles; a kecamatan is its kelurahan joined.

`outline.py` runs it as a program: middles and districts in, drawings out, as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple

import shapely
from shapely import MultiPoint, Polygon

from guyub.rooms.places import repairing

AROUND_DEGREES = 0.012  # some 1.3 km beyond the outermost middles
CELLS_DRAWN_TO_METRES = 0.0  # they are as simple as can be


def drawings(
    middles: Mapping[str, tuple[float, float]], districts: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, repairing.Drawing]]:
    """Each place's area as maps draw it, by code: of those whose longitude and latitude are known, all different, and
    of the districts that they make up."""
    cells = dict(zip(middles, map(Polygon, areas(list(middles.values()))), strict=True))
    whole = {
        code: repairing.polygonal(shapely.union_all(inside))
        for code, below in districts.items()
        if (inside := [cells[one] for one in below if one in cells])
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


if __name__ == "__main__":
    json.dump([(code, *astuple(one)) for code, one in drawings(*json.load(sys.stdin))], sys.stdout)
