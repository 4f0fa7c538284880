"""A socket for the rooms above: what is a thread about, who may read, write and moderate, what becomes of a decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from guyub.kernel.access.api import Person


@dataclass(frozen=True, slots=True)
class Task:
    """What a decision was turned into: its subject, such as `meetings.follow_up:7`, and its page."""

    subject: str
    address: str


class MakeTask(Protocol):
    def __call__(self, *, what: str, owner: str, due_on: date, by: Person, at: datetime) -> Task: ...


def _nobody() -> list[tuple[str, str]]:
    return []


@dataclass(frozen=True, slots=True)
class Page:
    """A subject as its room says it to one person. `can_moderate` also marks decisions and turns them into tasks.

    `owners` are the codes and names of those who can be given a task.
    """

    title: str
    address: str
    can_read: bool
    can_write: bool
    can_moderate: bool
    make_task: MakeTask | None = None
    owners: Callable[[], list[tuple[str, str]]] = _nobody


Source = Callable[[int, Person], Page | None]
_sources: dict[str, Source] = {}


def register_subject(prefix: str, page: Source) -> None:
    """A room answers for its subjects: `register_subject("forums.forum", …)` for `forums.forum:3`."""
    if prefix in _sources:
        raise ValueError(f"The subject {prefix} is registered already.")
    _sources[prefix] = page


def find_page(subject: str, person: Person) -> Page | None:
    """The subject as this person sees it; None if there is none, or no room answers for it."""
    prefix, _, key = subject.partition(":")
    source = _sources.get(prefix)
    return (
        source(int(key), person) if source and key.isascii() and key.isdecimal() and len(key) < 17 else None
    )
