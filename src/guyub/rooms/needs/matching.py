"""Which offers fit a need, in which order, and why: plain Python, the same answer every time.

An offer fits if it gives a resource that a line asks for, is meant for the need's theme (or any), and reaches its place.
Each thing that speaks for it is a reason with its points; the points are dated rules (`needs.match`) that every reader
sees beside the words, and their sum is the order. Nothing else enters into it; see docs/decisions/0036.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Near(StrEnum):
    """How an offer's places lie to a need's, nearest first."""

    SAME = "place_same"
    AROUND = "place_around"
    NEIGHBOUR = "place_neighbour"
    CITY = "place_city"


class Why(StrEnum):
    """What speaks for an offer, in the order in which it is told; each is a key of the rulebook's points."""

    THEME = "theme"
    ANY_THEME = "any_theme"
    PLACE_SAME = "place_same"
    PLACE_AROUND = "place_around"
    PLACE_NEIGHBOUR = "place_neighbour"
    PLACE_CITY = "place_city"
    ENOUGH = "enough"
    PART = "part"
    OTHER_UNIT = "other_unit"
    ON_TIME = "on_time"
    DELIVERED = "delivered"
    LATE = "late"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a need lies: its place, what is around it (above and inside), its neighbours, and the city's own code."""

    place: str
    around: frozenset[str]
    neighbours: frozenset[str]
    city: str

    @property
    def codes(self) -> frozenset[str]:
        """All codes from which an offer reaches the need."""
        return self.around | self.neighbours | {self.place, self.city}


def nearness(places: Collection[str], ground: Ground) -> Near | None:
    """How near an offer is meant to be given; None if it does not reach the need. The whole city is near to all."""
    if ground.place in places:
        return Near.CITY if ground.place == ground.city else Near.SAME
    if not ground.around.isdisjoint(places):
        return Near.AROUND
    if not ground.neighbours.isdisjoint(places):
        return Near.NEIGHBOUR
    return Near.CITY if ground.city in places or ground.place == ground.city else None


@dataclass(frozen=True, slots=True)
class Line:
    """What a need asks for."""

    id: int
    resource: str
    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer as far as matching looks at it; `left` is what is still to be had now.

    `on_time` and `late` count what its partner delivered; both are 0 for a resident, whom nobody keeps a record of.
    """

    id: int
    partner: int | None
    resource: str
    unit: str
    left: int
    themes: tuple[str, ...]
    places: tuple[str, ...]
    is_verified: bool = False
    on_time: int = 0
    delivered: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    why: Why
    points: int


@dataclass(frozen=True, slots=True)
class Match:
    """An offer, the line that it serves best, and what speaks for it. `near` is also among the reasons."""

    offer: int
    line: int
    near: Near
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> int:
        return sum(reason.points for reason in self.reasons)


def fits(line: Line, offered: Offered) -> bool:
    """Whether an offer can serve a line at all: the same resource, and something left."""
    return line.resource == offered.resource and offered.left > 0


_BEST = (Why.ENOUGH, Why.PART, Why.OTHER_UNIT)


def _enough(line: Line, offered: Offered) -> Why:
    """Amounts compare only in one unit: "200 karung" and "5 truk" are both goods."""
    if line.unit != offered.unit:
        return Why.OTHER_UNIT
    return Why.ENOUGH if offered.left >= line.amount else Why.PART


def _record(offered: Offered) -> list[Why]:
    said = []
    if offered.on_time:
        said.append(Why.ON_TIME)
    elif offered.delivered:
        said.append(Why.DELIVERED)
    if offered.late:
        said.append(Why.LATE)
    return said


def matched(
    theme: str, ground: Ground, lines: Iterable[Line], offered: Offered, points: Mapping[str, int]
) -> Match | None:
    """Why an offer fits a need, or None if it does not. Of several lines it is said for the best, the first of equals."""
    if offered.themes and theme not in offered.themes:  # what most are refused for comes first
        return None
    served = [line for line in lines if fits(line, offered)]
    near = nearness(offered.places, ground) if served else None
    if near is None:
        return None
    line = min(served, key=lambda one: _BEST.index(_enough(one, offered)))
    why = [Why.THEME if offered.themes else Why.ANY_THEME, Why(near.value), _enough(line, offered)]
    why += _record(offered)
    if offered.is_verified:
        why.append(Why.VERIFIED)
    return Match(offered.id, line.id, near, tuple(_reason(one, points[one]) for one in why))


_reason = lru_cache(maxsize=256)(Reason)  # there are few, and hundreds of offers have the same


def in_order(matches: Iterable[Match]) -> list[Match]:
    """Most points first; of equals the nearest, then the one that was made first."""
    steps = list(Near)
    return sorted(matches, key=lambda one: (-one.points, steps.index(one.near), one.offer))
