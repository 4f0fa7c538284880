"""The socket for rooms above whose subjects a case waits for: what the subject is called, and how it is joined.

A plan to put work off may say that it waits for such a subject (`Schedule.because`). Pages of the room whose content
the case is ask here for its name and address, and the desk for what else it can offer to an officer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from guyub.kernel.access.api import Person
from guyub.rooms.casework.models import Case


@dataclass(frozen=True, slots=True)
class Cause:
    """What a case waits for, as everyone may read it."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to answer a case that lies in another room: what it is called and where it begins."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class CauseKind:
    """`shown` answers for many subjects at once, leaving out what is not public; `offer` asks no database."""

    shown: Callable[[Iterable[str]], dict[str, Cause]]
    offer: Callable[[Person, Case], Offer | None] = lambda person, case: None


_kinds: dict[str, CauseKind] = {}


def register_cause(prefix: str, kind: CauseKind) -> None:
    """A room above says what its subjects are (`initiatives.initiative`). Call it once, in the room's wiring."""
    if prefix in _kinds:
        raise ValueError(f"The cause {prefix} is registered already.")
    _kinds[prefix] = kind


def shown(subjects: Iterable[str]) -> dict[str, Cause]:
    """What the subjects are, as far as everyone may know. One query a kind that is asked for."""
    asked = {one for one in subjects if one}
    found: dict[str, Cause] = {}
    for prefix, kind in _kinds.items():
        if own := [one for one in asked if one.partition(":")[0] == prefix]:
            found |= kind.shown(own)
    return found


def offers(person: Person, case: Case) -> list[Offer]:
    """What rooms above offer to do with a case."""
    return [offer for kind in _kinds.values() if (offer := kind.offer(person, case))]
