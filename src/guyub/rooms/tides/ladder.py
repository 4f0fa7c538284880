"""From chances to one of four levels, and how a level goes up and down. Plain Python.

Normal < Waspada < Siaga < Awas, as BNPB and the volcano service say it. Going up is at once; going down needs hours
below a lower mark, so that a level does not flicker with every wave. What a gauge measures beats every chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum


class Level(IntEnum):
    NORMAL = 0
    WASPADA = 1
    SIAGA = 2
    AWAS = 3

    def higher(self, steps: int) -> Level:
        return Level(max(0, min(int(self) + steps, int(Level.AWAS))))


LEVELS = (Level.WASPADA, Level.SIAGA, Level.AWAS)


class Source(StrEnum):
    """What a level rests on."""

    OBSERVED = "OBSERVED"
    FORECAST = "FORECAST"


@dataclass(frozen=True, slots=True)
class Marks:
    """The dated configuration of the ladder: two cut-offs in percent, by how much the lower mark lies below each,
    how many hours a calm must last, and how far below its threshold the water must be (metres)."""

    possible: int = 30
    likely: int = 60
    below: int = 10
    calm_hours: int = 6
    margin: float = 0.05

    def __post_init__(self) -> None:
        if not 0 < self.possible <= self.likely <= 100 or not 0 <= self.below < self.possible:
            raise ValueError("The cut-offs contradict each other.")
        if self.calm_hours < 0 or self.margin < 0:
            raise ValueError("Hours and margin are not negative.")


@dataclass(frozen=True, slots=True)
class Signal:
    """What is known now: chances by level (0 to 1), steps by which what aggravates raises it, and the gauge."""

    chances: Mapping[Level, float]
    raises: int = 0
    water: float | None = None
    thresholds: Mapping[Level, float] | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a place stands. `calm_since` is from when on the signal has been below the level."""

    level: Level = Level.NORMAL
    source: Source = Source.FORECAST
    since: datetime | None = None
    calm_since: datetime | None = None


def forecast_level(
    chances: Mapping[Level, float], marks: Marks, *, lower: bool = False, raises: int = 0
) -> Level:
    """The level that chances speak for: a level itself from `likely` on, the one below it from `possible` on, and
    at least Waspada. `lower` asks at the lower marks, by which a level is held."""
    minus = marks.below if lower else 0
    found = Level.NORMAL
    for level in LEVELS:
        percent = chances.get(level, 0.0) * 100
        if percent >= marks.likely - minus:
            found = max(found, level)
        elif percent >= marks.possible - minus:
            found = max(found, Level.WASPADA, Level(level - 1))
    return found.higher(raises) if found else found


def observed_level(
    water: float | None, thresholds: Mapping[Level, float] | None, *, margin: float = 0.0
) -> Level:
    """The highest level whose threshold the water is above; with a margin, below which it must fall to leave."""
    if water is None or not thresholds:
        return Level.NORMAL
    return max(
        (level for level, metres in thresholds.items() if water > metres - margin), default=Level.NORMAL
    )


def step(standing: Standing, signal: Signal, *, at: datetime, marks: Marks) -> Standing:
    """Where a place stands after a signal. The same signal at the same moment changes nothing twice."""
    seen = observed_level(signal.water, signal.thresholds)
    likely = forecast_level(signal.chances, marks, raises=signal.raises)
    wanted = max(seen, likely)
    source = Source.OBSERVED if seen >= likely and seen else Source.FORECAST
    if wanted > standing.level or standing.since is None:
        return Standing(wanted, source, at, None)
    if wanted == standing.level:
        if not wanted:
            return replace(standing, calm_since=None)
        source = source if source == Source.OBSERVED else standing.source
        return replace(standing, source=source, calm_since=None)
    return _down(standing, signal, wanted, source, at=at, marks=marks)


def _down(
    standing: Standing, signal: Signal, wanted: Level, source: Source, *, at: datetime, marks: Marks
) -> Standing:
    """Down only after hours in which nothing held the level, and then to what the lower marks allow."""
    held = max(
        forecast_level(signal.chances, marks, lower=True, raises=signal.raises),
        observed_level(signal.water, signal.thresholds, margin=marks.margin),
    )
    if held >= standing.level:
        return replace(standing, calm_since=None)
    calm = standing.calm_since or at
    if at - calm < timedelta(hours=marks.calm_hours):
        return replace(standing, calm_since=calm)
    return Standing(max(held, wanted), source, at, None)
