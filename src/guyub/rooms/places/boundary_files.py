"""Read a file of boundaries. What comes from outside is believed in nothing: every number is looked at.

GeoJSON (RFC 7946) is longitude first, WGS 84. Files in metres, with the axes turned round, cut off, or not GeoJSON
at all are refused with a sentence that says what to do; a single odd feature is left out and named.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

SOUTH, NORTH, WEST, EAST = -11.5, 6.5, 94.5, 141.5  # Indonesia
DEEPEST = 8
OTHER_FORMATS = {
    b"PK": "This is a zip archive. Unpack it and save the layer as GeoJSON (WGS 84, EPSG:4326).",
    b"\x00\x00\x27\x0a": "This is a shapefile. Save the layer as GeoJSON (WGS 84, EPSG:4326).",
    b"SQLite format 3": "This is a GeoPackage. Save the layer as GeoJSON (WGS 84, EPSG:4326).",
    b"<": "This is XML (KML or GML?). Save the layer as GeoJSON (WGS 84, EPSG:4326).",
}


class CannotRead(ValueError):
    """The file cannot be used; the text says why and what to do."""


class _Odd(ValueError):
    """One feature cannot be used."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its place in the file counted from 1, and its polygons as they stand there, perhaps invalid.

    `problem` says why there are no polygons.
    """

    row: int
    properties: Mapping[str, Any]
    polygons: tuple[Polygon, ...]
    problem: str = ""


def read(data: bytes, *, most_bytes: int) -> list[Feature]:
    """The areas of a GeoJSON file. Raises `CannotRead`."""
    found = [
        _feature(row, one) for row, one in enumerate(collection_of(data, most_bytes=most_bytes), start=1)
    ]
    look_at_axes([polygon for one in found for polygon in one.polygons])
    return found


def collection_of(data: bytes, *, most_bytes: int) -> list[Any]:
    """The features of a GeoJSON file as they stand there, none of them looked at. Raises `CannotRead`."""
    if len(data) > most_bytes:
        raise CannotRead(
            f"The file has {len(data) / 1e6:.0f} MB; at most {most_bytes / 1e6:.0f} MB are read. "
            "Leave out other regencies, or simplify the lines."
        )
    collection = _load(data)
    _look_at_crs(collection.get("crs"))
    found = _features_of(collection)
    if not found:
        raise CannotRead("The file has no features.")
    return found


def _load(data: bytes) -> dict[str, Any]:
    for start, words in OTHER_FORMATS.items():
        if data.lstrip(b"\xef\xbb\xbf \r\n\t" if start == b"<" else b"").startswith(start):
            raise CannotRead(words)
    try:
        found = json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except RecursionError:
        raise CannotRead("The file is nested too deeply to be a map.") from None
    except ValueError as problem:
        raise CannotRead(f"This is no whole JSON file ({problem}). Was it cut off on its way?") from None
    if not isinstance(found, dict):
        raise CannotRead("This is JSON, but no GeoJSON.")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _features_of(collection: dict[str, Any]) -> list[Any]:
    kind = collection.get("type")
    if kind == "Feature":
        return [collection]
    if kind == "Topology":
        raise CannotRead("This is TopoJSON. Save the layer as GeoJSON (WGS 84, EPSG:4326).")
    features = collection.get("features")
    if kind != "FeatureCollection" or not isinstance(features, list):
        raise CannotRead("This is JSON, but no GeoJSON FeatureCollection.")
    return features


def _look_at_crs(crs: Any) -> None:
    """Older files name their reference system; anything but WGS 84 is somewhere else on the map."""
    if crs is None:
        return
    name = str(crs.get("properties") if isinstance(crs, dict) else crs)[:120]
    if "CRS84" not in name and "4326" not in name:
        raise CannotRead(f"The file is in another reference system ({name}). Save it as WGS 84 (EPSG:4326).")


def look_at_axes(shapes: Sequence[BaseGeometry]) -> None:
    """Degrees, longitude first, in Indonesia. Raises `CannotRead`."""
    bounds = [one.bounds for one in shapes]
    if not bounds:
        return
    west, south, east, north = (pick(b[i] for b in bounds) for i, pick in enumerate((min, min, max, max)))
    if west >= WEST and east <= EAST and south >= SOUTH and north <= NORTH:
        return
    if west >= SOUTH and east <= NORTH and south >= WEST and north <= EAST:
        raise CannotRead(
            "Latitude stands first in this file; GeoJSON has longitude first. Turn the axes round."
        )
    if max(map(abs, (west, south, east, north))) > 180:
        raise CannotRead(
            "The coordinates are no degrees; they look like metres (UTM or TM-3). Save it as WGS 84 (EPSG:4326)."
        )
    raise CannotRead(
        f"The file lies outside Indonesia (longitude {west:.2f} to {east:.2f}, latitude {south:.2f} to {north:.2f})."
    )


def _feature(row: int, one: Any) -> Feature:
    if not isinstance(one, dict):
        return Feature(row, {}, (), "it is no feature")
    given = one.get("properties")
    properties = given if isinstance(given, dict) else {}
    try:
        polygons = tuple(_polygons(one.get("geometry"), 0))
    except _Odd as problem:
        return Feature(row, properties, (), str(problem))
    return Feature(row, properties, polygons, "" if polygons else "it has no area")


def _polygons(geometry: Any, depth: int) -> Iterator[Polygon]:
    """The polygons in a geometry, however it wraps them. Lines and points have no area and are passed over."""
    if geometry is None:
        return
    if not isinstance(geometry, dict) or depth > DEEPEST:
        raise _Odd("its geometry is not written as GeoJSON")
    kind = geometry.get("type")
    if kind == "Polygon":
        yield from _polygon(geometry.get("coordinates"))
    elif kind == "MultiPolygon":
        for part in _list(geometry.get("coordinates")):
            yield from _polygon(part)
    elif kind == "GeometryCollection":
        for part in _list(geometry.get("geometries")):
            yield from _polygons(part, depth + 1)
    elif kind not in ("Point", "MultiPoint", "LineString", "MultiLineString"):
        raise _Odd("its geometry is of no known type")


def _polygon(rings: Any) -> Iterator[Polygon]:
    read_rings = [_ring(ring) for ring in _list(rings)]
    if read_rings and len(read_rings[0]) >= 3:
        yield Polygon(read_rings[0], [hole for hole in read_rings[1:] if len(hole) >= 3])


def _ring(positions: Any) -> list[tuple[float, float]]:
    return [_position(one) for one in _list(positions)]


def _position(one: Any) -> tuple[float, float]:
    if not isinstance(one, list) or len(one) < 2:
        raise _Odd("a position in it has no two numbers")
    return _number(one[0]), _number(one[1])


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Odd("a coordinate in it is no number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not abs(number) < 1e8:
        raise _Odd("a coordinate in it is beyond any map")
    return number


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _Odd("its coordinates are no list")
    return value


def joined(polygons: tuple[Polygon, ...]) -> MultiPolygon:
    """The polygons as one geometry, as they are."""
    return MultiPolygon(polygons)
