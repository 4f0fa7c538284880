"""How good forecasts are, from rolling origins, beside two that anybody could make. Plain numbers, no Django.

*Persistence* says that the last 24 hours come again; *climatology* says what is usual at this hour of this month.
Days are counted as hits, misses and false alarms of "the highest water is above the mark".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from guyub.rooms.tides.probability import above
from guyub.rooms.tides.residuals import DAYS, HOURS, Memory, Spread

METHODS = ("forecast", "tide", "persistence", "climatology")


@dataclass(slots=True)
class Counts:
    """Days with water above the mark (hits, misses) and without (false alarms, quiet days)."""

    hits: int = 0
    misses: int = 0
    false_alarms: int = 0
    quiet: int = 0

    def add(self, *, warned: bool, happened: bool) -> None:
        if happened:
            self.hits, self.misses = self.hits + warned, self.misses + (not warned)
        else:
            self.false_alarms, self.quiet = self.false_alarms + warned, self.quiet + (not warned)

    @property
    def pod(self) -> float | None:
        """Of the days it happened, the share that was warned of. None without such days."""
        events = self.hits + self.misses
        return self.hits / events if events else None

    @property
    def far(self) -> float | None:
        """Of the warnings, the share that nothing came of. None without warnings."""
        warned = self.hits + self.false_alarms
        return self.false_alarms / warned if warned else None

    def as_json(self) -> dict[str, int]:
        return {
            "hits": self.hits,
            "misses": self.misses,
            "false_alarms": self.false_alarms,
            "quiet": self.quiet,
        }


@dataclass(slots=True)
class Skill:
    """Squared errors in metres and counted days, by method; `days` by method and day of lead (0 is the first)."""

    origins: int = 0
    mark: float = 0.0
    rmse: dict[str, float] = field(default_factory=dict)
    rmse_first: dict[str, float] = field(default_factory=dict)
    days: dict[str, dict[int, Counts]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "origins": self.origins,
            "mark": round(self.mark, 3),
            "rmse": {name: round(value, 4) for name, value in self.rmse.items()},
            "rmse_first": {name: round(value, 4) for name, value in self.rmse_first.items()},
            "days": {
                name: {str(lead): counts.as_json() for lead, counts in leads.items()}
                for name, leads in self.days.items()
            },
        }


def roll(
    *,
    truth: Sequence[float],
    observed: Sequence[float],
    tide: Sequence[float],
    hour_of: Sequence[int],
    month_of: Sequence[int],
    first: int,
    every: int,
    spread: Spread,
    memory: Memory,
    percent: int = 30,
    leads: tuple[int, ...] = (0, 4),
    high: float = 90,
) -> Skill:
    """Forecast from every origin after `first`, on gapless hourly rows (NaN where nothing is known).

    `observed` is what the forecaster sees, `truth` what was so; they differ where a test put faults in. The mark is
    a percentile of all daily maxima: it is set by how high the land is, not by who forecasts.
    """
    import numpy as np

    true, seen, level = (np.array(row, dtype=float) for row in (truth, observed, tide))
    usual = _climatology(true[:first], hour_of, month_of)
    mark = float(np.nanpercentile(_tops(true), high))
    rates = _rates(_tops(true[:first]) > mark, month_of)
    share = np.exp(-np.arange(1, HOURS + 1) / memory.fades)
    wrong: dict[str, list[Any]] = {name: [] for name in METHODS}
    days = {name: {lead: Counts() for lead in leads} for name in METHODS}
    origins = range(first, len(true) - HOURS, every)
    for origin in origins:
        ahead = slice(origin, origin + HOURS)
        said = _said(origin, seen, level, usual, share, memory, hour_of, month_of)
        for name in METHODS:
            wrong[name].append(said[name] - true[ahead])
        for lead in leads:
            part = slice(lead * 24, lead * 24 + 24)
            top = true[ahead][part]
            if np.isfinite(top).sum() < 20:
                continue
            happened = bool(np.nanmax(top) > mark)
            sure = above(
                expected=float(said["forecast"][part].max()) + spread.day_bias[lead],
                sigma=spread.day_sigma[lead],
                threshold=mark,
            )
            warned = {
                "forecast": sure * 100 >= percent,
                "tide": bool(said["tide"][part].max() > mark),
                "persistence": bool(np.nanmax(said["persistence"][part]) > mark),
                "climatology": rates.get(int(month_of[origin + lead * 24]), 0.0) * 100 >= percent,
            }
            for name in METHODS:
                days[name][lead].add(warned=warned[name], happened=happened)
    tables = {name: np.array(rows) for name, rows in wrong.items()}
    return Skill(
        len(origins),
        mark,
        {name: _root(rows) for name, rows in tables.items()},
        {name: _root(rows[:, :24]) for name, rows in tables.items()},
        days,
    )


def _said(
    origin: int,
    seen: Any,
    level: Any,
    usual: dict[tuple[int, int], float],
    share: Any,
    memory: Memory,
    hour_of: Sequence[int],
    month_of: Sequence[int],
) -> dict[str, Any]:
    """What each method says at an origin of the next hours."""
    import numpy as np

    ahead = slice(origin, origin + HOURS)
    back = slice(origin - memory.hours, origin)
    known = np.sort((seen[back] - level[back])[np.isfinite(seen[back])])
    cut = len(known) // 4
    residual = float(known[cut : len(known) - cut].mean()) if len(known) * 5 >= memory.hours else 0.0
    last = seen[origin - 24 : origin]
    last = np.where(np.isfinite(last), last, np.nanmean(seen[origin - 24 * 14 : origin]))
    return {
        "forecast": level[ahead] + residual * share,
        "tide": level[ahead],
        "persistence": np.tile(last, DAYS),
        "climatology": np.array(
            [usual[month_of[hour], hour_of[hour]] for hour in range(origin, origin + HOURS)]
        ),
    }


def _climatology(
    before: Any, hour_of: Sequence[int], month_of: Sequence[int]
) -> dict[tuple[int, int], float]:
    """The mean by month and hour of the day; of months never seen, the mean of the hour."""
    import numpy as np

    hours = np.array(hour_of[: len(before)])
    months = np.array(month_of[: len(before)])
    found = {}
    for hour in range(24):
        of_hour = before[hours == hour]
        for month in range(1, 13):
            cell = before[(hours == hour) & (months == month)]
            cell = cell if np.isfinite(cell).any() else of_hour
            found[month, hour] = float(np.nanmean(cell))
    return found


def _tops(row: Any) -> Any:
    """The highest water of each day of 24 hours; NaN for days with large gaps."""
    import numpy as np

    whole = row[: len(row) // 24 * 24].reshape(-1, 24)
    there = np.isfinite(whole).sum(axis=1) >= 20
    tops = np.where(np.isfinite(whole), whole, -np.inf).max(axis=1)
    return np.where(there, tops, math.nan)


def _rates(above_mark: Any, month_of: Sequence[int]) -> dict[int, float]:
    """How often a day of each month was above the mark."""
    import numpy as np

    months = np.array(month_of[: len(above_mark) * 24 : 24])
    return {
        month: float(above_mark[months == month].mean()) for month in range(1, 13) if (months == month).any()
    }


def _root(rows: Any) -> float:
    import numpy as np

    return math.sqrt(float(np.nanmean(rows**2)))
