"""The rules of an incident, as plain Python: states, posts, the emergency status of the law, playbooks, stock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LEVELS = ("NORMAL", "WASPADA", "SIAGA", "AWAS")
CALLED = LEVELS[1:]
_NUMBER = re.compile(r"INS-(?P<year>20\d\d)-(?P<id>\d{4,9})", re.ASCII)


class State(StrEnum):
    OPEN = "OPEN"
    CONTAINED = "CONTAINED"
    CLOSED = "CLOSED"


LIVE = (State.OPEN, State.CONTAINED)


class Move(StrEnum):
    CONTAIN = "CONTAIN"
    WORSEN = "WORSEN"
    CLOSE = "CLOSE"
    REOPEN = "REOPEN"


_MOVES: Mapping[Move, tuple[frozenset[State], State]] = {
    Move.CONTAIN: (frozenset({State.OPEN}), State.CONTAINED),
    Move.WORSEN: (frozenset({State.CONTAINED}), State.OPEN),
    Move.CLOSE: (frozenset({State.CONTAINED}), State.CLOSED),
    Move.REOPEN: (frozenset({State.CLOSED}), State.OPEN),
}


def moves_from(state: str) -> tuple[Move, ...]:
    return tuple(move for move, (before, _after) in _MOVES.items() if state in before)


def after(move: Move, state: str) -> State:
    """The state that a move leads to. Raises ValueError where it is not possible."""
    before, then = _MOVES[move]
    if state not in before:
        raise ValueError(f"{move} is not possible in state {state}.")
    return then


class Mode(StrEnum):
    ACTUAL = "ACTUAL"
    EXERCISE = "LATIHAN"


class Post(StrEnum):
    """The posts of a small incident command: one person each, the commander first."""

    COMMAND = "KOMANDAN"
    OPERATIONS = "OPERASI"
    LOGISTICS = "LOGISTIK"
    HEALTH = "KESEHATAN"
    INFORMATION = "INFORMASI"
    LIAISON = "PENGHUBUNG"


class TaskState(StrEnum):
    OPEN = "OPEN"
    DONE = "DONE"
    DROPPED = "DROPPED"


class StepState(StrEnum):
    OPEN = "OPEN"
    DONE = "DONE"
    SKIPPED = "SKIPPED"


class StepKind(StrEnum):
    DO = "DO"
    CALL = "CALL"
    TASK = "TASK"
    INITIATIVE = "INITIATIVE"


class Legal(StrEnum):
    """The status of an emergency by decree (UU 24/2007, PP 21/2008). It says nothing of the water."""

    ALERT = "SIAGA_DARURAT"
    RESPONSE = "TANGGAP_DARURAT"
    TRANSITION = "TRANSISI"


class Fault(StrEnum):
    ENDS_BEFORE = "ENDS_BEFORE"
    GAP = "GAP"
    BACKWARDS = "BACKWARDS"
    OVERLAP = "OVERLAP"


@dataclass(frozen=True, slots=True)
class Decree:
    """One decree: which status, from a day, until and with a day."""

    kind: str
    first: date
    last: date


def decree_fault(before: Decree | None, new: Decree) -> Fault | None:
    """What is wrong with a decree that follows another. The same status again is an extension, day after day;
    from a transition a city goes back to nothing but a new response."""
    if new.last < new.first:
        return Fault.ENDS_BEFORE
    if before is None:
        return None
    if new.kind == before.kind:
        return None if (new.first - before.last).days == 1 else Fault.GAP
    if new.kind == Legal.ALERT or (before.kind == Legal.ALERT and new.kind == Legal.TRANSITION):
        return Fault.BACKWARDS
    return Fault.OVERLAP if new.first <= before.first else None


def number_of(year: int, key: int) -> str:
    return f"INS-{year}-{key:04d}"


def read_number(number: str) -> tuple[int, int] | None:
    """Year and id of a number, as it is written and no other way."""
    found = _NUMBER.fullmatch(number)
    if not found:
        return None
    year, key = int(found["year"]), int(found["id"])
    return (year, key) if number_of(year, key) == number else None


def is_at_least(level: str, least: str) -> bool:
    return LEVELS.index(level) >= LEVELS.index(least)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a playbook: from which level, whom it concerns, what to do, within how many minutes."""

    code: str
    level: str
    kind: str
    what: str
    office: str = ""
    theme: str = ""
    template: str = ""
    minutes: int = 0


def steps_for(steps: Iterable[Step], *, level: str, had: frozenset[str] = frozenset()) -> list[Step]:
    """What is to be done at a level that was not proposed before: the steps of lower levels first."""
    due = [one for one in steps if is_at_least(level, one.level) and one.code not in had]
    return sorted(due, key=lambda one: LEVELS.index(one.level))


VULNERABLE = ("babies", "toddlers", "pregnant", "elderly", "disabled")


def count_fault(*, families: int, people: int, vulnerable: Mapping[str, int]) -> str | None:
    """Which number of a shelter cannot be: more families, or more of any group, than there are people."""
    if families > people:
        return "families"
    return next((name for name in VULNERABLE if vulnerable.get(name, 0) > people), None)


def bare_number(number: str) -> str:
    """The number of a decree without the words that every page and paper puts before it."""
    words = number.split()
    while len(words) > 1 and words[0].strip(".:").casefold() in ("sk", "nomor", "no"):
        words = words[1:]
    return " ".join(words)
