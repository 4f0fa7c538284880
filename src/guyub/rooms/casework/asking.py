"""The socket by which another room has work done: what it found becomes a report, with a case like any other.

Rooms that see something from many hands, such as water told of by ten people, keep that themselves; the work is routed,
answered and proved where all work is. One room provides how; the others ask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be done where. `request` makes asking twice harmless. `voices` are those who told of it, as they
    are counted for a report: they may say afterwards whether it is done. `mark` is what the inbox says first."""

    request: UUID
    category: str
    place: str
    words: str
    landmark: str
    mark: str
    voices: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The number that everyone may ask about, and the subject of its cases."""

    number: str
    subject: str


_take: list[Callable[[Work, datetime], Asked]] = []


def provide_work(take: Callable[[Work, datetime], Asked]) -> None:
    """The room of reports says here how work is taken in."""
    _take.append(take)


def ask_for_work(work: Work, *, at: datetime) -> Asked:
    """Have something done. Raises `LookupError` for a category that is not offered, `places.UnknownPlace`."""
    return _take[-1](work, at)
