"""Which area holds a point: plain Python over the borders as they are kept, exactly as a geometry library says it.

The library and numpy are 28 MB in every process that locates a single point; a city's borders alone are half of one.
An area is read from well-known binary (OGC 06-103r4), as `importing.py` writes it: polygons or several of them, two
coordinates.
"""

from __future__ import annotations

import math
import sys
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from struct import unpack_from
from typing import TypeAlias

from guyub.rooms.places.distances import METRES_EAST, METRES_NORTH, to_line

Box: TypeAlias = "tuple[float, float, float, float, int]"  # west, south, east, north, which area

STRETCH = 8  # segments that are passed over together where none can matter
BANDS = 64  # of latitude, so that few boxes are looked at
POLYGON, SEVERAL = 3, 6
# Below this share of its two products the sign of their difference is rounding, not fact (Shewchuk 1997).
DOUBTFUL = (3 + 16 * 2**-53) * 2**-53
SAME = 6  # decimals of a metre that tell two distances apart


@dataclass(frozen=True, slots=True)
class Ring:
    """A closed border, and of each stretch of it: its first segment, lowest and highest latitude, easternmost point."""

    x: array[float]
    y: array[float]
    stretches: tuple[tuple[int, float, float, float], ...]


def _ring(flat: array[float]) -> Ring:
    x, y = flat[0::2], flat[1::2]
    stretches = []
    for first in range(0, len(x) - 1, STRETCH):
        ys = y[first : first + STRETCH + 1]
        stretches.append((first, min(ys), max(ys), max(x[first : first + STRETCH + 1])))
    return Ring(x, y, tuple(stretches))


class Areas:
    """The areas of one level by code, each well-known binary."""

    def __init__(self, areas: Mapping[str, bytes]) -> None:
        self.codes = sorted(areas)  # a point on a shared border belongs to the lower code
        self.rings = [[_ring(flat) for flat in _read(areas[code])] for code in self.codes]
        self.boxes = [(*_box(rings), i) for i, rings in enumerate(self.rings)]
        self.south = min((box[1] for box in self.boxes), default=0.0)
        height = max((box[3] for box in self.boxes), default=0.0) - self.south
        self.scale = BANDS / height if height else 0.0
        self.bands: list[list[Box]] = [[] for _ in range(BANDS + 1)]
        for box in self.boxes:
            for band in self.bands[self._band(box[1]) : self._band(box[3]) + 1]:
                band.append(box)

    def _band(self, lat: float) -> int:
        """Never lower for a higher latitude: a box stands in the band of each point that it holds."""
        return max(0, min(BANDS, int((lat - self.south) * self.scale)))

    def holding(self, lat: float, lon: float) -> str:
        """The code whose area holds the point, its border included; empty if none does."""
        for west, south, east, north, i in self.bands[self._band(lat)]:
            if west <= lon <= east and south <= lat <= north and _holds(self.rings[i], lon, lat):
                return self.codes[i]
        return ""

    def beside(self, lat: float, lon: float, *, metres: float) -> str:
        """The nearest code within some metres, the lower of those that are as near; empty if none is so near."""
        reach = metres / METRES_NORTH * 1.1
        left, right, below, above = lon - reach, lon + reach, lat - reach, lat + reach
        near = [
            (round(_metres(self.rings[i], lat, lon, reach), SAME), self.codes[i])
            for west, south, east, north, i in self.boxes
            if west <= right and left <= east and south <= above and below <= north
        ]
        nearest = min(near, default=(math.inf, ""))
        return nearest[1] if nearest[0] <= metres else ""


def _read(wkb: bytes) -> Iterator[array[float]]:
    """The rings of an area, outer and inner alike: longitude and latitude by turns."""
    kind, at = _head(wkb, 0)
    if kind == POLYGON:
        yield from _polygon(wkb, 0)[0]
    elif kind == SEVERAL:
        (parts,) = unpack_from(_order(wkb, 0) + "I", wkb, at)
        at += 4
        for _ in range(parts):
            rings, at = _polygon(wkb, at)
            yield from rings
    else:
        raise ValueError(f"Not an area in well-known binary: kind {kind}")


def _polygon(wkb: bytes, at: int) -> tuple[list[array[float]], int]:
    order, rings = _order(wkb, at), []
    _, at = _head(wkb, at)
    (count,) = unpack_from(order + "I", wkb, at)
    at += 4
    for _ in range(count):
        (points,) = unpack_from(order + "I", wkb, at)
        flat = array("d", wkb[at + 4 : at + 4 + 16 * points])
        if (order == "<") != (sys.byteorder == "little"):
            flat.byteswap()
        rings.append(flat)
        at += 4 + 16 * points
    return rings, at


def _order(wkb: bytes, at: int) -> str:
    return "<" if wkb[at] else ">"


def _head(wkb: bytes, at: int) -> tuple[int, int]:
    """The kind of what begins there, and where its body does."""
    (kind,) = unpack_from(_order(wkb, at) + "I", wkb, at + 1)
    return kind, at + 5


def _box(rings: list[Ring]) -> tuple[float, float, float, float]:
    x, y = [ring.x for ring in rings], [ring.y for ring in rings]
    return min(map(min, x)), min(map(min, y)), max(map(max, x)), max(map(max, y))


def _holds(rings: list[Ring], x: float, y: float) -> bool:
    """Whether a point lies in or on an area: on a border, or an odd number of borders to its east, holes counted."""
    inside = False
    for ring in rings:
        for first, low, high, right in ring.stretches:
            if low <= y <= high and x <= right:
                turns = _turns(ring, first, x, y)
                if turns < 0:
                    return True
                inside ^= turns == 1
    return inside


def _turns(ring: Ring, first: int, x: float, y: float) -> int:
    """1 if an odd number of a stretch's segments pass east of a point, else 0; -1 if the point is on one of them."""
    xs, ys = ring.x[first : first + STRETCH + 1], ring.y[first : first + STRETCH + 1]
    odd, ax, ay = 0, xs[0], ys[0]
    for bx, by in zip(xs, ys, strict=True):
        if (ay > y) != (by > y):
            if ax > x and bx > x:
                odd ^= 1
            elif ax >= x or bx >= x:
                side = _side(ax, ay, bx, by, x, y)
                if side == 0:
                    return -1
                odd ^= (side > 0) == (by > ay)
        elif by == y and (bx == x or (ay == y and (ax < x < bx or bx < x < ax))):
            return -1
        ax, ay = bx, by
    return odd


def _side(ax: float, ay: float, bx: float, by: float, x: float, y: float) -> float:
    """Above 0 where a point lies left of the line from a to b, below 0 right of it, 0 exactly on it."""
    one, other = (bx - ax) * (y - ay), (by - ay) * (x - ax)
    if abs(one - other) > DOUBTFUL * (abs(one) + abs(other)):
        return one - other
    a, b, c, d, e, f = map(Fraction, (ax, ay, bx, by, x, y))
    exact = (c - a) * (f - b) - (d - b) * (e - a)
    return (exact > 0) - (exact < 0)


def _metres(rings: list[Ring], lat: float, lon: float, reach: float) -> float:
    """How far a point outside is from an area: on a plane around the point, exact enough for some hundred metres.
    Infinite where nothing of it is within reach, in degrees."""
    east, best = METRES_EAST * math.cos(math.radians(lat)), math.inf
    for ring in rings:
        for first, low, high, right in ring.stretches:
            if low - reach <= lat <= high + reach and lon <= right + reach:
                end = first + STRETCH + 1
                points = zip(ring.x[first:end], ring.y[first:end], strict=True)
                best = min(best, to_line([((x - lon) * east, (y - lat) * METRES_NORTH) for x, y in points]))
    return best
