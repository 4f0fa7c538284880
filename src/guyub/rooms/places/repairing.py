"""Make areas that fit together of areas that nearly do. Pure geometry: shapely, degrees in, degrees out.

Drawn by hand and simplified one by one, neighbours overlap and leave gaps. `shapely.coverage_clean` nodes all lines,
gives each overlap to the smaller area (so that an enclave is cut out of what surrounds it) and each narrow gap to the
neighbour with the longest border: the same input gives the same answer. What it did is measured here and told.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import shapely
from shapely import GEOSException, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

METRES_PER_DEGREE = 111_320.0
METRES_NORTH = 110_574.0
GRID = 1e-7  # degrees: about a centimetre
NOTABLE = 1.0  # square metres

# GEOS sometimes leaves the processor's "invalid" flag set though its answer is right and always the same; numpy would
# warn of it now and then.
calmly = np.errstate(invalid="ignore")

Area: TypeAlias = "Polygon | MultiPolygon"


class CannotRepair(ValueError):
    """The geometry library gave up on these areas together."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two areas that claimed the same ground."""

    smaller: str
    larger: str
    square_metres: float


@dataclass
class Fitted:
    """Areas by code that touch and never overlap, and what it took. Areas of ground in square metres."""

    areas: dict[str, Area]
    overlaps: list[Overlap] = field(default_factory=list)
    filled: list[float] = field(default_factory=list)
    left_open: list[float] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)


def square_metres(area: BaseGeometry) -> float:
    """The area on the ground, good to half a per cent."""
    if area.is_empty:
        return 0.0
    middle = (area.bounds[1] + area.bounds[3]) / 2
    return area.area * METRES_PER_DEGREE * METRES_NORTH * math.cos(math.radians(middle))


@calmly
def mended(raw: MultiPolygon, *, sliver: float) -> tuple[Area, float, int]:
    """A valid area on the grid; how much ground the mending moved, and how many slivers it dropped."""
    try:
        whole = shapely.make_valid(raw, method="structure", keep_collapsed=False)
        valid = polygonal(shapely.set_precision(whole, GRID))
    except GEOSException:
        return MultiPolygon(), 0.0, 0
    moved = abs(square_metres(valid) - _claimed(raw))
    parts = shapely.get_parts(valid)
    kept = [part for part in parts if square_metres(part) >= sliver]
    return polygonal(MultiPolygon(kept)), moved, len(parts) - len(kept)


def _claimed(raw: MultiPolygon) -> float:
    return sum(square_metres(part) for part in raw.geoms)


def polygonal(shape: BaseGeometry) -> Area:
    """Only what has an area."""
    if isinstance(shape, Polygon):
        return shape
    parts = [p for p in shapely.get_parts(shape) if isinstance(p, Polygon | MultiPolygon) and not p.is_empty]
    single = [one for part in parts for one in shapely.get_parts(part)]
    return single[0] if len(single) == 1 else MultiPolygon(single)


@calmly
def fitted(areas: Mapping[str, Area], *, gap_metres: float) -> Fitted:
    """All areas of one level, made to fit. Gaps up to twice `gap_metres` wide are closed. Raises `CannotRepair`."""
    order = sorted(code for code, area in areas.items() if not area.is_empty)
    given = [areas[code] for code in order]
    emptied = sorted(set(areas) - set(order))
    if not given:
        return Fitted({}, emptied=emptied)
    try:
        clean = shapely.coverage_clean(
            given, gap_width=2 * gap_metres / METRES_PER_DEGREE, merge_strategy="min_area"
        )
        if not shapely.coverage_is_valid(clean):
            raise CannotRepair("The areas cannot be fitted together; mend the file in a map program.")
        fit = {code: polygonal(area) for code, area in zip(order, clean, strict=True)}
        before, after = _holes(shapely.union_all(given, grid_size=GRID)), _holes(shapely.union_all(clean))
        overlaps = _overlaps(order, given)
    except GEOSException as problem:
        raise CannotRepair(f"The areas cannot be fitted together ({problem}).") from problem
    emptied += [code for code, area in fit.items() if area.is_empty]
    return Fitted(
        areas={code: area for code, area in fit.items() if not area.is_empty},
        overlaps=overlaps,
        filled=_closed(before, after),
        left_open=[square_metres(hole) for hole in after],
        emptied=emptied,
    )


def _overlaps(codes: list[str], areas: list[Area]) -> list[Overlap]:
    """Every pair that shares ground, largest first."""
    tree = shapely.STRtree(areas)
    found = []
    for i, j in zip(*tree.query(areas, predicate="intersects"), strict=True):
        if i >= j:
            continue
        shared = square_metres(shapely.intersection(areas[i], areas[j], grid_size=GRID))
        if shared >= NOTABLE:
            small, large = sorted((i, j), key=lambda k: (areas[k].area, codes[k]))
            found.append(Overlap(codes[small], codes[large], shared))
    return sorted(found, key=lambda one: (-one.square_metres, one.smaller, one.larger))


def _holes(union: BaseGeometry) -> list[Polygon]:
    holes = (Polygon(ring) for part in shapely.get_parts(polygonal(union)) for ring in part.interiors)
    return [hole for hole in holes if square_metres(hole) >= NOTABLE]


def _closed(before: list[Polygon], after: list[Polygon]) -> list[float]:
    """The sizes of the gaps that are there no more, largest first."""
    tree = shapely.STRtree([hole.representative_point() for hole in after])
    gone = (hole for hole in before if not len(tree.query(hole, predicate="intersects")))
    return sorted((square_metres(hole) for hole in gone), reverse=True)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a map draws: simplified coordinates as GeoJSON text, where the name stands, who is next door."""

    geometry: str
    lat: float
    lon: float
    neighbours: tuple[str, ...]


@calmly
def drawings(areas: Mapping[str, Area], *, to_metres: float) -> dict[str, Drawing]:
    """Every area of one level, simplified together so that shared borders stay shared. Five decimals: a metre."""
    order = sorted(areas)
    if not order:
        return {}
    whole = [areas[code] for code in order]
    simple = shapely.coverage_simplify(whole, to_metres / METRES_PER_DEGREE)
    near = _near(order, whole)
    return {
        code: _drawing(area, line, beside)
        for code, area, line, beside in zip(order, whole, simple, near, strict=True)
    }


def _drawing(area: Area, line: BaseGeometry, neighbours: list[str]) -> Drawing:
    point = area.representative_point()
    text = geometry_text(area if line.is_empty else line)
    return Drawing(text, round(point.y, 4), round(point.x, 4), tuple(neighbours))


def _near(codes: list[str], areas: list[Area]) -> list[list[str]]:
    """The codes that each area touches along a line, not in a mere corner."""
    tree = shapely.STRtree(areas)
    found: list[list[str]] = [[] for _ in codes]
    for i, j in zip(*tree.query(areas, predicate="intersects"), strict=True):
        if i != j and shapely.intersection(areas[i], areas[j]).length > 0:
            found[i].append(codes[j])
    return [sorted(one) for one in found]


def geometry_text(shape: BaseGeometry) -> str:
    """GeoJSON of an area in as few bytes as it needs."""
    parts = [_rings(part) for part in shapely.get_parts(shape)]
    if len(parts) == 1:
        return '{"type":"Polygon","coordinates":' + parts[0] + "}"
    return '{"type":"MultiPolygon","coordinates":[' + ",".join(parts) + "]}"


def _rings(polygon: Polygon) -> str:
    return "[" + ",".join(_ring(list(ring.coords)) for ring in (polygon.exterior, *polygon.interiors)) + "]"


def _ring(positions: list[tuple[float, ...]]) -> str:
    return "[" + ",".join(f"[{round(x, 5)},{round(y, 5)}]" for x, y in positions) + "]"
