"""What makes a meeting valid and in which order its follow-up is called: plain Python, no clock.

Usual rules of Indonesian forums: a meeting decides when more than half of its members came, by *musyawarah mufakat*;
a vote is the last resort and is written down with its counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


class NoQuorum(ValueError):
    """Too few members came: the meeting may talk, and decides nothing."""


class WrongCount(ValueError):
    """The votes do not fit those who came, or do not carry the decision."""


def needed(*, entitled: int, percent: int) -> int:
    """How many of the members must come, where it must be more than a share of them."""
    return entitled * percent // 100 + 1


def has_quorum(*, came: int, entitled: int, percent: int) -> bool:
    return entitled > 0 and came >= needed(entitled=entitled, percent=percent)


def check_vote(*, in_favour: int, against: int, abstain: int, came: int) -> None:
    """A vote carries with more in favour than against, and nobody votes twice. Raises `WrongCount`."""
    if in_favour + against + abstain > came:
        raise WrongCount("more votes than members who came")
    if in_favour <= against:
        raise WrongCount("not carried")


def is_late(*, due_on: date, done: bool, today: date) -> bool:
    return not done and due_on < today


@dataclass(frozen=True, slots=True)
class Due:
    """What the order of the follow-up goes by."""

    due_on: date
    done: bool
    key: int


def call_order(row: Due, today: date) -> tuple[bool, bool, date, int]:
    """What is not done first, of these the late ones first, the oldest due day before others."""
    return row.done, not is_late(due_on=row.due_on, done=row.done, today=today), row.due_on, row.key
