"""Questions about shapes. The places of sensors are few, so they are answered by shapely and not by the database.

Distances and lengths are in degrees, as the servers that others run have them: the standard leaves it open.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from guyub.rooms.sensing.sta.refusing import wrong

MOST = 20_000  # places that one question looks at
_WKT = re.compile(
    r"(?:SRID=4326;)?\s*(POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON)\s*(?:Z\s*)?\(",
    re.IGNORECASE | re.ASCII,
)
Measure = Callable[[Any], bool | float]


def read_wkt(text: str) -> Any:
    """A shape of well-known text. Raises `NotServed`."""
    import shapely

    if not _WKT.match(text):
        raise wrong(f"Not a shape in well-known text: {text[:40]}")
    try:
        return shapely.from_wkt(text.partition(";")[2] if text.upper().startswith("SRID") else text)
    except shapely.errors.ShapelyError:
        raise wrong(f"Not a shape in well-known text: {text[:40]}") from None


def measured(rows: Iterable[tuple[int, str]], measure: Measure) -> tuple[list[int], list[bool | float]]:
    """The ids whose JSON is a shape, with what was asked of each."""
    import shapely

    keys, found = [], []
    for key, text in rows:
        try:
            tree = json.loads(text) if isinstance(text, str) else text
            shape = shapely.geometry.shape(tree.get("geometry") or tree)
            answer = None if shape.is_empty else measure(shape)
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, shapely.errors.ShapelyError):
            continue  # JSON that is no shape is near nothing and within nothing
        if answer is not None:
            keys.append(key)
            found.append(answer)
    return keys, found


def predicate(name: str, other: Any, is_turned: bool) -> Measure:
    """`is_turned`: the literal stood first, so it is what contains or lies within."""
    if is_turned:
        return lambda shape: bool(getattr(other, name)(shape))
    return lambda shape: bool(getattr(shape, name)(other))


def relate(other: Any, pattern: str, is_turned: bool) -> Measure:
    if not re.fullmatch("[TF*012]{9}", pattern):
        raise wrong("st_relate: a pattern of nine of T F * 0 1 2.")
    if is_turned:
        return lambda shape: bool(other.relate_pattern(shape, pattern))
    return lambda shape: bool(shape.relate_pattern(other, pattern))


def _distance(other: Any, shape: Any) -> float:
    return float(shape.distance(other))


def distance(other: Any) -> Measure:
    return partial(_distance, other)


def length(shape: Any) -> float:
    return float(shape.length)


PREDICATES = {
    "st_equals": "equals",
    "st_disjoint": "disjoint",
    "st_touches": "touches",
    "st_within": "within",
    "st_overlaps": "overlaps",
    "st_crosses": "crosses",
    "st_intersects": "intersects",
    "st_contains": "contains",
    "geo.intersects": "intersects",
}
