"""Who sits in a forum, and whether it is balanced: plain Python, no clock.

Four actors (head and council, bureaucracy, civil society, business) talk until the work is done; a forum in which one of
them has no seat says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FOUR = ("GOV_POLITICAL", "GOV_BUREAUCRACY", "CIVIL_SOCIETY", "BUSINESS")


class Seat(StrEnum):
    CHAIR = "CHAIR"
    DEPUTY = "DEPUTY"
    SECRETARY = "SECRETARY"
    MEMBER = "MEMBER"


# Of these there is one in a forum at a time.
ONLY_ONE = frozenset({Seat.CHAIR, Seat.SECRETARY})


@dataclass(frozen=True, slots=True)
class Balance:
    """How many seats each of the four has, and who has none."""

    counts: tuple[tuple[str, int], ...]
    absent: tuple[str, ...]
    total: int


def balance(actors: Iterable[str]) -> Balance:
    """`actors` are already folded into the four."""
    found = Counter(actors)
    counts = tuple((actor, found[actor]) for actor in FOUR)
    return Balance(counts, tuple(actor for actor, n in counts if n == 0), sum(n for _actor, n in counts))


def is_over(*, until: date | None, today: date) -> bool:
    """Whether the decree's term has ended; `until` is the first day on which it no longer holds."""
    return until is not None and until <= today
