"""Our counting beside a geometry library's: the same area holds a point, and the same one is nearest."""

from __future__ import annotations

import itertools
import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from guyub.rooms.places.areas import STRETCH, Areas
from guyub.rooms.places.distances import METRES_EAST, METRES_NORTH
from guyub.rooms.places.repairing import GRID, mended

LAT, LON = -6.9, 107.6
# On a coarse grid lines meet, touch and run along each other; on the fine one doubles cannot say the middle of a line.
coarse = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(
    lambda xy: (LON + xy[0] / 1000, LAT + xy[1] / 1000)
)
fine = st.tuples(st.integers(0, 99_999), st.integers(0, 99_999)).map(
    lambda xy: (LON + xy[0] * GRID, LAT + xy[1] * GRID)
)
rings = st.one_of(coarse, fine).flatmap(
    lambda _: st.lists(st.one_of(coarse, fine), min_size=3, max_size=3 * STRETCH, unique=True)
)


@st.composite
def drawn(draw: st.DrawFn) -> BaseGeometry:
    """What a file may hold once it was mended: borders that crossed become parts and holes."""
    area, _, _ = mended(MultiPolygon([Polygon(draw(rings))]), sliver=0)
    for _ in range(draw(st.integers(0, 2))):
        area = shapely.difference(area, Polygon(draw(rings)).buffer(0))
    return area


def spots(areas: list[BaseGeometry], more: list[tuple[float, float]]) -> list[Point]:
    """Corners, middles of lines, and whatever else, where everything is decided."""
    corners = [(float(x), float(y)) for area in areas for x, y in shapely.get_coordinates(area)]
    middles = [((ax + bx) / 2, (ay + by) / 2) for (ax, ay), (bx, by) in itertools.pairwise(corners)]
    level = [(bx, ay) for (_, ay), (bx, _) in itertools.pairwise(corners)]
    return [Point(one) for one in [*corners, *middles, *level, *more]]


@given(
    st.lists(drawn(), min_size=1, max_size=3), st.lists(st.one_of(coarse, fine), max_size=30), st.booleans()
)
def test_the_same_area_holds_a_point(areas, more, little):
    areas = [area for area in areas if area.geom_type in ("Polygon", "MultiPolygon") and not area.is_empty]
    ours = Areas(
        {str(i): shapely.to_wkb(area, byte_order=1 if little else 0) for i, area in enumerate(areas)}
    )
    for point in spots(areas, more):
        theirs = [str(i) for i, area in enumerate(areas) if area.intersects(point)]
        assert ours.holding(point.y, point.x) == (theirs[0] if theirs else ""), (point.wkt, areas)


@given(
    st.lists(drawn(), min_size=1, max_size=3), st.lists(fine, min_size=10, max_size=30), st.integers(1, 400)
)
def test_the_same_area_is_nearest(areas, more, metres):
    areas = [area for area in areas if area.geom_type in ("Polygon", "MultiPolygon") and not area.is_empty]
    ours = Areas({str(i): shapely.to_wkb(area) for i, area in enumerate(areas)})
    for point in map(Point, more):
        far = [_metres(area, point) for area in areas]
        if any(one == 0 or abs(one - metres) < 0.001 for one in far):
            continue  # asked only where none holds the point; the limit itself is nobody's
        found = ours.beside(point.y, point.x, metres=metres)
        near = [str(i) for i, one in enumerate(far) if one <= metres and one < min(far) + 0.001]
        assert found in near if near else found == ""


def _metres(area: BaseGeometry, point: Point) -> float:
    scale = (METRES_EAST * math.cos(math.radians(point.y)), METRES_NORTH)
    return float(shapely.transform(area, lambda xy: (xy - (point.x, point.y)) * scale).distance(Point(0, 0)))


def test_of_two_that_are_as_near_the_lower_code_is_told():
    west, east = (
        shapely.box(LON, LAT, LON + 0.01, LAT + 0.01),
        shapely.box(LON + 0.01, LAT, LON + 0.02, LAT + 0.01),
    )
    ours = Areas({"2": shapely.to_wkb(west), "1": shapely.to_wkb(east)})
    assert ours.beside(LAT - 0.0001, LON + 0.01, metres=30) == "1"


def test_what_is_no_area_is_said():
    with pytest.raises(ValueError, match="kind 1"):
        Areas({"1": shapely.to_wkb(Point(1, 2))})


def test_a_point_a_rounding_error_from_a_line_is_on_the_side_where_it_is():
    ring = Polygon([(107.1, -6.9), (107.7, -6.1), (107.7, -6.9)])
    ours = Areas({"1": shapely.to_wkb(ring)})
    for i, j in ((i, j) for i in range(40) for j in range(40)):
        point = Point(107.35 + i * 2**-46, -6.9 + 0.25 * 0.8 / 0.6 + (j - 20) * 2**-50)
        assert bool(ours.holding(point.y, point.x)) is ring.intersects(point), (i, j)
