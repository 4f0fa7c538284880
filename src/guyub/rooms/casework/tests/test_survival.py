"""The median that counts what is still open."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from guyub.kernel.calendar import WorkingCalendar
from guyub.rooms.casework.survival import DayCounter, Watched, median


def made(*days: int, open_: tuple[int, ...] = ()) -> list[Watched]:
    return [Watched(d, True) for d in days] + [Watched(d, False) for d in open_]


def test_all_finished_is_the_plain_median():
    assert median(made(1, 2, 3)) == 2
    assert median(made(4)) == 4
    assert median([]) is None


def test_open_cases_push_it_out():
    assert median(made(2, 2, 2, open_=(30, 30))) == 2
    assert median(made(2, 2, open_=(30, 30, 30))) is None


def test_a_young_open_case_says_nothing_about_later_days():
    """The text-book estimate: 6, 6, 6, 6*, 7, 9*, 10, 10*, 11*, 13, 16, 17*, 19*, 20*, 22, 23, 25* … gives 23."""
    finished = (6, 6, 6, 7, 10, 13, 16, 22, 23)
    still = (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
    assert median(made(*finished, open_=still)) == 23


@given(st.lists(st.integers(0, 60), min_size=1), st.lists(st.integers(0, 60)))
def test_closing_easy_cases_never_hides_the_open_ones(finished, still):
    """Beside the same finished cases, more that stay open for ever never make an office look faster."""
    alone, beside = median(made(*finished)), median(made(*finished, open_=(10_000,) * len(still)))
    assert beside is None or beside >= alone


@given(st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.integers(0, 25))
def test_counting_at_once_equals_counting_one_by_one(first, length):
    calendar = WorkingCalendar({2026: ()})
    last = first + timedelta(days=length)
    counter = DayCounter(date(2026, 1, 1), date(2026, 12, 31), calendar)
    assert counter.between(first, last) == calendar.working_days_between(first, last)
