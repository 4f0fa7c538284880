"""What the sea does beside the tide: wind, pressure, season. Plain numbers, no Django.

The forecast is the tide plus the mean of the last hours' residual, which fades: in the Java Sea the residual is slow
(the season, the monsoon), and a forecast that knows today's is better for days. How wrong such forecasts were at each
lead is measured on the same hours from rolling origins, and that spread is what a probability is made of.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

HOURS = 168
DAYS = 7
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Memory:
    """Over how many hours the residual is averaged, and with which time it fades."""

    hours: int = 50
    fades: float = 240.0

    def share(self, lead: float) -> float:
        """What is left of the residual after so many hours."""
        return math.exp(-max(lead, 0.0) / self.fades)


@dataclass(frozen=True, slots=True)
class Spread:
    """How wrong forecasts were: by hour of lead (1 to 168), and of the daily maximum by day of lead (0 to 6)."""

    hours: tuple[float, ...]
    day_bias: tuple[float, ...]
    day_sigma: tuple[float, ...]
    origins: int

    def as_json(self) -> dict[str, Any]:
        return {
            "hours": [round(value, 4) for value in self.hours],
            "day_bias": [round(value, 4) for value in self.day_bias],
            "day_sigma": [round(value, 4) for value in self.day_sigma],
            "origins": self.origins,
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Spread:
        return cls(
            tuple(said["hours"]), tuple(said["day_bias"]), tuple(said["day_sigma"]), int(said["origins"])
        )


def recent(
    observed: Mapping[datetime, float], tide: Mapping[datetime, float], *, at: datetime, memory: Memory
) -> float | None:
    """The mean residual of the hours before a moment; None when fewer than a fifth of them were measured.

    The middle half is averaged, so that a spike among fifty good hours does not lift the forecast.
    """
    since = at - timedelta(hours=memory.hours)
    found = sorted(observed[t] - tide[t] for t in observed if since < t <= at and t in tide)
    if len(found) * 5 < memory.hours:
        return None
    quarter = len(found) // 4
    middle = found[quarter : len(found) - quarter] or found
    return sum(middle) / len(middle)


def ahead(tide: Sequence[float], residual: float | None, *, memory: Memory) -> list[float]:
    """Heights for the hours 1, 2, 3 … after the moment of the residual."""
    known = residual or 0.0
    return [height + known * memory.share(lead) for lead, height in enumerate(tide, start=1)]


def usual(sigma: float) -> Spread:
    """The spread of a gauge that has no history yet: one figure, the same at every lead."""
    return Spread((sigma,) * HOURS, (0.0,) * DAYS, (sigma,) * DAYS, 0)


def measure(
    residuals: Sequence[float | None],
    tide: Sequence[float],
    *,
    memory: Memory,
    every: int = 61,
    inflate: float = 1.0,
    floor: float = 0.02,
) -> Spread:
    """The spread over rolling origins in a gapless hourly row (None where nothing good was measured).

    `every` is odd against 24, so that origins fall on all hours of the day. `inflate` makes good for errors that
    are smaller on the hours of the fit than on new ones; `floor` is what no gauge falls below.
    """
    import numpy as np

    row = np.array([math.nan if value is None else value for value in residuals], dtype=float)
    level = np.array(tide, dtype=float)
    share = np.exp(-np.arange(1, HOURS + 1) / memory.fades)
    errors, days = [], []
    for origin in range(memory.hours, len(row) - HOURS, every):
        known = row[origin - memory.hours : origin]
        known = known[np.isfinite(known)]
        if len(known) * 2 < memory.hours:
            continue
        now = np.sort(known)[len(known) // 4 : len(known) - len(known) // 4].mean()
        wrong = row[origin : origin + HOURS] - now * share
        errors.append(wrong)
        days.append(_of_days(level[origin : origin + HOURS], row[origin : origin + HOURS], now * share))
    if len(errors) < 5:
        return usual(max(float(np.nanstd(row)) if np.isfinite(row).any() else 0.1, floor))
    hours = _smooth(_columns(np.array(errors), squares=True)) * inflate
    table = np.array(days)
    bias = _columns(table)
    sigma = _columns(table - bias, squares=True) * inflate
    return Spread(
        tuple(float(max(value, floor)) for value in hours),
        tuple(float(value) for value in bias),
        tuple(float(max(value, floor)) for value in sigma),
        len(errors),
    )


def _of_days(tide: Any, residual: Any, expected: Any) -> list[float]:
    """By how much the highest water of each day was above the highest forecast; NaN for days with large gaps."""
    import numpy as np

    found = []
    for day in range(DAYS):
        part = slice(day * 24, day * 24 + 24)
        seen = tide[part] + residual[part]
        whole = np.isfinite(seen).sum() >= 20
        found.append(float(np.nanmax(seen) - (tide[part] + expected[part]).max()) if whole else math.nan)
    return found


def _columns(table: Any, *, squares: bool = False) -> Any:
    """The mean of each column (or the root of the mean square), over what is there."""
    import numpy as np

    there = np.isfinite(table)
    filled = np.where(there, table, 0.0)
    count = np.maximum(there.sum(axis=0), 1)
    return np.sqrt((filled**2).sum(axis=0) / count) if squares else filled.sum(axis=0) / count


def _smooth(values: Any) -> Any:
    """Over a day: neighbouring leads differ by chance, not by physics."""
    import numpy as np

    padded = np.pad(values, 12, mode="edge")
    return np.convolve(padded, np.ones(25) / 25, mode="valid")
