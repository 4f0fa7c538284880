"""A file from outside: refused in words or read; never a crash, whatever it holds."""

from __future__ import annotations

import copy
import json
import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon

from guyub.rooms.places import boundary_files, repairing
from guyub.rooms.places.boundary_files import CannotRead
from guyub.rooms.places.tests.boundaries import collection, feature, square

MOST = 1_000_000
GOOD = collection(
    [
        feature(square(107.60, -6.90), kode="32.73.02.1004", nama="Dago"),
        feature([square(107.61, -6.90), square(107.65, -6.95)], "MultiPolygon", kode="32.73.02.1001"),
    ]
)


def read(data: bytes):
    return boundary_files.read(data, most_bytes=MOST)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no whole JSON"),
        (GOOD[:-40], "cut off"),
        (b"\xff\xfe\x00rubbish", "no whole JSON"),
        (b"PK\x03\x04rest", "zip"),
        (b"\x00\x00\x27\x0arest", "shapefile"),
        (b"SQLite format 3\x00", "GeoPackage"),
        (b"\xef\xbb\xbf <kml/>", "XML"),
        (b"[]", "no GeoJSON"),
        (b"12", "no GeoJSON"),
        (b'{"type": "Topology", "objects": {}}', "TopoJSON"),
        (b'{"type": "FeatureCollection"}', "FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', "no features"),
        (b'{"type": "FeatureCollection", "features": {"a": 1}}', "FeatureCollection"),
        (b"[" * 200_000, "nested too deeply"),
        (GOOD.replace(b"107.6,", b"NaN,"), "NaN is no number"),
        (b" " * (MOST + 1), "MB"),
        (collection([feature(square(-6.90, 107.60))]), "Turn the axes"),
        (collection([feature(square(788000, 9235000, 500))]), "metres"),
        (collection([feature(square(4.9, 52.3))]), "outside Indonesia"),
        (
            collection([], crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32748"}}),
            "another reference system",
        ),
        (collection([], crs="EPSG:23845"), "another reference system"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(data, said):
    with pytest.raises(CannotRead, match=said):
        read(data)


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (7, "no feature"),
        ({"type": "Feature", "geometry": None, "properties": None}, "no area"),
        ({"type": "Feature", "geometry": "Polygon", "properties": []}, "not written as GeoJSON"),
        (feature([[1]], "Point"), "no area"),
        (feature([], "Circle"), "no known type"),
        (feature("x"), "no list"),
        (feature([["a", "b", "c"]]), "no two numbers"),
        (feature([[["1", "2"], [1, 2], [3, 4]]]), "no number"),
        (feature([[[True, 2], [1, 2], [3, 4]]]), "no number"),
        (feature([[[10**400, 2], [1, 2], [3, 4]]]), "beyond any map"),
        (feature([[[1e20, 2], [1, 2], [3, 4]]]), "beyond any map"),
        (feature([[[107.6, -6.9], [107.7, -6.9]]]), "no area"),
        (feature([]), "no area"),
    ],
)
def test_one_odd_feature_is_named_and_the_others_are_read(odd, said):
    found = read(collection([odd, feature(square(107.60, -6.90))]))
    assert said in found[0].problem
    assert (found[0].row, found[0].polygons) == (1, ())
    assert found[1].polygons
    assert not found[1].problem


def test_a_number_that_is_infinite_only_when_read_is_found():
    data = GOOD.replace(b"107.6,", b"1e999,")
    assert "beyond any map" in read(data)[0].problem


def test_polygons_are_found_however_they_are_wrapped():
    inner = {"type": "GeometryCollection", "geometries": [feature(square(107.6, -6.9))["geometry"]]}
    wrapped = {"type": "GeometryCollection", "geometries": [inner, {"type": "Point", "coordinates": [1, 2]}]}
    assert len(read(collection([{"properties": {}, "geometry": wrapped}]))[0].polygons) == 1
    for _ in range(40):
        wrapped = {"type": "GeometryCollection", "geometries": [wrapped]}
    assert "not written as GeoJSON" in read(collection([{"properties": {}, "geometry": wrapped}]))[0].problem


def test_heights_and_a_byte_order_mark_do_no_harm():
    ring = [[x, y, 712.5] for x, y in square(107.6, -6.9)[0]]
    (found,) = read(b"\xef\xbb\xbf" + collection([feature([ring])]))
    assert found.polygons[0].equals(Polygon(square(107.6, -6.9)[0]))


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.integers(0, len(GOOD)).map(lambda n: GOOD[:n])))
def test_no_bytes_make_it_crash(data):
    with suppress(CannotRead):
        read(data)


leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=4),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.just([]),
    st.just({}),
    st.just([[107.6, -6.9]] * 3),
)


def _shaken(value, rng, leaf):
    """Some part of a JSON value, at any depth, replaced."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        key = rng.choice(sorted(value))
        value[key] = _shaken(value[key], rng, leaf)
        return value
    if isinstance(value, list) and value and rng.random() < 0.9:
        place = rng.randrange(len(value))
        value[place] = _shaken(value[place], rng, leaf)
        return value
    return leaf


@settings(max_examples=120, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(leaves, min_size=1, max_size=4))
def test_a_file_with_any_part_replaced_is_read_or_refused(rng: random.Random, parts):
    value = copy.deepcopy(json.loads(GOOD))
    for leaf in parts:
        value = _shaken(value, rng, copy.deepcopy(leaf))
    try:
        found = read(json.dumps(value).encode())
    except CannotRead:
        return
    areas = {}
    for one in found:
        area, moved, dropped = repairing.mended(boundary_files.joined(one.polygons), sliver=100)
        assert area.is_valid
        assert moved >= 0
        assert dropped >= 0
        areas[str(one.row)] = area
    repairing.fitted(areas, gap_metres=30)


def test_the_good_file_is_what_it_seems():
    first, second = read(GOOD)
    assert first.polygons[0].contains(Point(107.605, -6.895))
    assert len(second.polygons) == 2
