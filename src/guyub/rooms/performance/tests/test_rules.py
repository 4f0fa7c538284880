"""Periods, shares and the trial, without a database."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from guyub.rooms.casework.api import State
from guyub.rooms.performance import rules, wording
from guyub.rooms.performance.rules import FIGURES, Group

TODAY = date(2026, 11, 20)
groups = st.lists(
    st.builds(
        Group,
        state=st.sampled_from(sorted(rules.EVERY_STATE)),
        reopened=st.booleans(),
        paused=st.booleans(),
        held=st.booleans(),
        late=st.booleans(),
        days=st.integers(0, 90),
        count=st.integers(0, 50),
    )
)


def test_every_state_of_a_case_has_one_outcome():
    assert {str(state) for state in State} == rules.EVERY_STATE
    assert sorted(state for one in rules.BECAME for state in one.states) == sorted(rules.EVERY_STATE)


def test_every_figure_has_a_name_and_a_meaning():
    assert set(FIGURES) <= set(wording.LABELS)
    assert set(wording.LABELS) == set(wording.MEANS)


@given(groups)
def test_outcomes_add_up_and_no_part_is_greater_than_its_whole(found):
    assert sum(rules.count(one, found) for one in rules.BECAME) == rules.count(rules.RECEIVED, found)
    assert rules.count(rules.REOPENED, found) <= rules.declared_done(found)
    assert sum(rules.times(found).values()) == rules.count(rules.RECEIVED, found)


@given(groups)
def test_counts_need_no_days(found):
    few = rules.without_days(found)
    for figure in FIGURES.values():
        assert rules.count(figure, few) == rules.count(figure, found)
    assert rules.declared_done(few) == rules.declared_done(found)


def test_ninety_days_end_with_today():
    first = rules.periods(today=TODAY, windows=(90, 365))[0]
    assert (first.since, first.until) == (date(2026, 8, 23), date(2026, 11, 21))
    assert (first.until - first.since).days == 90


@given(st.dates(date(2020, 1, 1), date(2100, 12, 31)))
def test_a_years_quarters_make_the_year(today):
    offered = rules.periods(today=today, windows=(90,))
    assert len({one.key for one in offered}) == len(offered)
    last = today.year - 1
    quarters = sorted(
        (one for one in offered if one.kind == "quarter" and one.since.year == last),
        key=lambda one: one.since,
    )
    assert quarters[0].since == date(last, 1, 1)
    assert quarters[-1].until == date(last + 1, 1, 1)
    assert all(a.until == b.since for a, b in itertools.pairwise(quarters))


@pytest.mark.parametrize(
    ("begins", "ends", "until"),
    [
        ("2026-11-01", "2026-12-01", date(2026, 12, 1)),
        ("2026-10-01", "2027-06-01", date(2026, 12, 30)),  # ninety days, whatever is said
        ("2026-08-01", "2027-06-01", None),
        ("2026-11-21", "2026-12-01", None),
        ("2026-10-01", "2026-11-20", None),
    ],
)
def test_a_trial_is_no_longer_than_ninety_days(begins, ends, until):
    assert rules.internal_until({"begins_on": begins, "ends_on": ends}, today=TODAY) == until


def test_without_a_trial_figures_are_public():
    assert rules.internal_until(None, today=TODAY) is None


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 50))
def test_a_share_of_few_has_no_percent(part, rest, least):
    found = rules.share(part, part + rest, least=least)
    assert (found.percent is None) == (found.whole < least)
    assert found.percent is None or 0 <= found.percent <= 100


def test_a_period_is_said_by_its_first_and_last_day():
    period = rules.Period("2026-t4", "quarter", 4, date(2026, 10, 1), date(2027, 1, 1))
    with override("id"):
        assert wording.first_and_last(period) == "1 Okt 2026 – 31 Des 2026"
        assert wording.said_period(period) == "Triwulan 4 2026"
    assert period.until - timedelta(days=1) == date(2026, 12, 31)
