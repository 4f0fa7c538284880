import json
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.kernel.calendar import calendar_from_entries, deadline, end_of_local_day, local_date
from guyub.kernel.clock import Clock, ClockRefused

SEED = json.loads((files("guyub.kernel") / "rulebook/seeds/holidays.json").read_text(encoding="utf-8"))
CALENDAR = calendar_from_entries(SEED)
WIB = ZoneInfo("Asia/Jakarta")
REASON = "Menunggu jawaban pelapor"


def at(day: str, hour: int = 10) -> datetime:
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=WIB).astimezone(UTC)


def clock(day: str) -> Clock:
    return Clock(due_at=end_of_local_day(date.fromisoformat(day), WIB), provisional=False)


def test_a_pause_moves_the_due_date_by_the_working_days_it_covered():
    paused = clock("2026-11-25").pause(at("2026-11-20"), REASON)
    assert (paused.is_paused, paused.pause_reason) == (True, REASON)
    running = paused.resume(at("2026-11-24"), CALENDAR, WIB)  # Monday and Tuesday; not the weekend
    assert running == clock("2026-11-27")


def test_a_pause_over_holidays_gives_back_no_holidays():
    paused = clock("2026-03-27").pause(at("2026-03-17"), REASON)
    assert paused.resume(at("2026-03-25"), CALENDAR, WIB) == clock("2026-03-30")


def test_a_question_answered_the_same_day_moves_nothing():
    paused = clock("2026-11-25").pause(at("2026-11-20", 9), REASON)
    assert paused.resume(at("2026-11-20", 15), CALENDAR, WIB) == clock("2026-11-25")


def test_days_are_counted_where_the_office_is():
    paused = clock("2026-11-25").pause(datetime(2026, 11, 22, 16, 59, tzinfo=UTC), REASON)  # Sunday 23.59 WIB
    assert paused.resume(datetime(2026, 11, 22, 17, 1, tzinfo=UTC), CALENDAR, WIB) == clock("2026-11-26")


def test_overdue_only_after_the_last_second():
    due = clock("2026-11-25")
    assert not due.is_overdue(due.due_at)
    assert due.is_overdue(due.due_at + timedelta(seconds=1))


def test_a_paused_clock_does_not_run_out():
    paused = clock("2026-11-25").pause(at("2026-11-24"), REASON)
    assert not paused.is_overdue(at("2026-12-31"))


def test_a_late_question_does_not_make_an_office_punctual():
    late = clock("2026-11-25").pause(at("2026-11-26"), REASON)
    assert late.is_overdue(at("2026-11-26"))
    assert late.resume(at("2026-12-10"), CALENDAR, WIB) == clock("2026-11-25")


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_pause_without_a_reason(reason):
    with pytest.raises(ClockRefused):
        clock("2026-11-25").pause(at("2026-11-20"), reason)
    with pytest.raises(ClockRefused):
        Clock(at("2026-11-25"), False, paused_at=at("2026-11-20"), pause_reason=reason)


def test_only_a_running_clock_pauses_and_only_a_paused_one_resumes():
    paused = clock("2026-11-25").pause(at("2026-11-20"), REASON)
    with pytest.raises(ClockRefused):
        paused.pause(at("2026-11-21"), REASON)
    with pytest.raises(ClockRefused):
        clock("2026-11-25").resume(at("2026-11-21"), CALENDAR, WIB)
    with pytest.raises(ClockRefused):
        paused.resume(at("2026-11-19"), CALENDAR, WIB)


def test_an_unpublished_year_makes_the_clock_provisional():
    paused = clock("2027-12-30").pause(at("2027-12-27"), REASON)
    assert paused.resume(at("2028-01-05"), CALENDAR, WIB).provisional


@given(st.dates(date(2025, 1, 1), date(2027, 6, 30)), st.integers(0, 20), st.integers(0, 30))
def test_a_pause_never_shortens_and_keeps_the_days_that_were_left(received, wait, length):
    received_at = at(received.isoformat())
    due = deadline(received_at, 14, WIB, CALENDAR)
    asked_at = received_at + timedelta(days=wait)
    answered_at = asked_at + timedelta(days=length)
    moved = Clock(due.due_at, due.provisional).pause(asked_at, REASON).resume(answered_at, CALENDAR, WIB)
    assert moved.due_at >= due.due_at
    if asked_at <= due.due_at:
        left = CALENDAR.working_days_between(local_date(asked_at, WIB), local_date(due.due_at, WIB))
        assert (
            CALENDAR.working_days_between(local_date(answered_at, WIB), local_date(moved.due_at, WIB)) == left
        )
