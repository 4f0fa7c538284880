"""The rules alone: moves, decrees, playbooks, numbers."""

from __future__ import annotations

from datetime import date

import pytest

from guyub.rooms.incidents.rules import (
    Decree,
    Fault,
    Legal,
    Move,
    State,
    Step,
    after,
    bare_number,
    count_fault,
    decree_fault,
    is_at_least,
    moves_from,
    number_of,
    read_number,
    steps_for,
)


def test_an_incident_goes_its_way_and_comes_back():
    allowed = {
        State.OPEN: {Move.CONTAIN: State.CONTAINED},
        State.CONTAINED: {Move.WORSEN: State.OPEN, Move.CLOSE: State.CLOSED},
        State.CLOSED: {Move.REOPEN: State.OPEN},
    }
    for state in State:
        assert {move: after(move, state) for move in moves_from(state)} == allowed[state]
        for move in set(Move) - set(allowed[state]):
            with pytest.raises(ValueError):
                after(move, state)


def day(n: int) -> date:
    return date(2026, 6, n)


@pytest.mark.parametrize(
    ("before", "new", "fault"),
    [
        (None, (Legal.RESPONSE, 4, 17), None),
        (None, (Legal.RESPONSE, 17, 4), Fault.ENDS_BEFORE),
        ((Legal.RESPONSE, 4, 17), (Legal.RESPONSE, 18, 24), None),
        ((Legal.RESPONSE, 4, 17), (Legal.RESPONSE, 19, 24), Fault.GAP),
        ((Legal.RESPONSE, 4, 17), (Legal.RESPONSE, 17, 24), Fault.GAP),
        ((Legal.RESPONSE, 4, 17), (Legal.ALERT, 18, 24), Fault.BACKWARDS),
        ((Legal.ALERT, 1, 9), (Legal.RESPONSE, 4, 17), None),
        ((Legal.ALERT, 4, 9), (Legal.RESPONSE, 4, 17), Fault.OVERLAP),
        ((Legal.ALERT, 1, 9), (Legal.TRANSITION, 10, 17), Fault.BACKWARDS),
        ((Legal.RESPONSE, 4, 17), (Legal.TRANSITION, 15, 28), None),
        ((Legal.TRANSITION, 4, 17), (Legal.RESPONSE, 10, 20), None),
    ],
)
def test_decrees_follow_each_other(before, new, fault):
    def decree(said):
        return Decree(said[0], day(said[1]), day(said[2])) if said else None

    assert decree_fault(decree(before), decree(new)) == fault


def test_a_higher_level_brings_only_what_is_new():
    steps = [
        Step("c", "AWAS", "DO", "C"),
        Step("a", "WASPADA", "DO", "A"),
        Step("b", "SIAGA", "DO", "B"),
    ]
    assert [one.code for one in steps_for(steps, level="SIAGA")] == ["a", "b"]
    assert [one.code for one in steps_for(steps, level="AWAS", had=frozenset("ab"))] == ["c"]
    assert is_at_least("AWAS", "SIAGA")
    assert not is_at_least("WASPADA", "SIAGA")


def test_numbers_of_shelters_must_be_possible():
    assert count_fault(families=3, people=10, vulnerable={"babies": 2}) is None
    assert count_fault(families=11, people=10, vulnerable={}) == "families"
    assert count_fault(families=1, people=3, vulnerable={"elderly": 4}) == "elderly"


def test_a_number_is_read_only_as_it_is_written():
    assert read_number(number_of(2026, 7)) == (2026, 7)
    for wrong in ("INS-2026-7", "INS-2026-00007", "ins-2026-0007", "INS-2026-0007 ", "INS-٢٠٢٦-0007", ""):
        assert read_number(wrong) is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [("SK Nomor 360/01", "360/01"), ("sk. 360/01", "360/01"), ("360/SK/2026", "360/SK/2026"), ("SK", "SK")],
)
def test_a_decree_is_not_called_a_decree_twice(said, kept):
    assert bare_number(said) == kept
