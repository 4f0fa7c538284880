"""Days and weeks of an office as moments: plain rules over the working calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from guyub.kernel.calendar import WorkingCalendar, end_of_local_day, local_date, start_of_local_day

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment until another (exclusive), both in UTC, and its first and last day."""

    first: date
    last: date
    since: datetime
    until: datetime


def span(first: date, last: date, tz: ZoneInfo) -> Span:
    return Span(first, last, start_of_local_day(first, tz), start_of_local_day(last + ONE_DAY, tz))


def month_span(month: date, tz: ZoneInfo) -> Span:
    """The month in which a day lies."""
    first = month.replace(day=1)
    return span(first, (first + timedelta(days=31)).replace(day=1) - ONE_DAY, tz)


def week_span(day: date, tz: ZoneInfo) -> Span:
    """Monday to Sunday of the week in which a day lies."""
    monday = day - timedelta(days=day.weekday())
    return span(monday, monday + timedelta(days=6), tz)


def before(one: Span, tz: ZoneInfo) -> Span:
    """The month before a month, the week before a week."""
    last = one.first - ONE_DAY
    return month_span(last, tz) if one.first.day == 1 and one.last.day > 7 else week_span(last, tz)


class OfficeDays:
    """Working days around one moment, for a sheet. Years without a decree count by their weekends."""

    def __init__(self, at: datetime, tz: ZoneInfo, calendar: WorkingCalendar) -> None:
        self.at, self.tz, self.calendar = at, tz, calendar
        self.today = local_date(at, tz)

    def works(self, day: date) -> bool:
        return self.calendar.working_days_between_provisional(day - ONE_DAY, day).days == 1

    @property
    def last_working_day(self) -> date:
        """The working day before today: on a Monday, Friday."""
        day = self.today - ONE_DAY
        while not self.works(day):
            day -= ONE_DAY
        return day

    @property
    def next_working_day(self) -> date:
        return self.calendar.add_working_days_provisional(self.today, 1).date

    def since_last_working_day(self) -> datetime:
        return start_of_local_day(self.last_working_day, self.tz)

    def until_next_working_day(self) -> datetime:
        return end_of_local_day(self.next_working_day, self.tz)

    def late(self, due_at: datetime) -> int:
        """Working days between a deadline's day and today."""
        return self.calendar.working_days_between_provisional(local_date(due_at, self.tz), self.today).days
