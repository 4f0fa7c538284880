"""How far a point is from points, lines and areas: plain Python on a plane around the point.

Exact enough for some hundred metres, and a few microseconds a segment: no process of the website loads a geometry
library for it. A part is a kind ("point", "line", "area") and lists of (longitude, latitude), one list for each line
or ring.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

Part: TypeAlias = "tuple[str, Sequence[Sequence[Sequence[float]]]]"
METRES_EAST, METRES_NORTH = 111_320.0, 110_574.0


def metres_to(parts: Iterable[Part], *, lat: float, lon: float) -> float:
    """From a point to the nearest of the parts; 0 inside an area. Infinite without parts."""
    east = METRES_EAST * math.cos(math.radians(lat))
    best = math.inf
    for kind, lines in parts:
        flat = [[((x - lon) * east, (y - lat) * METRES_NORTH) for x, y in line] for line in lines]
        if kind == "area" and _holds(flat):
            return 0.0
        best = min([best, *(to_line(line) for line in flat)])
    return best


def to_line(line: Sequence[tuple[float, float]]) -> float:
    """From the origin to a line, or to its only point."""
    if len(line) == 1:
        return math.hypot(*line[0])
    return min(_to_segment(*a, *b) for a, b in pairwise(line))


def _to_segment(ax: float, ay: float, bx: float, by: float) -> float:
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length))
    return math.hypot(ax + along * dx, ay + along * dy)


def _holds(rings: Iterable[Sequence[tuple[float, float]]]) -> bool:
    """Whether the origin lies inside: an odd number of borders to its east, holes counted."""
    inside = False
    for ring in rings:
        for (ax, ay), (bx, by) in pairwise(ring):
            if (ay > 0) != (by > 0) and ax - ay * (bx - ax) / (by - ay) > 0:
                inside = not inside
    return inside


def reach(*, lat: float, metres: float) -> tuple[float, float]:
    """How many degrees north and east cover so many metres, a little more."""
    north = metres / METRES_NORTH * 1.01
    return north, metres / (METRES_EAST * math.cos(math.radians(lat))) * 1.01
