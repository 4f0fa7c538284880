"""A sea that nobody measured: an invented mixed tide, mainly diurnal, as the north coast of Java has it, with weather.

Seeded and pure: the same seed gives the same sea. What comes out of here is simulated and is marked so wherever it is
shown; the constants are made up and belong to no port.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

# name, amplitude in metres, phase in degrees
TIDE = (
    ("K1", 0.205, 40.0),
    ("O1", 0.085, 25.0),
    ("P1", 0.066, 38.0),
    ("M2", 0.092, 230.0),
    ("S2", 0.061, 170.0),
    ("N2", 0.021, 200.0),
    ("K2", 0.017, 165.0),
    ("Q1", 0.016, 15.0),
    ("SA", 0.055, 150.0),
    ("SSA", 0.028, 90.0),
    ("M4", 0.006, 120.0),
)
SURGES_A_YEAR = 9


@dataclass(frozen=True, slots=True)
class Surge:
    """Water that the wind holds against the coast: it rises and falls over some days around its peak (hour)."""

    peak: float
    hours: float
    metres: float

    def at(self, hour: float) -> float:
        apart = abs(hour - self.peak) / self.hours
        return self.metres * math.cos(apart * math.pi / 2) ** 2 if apart < 1 else 0.0


def weather(hours: int, *, seed: int, surges: Sequence[Surge] | None = None) -> list[float]:
    """What the sea does beside the tide, for so many hours: the season, wind from day to day, and surges."""
    random = Random(seed)  # noqa: S311
    if surges is None:
        surges = [
            Surge(random.uniform(0, hours), random.uniform(20, 60), random.uniform(0.08, 0.28))
            for _n in range(round(SURGES_A_YEAR * hours / 8766))
        ]
    season = [
        (random.uniform(0.015, 0.035), random.uniform(900, 3000), random.uniform(0, 6.3)) for _n in range(3)
    ]
    keeps = math.exp(-1 / 60)
    wind, found = 0.0, []
    for hour in range(hours):
        wind = wind * keeps + random.gauss(0, 0.05 * math.sqrt(1 - keeps**2))
        slow = sum(size * math.sin(2 * math.pi * hour / period + phase) for size, period, phase in season)
        found.append(slow + wind + sum(surge.at(hour) for surge in surges) + random.gauss(0, 0.008))
    return found


@dataclass(frozen=True, slots=True)
class Faults:
    """What a gauge gets wrong, in counts over the whole row: missing days, spikes, days stuck at a sentinel or at
    the last value, and metres of drift over the last part."""

    gaps: int = 0
    spikes: int = 0
    sentinels: int = 0
    stuck: int = 0
    drift: float = 0.0


def measured(true: Sequence[float], faults: Faults, *, seed: int) -> list[float]:
    """What a faulty gauge would say of a row of heights; NaN where it says nothing."""
    random = Random(seed)  # noqa: S311
    row, size = list(true), len(true)
    if faults.drift:
        start = size - size // 3
        for hour in range(start, size):
            row[hour] += faults.drift * (hour - start) / (size - start)
    for _n in range(faults.spikes):
        row[random.randrange(size)] += random.choice((-1, 1)) * random.uniform(0.4, 3.0)
    for value, count in ((9.999, faults.sentinels), (None, faults.stuck), (math.nan, faults.gaps)):
        for _n in range(count):
            start, long = random.randrange(size), random.randrange(18, 120)
            for hour in range(start, min(size, start + long)):
                row[hour] = row[start] if value is None else value
    return row


def months_and_hours(times: Sequence[datetime]) -> tuple[list[int], list[int]]:
    return [moment.month for moment in times], [moment.hour for moment in times]
