"""Nearest is nearest: our plane beside a geometry library's, over random shapes."""

from __future__ import annotations

import math

import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon

from guyub.rooms.places.distances import METRES_EAST, METRES_NORTH, metres_to, reach

LAT, LON = -6.9, 107.6
EAST = METRES_EAST * math.cos(math.radians(LAT))
metres = st.integers(-400_000, 400_000).map(lambda millimetres: millimetres / 1000)
spots = st.lists(st.tuples(metres, metres), min_size=2, max_size=8, unique=True)


def degrees(spots):
    return [[LON + x / EAST, LAT + y / METRES_NORTH] for x, y in spots]


@given(spots)
def test_a_line_is_as_far_as_geometry_says(line):
    found = metres_to([("line", [degrees(line)])], lat=LAT, lon=LON)
    assert math.isclose(found, LineString(line).distance(Point(0, 0)), abs_tol=0.01)


@given(st.lists(st.tuples(metres, metres), min_size=3, max_size=8, unique=True))
def test_an_area_is_as_far_as_geometry_says_and_nothing_inside(ring):
    area = Polygon(ring)
    assume(area.is_valid and area.area > 1)
    assume(shapely.distance(area.exterior, Point(0, 0)) > 0.01)
    found = metres_to([("area", [degrees([*ring, ring[0]])])], lat=LAT, lon=LON)
    assert math.isclose(found, area.distance(Point(0, 0)), abs_tol=0.01)


def test_a_hole_is_outside():
    ring = [(-100, -100), (100, -100), (100, 100), (-100, 100), (-100, -100)]
    hole = [(x / 10, y / 10) for x, y in ring]
    part = ("area", [degrees(ring), degrees(hole)])
    assert math.isclose(metres_to([part], lat=LAT, lon=LON), 10, abs_tol=0.01)
    assert metres_to([("area", [degrees(ring)])], lat=LAT, lon=LON) == 0


@given(metres, metres)
def test_what_is_within_reach_lies_in_the_box(x, y):
    far = math.hypot(x, y)
    north, east = reach(lat=LAT, metres=far)
    assert abs(y / METRES_NORTH) <= north
    assert abs(x / EAST) <= east


def test_nothing_is_infinitely_far_and_a_point_is_a_point():
    assert metres_to([], lat=LAT, lon=LON) == math.inf
    assert math.isclose(metres_to([("point", [degrees([(3, 4)])])], lat=LAT, lon=LON), 5, abs_tol=0.001)
