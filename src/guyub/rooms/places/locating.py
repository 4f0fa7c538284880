"""In which kelurahan or desa a point lies: exactly, by the city's boundaries; roughly, by middles, without any.

The areas are read when the first point of a city must be located in this process, not before: most processes of
a city's website never locate one. Bandung's 151 kelurahan take 0.3 MB and 7 ms.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.places.areas import Areas
from guyub.rooms.places.models import Boundary
from guyub.rooms.places.queries import FARTHEST_KM, Gazetteer, PlaceRow, gazetteer


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


_indexes: dict[str, tuple[str, Areas, Areas]] = {}


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
    known: Gazetteer, lat: float, lon: float, *, within: str, lacking: Areas | None = None
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


def _indexes_of(known: Gazetteer) -> tuple[Areas, Areas]:
    schema = get_city().schema
    found = _indexes.get(schema)
    if found is None or found[0] != known.boundaries:
        assert known.today is not None
        areas = _areas(known.today)
        below = {code: area for code, area in areas.items() if known.get(code).is_settlement}
        above = {code: area for code, area in areas.items() if code not in below}
        found = (known.boundaries, Areas(below), Areas(above))
        _indexes[schema] = found
    return found[1], found[2]


def _areas(on: date) -> dict[str, bytes]:
    rows = Boundary.objects.in_force(on).values_list("place__code", "area")
    return {code: bytes(area) for code, area in rows}
