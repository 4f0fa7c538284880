"""How long a threshold holds, and what makes one impossible. Plain Python.

Land sinks: in Pekalongan by up to 20 cm a year (Heri Andreas, 2020). A threshold that was right when it was surveyed
lies too high a year later, because the street went down and the figure did not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

MOST_METRES = 20.0
YEAR = 365.25


class No(StrEnum):
    """Why something may not be."""

    NO_DATUM = "NO_DATUM"
    METRES = "METRES"
    ORDER = "ORDER"
    SURVEY_LATER = "SURVEY_LATER"
    VALID_TOO_SHORT = "VALID_TOO_SHORT"
    VALID_TOO_LONG = "VALID_TOO_LONG"
    IN_THE_PAST = "IN_THE_PAST"
    THERE = "THERE"
    PLACE = "PLACE"
    NOT_THE_SEA = "NOT_THE_SEA"
    TAKEN = "TAKEN"


class Fitness(StrEnum):
    """Whether a threshold may still be relied on."""

    EXPIRED = "EXPIRED"
    SUNK = "SUNK"
    SOON = "SOON"
    GOOD = "GOOD"


@dataclass(frozen=True, slots=True)
class Aged:
    """What time has done to a threshold: `sunk` is by how many metres the land went down since its survey."""

    fitness: Fitness
    sunk: float
    days_left: int

    @property
    def is_worn(self) -> bool:
        return self.fitness in (Fitness.EXPIRED, Fitness.SUNK)


def aged(
    *, surveyed_on: date, valid_until: date, on: date, cm_a_year: float, margin: float, warn_days: int
) -> Aged:
    """Whether a threshold holds on a day. Where land sinks faster than the margin lasts, that ends it first."""
    sunk = max(0, (on - surveyed_on).days) / YEAR * cm_a_year / 100
    left = (valid_until - on).days
    if left <= 0:
        return Aged(Fitness.EXPIRED, sunk, left)
    if cm_a_year > 0 and sunk >= margin:
        return Aged(Fitness.SUNK, sunk, left)
    if left <= warn_days:
        return Aged(Fitness.SOON, sunk, left)
    return Aged(Fitness.GOOD, sunk, left)


def may_set(
    *,
    metres: float,
    surveyed_on: date,
    valid_until: date,
    effective_from: date,
    today: date,
    others: Mapping[int, float],
    level: int,
    above_gauge: float | None,
    longest_years: int = 5,
) -> No | None:
    """Whether a threshold may be set. `above_gauge` is its height over the gauge's zero, None when the gauge does
    not know the datum; `others` the heights of the place's other levels, over the same zero."""
    if above_gauge is None:
        return No.NO_DATUM
    if not -MOST_METRES <= metres <= MOST_METRES:
        return No.METRES
    if surveyed_on > today:
        return No.SURVEY_LATER
    if valid_until <= max(surveyed_on, effective_from):
        return No.VALID_TOO_SHORT
    if (valid_until - surveyed_on).days > longest_years * YEAR:
        return No.VALID_TOO_LONG
    if effective_from < today:
        return No.IN_THE_PAST
    lower = [height for one, height in others.items() if one < level]
    higher = [height for one, height in others.items() if one > level]
    if (lower and max(lower) >= above_gauge) or (higher and min(higher) <= above_gauge):
        return No.ORDER
    return None
