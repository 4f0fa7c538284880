from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.rooms.meetings.rules import Due, WrongCount, call_order, check_vote, has_quorum, needed

TODAY = date(2026, 11, 20)


@given(entitled=st.integers(1, 500), came=st.integers(0, 500), percent=st.integers(0, 99))
def test_a_quorum_is_more_than_the_share(entitled, came, percent):
    assert has_quorum(came=came, entitled=entitled, percent=percent) == (came * 100 > entitled * percent)
    least = needed(entitled=entitled, percent=percent)
    assert least * 100 > entitled * percent >= (least - 1) * 100


def test_half_is_not_more_than_half():
    assert not has_quorum(came=5, entitled=10, percent=50)
    assert has_quorum(came=6, entitled=10, percent=50)
    assert not has_quorum(came=0, entitled=0, percent=50)


@pytest.mark.parametrize("votes", [(3, 3, 0), (2, 3, 0), (5, 3, 3), (0, 0, 4)])
def test_a_vote_must_carry_and_fit(votes):
    with pytest.raises(WrongCount):
        check_vote(in_favour=votes[0], against=votes[1], abstain=votes[2], came=10)


def test_what_is_undone_is_called_first_and_late_first_of_it():
    rows = [
        Due(date(2026, 11, 1), True, 1),
        Due(date(2026, 12, 1), False, 2),
        Due(date(2026, 11, 19), False, 3),
        Due(date(2026, 11, 20), False, 4),
        Due(date(2026, 10, 1), False, 5),
    ]
    assert [row.key for row in sorted(rows, key=lambda row: call_order(row, TODAY))] == [5, 3, 4, 2, 1]
