"""Areas that nearly fit are made to fit: no ground twice, no thin gap, the same answer each time."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box

from guyub.rooms.places import repairing
from guyub.rooms.places.repairing import fitted, mended, square_metres

GAP = 30.0
WEST, SOUTH = 107.6, -6.9


def cell(x: float, y: float, east: float, north: float) -> Polygon:
    """A box in hundredths of a degree (1.1 km) from a corner in Bandung."""
    return box(WEST + x / 100, SOUTH + y / 100, WEST + east / 100, SOUTH + north / 100)


def shared(areas) -> float:
    codes = sorted(areas)
    return sum(
        square_metres(areas[a].intersection(areas[b])) for i, a in enumerate(codes) for b in codes[i + 1 :]
    )


def test_an_area_is_as_large_as_on_the_ground():
    expected = 1113.2 * 1105.74 * math.cos(math.radians(6.895))
    assert square_metres(cell(0, 0, 1, 1)) == pytest.approx(expected, rel=1e-3)
    assert square_metres(Polygon()) == 0


def test_an_overlap_goes_to_the_smaller_and_is_told():
    fit = fitted({"a": cell(0, 0, 2, 1), "b": cell(1.9, 0, 3, 1)}, gap_metres=GAP)
    (one,) = fit.overlaps
    assert (one.smaller, one.larger) == ("b", "a")
    assert one.square_metres == pytest.approx(square_metres(cell(1.9, 0, 2, 1)), rel=1e-3)
    assert fit.areas["b"].equals_exact(cell(1.9, 0, 3, 1).normalize(), 1e-9) or fit.areas["b"].equals(
        cell(1.9, 0, 3, 1)
    )
    assert shared(fit.areas) == 0


def test_an_enclave_is_cut_out_of_what_surrounds_it():
    fit = fitted({"around": cell(0, 0, 3, 3), "enclave": cell(1, 1, 2, 2)}, gap_metres=GAP)
    assert len(fit.areas["around"].interiors) == 1
    assert not fit.areas["around"].contains(cell(1, 1, 2, 2).centroid)


def test_a_thin_gap_is_closed_and_a_wide_one_stays():
    ring = cell(0, 0, 3, 3).difference(cell(1, 1, 2, 2))
    thin = cell(1, 1, 2, 1.97)  # 33 m below the upper edge of the hole
    fit = fitted({"ring": ring, "inner": thin}, gap_metres=GAP)
    assert (len(fit.filled), fit.left_open) == (1, [])
    wide = fitted({"ring": ring, "inner": cell(1, 1, 2, 1.9)}, gap_metres=GAP)
    assert (wide.filled, len(wide.left_open)) == ([], 1)


def test_two_that_are_the_same_are_not_both_there():
    fit = fitted({"a": cell(0, 0, 1, 1), "b": cell(0, 0, 1, 1)}, gap_metres=GAP)
    assert (sorted(fit.areas), fit.emptied) == (["a"], ["b"])


def test_nothing_and_empty_areas_are_no_reason_to_fall():
    assert fitted({}, gap_metres=GAP).areas == {}
    assert fitted({"a": MultiPolygon()}, gap_metres=GAP).emptied == ["a"]


def test_crossing_lines_are_mended_and_slivers_dropped():
    bow = Polygon([(107.6, -6.9), (107.61, -6.89), (107.61, -6.9), (107.6, -6.89)])
    area, moved, _ = mended(MultiPolygon([bow]), sliver=100)
    assert area.is_valid
    assert square_metres(area) > 100_000
    assert moved > 0
    crumb = box(107.7, -6.9, 107.70005, -6.89995)  # 5 m square
    area, _, dropped = mended(MultiPolygon([cell(0, 0, 1, 1), crumb]), sliver=100)
    assert (area.geom_type, dropped) == ("Polygon", 1)
    assert mended(MultiPolygon([Polygon([(107, -6), (108, -6), (109, -6)])]), sliver=100)[0].is_empty


points = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=4, max_size=14, unique=True)


@settings(max_examples=30, deadline=None)
@given(points, st.randoms(use_true_random=False))
def test_cities_drawn_by_unsteady_hands_are_made_to_fit(middles, rng):
    """Cells whose corners are moved by up to 25 m, each on its own: every point then lies in exactly one."""
    cloud = shapely.MultiPoint([(WEST + x / 1e4, SOUTH + y / 1e4) for x, y in middles])
    parts = shapely.voronoi_polygons(cloud, extend_to=cell(-1, -1, 4, 4)).geoms
    inside = [part.intersection(cell(-1, -1, 4, 4)) for part in parts]
    shaky = {}
    for number, part in enumerate(inside):
        corners = [
            (x + rng.uniform(-1, 1) * 2.2e-4, y + rng.uniform(-1, 1) * 2.2e-4)
            for x, y in part.exterior.coords
        ]
        shaky[f"{number:02d}"], _, _ = mended(MultiPolygon([Polygon(corners)]), sliver=100)
    fit = fitted(shaky, gap_metres=GAP)
    again = fitted(shaky, gap_metres=GAP)
    assert {k: v.wkb for k, v in fit.areas.items()} == {k: v.wkb for k, v in again.areas.items()}
    assert shapely.coverage_is_valid(list(fit.areas.values()))
    assert shared(fit.areas) < 1
    for _ in range(20):
        point = Point(WEST + rng.uniform(0, 0.03), SOUTH + rng.uniform(0, 0.03))
        assert sum(area.contains(point) for area in fit.areas.values()) <= 1


def test_lines_are_drawn_so_that_borders_stay_shared():
    fit = fitted({"a": cell(0, 0, 1, 1), "b": cell(1, 0, 2, 1), "c": cell(2, 1, 3, 2)}, gap_metres=GAP)
    drawn = repairing.drawings(fit.areas, to_metres=60)
    assert drawn["a"].neighbours == ("b",)
    assert drawn["b"].neighbours == ("a",)  # c touches it in a corner only
    assert drawn["c"].neighbours == ()
    shape = shapely.from_geojson(drawn["a"].geometry)
    assert shape.contains(Point(drawn["a"].lon, drawn["a"].lat))
    assert repairing.drawings({}, to_metres=60) == {}
