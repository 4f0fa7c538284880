"""How a wall is laid out and lit, without a database."""

from __future__ import annotations

import pytest

from guyub.rooms.command.rules import arrow, is_night, layout, shade


@pytest.mark.parametrize(
    ("hour", "begins", "ends", "dark"),
    [
        (18, 18, 6, True),
        (5, 18, 6, True),
        (6, 18, 6, False),
        (17, 18, 6, False),
        (2, 1, 4, True),
        (4, 1, 4, False),
    ],
)
def test_the_night_may_go_over_midnight(hour, begins, ends, dark):
    assert is_night(hour, begins=begins, ends=ends) is dark


def test_more_lists_stand_closer_and_hold_less():
    found = [(made.name, made.rows) for made in (layout(n) for n in (1, 4, 5, 6, 7, 9, 10))]
    assert found == [("2x2", 4), ("2x2", 4), ("3x2", 4), ("3x2", 4), ("3x3", 2), ("3x3", 2), ("4x3", 2)]


def test_a_movement_is_said_without_colour():
    assert [arrow(n) for n in (3, 0, -2)] == ["▲ 3", "=", "▼ 2"]


def test_shades_are_beside_the_largest_and_nothing_is_no_shade():
    assert [shade(n, most=8) for n in (0, 1, 2, 3, 6, 7, 8)] == [0, 1, 1, 2, 3, 4, 4]
    assert shade(1, most=1) == 4
    assert shade(0, most=0) == 0
