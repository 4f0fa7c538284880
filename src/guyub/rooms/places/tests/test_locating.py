"""Every point of a city lies in exactly one kelurahan or desa, and whoever asks again is told the same."""

from __future__ import annotations

import random
from datetime import date

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guyub.rooms.places import api as places
from guyub.rooms.places import locating
from guyub.rooms.places.api import How
from guyub.rooms.places.areas import Areas
from guyub.rooms.places.models import Boundary
from guyub.rooms.places.tests.boundaries import cells, collection, feature, real, square

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)
METRE = 1 / 111_000


@pytest.fixture(autouse=True)
def on_that_day(monkeypatch, now):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: now)


def take(data, at):
    return places.import_boundaries(data=data, source="uji", licence="CC0", valid_from=DAY, at=at)


def areas(*, settlements=True):
    rows = Boundary.objects.filter(is_derived=not settlements).select_related("place")
    return {row.place.code: shapely.from_wkb(bytes(row.area)) for row in rows}


def points_in(shape, count, seed=1):
    rng, (west, south, east, north) = random.Random(seed), shape.bounds
    while count:
        point = shapely.Point(rng.uniform(west, east), rng.uniform(south, north))
        if shape.contains(point):
            count -= 1
            yield point


def test_without_boundaries_the_nearest_middle_is_told(city):
    row = places.gazetteer().get("32.73.02.1004")
    found = places.locate(lat=row.lat, lon=row.lon)
    assert (found.place, found.how) == (row, How.NEAREST)
    assert places.locate(lat=-6.2, lon=106.8) == places.Located(None, How.OUTSIDE)


@pytest.mark.parametrize("name", ["bandung_kelurahan.geojson", ""])
def test_every_point_of_a_city_lies_in_exactly_one_place_within_its_kecamatan(city, now, name):
    take(real(name) if name else collection(cells()), now)
    own, above = areas(), areas(settlements=False)
    whole = shapely.union_all(list(own.values()))
    for point in points_in(whole, 400):
        found = places.locate(lat=point.y, lon=point.x)
        holding = [code for code, area in own.items() if area.contains(point)]
        assert found.how is How.INSIDE
        assert holding in ([found.place.code], [])
        assert above[found.place.parent_code].distance(point) < METRE
        assert found.place.parent_code == found.place.code[:8]


def test_a_point_on_a_shared_border_belongs_to_the_lower_code(city, now):
    take(collection(cells()), now)
    own = areas()
    tree = shapely.STRtree(list(own.values()))
    corners = {xy for area in own.values() for xy in area.exterior.coords}
    codes, several = list(own), 0
    for x, y in sorted(corners)[::3]:
        touching = sorted(codes[i] for i in tree.query(shapely.Point(x, y), predicate="intersects"))
        assert places.locate(lat=y, lon=x).place.code == touching[0]
        several += len(touching) > 1
    assert several > 50


def test_just_beside_the_city_is_a_line_drawn_wrong_and_further_is_outside(city, now):
    take(collection([feature(square(107.60, -6.90), kode="32.73.02.1004")]), now)
    east = 107.61
    index = Areas({code: shapely.to_wkb(area) for code, area in areas().items()})
    assert index.beside(-6.895, east + 25 * METRE, metres=30) == "32.73.02.1004"
    assert index.beside(-6.895, east + 40 * METRE, metres=30) == ""
    assert index.beside(-6.89 + 25 * METRE, 107.605, metres=30) == "32.73.02.1004"
    assert index.beside(-6.89 + 35 * METRE, 107.605, metres=30) == ""
    assert index.beside(-6.89 + 25 * METRE, east + 25 * METRE, metres=30) == ""  # 35 m from the corner


def test_a_whole_city_knows_what_is_outside(city, now):
    take(collection(cells()), now)
    whole = shapely.union_all(list(areas().values()))
    x, y = max(whole.exterior.coords)
    assert places.locate(lat=y, lon=x + 20 * METRE).how is How.GAP
    assert places.locate(lat=y, lon=x + 60 * METRE) == places.Located(None, How.OUTSIDE)


def test_where_some_boundaries_lack_the_nearest_of_those_is_told(city, now):
    take(collection(cells(only="32.73.02")), now)
    lacking = places.gazetteer().get("32.73.01.1001")
    found = places.locate(lat=lacking.lat, lon=lacking.lon)
    assert (found.place, found.how) == (lacking, How.NEAREST)
    inside = places.gazetteer().get("32.73.02.1004")
    assert places.locate(lat=inside.lat, lon=inside.lon).how is How.INSIDE
    assert places.locate(lat=-6.2, lon=106.8).how is How.OUTSIDE


def test_where_only_kecamatan_are_known_the_nearest_middle_inside_is_told(city, now):
    take(real("bandung_kecamatan.geojson"), now)
    for point in points_in(shapely.union_all(list(areas().values())), 60):
        found = places.locate(lat=point.y, lon=point.x)
        assert found.how is How.NEAREST
        assert areas()[found.place.parent_code].distance(point) < METRE
    assert places.locate(lat=-6.2, lon=106.8).how is How.OUTSIDE


def test_areas_are_read_only_when_a_point_is_asked_for(city, now):
    take(collection(cells()), now)
    locating._indexes.clear()
    places.outline()
    assert not locating._indexes
    places.locate(lat=-6.9, lon=107.6)
    with CaptureQueriesContext(connection) as asked:
        places.locate(lat=-6.91, lon=107.61)
    assert len(asked) == 0
