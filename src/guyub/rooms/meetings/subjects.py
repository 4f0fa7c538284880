"""A socket for the rooms above: whose meeting is it, who runs it, who belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from guyub.kernel.access.api import NotAllowed, Person


@dataclass(frozen=True, slots=True)
class Member:
    """A party that is invited and counts for the quorum."""

    party: str
    actor: str = ""


def _nobody() -> list[Member]:
    return []


@dataclass(frozen=True, slots=True)
class Subject:
    """What a meeting is about, as its room says it to one person.

    `quorum_percent`: more than this share must come before anything is decided; None where there is no quorum.
    `opens_with_follow_up` makes what is undone the first item. `may_owe` are the codes of those who can be given a
    follow-up besides the members; `answers_for` says whether this person acts for one of them, `accounts_of` who is
    told what concerns one of them.
    """

    title: str
    address: str
    can_read: bool
    can_run: bool
    members: Callable[[], list[Member]] = _nobody
    may_owe: tuple[str, ...] = ()
    answers_for: Callable[[str], bool] = field(default=lambda code: False)
    accounts_of: Callable[[str], Iterable[int]] = field(default=lambda code: ())
    quorum_percent: int | None = None
    opens_with_follow_up: bool = False


Source = Callable[[int, Person], Subject | None]
_sources: dict[str, Source] = {}


def register_subject(prefix: str, source: Source) -> None:
    """A room answers for its subjects: `register_subject("forums.forum", …)` for `forums.forum:3`."""
    if prefix in _sources:
        raise ValueError(f"The subject {prefix} is registered already.")
    _sources[prefix] = source


def find_subject(subject: str, person: Person) -> Subject | None:
    """The subject as this person sees it; None if there is none, or no room answers for it."""
    prefix, _, key = subject.partition(":")
    source = _sources.get(prefix)
    return (
        source(int(key), person) if source and key.isascii() and key.isdecimal() and len(key) < 17 else None
    )


def must_run(subject: str, person: Person) -> Subject:
    """Raises `NotAllowed` for whoever does not run it."""
    found = find_subject(subject, person)
    if found is None or not found.can_run or person.support is not None:
        raise NotAllowed("This person does not run these meetings.")
    return found
