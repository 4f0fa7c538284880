"""How likely the day's highest water is above a level, and what makes it worse. Plain Python.

P(tide + fading residual + its usual error > threshold), as NOAA works out its outlook of high-tide flooding (Dusek et
al. 2022), with the error of the daily maximum measured at each lead on this very gauge.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What makes the same water worse."""

    RAIN_FORECAST = "RAIN_FORECAST"
    RAIN_MEASURED = "RAIN_MEASURED"
    PUMP_OUT = "PUMP_OUT"
    GATE_OPEN = "GATE_OPEN"


@dataclass(frozen=True, slots=True)
class Aggravation:
    """A rule of the rulebook: from `least` on (mm in `hours`, or pumps out of order) the threshold is lower by
    `lowers` metres, or the level is `raises` steps higher."""

    code: str
    kind: Kind
    least: float
    hours: int = 0
    lowers: float = 0.0
    raises: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """An aggravation that holds now, with the figure it was seen by."""

    code: str
    kind: Kind
    amount: float
    hours: int
    lowers: float
    raises: int


@dataclass(frozen=True, slots=True)
class Chance:
    """The outlook of a day at one level. `lift` is by how much water seen already is above the forecast's peak."""

    probability: float
    expected: float
    sigma: float
    threshold: float


def above(*, expected: float, sigma: float, threshold: float) -> float:
    """P(the highest water > threshold) when it is about `expected`, wrong by `sigma` (metres)."""
    if not sigma > 0:
        return 1.0 if expected > threshold else 0.0
    return 0.5 * math.erfc((threshold - expected) / (sigma * math.sqrt(2)))


def chance(
    *,
    heights: Iterable[float],
    bias: float,
    sigma: float,
    threshold: float,
    lowers: float = 0.0,
    seen: float | None = None,
) -> Chance:
    """A day's chance of a level. `heights` are the forecast hours that are still to come, `seen` the highest water
    measured so far that day: what was measured above a threshold is certain, whatever is still to come.

    What aggravates lowers the threshold for the water to come; it does not change what was measured.
    """
    effective = threshold - lowers
    peak = max(heights, default=None)
    if peak is None:
        known = seen if seen is not None else -math.inf
        return Chance(1.0 if known > effective else 0.0, known, 0.0, effective)
    expected = peak + bias
    likely = above(expected=expected, sigma=sigma, threshold=effective)
    if seen is not None:
        likely = 1.0 if seen > effective else likely
        expected = max(expected, seen)
    return Chance(likely, expected, sigma, effective)


def holding(rules: Iterable[Aggravation], seen: Mapping[tuple[Kind, int], float]) -> list[Reason]:
    """The aggravations that hold: of several of one kind the one that weighs most. `seen` has what was measured or
    forecast, by kind and number of hours (0 where hours mean nothing)."""
    found: dict[Kind, Reason] = {}
    for rule in rules:
        amount = seen.get((rule.kind, rule.hours))
        if amount is None or amount < rule.least:
            continue
        reason = Reason(rule.code, rule.kind, amount, rule.hours, rule.lowers, rule.raises)
        if rule.kind not in found or _weight(reason) > _weight(found[rule.kind]):
            found[rule.kind] = reason
    return sorted(found.values(), key=lambda one: one.kind)


def _weight(reason: Reason) -> tuple[float, float, float]:
    return reason.raises, reason.lowers, reason.amount


def together(reasons: Iterable[Reason], *, most_lowers: float, most_raises: int = 1) -> tuple[float, int]:
    """By how much all of them lower the threshold and raise the level, within limits: rain at the forecast and in
    the gauge is the same rain, of which the heavier counts."""
    rows = list(reasons)
    rain = [one for one in rows if one.kind in (Kind.RAIN_FORECAST, Kind.RAIN_MEASURED)]
    kept = [one for one in rows if one not in rain] + sorted(rain, key=_weight)[-1:]
    lowers = sum(one.lowers for one in kept)
    raises = sum(one.raises for one in kept)
    return min(lowers, most_lowers), min(raises, most_raises)
