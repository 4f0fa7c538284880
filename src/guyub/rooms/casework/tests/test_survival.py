"""The median that counts what is still open."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from guyub.kernel.calendar import WorkingCalendar
from guyub.rooms.casework.survival import DayCounter, Watched, curve, day_by_which, median


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


def test_the_curve_is_the_one_of_the_text_book():
    """Remissions under 6-MP (Freireich and others, 1963), the example of most books on survival."""
    finished, still = (6, 6, 6, 7, 10, 13, 16, 22, 23), (6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35)
    counted = {(day, True): finished.count(day) for day in finished}
    counted |= {(day, False): still.count(day) for day in still}
    printed = [(6, 0.857), (7, 0.807), (10, 0.753), (13, 0.690), (16, 0.627), (22, 0.538), (23, 0.448)]
    assert [(point.day, round(point.left, 3)) for point in curve(counted)] == printed
    assert [point.at_risk for point in curve(counted)] == [21, 17, 15, 12, 11, 7, 6]


watched = st.dictionaries(st.tuples(st.integers(0, 60), st.booleans()), st.integers(1, 9), min_size=1)


@given(watched)
def test_a_curve_only_falls_and_stays_between_all_and_nothing(counted):
    left = [1.0, *(point.left for point in curve(counted))]
    assert left == sorted(left, reverse=True)
    assert all(-1e-9 <= one <= 1 for one in left)
    half, most = day_by_which(curve(counted), 0.5), day_by_which(curve(counted), 0.9)
    assert most is None or (half is not None and half <= most)


@given(watched, st.data())
def test_not_knowing_the_end_never_shortens(counted, data):
    """One that was finished is only known to have lasted as long, or longer: no day comes earlier."""
    finished = sorted(day for day, is_finished in counted if is_finished)
    if not finished:
        return
    day = data.draw(st.sampled_from(finished))
    later = day + data.draw(st.integers(0, 30))
    unknown = dict(counted)
    unknown[day, True] -= 1
    unknown[later, False] = unknown.get((later, False), 0) + 1
    for share in (0.5, 0.9):
        before, after = day_by_which(curve(counted), share), day_by_which(curve(unknown), share)
        assert after is None or (before is not None and before <= after)


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
