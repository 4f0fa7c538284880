"""A clock that runs in working days and pauses only with a stated reason.

It is told the time; it never asks for it. So the same clock can be replayed for an auditor, years later.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from guyub.kernel.calendar import WorkingCalendar, end_of_local_day, local_date


class ClockRefused(ValueError):
    """The clock may not be moved that way."""


@dataclass(frozen=True)
class Clock:
    """`due_at` in UTC; `provisional` while a year it runs through has no holiday decree.

    Paused or not: `paused_at` and `pause_reason` are both there or both absent.
    """

    due_at: datetime
    provisional: bool
    paused_at: datetime | None = None
    pause_reason: str = ""

    def __post_init__(self) -> None:
        if (self.paused_at is None) != (not self.pause_reason.strip()):
            raise ClockRefused("A pause is a moment and a reason, together.")

    @property
    def is_paused(self) -> bool:
        return self.paused_at is not None

    def pause(self, at: datetime, reason: str) -> "Clock":
        """Stop the clock from `at` on. Raises `ClockRefused` without a reason or when it already stands."""
        if self.is_paused:
            raise ClockRefused("The clock already stands.")
        if not reason.strip():
            raise ClockRefused("A clock pauses only with a stated reason.")
        return replace(self, paused_at=at, pause_reason=reason.strip())

    def resume(self, at: datetime, calendar: WorkingCalendar, tz: ZoneInfo) -> "Clock":
        """Run again: the due date moves by the working days the pause covered, by the days of region `tz`.

        The day of the pause has already begun and is not given back; the day of the answer is. A clock that
        had run out before it was paused stays run out: a late question does not make an office punctual.
        """
        if self.paused_at is None:
            raise ClockRefused("The clock is not paused.")
        if at < self.paused_at:
            raise ClockRefused("A clock cannot resume before it paused.")
        if self.paused_at > self.due_at:
            return replace(self, paused_at=None, pause_reason="")
        covered = calendar.working_days_between_provisional(
            local_date(self.paused_at, tz), local_date(at, tz)
        )
        due = calendar.add_working_days_provisional(local_date(self.due_at, tz), covered.days)
        return Clock(
            due_at=end_of_local_day(due.date, tz),
            provisional=self.provisional or covered.provisional or due.provisional,
        )

    def is_overdue(self, at: datetime) -> bool:
        """Whether the due date has passed at `at`; a paused clock answers for the moment it was paused."""
        return (self.paused_at or at) > self.due_at
