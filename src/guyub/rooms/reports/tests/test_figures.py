"""Figures over time come from the facts, add up, and keep silent about conduct."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from guyub.events.reports import ReportStateChanged, ReportSubmitted
from guyub.kernel.ledger import api as ledger
from guyub.rooms.reports import queries
from guyub.rooms.reports.models import DailyFigures

pytestmark = pytest.mark.django_db

HERE, BESIDE, ELSEWHERE = "32.73.02.1004", "32.73.02.1005", "32.73.01.1001"
# Sunday 15 November 2026, 23.30 in Bandung: the last half hour of a week.
SUNDAY_NIGHT = datetime(2026, 11, 15, 16, 30, tzinfo=UTC)


def submitted(number: int, *, at: datetime, place: str, about_conduct: bool = False) -> None:
    fact = ReportSubmitted(
        report=number, number=f"LAP-2026-{number}", report_class="PENGADUAN", category="sampah",
        about_conduct=about_conduct, is_hazard=False,
    )  # fmt: skip
    ledger.record(fact, subject=f"reports.report:{number}", at=at, place=place)


def moved(number: int, to: str, *, at: datetime, place: str) -> None:
    fact = ReportStateChanged(report=number, from_state="X", to_state=to, about_conduct=False)
    ledger.record(fact, subject=f"reports.report:{number}", at=at, place=place)


@pytest.fixture
def told(city):
    submitted(1, at=SUNDAY_NIGHT, place=HERE)
    submitted(2, at=SUNDAY_NIGHT + timedelta(hours=1), place=HERE)  # Monday in the city
    submitted(3, at=SUNDAY_NIGHT + timedelta(hours=1), place=BESIDE)
    submitted(4, at=SUNDAY_NIGHT, place=ELSEWHERE)
    submitted(5, at=SUNDAY_NIGHT, place=HERE, about_conduct=True)
    moved(1, "RECEIVED", at=SUNDAY_NIGHT + timedelta(days=1), place=HERE)  # asked back: not sent anew
    moved(1, "CONFIRMED", at=SUNDAY_NIGHT + timedelta(days=2), place=HERE)
    ledger.drain(settled_only=False)


def shown(place: str) -> list[tuple[int, int]]:
    found = queries.weeks(until=date(2026, 11, 21), number=2, place=place)
    assert [week.begins_on for week in found] == [date(2026, 11, 9), date(2026, 11, 16)]
    return [(week.received, week.confirmed) for week in found]


def test_a_week_begins_on_monday_in_the_city(told):
    assert shown(HERE) == [(1, 0), (1, 1)]


def test_parts_add_up_to_the_whole(told):
    assert shown("32.73.02") == [(1, 0), (2, 1)]
    assert shown("") == [(2, 0), (2, 1)]


def test_rebuilt_from_the_ledger_it_is_the_same(told):
    columns = ("day", "place_code", "state", "count")
    before = sorted(DailyFigures.objects.values_list(*columns))
    ledger.rebuild()
    assert sorted(DailyFigures.objects.values_list(*columns)) == before


def test_one_question_to_the_database_whatever_the_size(told, django_assert_num_queries):
    with django_assert_num_queries(1):
        queries.weeks(until=date(2026, 11, 21), number=52)
