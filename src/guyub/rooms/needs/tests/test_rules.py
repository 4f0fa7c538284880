"""States, units and what is left of an offer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guyub.rooms.needs.rules import (
    ENDED,
    Every,
    Move,
    Promised,
    Resource,
    Review,
    State,
    after,
    is_read_first,
    left_of,
    moves_from,
    number_of,
    period_from,
    read_number,
    unit_for,
    units,
)

# What is slow is the machine that others use too, never the rule.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def test_what_is_over_stays_over_and_all_else_can_end():
    for state in State:
        assert (moves_from(state) == frozenset()) == (state in ENDED), state
    assert Move.MEET not in moves_from(State.DRAFT)
    assert after(Move.GIVE_BACK, State.TAKEN_UP) == State.PUBLISHED
    assert after(Move.PROLONG, State.TAKEN_UP) == State.TAKEN_UP
    with pytest.raises(ValueError, match="not possible"):
        after(Move.TAKE_UP, State.EXPIRED)


def test_who_is_read_first():
    assert [is_read_first(rule, is_verified=True) for rule in Review] == [False, False, True]
    assert [is_read_first(rule, is_verified=False) for rule in Review] == [False, True, True]


@PATIENT
@given(st.sampled_from(list(Resource)), st.text(max_size=20))
def test_a_resource_is_counted_in_its_own_unit(resource, said):
    unit = unit_for(resource, said)
    assert unit in units(resource) if units(resource) else unit == " ".join(said.split()).lower()
    assert unit_for(resource, unit) == unit


@PATIENT
@given(
    st.sampled_from(list(Every)),
    DAYS,
    st.integers(1, 10**15),
    st.lists(st.tuples(DAYS, st.integers(1, 10**6))),
)
def test_what_is_left_never_lies(every, day, amount, said):
    promised = [Promised(*one) for one in said]
    left = left_of(amount, every, promised, on=day)
    assert 0 <= left <= amount
    since = period_from(every, day)
    counted = sum(one.amount for one in promised if since is None or one.on >= since)
    assert left == max(0, amount - counted)
    assert left_of(amount, every, [*promised, Promised(day, 1)], on=day) == max(0, left - (1 if left else 0))
    if since is not None:
        assert since <= day < since + timedelta(days=366)
        assert left_of(amount, every, [Promised(since - timedelta(days=1), amount)], on=day) == amount


@PATIENT
@given(st.integers(2000, 9999), st.integers(1, 10**11))
def test_a_number_is_read_as_it_is_said(year, count):
    assert read_number(number_of(year, count)) == (year, count)


@PATIENT
@given(st.text(max_size=40))
def test_no_text_is_too_odd_to_be_no_number(text):
    read = read_number(text)
    assert read is None or text.startswith("KBT-")
