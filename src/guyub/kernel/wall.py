"""The wall's sockets: what a room has for the command centre's screens, as plain values.

A room says here what it can show; the wall shows what is there and nothing that is not. Every part is made for an
audience and kept for all its screens: it knows no person, and holds only what all of that audience may see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

from guyub.events import Event
from guyub.kernel.ledger.api import RecordedFact


class Audience(StrEnum):
    """Who stands before a screen. Visitors see no case by itself: no number, no place nearer than its kelurahan."""

    OFFICERS = "petugas"
    SCREEN = "layar"
    VISITORS = "tamu"


ALL = frozenset(Audience)
INSIDE = frozenset({Audience.OFFICERS, Audience.SCREEN})


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom a part is made, of which moment, and how many rows there is room for."""

    audience: Audience
    at: datetime
    rows: int = 6

    @property
    def for_visitors(self) -> bool:
        return self.audience is Audience.VISITORS


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a panel. `tone` is a tone of the badges, `url` reaches officers only, `until` is counted down to."""

    text: str
    note: str = ""
    value: str = ""
    tone: str = ""
    url: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """A height over time, drawn: measured, then expected with how low and how high it may be; `marks` are heights that
    matter, with their words and tone. `value` and `note` say the same in words, `when` of which hour the value is."""

    title: str
    value: str
    note: str
    now: datetime
    seen: tuple[tuple[datetime, float], ...]
    expected: tuple[tuple[datetime, float, float, float], ...] = ()
    marks: tuple[tuple[float, str, str], ...] = ()
    tone: str = ""
    url: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A list. `more` rows found no room; `none` says what it means that there is no row. Courses stand beside each
    other, in a panel that is wide."""

    lines: tuple[Line, ...]
    none: str | Promise = ""
    more: int = 0
    courses: tuple[Course, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in big type, how it moved, and the sentence that says why."""

    label: str | Promise
    value: str
    trend: str = ""
    why: str = ""
    tone: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a point of the map. `shape`: dot, ring, square, drop, house, cross or eye."""

    lat: float
    lon: float
    label: str
    tone: str = "info"
    shape: str = "dot"


@dataclass(frozen=True, slots=True)
class Layer:
    """What lies on the map: marks, how many in each kelurahan, areas in a tone; `key` explains the shapes used."""

    marks: tuple[Mark, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    key: tuple[tuple[str, str, str], ...] = ()  # shape, tone, words


@dataclass(frozen=True)
class Part:
    """Something that a room shows. `make` gives None where the city has no such thing; `past` the same of a past
    moment, where the room can say it."""

    key: str
    title: str | Promise
    order: int
    audiences: frozenset[Audience]
    make: Callable[[Asked], Any]
    past: Callable[[Asked], Any] | None
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class _Told:
    kind: type[Event]
    about: Callable[[RecordedFact], str]
    is_inside: bool


_parts: dict[str, dict[str, Part]] = {"panel": {}, "figures": {}, "layer": {}}
_told: dict[str, _Told] = {}


def _register(
    kind: str,
    key: str,
    title: str | Promise,
    order: int,
    audiences: frozenset[Audience],
    past: Callable[[Asked], Any] | None,
    is_wide: bool = False,
) -> Callable[[Callable[[Asked], Any]], Callable[[Asked], Any]]:
    def register(make: Callable[[Asked], Any]) -> Callable[[Asked], Any]:
        if key in _parts[kind]:
            raise ValueError(f"The wall has a {kind} {key} already.")
        _parts[kind][key] = Part(key, title, order, audiences, make, past, is_wide)
        return make

    return register


def panel(
    key: str,
    *,
    title: str | Promise,
    order: int,
    audiences: frozenset[Audience] = ALL,
    past: Callable[[Asked], Panel | None] | None = None,
    is_wide: bool = False,
) -> Callable[[Callable[[Asked], Panel | None]], Callable[[Asked], Panel | None]]:
    """Show a list. `key` is a short word of its own; lower orders stand first; a wide one takes the room of two."""
    return _register("panel", key, title, order, audiences, past, is_wide)


def figures(
    key: str,
    *,
    order: int,
    audiences: frozenset[Audience] = ALL,
    past: Callable[[Asked], tuple[Figure, ...] | None] | None = None,
) -> Callable[[Callable[[Asked], tuple[Figure, ...] | None]], Callable[[Asked], tuple[Figure, ...] | None]]:
    """Show numbers in big type."""
    return _register("figures", key, "", order, audiences, past)


def layer(
    key: str,
    *,
    order: int,
    audiences: frozenset[Audience] = ALL,
    past: Callable[[Asked], Layer | None] | None = None,
) -> Callable[[Callable[[Asked], Layer | None]], Callable[[Asked], Layer | None]]:
    """Show something on the map; what has a higher order lies on top."""
    return _register("layer", key, "", order, audiences, past)


def parts(kind: str, audience: Audience) -> list[Part]:
    """The parts of a kind for an audience, in their order."""
    found = [part for part in _parts[kind].values() if audience in part.audiences]
    return sorted(found, key=lambda part: (part.order, part.key))


def tell(
    *kinds: type[Event], about: Callable[[RecordedFact], str] = lambda fact: "", is_inside: bool = False
) -> None:
    """Let the live feed tell these events by their public sentences, and say beside each what it is `about`. With
    `is_inside` those before the screens inside read the sentences that are not public, too.

    Neither the teller nor `about` asks the database for what no process remembers: the pump waits for them.
    """
    _told.update({kind.name: _Told(kind, about, is_inside) for kind in kinds})


def told() -> tuple[type[Event], ...]:
    """What the live feed tells; complete once all rooms are ready."""
    return tuple(one.kind for one in _told.values())


def about(fact: RecordedFact) -> str:
    """What a fact is about, besides its place."""
    return _told[fact.name].about(fact)


def is_told_inside(fact: RecordedFact) -> bool:
    """Whether those inside read of a fact what is not public."""
    return _told[fact.name].is_inside
