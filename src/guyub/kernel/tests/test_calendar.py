import json
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.kernel.calendar import (
    COLLECTIVE_LEAVE,
    NATIONAL,
    Holiday,
    WorkingCalendar,
    YearNotPublished,
    calendar_from_entries,
    deadline,
    end_of_local_day,
    local_date,
)

SEED = json.loads((files("guyub.kernel") / "rulebook/seeds/holidays.json").read_text(encoding="utf-8"))
CALENDAR = calendar_from_entries(SEED)
WIB, WITA, WIT = (ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura"))
D = date.fromisoformat

# Worked by hand from the decrees of 2026 and 2027; cuti bersama is off.
WORKED = [
    ("2026-03-13", 3, "2026-03-25"),  # over Nyepi and Idulfitri
    ("2026-03-13", 5, "2026-03-27"),
    ("2026-03-13", 14, "2026-04-10"),
    ("2026-03-13", 60, "2026-06-24"),
    ("2026-11-20", 3, "2026-11-25"),
    ("2026-11-20", 5, "2026-11-27"),
    ("2026-11-20", 14, "2026-12-10"),
    ("2026-05-25", 10, "2026-06-11"),  # over Iduladha, Waisak and Pancasila
    ("2026-12-21", 10, "2027-01-08"),  # into the next year
    ("2026-12-21", 17, "2027-01-19"),
]

days = st.dates(D("2025-01-01"), D("2027-06-30"))
counts = st.integers(0, 60)


@pytest.mark.parametrize(("start", "n", "due"), WORKED)
def test_the_worked_examples(start, n, due):
    assert CALENDAR.add_working_days(D(start), n) == D(due)
    assert CALENDAR.working_days_between(D(start), D(due)) == n


def test_the_worked_examples_are_the_reference_examples():
    path = Path(__file__).resolve().parents[4] / "../shared/reference/domain-data/examples.json"
    if not path.exists():
        pytest.skip("the reference folder is not beside this checkout")
    examples = json.loads(path.read_text(encoding="utf-8"))["working_days"]
    assert [(e["from"], e["n"], e["due"]) for e in examples] == WORKED


def test_a_year_has_the_working_days_that_were_counted_by_hand():
    def working(calendar, year):
        return calendar.working_days_between(date(year, 1, 1), date(year, 12, 31))  # 1 January is always off

    everyone = calendar_from_entries(SEED, count_cuti_bersama=True)
    assert (working(CALENDAR, 2026), working(everyone, 2026)) == (240, 248)
    assert (working(CALENDAR, 2027), working(everyone, 2027)) == (242, 250)


@pytest.mark.parametrize(("year", "national", "collective"), [(2025, 17, 11), (2026, 17, 8), (2027, 18, 8)])
def test_the_decrees_are_complete(year, national, collective):
    kinds = [holiday.kind for holiday in CALENDAR.years[year]]
    assert (kinds.count(NATIONAL), kinds.count(COLLECTIVE_LEAVE)) == (national, collective)
    dates = [holiday.date for holiday in CALENDAR.years[year]]
    assert dates == sorted(set(dates))


def test_day_zero_is_the_day_of_receipt_even_when_off():
    saturday = D("2026-11-21")
    assert CALENDAR.add_working_days(saturday, 0) == saturday
    assert CALENDAR.add_working_days(saturday, 1) == D("2026-11-23")
    assert CALENDAR.add_working_days(D("2028-05-05"), 0) == D("2028-05-05")  # nothing is counted


def test_an_unpublished_year_raises_and_is_named():
    with pytest.raises(YearNotPublished, match="2028") as caught:
        CALENDAR.add_working_days(D("2027-12-20"), 30)
    assert caught.value.year == 2028
    with pytest.raises(YearNotPublished):
        CALENDAR.is_working_day(D("2028-01-01"))  # a Saturday, and still not known
    with pytest.raises(YearNotPublished):
        CALENDAR.working_days_between(D("2027-12-30"), D("2028-01-03"))
    assert CALENDAR.add_working_days(D("2027-12-20"), 8) == D("2027-12-31")  # the last day it can answer for


def test_an_unpublished_year_may_be_counted_provisionally():
    sure = CALENDAR.add_working_days_provisional(D("2026-11-20"), 3)
    assert (sure.date, sure.provisional, sure.missing_year) == (D("2026-11-25"), False, None)
    unsure = CALENDAR.add_working_days_provisional(D("2027-12-31"), 2)
    assert (unsure.date, unsure.provisional, unsure.missing_year) == (D("2028-01-04"), True, 2028)
    count = CALENDAR.working_days_between_provisional(D("2027-12-31"), D("2028-01-04"))
    assert (count.days, count.missing_year) == (2, 2028)


def test_the_calendar_as_it_was_known_on_a_day():
    august = D("2025-08-15")
    before = calendar_from_entries(SEED, known_on=D("2025-08-06"))
    after = calendar_from_entries(SEED, known_on=D("2025-08-07"))
    assert before.add_working_days(august, 1) == D("2025-08-18")
    assert after.add_working_days(august, 1) == D("2025-08-19")
    assert not before.is_published(2026)
    assert after.is_published(2025)


def test_a_six_day_week_and_cuti_bersama_that_counts():
    six = WorkingCalendar(CALENDAR.years, weekend=frozenset({6}))
    assert six.add_working_days(D("2026-11-20"), 1) == D("2026-11-21")
    through = WorkingCalendar(CALENDAR.years, count_cuti_bersama=True)
    assert through.is_working_day(D("2026-03-18"))
    assert not through.is_working_day(D("2026-03-19"))


@pytest.mark.parametrize("weekend", [frozenset(range(7)), frozenset({7})])
def test_a_weekend_must_leave_a_working_day(weekend):
    with pytest.raises(ValueError, match="weekend"):
        WorkingCalendar({}, weekend=weekend)


def test_a_holiday_must_stand_in_its_year_and_have_a_known_kind():
    with pytest.raises(ValueError, match="stands under 2027"):
        WorkingCalendar({2027: (Holiday(D("2026-01-01"), "Tahun Baru", NATIONAL),)})
    with pytest.raises(ValueError, match="kind"):
        WorkingCalendar({2027: (Holiday(D("2027-01-01"), "Tahun Baru", "pesta"),)})


def test_backwards_is_refused():
    with pytest.raises(ValueError, match="forwards"):
        CALENDAR.add_working_days(D("2026-11-20"), -1)


def test_the_end_of_a_day_is_local():
    day = D("2026-11-25")
    assert end_of_local_day(day, WIB) == datetime(2026, 11, 25, 16, 59, 59, tzinfo=UTC)
    assert end_of_local_day(day, WITA) == datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC)
    assert end_of_local_day(day, WIT) == datetime(2026, 11, 25, 14, 59, 59, tzinfo=UTC)


def test_a_deadline_starts_from_the_local_day():
    late_evening_utc = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)  # 20 November, 00.30 in Bandung
    due = deadline(late_evening_utc, 3, WIB, CALENDAR)
    assert (due.due_at, due.provisional) == (end_of_local_day(D("2026-11-25"), WIB), False)
    assert deadline(datetime(2027, 12, 31, tzinfo=UTC), 1, WIB, CALENDAR).provisional
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2026, 11, 19, 17, 30), WIB)


@given(days, st.integers(1, 60))
def test_what_is_due_is_due_on_a_working_day(start, n):
    assert CALENDAR.is_working_day(CALENDAR.add_working_days(start, n))


@given(days, counts)
def test_one_more_day_is_later(start, n):
    assert CALENDAR.add_working_days(start, n) < CALENDAR.add_working_days(start, n + 1)


@given(days, counts, counts)
def test_steps_add_up(start, a, b):
    together = CALENDAR.add_working_days(start, a + b)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, a), b) == together


@given(days, counts)
def test_counting_undoes_adding(start, n):
    due = CALENDAR.add_working_days(start, n)
    assert CALENDAR.working_days_between(start, due) == n
    assert CALENDAR.working_days_between(due, start) == -n


@given(days, st.integers(0, 120))
def test_counting_equals_asking_day_by_day(start, length):
    end = start + timedelta(days=length)
    expected = sum(CALENDAR.is_working_day(start + timedelta(days=i)) for i in range(1, length + 1))
    assert CALENDAR.working_days_between(start, end) == expected


@given(days, counts)
def test_provisional_agrees_with_certain_where_all_is_known(start, n):
    assert CALENDAR.add_working_days_provisional(start, n).date == CALENDAR.add_working_days(start, n)
