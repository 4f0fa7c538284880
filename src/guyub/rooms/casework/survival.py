"""'Half finished within n working days', with what is still open counted in: plain Python.

The mean of what was closed flatters an office that closes the easy cases and leaves the others open. Kaplan and
Meier's estimate lets each open case speak for as long as it has been watched.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from guyub.kernel.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Watched:
    """How many working days a case took, or has been watched so far if it is not finished."""

    days: int
    is_finished: bool


def median(watched: Iterable[Watched]) -> int | None:
    """The working day by which half are finished; None if fewer than half are, as far as anybody can know."""
    seen = list(watched)
    finished = Counter(one.days for one in seen if one.is_finished)
    left = Counter(one.days for one in seen if not one.is_finished)
    at_risk, share = len(seen), 1.0
    for day in sorted({*finished, *left}):
        if finished[day]:
            share *= 1 - finished[day] / at_risk
            if share <= 0.5 + 1e-9:
                return day
        at_risk -= finished[day] + left[day]
    return None


class DayCounter:
    """Working days between many pairs of days: the calendar is read once, each answer is two look-ups."""

    def __init__(self, first: date, last: date, calendar: WorkingCalendar) -> None:
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        self.working = [day for day in days if _works(day, calendar)]

    def between(self, a: date, b: date) -> int:
        """Working days after `a` up to and including `b`."""
        return bisect_right(self.working, b) - bisect_right(self.working, a)


def _works(day: date, calendar: WorkingCalendar) -> bool:
    return calendar.working_days_between_provisional(day - timedelta(days=1), day).days == 1
