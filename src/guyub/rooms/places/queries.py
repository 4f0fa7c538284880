"""Shapes of places, read once a process and city: a few hundred rows that seldom change."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from guyub.kernel.cities.api import get_city
from guyub.rooms.places.matching import fold
from guyub.rooms.places.models import Alias, Boundary, Kind, Place, Succession

FRESH_FOR_SECONDS = 60.0
FARTHEST_KM = 6.0


class UnknownPlace(LookupError):
    """There is no place with this code in this city."""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place: `label` is how people say it ('Kelurahan Dago'), `district` the kecamatan's name if it has one.

    It `stands` if its code holds today; a place that was split or merged remains, for its old reports.
    """

    id: int
    code: str
    name: str
    kind: str
    label: str
    parent_code: str
    district: str
    lat: float | None
    lon: float | None
    stands: bool = True
    aliases: tuple[str, ...] = ()

    @property
    def is_settlement(self) -> bool:
        return self.kind in (Kind.WARD, Kind.VILLAGE)


@dataclass
class Gazetteer:
    """All places of one city on one day. `settlements` and `districts` are those that stand.

    `followed_by` leads an ended code to those next after it; `boundaries` names the version of the boundaries in
    force, empty without any.
    """

    rows: list[PlaceRow]
    followed_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    boundaries: str = ""
    today: date | None = None

    def __post_init__(self) -> None:
        self.by_code = {row.code: row for row in self.rows}
        standing = [row for row in self.rows if row.stands]
        self.settlements = sorted(
            (r for r in standing if r.is_settlement), key=lambda r: (r.district, r.name)
        )
        self.settlement_codes = frozenset(row.code for row in self.settlements)
        self.has_villages = any(row.kind == Kind.VILLAGE for row in self.settlements)
        self.districts = sorted((r for r in standing if r.kind == Kind.DISTRICT), key=lambda r: r.name)
        self.points = [(r.lat, r.lon, r) for r in self.settlements if r.lat is not None and r.lon is not None]

    def get(self, code: str) -> PlaceRow:
        try:
            return self.by_code[code]
        except KeyError:
            raise UnknownPlace(code) from None

    def within(self, code: str) -> list[PlaceRow]:
        """The kelurahan and desa of a kecamatan, by name."""
        return [row for row in self.settlements if row.parent_code == code]

    def around(self, code: str) -> list[str] | None:
        """The codes by which something is in a place: its own, those it lies in, those below it. None for the city,
        where everything is. Raises `UnknownPlace`."""
        row = self.get(code)
        if not row.parent_code:
            return None
        above, parent = [], row.parent_code
        while parent:
            above.append(parent)
            parent = self.get(parent).parent_code
        return [code, *above, *(one.code for one in self.within(code))]

    def successors(self, code: str) -> tuple[str, ...]:
        """The codes that stand today where an ended code stood: one after a merger, several after a split."""
        return tuple(sorted(set(self._last(code, frozenset())) - {code}))

    def _last(self, code: str, seen: frozenset[str]) -> Iterator[str]:
        after = [one for one in self.followed_by.get(code, ()) if one not in seen and one != code]
        row = self.by_code.get(code)
        if not after or (row is not None and row.stands):
            yield code
            return
        for one in after:
            yield from self._last(one, seen | {code})

    def counted_in(self, code: str) -> list[PlaceRow]:
        """All rows whose reports count for a place: its own, those below it, and ended ones that became it alone.

        What was split belongs to none of its parts; it still counts for its kecamatan.
        """
        own = [row for row in self.rows if row.code == code or row.parent_code == code]
        codes = {row.code for row in own}
        ended = [row for row in self.rows if not row.stands and row.code not in codes]
        became = [row for row in ended if len(new := self.successors(row.code)) == 1 and new[0] in codes]
        return own + became

    def search(self, text: str) -> list[PlaceRow]:
        """Places by name, other name or code, by kind and name; ended ones last."""
        wanted, plain = fold(text), text.strip()
        if not wanted:
            return []
        found = [
            row
            for row in self.rows
            if row.parent_code
            and (any(wanted in fold(one) for one in (row.name, *row.aliases)) or row.code == plain)
        ]
        return sorted(found, key=lambda r: (not r.stands, r.is_settlement, r.name, r.code))

    def nearest(self, *, lat: float, lon: float) -> tuple[PlaceRow, float] | None:
        """The kelurahan or desa whose middle is nearest, and its distance in km; None if no points are known."""
        best = min(
            ((_km(lat, lon, a, o), row) for a, o, row in self.points), key=lambda pair: pair[0], default=None
        )
        return best and (best[1], best[0])

    def apart(self, one: str, other: str) -> float | None:
        """How far the middles of two places lie apart, in km; None where one of them is not known."""
        first, second = self.by_code.get(one), self.by_code.get(other)
        if first is None or second is None or first.lat is None or second.lat is None:
            return None
        return _km(first.lat, first.lon or 0.0, second.lat, second.lon or 0.0)

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
    """The current city's places, read anew each minute. Which codes stand is a matter of the city's own day."""
    city = get_city()
    found = _cache.get(city.schema)
    if found is None or time.monotonic() - found[0] > FRESH_FOR_SECONDS:
        found = (time.monotonic(), read(on=timezone.localdate(timezone=city.tz)))
        _cache[city.schema] = found
    return found[1]


def split_since(since: date, *, until: date) -> set[str]:
    """The old codes of changes that took effect within these days. One query."""
    rows = Succession.objects.filter(effective_on__gt=since, effective_on__lte=until)
    return set(rows.values_list("old_code", flat=True))


def forget() -> None:
    _cache.clear()


def read(*, on: date) -> Gazetteer:
    """The places as they stand on a day. Two queries."""
    names = Alias.objects.filter(place=OuterRef("pk")).order_by("name").values("name")
    versions = Boundary.objects.in_force(on).order_by("-taken_from_id").values("taken_from_id")
    places = list(
        Place.objects.select_related("parent")
        .annotate(other_names=ArraySubquery(names), boundaries=Subquery(versions[:1]))
        .order_by("code")
    )
    followed: dict[str, list[str]] = {}
    changes = Succession.objects.filter(effective_on__lte=on).order_by("new_code")
    for old, new in changes.values_list("old_code", "new_code"):
        followed.setdefault(old, []).append(new)
    newest = places[0].boundaries if places else None
    return Gazetteer(
        [_row(place, place.other_names, on) for place in places],
        followed_by={old: tuple(new) for old, new in followed.items()},
        boundaries=f"{newest}:{on}" if newest else "",
        today=on,
    )


def _row(place: Place, aliases: list[str], on: date) -> PlaceRow:
    return PlaceRow(
        id=place.pk,
        code=place.code,
        name=place.name,
        kind=place.kind,
        label=f"{_word(place)} {place.name}".strip(),
        parent_code=place.parent.code if place.parent else "",
        district=place.parent.name if place.parent and place.parent.kind == Kind.DISTRICT else "",
        lat=place.lat,
        lon=place.lon,
        stands=(place.valid_from is None or place.valid_from <= on)
        and (place.valid_until is None or place.valid_until > on),
        aliases=tuple(aliases),
    )


def _word(place: Place) -> str:
    if place.kind == Kind.VILLAGE and place.code.startswith("13."):
        return "Nagari"
    return {Kind.DISTRICT: "Kecamatan", Kind.WARD: "Kelurahan", Kind.VILLAGE: "Desa"}.get(
        Kind(place.kind), ""
    )
