"""'Half finished within n working days', with what is still open counted in: plain Python.

The mean of what was closed flatters an office that closes the easy cases and leaves the others open. Kaplan and
Meier's estimate lets each open case speak for as long as it has been watched.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from guyub.kernel.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Watched:
    """How many working days a case took, or has been watched so far if it is not finished."""

    days: int
    is_finished: bool


@dataclass(frozen=True, slots=True)
class Point:
    """After so many working days this share is not finished yet; `at_risk` were still watched when the day began."""

    day: int
    left: float
    at_risk: int


def curve(counted: Mapping[tuple[int, bool], int]) -> list[Point]:
    """Kaplan and Meier's estimate from how many there are of (days, is finished); a point each day something finished."""
    at_risk, left = sum(counted.values()), 1.0
    points = []
    for day in sorted({day for day, _ in counted}):
        finished, others = counted.get((day, True), 0), counted.get((day, False), 0)
        if finished:
            left *= 1 - finished / at_risk
            points.append(Point(day, left, at_risk))
        at_risk -= finished + others
    return points


def day_by_which(points: Iterable[Point], share: float) -> int | None:
    """The first working day by which so great a share is finished; None if it never was, as far as can be known."""
    return next((point.day for point in points if point.left <= 1 - share + 1e-9), None)


def median(watched: Iterable[Watched]) -> int | None:
    """The working day by which half are finished; None if fewer than half are, as far as anybody can know."""
    return day_by_which(curve(Counter((one.days, one.is_finished) for one in watched)), 0.5)


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
