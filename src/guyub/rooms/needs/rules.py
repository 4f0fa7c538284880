"""What a need and an offer may become, and how much of an offer is left: plain Python that reads like the regulation.

The list of resources is that of commitments to collaborate (money only ever to who carries a thing out, never "to the
government" by the way). How long things last and what they must hold are dated rules of the rulebook (`needs.*`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Resource(StrEnum):
    """What can be needed, offered and pledged; one list for all. Amounts are whole numbers of the line's unit."""

    MONEY = "MONEY"
    GOODS = "GOODS"
    HOURS = "HOURS"
    SKILL = "SKILL"
    PLACE = "PLACE"
    PERMIT = "PERMIT"
    DATA = "DATA"
    PUBLICITY = "PUBLICITY"
    SOFTWARE = "SOFTWARE"


# A resident gives time and what they can do; what is worth money is given by those who answer for it.
OF_RESIDENTS = (Resource.HOURS, Resource.SKILL)
# What cannot be counted is one of itself.
_UNITS = {
    Resource.MONEY: ("rupiah",),
    Resource.GOODS: (),
    Resource.HOURS: ("jam",),
    Resource.SKILL: ("jam", "kali"),
    Resource.PLACE: ("hari",),
}
_WHOLE = ("kali", "paket")
LARGEST = 10**15


def units(resource: str) -> tuple[str, ...]:
    """The units that a resource is counted in; none where its own word is asked for."""
    return _UNITS.get(Resource(resource), _WHOLE)


def unit_for(resource: str, said: str) -> str:
    """The unit to keep: the one said where the resource knows it or leaves it open, else its first."""
    known, word = units(resource), " ".join(said.split()).lower()
    return (word if word in known else known[0]) if known else word


class State(StrEnum):
    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    PUBLISHED = "PUBLISHED"
    TAKEN_UP = "TAKEN_UP"
    MET = "MET"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


ENDED = (State.MET, State.WITHDRAWN, State.EXPIRED)
WANTED = (State.PUBLISHED, State.TAKEN_UP)


class Move(StrEnum):
    CHANGE = "CHANGE"
    PROPOSE = "PROPOSE"
    RETURN = "RETURN"
    PUBLISH = "PUBLISH"
    TAKE_UP = "TAKE_UP"
    GIVE_BACK = "GIVE_BACK"
    MEET = "MEET"
    WITHDRAW = "WITHDRAW"
    EXPIRE = "EXPIRE"
    PROLONG = "PROLONG"
    ASK = "ASK"


_MOVES: dict[Move, tuple[tuple[State, ...], State | None]] = {
    Move.CHANGE: ((State.DRAFT, State.PUBLISHED), None),
    Move.PROPOSE: ((State.DRAFT, State.PUBLISHED), State.PROPOSED),
    Move.RETURN: ((State.PROPOSED,), State.DRAFT),
    Move.PUBLISH: ((State.DRAFT, State.PROPOSED), State.PUBLISHED),
    Move.TAKE_UP: ((State.PUBLISHED,), State.TAKEN_UP),
    Move.GIVE_BACK: ((State.TAKEN_UP,), State.PUBLISHED),
    Move.MEET: (WANTED, State.MET),
    Move.WITHDRAW: ((State.DRAFT, State.PROPOSED, *WANTED), State.WITHDRAWN),
    Move.EXPIRE: ((State.PUBLISHED,), State.EXPIRED),
    Move.PROLONG: (WANTED, None),
    Move.ASK: (WANTED, None),
}


def moves_from(state: str) -> frozenset[Move]:
    return frozenset(move for move, (before, _) in _MOVES.items() if state in before)


def after(move: Move, state: str) -> State:
    """The state that a move leads to. Raises ValueError where it is not possible."""
    before, then = _MOVES[move]
    if state not in before:
        raise ValueError(f"{move} is not possible in state {state}.")
    return then or State(state)


class Withdrawal(StrEnum):
    """Why a need is taken back; the last is said by an office about somebody else's need."""

    NOT_NEEDED = "NOT_NEEDED"
    OTHER_WAY = "OTHER_WAY"
    MISTAKE = "MISTAKE"
    UNFIT = "UNFIT"


class Review(StrEnum):
    """Whose needs an office of the place reads before everyone does (rulebook `needs.review`)."""

    NONE = "NONE"
    UNVERIFIED = "UNVERIFIED"
    ALL = "ALL"


def is_read_first(rule: str, *, is_verified: bool) -> bool:
    """Whether a partner's need waits for the office of the place."""
    return rule == Review.ALL or (rule == Review.UNVERIFIED and not is_verified)


class Standing(StrEnum):
    """Where an offer stands."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    EXPIRED = "EXPIRED"
    ENDED = "ENDED"


OPEN_OFFERS = (Standing.ACTIVE, Standing.PAUSED, Standing.EXPIRED)


class Every(StrEnum):
    """How often an offer's amount can be had."""

    ONCE = "ONCE"
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"


class Answer(StrEnum):
    """What somebody who was asked said; LAPSED where the need ended before."""

    OPEN = ""
    YES = "YES"
    NO = "NO"
    LAPSED = "LAPSED"


def period_from(every: str, day: date) -> date | None:
    """The first day of the period that a day lies in; None where the amount is there once and for all."""
    if every == Every.WEEK:
        return day - timedelta(days=day.weekday())
    if every == Every.MONTH:
        return day.replace(day=1)
    if every == Every.YEAR:
        return day.replace(month=1, day=1)
    return None


@dataclass(frozen=True, slots=True)
class Promised:
    """What was said yes to, on a day of the city."""

    on: date
    amount: int


def left_of(amount: int, every: str, promised: Iterable[Promised], *, on: date) -> int:
    """How much of an offer is still to be had in the period of a day; never below nothing."""
    since = period_from(every, on)
    taken = sum(one.amount for one in promised if since is None or one.on >= since)
    return max(0, amount - taken)


def number_of(year: int, count: int) -> str:
    """`KBT-2026-000012`: read aloud on the telephone."""
    return f"KBT-{year}-{count:06d}"


_NUMBER = re.compile(r"KBT-(\d{4})-(\d{6,12})", re.ASCII)


def read_number(text: str) -> tuple[int, int] | None:
    """Year and count of a number; None if it is none."""
    found = _NUMBER.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None
