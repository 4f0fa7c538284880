"""Sockets that rooms above fill: what a partner delivered, and who worked with whom.

A source is called with ids and answers for all of them at once, so that a page costs one query a room.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Delivered:
    """A line of a partner's record: on a day it delivered this; `address` leads to where that can be seen.

    `in_time` tells whether it came by the day it was promised for; None where no day was set.
    """

    on: date
    words: str
    address: str = ""
    in_time: bool | None = None


class Tie(NamedTuple):
    """Two partners worked together: on what, on which theme, where, when last. Codes may be empty.

    A plain tuple: a city has thousands, and the network counts them all.
    """

    first: int
    second: int
    what: str
    on: date
    address: str = ""
    theme: str = ""
    place: str = ""


RecordSource = Callable[[Iterable[int]], Mapping[int, list[Delivered]]]
"""partner ids → their lines, newest first; only what everyone may read."""
TieSource = Callable[[date, int | None], Iterable[Tie]]
"""since a day, of one partner or (None) of all → the ties of the city that everyone may see."""

_records: list[RecordSource] = []
_ties: list[TieSource] = []


def register_record(source: RecordSource) -> None:
    """A room above says what partners delivered. Call it once, in the room's wiring."""
    if source not in _records:
        _records.append(source)


def register_ties(source: TieSource) -> None:
    """A room above says who worked with whom. Call it once, in the room's wiring."""
    if source not in _ties:
        _ties.append(source)


def record_of(partner: int) -> list[Delivered]:
    """All that rooms tell of one partner's deeds, newest first."""
    lines = [line for source in _records for line in source([partner]).get(partner, [])]
    return sorted(lines, key=lambda line: line.on, reverse=True)


def records_of(partners: Iterable[int]) -> dict[int, list[Delivered]]:
    """What rooms tell of the deeds of many partners, each newest first. As many queries as rooms that tell."""
    asked = sorted(set(partners))
    told: dict[int, list[Delivered]] = {}
    for source in _records if asked else []:
        for partner, lines in source(asked).items():
            told.setdefault(partner, []).extend(lines)
    return {partner: sorted(lines, key=lambda one: one.on, reverse=True) for partner, lines in told.items()}


def ties_since(day: date, *, partner: int | None = None) -> list[Tie]:
    """The ties that rooms tell of since a day, of one partner or of all, newest first; none is tied to itself."""
    ties = [
        tie
        for source in _ties
        for tie in source(day, partner)
        if tie.first != tie.second and (partner is None or partner in tie[:2])
    ]
    return sorted(ties, key=attrgetter("on"), reverse=True)
