"""Shapes of places, read once a process and city: a few hundred rows that seldom change."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from guyub.kernel.cities.api import get_city
from guyub.rooms.places.models import Kind, Place

FRESH_FOR_SECONDS = 60.0
FARTHEST_KM = 6.0


class UnknownPlace(LookupError):
    """There is no place with this code in this city."""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place: `label` is how people say it ('Kelurahan Dago'), `district` the kecamatan's name if it has one."""

    id: int
    code: str
    name: str
    kind: str
    label: str
    parent_code: str
    district: str
    lat: float | None
    lon: float | None

    @property
    def is_settlement(self) -> bool:
        return self.kind in (Kind.WARD, Kind.VILLAGE)


@dataclass
class Gazetteer:
    """All places of one city."""

    rows: list[PlaceRow]

    def __post_init__(self) -> None:
        self.by_code = {row.code: row for row in self.rows}
        self.settlements = sorted(
            (r for r in self.rows if r.is_settlement), key=lambda r: (r.district, r.name)
        )
        self.districts = sorted((r for r in self.rows if r.kind == Kind.DISTRICT), key=lambda r: r.name)
        self.points = [(r.lat, r.lon, r) for r in self.settlements if r.lat is not None and r.lon is not None]

    def get(self, code: str) -> PlaceRow:
        try:
            return self.by_code[code]
        except KeyError:
            raise UnknownPlace(code) from None

    def within(self, code: str) -> list[PlaceRow]:
        """The kelurahan and desa of a kecamatan, by name."""
        return [row for row in self.settlements if row.parent_code == code]

    def nearest(self, *, lat: float, lon: float) -> tuple[PlaceRow, float] | None:
        """The kelurahan or desa whose middle is nearest, and its distance in km; None if no points are known."""
        best = min(
            ((_km(lat, lon, a, o), row) for a, o, row in self.points), key=lambda pair: pair[0], default=None
        )
        return best and (best[1], best[0])

    def bounds(self) -> tuple[float, float, float, float] | None:
        """South, west, north, east of the known middles."""
        if not self.points:
            return None
        lats, lons = [p[0] for p in self.points], [p[1] for p in self.points]
        return min(lats), min(lons), max(lats), max(lons)


def _km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    x = math.radians(lon2 - lon1) * math.cos(math.radians((lat1 + lat2) / 2))
    return 6371.0 * math.hypot(x, math.radians(lat2 - lat1))


_cache: dict[str, tuple[float, Gazetteer]] = {}


def gazetteer() -> Gazetteer:
    """The current city's places, read anew each minute."""
    schema = get_city().schema
    found = _cache.get(schema)
    if found is None or time.monotonic() - found[0] > FRESH_FOR_SECONDS:
        found = (time.monotonic(), Gazetteer(_read()))
        _cache[schema] = found
    return found[1]


def forget() -> None:
    _cache.clear()


def _read() -> list[PlaceRow]:
    places = list(Place.objects.select_related("parent").order_by("code"))
    return [
        PlaceRow(
            id=place.pk,
            code=place.code,
            name=place.name,
            kind=place.kind,
            label=f"{_word(place)} {place.name}".strip(),
            parent_code=place.parent.code if place.parent else "",
            district=place.parent.name if place.parent and place.parent.kind == Kind.DISTRICT else "",
            lat=place.lat,
            lon=place.lon,
        )
        for place in places
    ]


def _word(place: Place) -> str:
    if place.kind == Kind.VILLAGE and place.code.startswith("13."):
        return "Nagari"
    return {Kind.DISTRICT: "Kecamatan", Kind.WARD: "Kelurahan", Kind.VILLAGE: "Desa"}.get(
        Kind(place.kind), ""
    )
