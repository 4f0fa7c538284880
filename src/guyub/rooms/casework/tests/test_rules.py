"""The moves of a case: a table to read, and walks in which nothing may break."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guyub.rooms.casework.rules import (
    ENDED,
    MOVES,
    OPEN,
    Move,
    NotPossible,
    State,
    after,
    derive,
    moves_from,
    numbers_meant,
)

# One row a state: where each move leads. Whatever does not stand here is refused.
TABLE = {
    "RECEIVED": "VERIFY→FORWARDED HAND_OVER→RECEIVED ASK→WAITING_REPORTER REJECT→REJECTED MERGE→MERGED",
    "FORWARDED": "ANSWER→IN_PROGRESS HAND_OVER→FORWARDED ASK→WAITING_REPORTER SCHEDULE→SCHEDULED"
    " SEND_OUT→EXTERNAL COMPLETE→WORK_DONE REJECT→REJECTED MERGE→MERGED",
    "IN_PROGRESS": "ANSWER→IN_PROGRESS HAND_OVER→FORWARDED ASK→WAITING_REPORTER SCHEDULE→SCHEDULED"
    " SEND_OUT→EXTERNAL COMPLETE→WORK_DONE REJECT→REJECTED MERGE→MERGED",
    "WAITING_REPORTER": "EXPIRE→UNANSWERED MERGE→MERGED",
    "SCHEDULED": "LIFT→IN_PROGRESS ANSWER→SCHEDULED HAND_OVER→FORWARDED SEND_OUT→EXTERNAL COMPLETE→WORK_DONE MERGE→MERGED",
    "EXTERNAL": "ANSWER→EXTERNAL TAKE_BACK→IN_PROGRESS COMPLETE→WORK_DONE",
    "WORK_DONE": "CONFIRM→CONFIRMED DISPUTE→IN_PROGRESS EXPIRE→NO_RESPONSE APPEAL→WORK_DONE"
    " REFUSE_APPEAL→APPEAL_REFUSED FIND_WANTING→IN_PROGRESS",
    "APPEAL_REFUSED": "",
    "MERGED": "",
    "CONFIRMED": "",
    "NO_RESPONSE": "FIND_WANTING→IN_PROGRESS",
    "UNANSWERED": "",
    "REJECTED": "",
}
ALLOWED = {
    (State(state), Move(said.split("→")[0])): State(said.split("→")[1])
    for state, row in TABLE.items()
    for said in row.split()
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_each_move_from_each_state(state, move):
    if (state, move) in ALLOWED:
        assert after(state, move) is ALLOWED[state, move]
    else:
        with pytest.raises(NotPossible):
            after(state, move)


def test_the_table_is_all_there_is():
    assert dict(MOVES) == ALLOWED
    for state in State:
        offered = {move for origin, move in ALLOWED if origin is state}
        assert moves_from(state) - {Move.REPLY, Move.UNMERGE} == offered


@pytest.mark.parametrize("asked_in", [State.RECEIVED, State.FORWARDED, State.IN_PROGRESS])
def test_a_reply_leads_back_to_where_the_question_was_asked(asked_in):
    assert after(State.WAITING_REPORTER, Move.REPLY, asked_in=asked_in) is asked_in


@pytest.mark.parametrize("asked_in", [None, State.SCHEDULED, State.WORK_DONE, State.CONFIRMED])
def test_a_reply_leads_nowhere_else(asked_in):
    with pytest.raises(NotPossible):
        after(State.WAITING_REPORTER, Move.REPLY, asked_in=asked_in)


def test_every_state_is_open_waits_for_confirmation_or_has_ended():
    assert set(State) == OPEN | {State.WORK_DONE} | ENDED
    assert not OPEN & ENDED


# The only ways out of an end: a merge undone, and work that nobody confirmed and a second person found wanting.
BACK = {State.MERGED: {Move.UNMERGE}, State.NO_RESPONSE: {Move.FIND_WANTING}}


@example([Move.VERIFY, Move.COMPLETE, Move.EXPIRE, Move.FIND_WANTING])
@given(st.lists(st.sampled_from(Move), max_size=30))
def test_walks_end_only_in_ends_and_pause_only_with_a_question(moves):
    """Whatever is tried in whatever order: an end is an end, and only a question stops the clocks."""
    state, asked_in, paused = State.RECEIVED, None, False
    for move in moves:
        before = state
        try:
            state = after(state, move, asked_in=asked_in)
        except NotPossible:
            continue
        assert before not in ENDED or move in BACK.get(before, ())
        assert move in moves_from(before)
        if move is Move.ASK:
            asked_in, paused = before, True
        elif before is State.WAITING_REPORTER:
            paused, asked_in = False, None
        assert paused == (state is State.WAITING_REPORTER)
        assert (asked_in is not None) == paused
    assert moves_from(state) == BACK.get(state, set()) if state in ENDED else moves_from(state)


def test_work_is_confirmed_only_after_it_was_shown():
    """Closed means fixed: no way leads to CONFIRMED past WORK_DONE."""
    assert {state for (state, _), to in MOVES.items() if to is State.CONFIRMED} == {State.WORK_DONE}


@given(st.lists(st.sampled_from(State), min_size=1, max_size=4))
def test_a_subject_is_as_far_as_the_case_that_lags_most(states):
    result = derive(states)
    living = [state for state in states if state is not State.REJECTED]
    assert result in states
    if living:
        order = list(State)
        assert all(order.index(result) <= order.index(state) for state in living)
    else:
        assert result is State.REJECTED


@pytest.mark.parametrize(
    ("text", "first", "how_many"),
    [
        ("LAP-2026-000123", "LAP-2026-000123", 1),
        ("lap-2026-123", "LAP-2026-000123", 1),
        (" LAP 2026-000123 ", "LAP-2026-000123", 1),
        ("2025-7", "LAP-2025-000007", 1),
        ("123", "LAP-2026-000123", 10),
        ("000123", "LAP-2026-000123", 10),
    ],
)
def test_numbers_as_people_say_them(text, first, how_many):
    found = numbers_meant(text, prefixes=["LAP"], year=2026)
    assert (found[0], len(found)) == (first, how_many)


@pytest.mark.parametrize(
    "text", ["", "sampah", "LAP-", "12345678901", "' OR 1=1", "LAP-2026-000123-9", "１２３a"]
)
def test_what_is_no_number(text):
    assert numbers_meant(text, prefixes=["LAP"], year=2026) == []
