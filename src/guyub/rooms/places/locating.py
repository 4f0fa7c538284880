"""In which kelurahan or desa a point lies: exactly, by the city's boundaries; roughly, by middles, without any.

The areas are read when the first point of a city must be located in this process, not before: most processes of
a city's website never locate one. Bandung's 151 kelurahan take half a megabyte and 10 ms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import shapely
from shapely import Point
from shapely.geometry.base import BaseGeometry

from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.places.models import Boundary
from guyub.rooms.places.queries import FARTHEST_KM, Gazetteer, PlaceRow, gazetteer
from guyub.rooms.places.repairing import METRES_NORTH, METRES_PER_DEGREE


class How(StrEnum):
    INSIDE = "inside"  # its boundary holds the point
    GAP = "gap"  # beside all areas, but so near that a line is drawn wrong
    NEAREST = "nearest"  # by the nearest middle: there is no boundary to say it better
    UNSURE = "unsure"  # the place there was split, and its parts have no boundaries yet
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Located:
    """Where a point lies; `place` is None when it is outside or unsure."""

    place: PlaceRow | None
    how: How


class _Index:
    """The areas of one level, findable by point."""

    def __init__(self, areas: dict[str, BaseGeometry]) -> None:
        self.codes = sorted(areas)  # a point on a shared border belongs to the lower code
        self.areas = [areas[code] for code in self.codes]
        self.tree = shapely.STRtree(self.areas)

    def holding(self, lat: float, lon: float) -> str:
        """The code whose area holds the point, its border included; empty if none does."""
        found = self.tree.query(Point(lon, lat), predicate="intersects")
        return self.codes[min(found)] if len(found) else ""

    def beside(self, lat: float, lon: float, *, metres: float) -> str:
        """The nearest code within some metres; empty if none is so near."""
        reach = metres / METRES_NORTH * 1.1
        near = self.tree.query(shapely.box(lon - reach, lat - reach, lon + reach, lat + reach))
        far = sorted((_metres(self.areas[i], lat, lon), self.codes[i]) for i in near)
        return far[0][1] if far and far[0][0] <= metres else ""


def _metres(area: BaseGeometry, lat: float, lon: float) -> float:
    """How far a point is from an area: on a plane around the point, exact enough for some hundred metres."""
    east = METRES_PER_DEGREE * math.cos(math.radians(lat))
    flat = shapely.transform(area, lambda xy: (xy - (lon, lat)) * (east, METRES_NORTH))
    return float(flat.distance(Point(0, 0)))


_indexes: dict[str, tuple[str, _Index, _Index]] = {}


def locate(*, lat: float, lon: float) -> Located:
    """The kelurahan or desa at a point of WGS 84, of those that stand today."""
    known = gazetteer()
    if not known.boundaries or known.today is None:
        return _by_middle(known, lat, lon, within="")
    settlements, districts = _indexes_of(known)
    gap = float(rulebook.rule("places.boundaries", on=known.today).value["gap_metres"])
    if code := settlements.holding(lat, lon):
        return _standing(known, code, How.INSIDE)
    district = districts.holding(lat, lon)
    lacking = any(row.code not in settlements.codes for row in known.within(district)) if district else False
    if not lacking and (code := settlements.beside(lat, lon, metres=gap)):
        return _standing(known, code, How.GAP)
    if lacking:
        return _by_middle(known, lat, lon, within=district, lacking=settlements)
    if all(row.code in districts.codes for row in known.districts):
        return Located(None, How.OUTSIDE)
    return _by_middle(known, lat, lon, within="", lacking=settlements)


def _standing(known: Gazetteer, code: str, how: How) -> Located:
    """The place of a boundary; for one that has ended, its successor."""
    row = known.get(code)
    if row.stands:
        return Located(row, how)
    new = known.successors(code)
    return Located(known.get(new[0]), how) if len(new) == 1 else Located(None, How.UNSURE)


def _by_middle(
    known: Gazetteer, lat: float, lon: float, *, within: str, lacking: _Index | None = None
) -> Located:
    """The nearest middle among the places that have no boundary, of one kecamatan if that is known."""
    rows = [row for row in known.settlements if not within or row.parent_code == within]
    if lacking is not None:
        rows = [row for row in rows if row.code not in lacking.codes]
    found = Gazetteer(rows).nearest(lat=lat, lon=lon)
    if found is None:
        return Located(None, How.UNSURE)
    if found[1] > FARTHEST_KM and not within:
        return Located(None, How.OUTSIDE)
    return Located(found[0], How.NEAREST)


def _indexes_of(known: Gazetteer) -> tuple[_Index, _Index]:
    schema = get_city().schema
    found = _indexes.get(schema)
    if found is None or found[0] != known.boundaries:
        assert known.today is not None
        areas = _areas(known.today)
        below = {code: area for code, area in areas.items() if known.get(code).is_settlement}
        above = {code: area for code, area in areas.items() if code not in below}
        found = (known.boundaries, _Index(below), _Index(above))
        _indexes[schema] = found
    return found[1], found[2]


def _areas(on: date) -> dict[str, BaseGeometry]:
    rows = Boundary.objects.in_force(on).values_list("place__code", "area")
    return {code: shapely.from_wkb(bytes(area)) for code, area in rows}
