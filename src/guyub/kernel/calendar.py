"""Working days (hari kerja) as Indonesian law counts them. Plain rules: no clock, no database.

A year's days off are named in the year before by a joint decree of three ministers (SKB 3 Menteri) and may be
amended while the year runs. So a calendar is *given* its years; it never invents one. A year without a decree
raises `YearNotPublished`: "no holidays known" would quietly promise a date that cannot hold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

NATIONAL = "libur_nasional"
COLLECTIVE_LEAVE = "cuti_bersama"
REGIONAL = "libur_daerah"
KINDS = frozenset({NATIONAL, COLLECTIVE_LEAVE, REGIONAL})

SATURDAY_AND_SUNDAY = frozenset({5, 6})
ONE_DAY = timedelta(days=1)
Day = date  # a field called `date` would hide the type of that name


class YearNotPublished(LookupError):
    """The decree that names this year's holidays is not in the calendar."""

    def __init__(self, year: int) -> None:
        super().__init__(f"The holidays of {year} are not published.")
        self.year = year


@dataclass(frozen=True)
class Holiday:
    """One day off by decree. `kind` is one of `KINDS`."""

    date: Day
    name: str
    kind: str


@dataclass(frozen=True)
class ProvisionalDate:
    """A date that may still move: `missing_year` is the first year no decree has named, else None."""

    date: Day
    provisional: bool
    missing_year: int | None


@dataclass(frozen=True)
class ProvisionalCount:
    """A number of working days, counted like `ProvisionalDate`."""

    days: int
    provisional: bool
    missing_year: int | None


@dataclass(frozen=True)
class Deadline:
    """`due_at` (UTC) is the last second of the due day in the region's own time."""

    due_at: datetime
    provisional: bool


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of one region.

    `weekend` holds `date.weekday()` numbers; offices with a six-day week pass `{6}`. Civil servants are off
    on cuti bersama; where an office works through it, `count_cuti_bersama` makes those days count.
    """

    years: Mapping[int, tuple[Holiday, ...]]
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY
    count_cuti_bersama: bool = False
    _off: Mapping[int, frozenset[date]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.weekend < frozenset(range(7)):
            raise ValueError("The weekend is a set of weekdays 0-6 that leaves at least one working day.")
        for year, holidays in self.years.items():
            for holiday in holidays:
                _check_holiday(holiday, year)
        object.__setattr__(self, "_off", {year: self._off_days(days) for year, days in self.years.items()})

    def _off_days(self, holidays: Iterable[Holiday]) -> frozenset[date]:
        return frozenset(
            holiday.date
            for holiday in holidays
            if not (self.count_cuti_bersama and holiday.kind == COLLECTIVE_LEAVE)
        )

    def is_published(self, year: int) -> bool:
        return year in self._off

    def is_working_day(self, d: date) -> bool:
        """Raises `YearNotPublished`, on a weekend too: an answer about an unknown year is never certain."""
        off = self._off.get(d.year)
        if off is None:
            raise YearNotPublished(d.year)
        return d.weekday() not in self.weekend and d not in off

    def add_working_days(self, start: date, n: int) -> date:
        """The n-th working day after `start`. The day of receipt is day 0, whatever day it is.

        Raises `YearNotPublished` when the count enters a year without a decree.
        """
        result = self.add_working_days_provisional(start, n)
        if result.missing_year is not None:
            raise YearNotPublished(result.missing_year)
        return result.date

    def add_working_days_provisional(self, start: date, n: int) -> ProvisionalDate:
        """Like `add_working_days`, but an unpublished year is counted by its weekends and flagged."""
        if n < 0:
            raise ValueError("Working days are counted forwards.")
        day, left, missing = start, n, None
        while left:
            day += ONE_DAY
            off = self._off.get(day.year)
            if off is None and missing is None:
                missing = day.year
            if day.weekday() not in self.weekend and day not in (off or ()):
                left -= 1
        return ProvisionalDate(day, missing is not None, missing)

    def working_days_between(self, a: date, b: date) -> int:
        """Working days after `a` up to and including `b`; negative when `b` lies before `a`.

        The inverse of `add_working_days`. Raises `YearNotPublished`.
        """
        result = self.working_days_between_provisional(a, b)
        if result.missing_year is not None:
            raise YearNotPublished(result.missing_year)
        return result.days

    def working_days_between_provisional(self, a: date, b: date) -> ProvisionalCount:
        """Like `working_days_between`, but an unpublished year is counted by its weekends and flagged."""
        if b < a:
            back = self.working_days_between_provisional(b, a)
            return ProvisionalCount(-back.days, back.provisional, back.missing_year)
        first, years = a + ONE_DAY, range((a + ONE_DAY).year, b.year + 1) if b > a else range(0)
        missing = next((year for year in years if year not in self._off), None)
        weeks, rest = divmod((b - a).days, 7)
        working = weeks * (7 - len(self.weekend)) + sum(
            (first.weekday() + i) % 7 not in self.weekend for i in range(rest)
        )
        holidays = (day for year in years for day in self._off.get(year, ()))
        working -= sum(a < day <= b and day.weekday() not in self.weekend for day in holidays)
        return ProvisionalCount(working, missing is not None, missing)


def _check_holiday(holiday: Holiday, year: int) -> None:
    if holiday.date.year != year:
        raise ValueError(f"{holiday.date} stands under {year}.")
    if holiday.kind not in KINDS:
        raise ValueError(f"Unknown kind of holiday: {holiday.kind!r}.")


def start_of_local_day(day: date, tz: ZoneInfo) -> datetime:
    """Midnight at the beginning of a day in `tz`, in UTC."""
    return datetime.combine(day, time(0), tzinfo=tz).astimezone(UTC)


def end_of_local_day(d: date, tz: ZoneInfo) -> datetime:
    """23:59:59 of day `d` in `tz`, in UTC: the last second in which something due that day is in time."""
    return datetime.combine(d, time(23, 59, 59), tzinfo=tz).astimezone(UTC)


def local_date(at: datetime, tz: ZoneInfo) -> date:
    """The calendar day that people in `tz` were living at `at`. Refuses a moment without a time zone."""
    if at.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    return at.astimezone(tz).date()


def deadline(received_at: datetime, n: int, tz: ZoneInfo, calendar: WorkingCalendar) -> Deadline:
    """When something received at `received_at` is due in `n` working days, by the region's calendar day."""
    due = calendar.add_working_days_provisional(local_date(received_at, tz), n)
    return Deadline(end_of_local_day(due.date, tz), due.provisional)


def calendar_from_entries(
    entries: Iterable[Mapping[str, Any]],
    *,
    known_on: date | None = None,
    weekend: frozenset[int] = SATURDAY_AND_SUNDAY,
    count_cuti_bersama: bool = False,
) -> WorkingCalendar:
    """A calendar from the rulebook's `holidays` entries, one entry a year and version.

    `known_on` picks the decrees in force on that day (until is exclusive), so that a deadline can
    be computed again as it was then. Without it, the newest version of each year counts.
    """
    years: dict[int, tuple[Holiday, ...]] = {}
    for entry in sorted(entries, key=lambda entry: str(entry["effective_from"])):
        if known_on is None or _in_force(entry, known_on):
            years[int(entry["key"])] = tuple(
                Holiday(date.fromisoformat(day["date"]), day["name"], day["kind"]) for day in entry["value"]
            )
    return WorkingCalendar(years, weekend=weekend, count_cuti_bersama=count_cuti_bersama)


def _in_force(entry: Mapping[str, Any], on: date) -> bool:
    until = entry["effective_until"]
    return date.fromisoformat(entry["effective_from"]) <= on and (
        until is None or on < date.fromisoformat(until)
    )
