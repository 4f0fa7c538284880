"""The socket for the rooms whose content cases are about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from guyub.rooms.casework.models import Case


@dataclass(frozen=True, slots=True)
class Category:
    """A category of a kind's subjects as people read it, in the current language."""

    code: str
    name: str
    group: str
    group_name: str


@dataclass(frozen=True)
class CaseKind:
    """`on_change` runs in the transaction of each transition; `desk_url` is where an officer opens the case.

    `prefix` begins its numbers, so that officers can search by the digits alone. `categories` are what the
    decision table speaks of.
    """

    on_change: Callable[[Case, datetime], None]
    desk_url: Callable[[str], str]
    prefix: str
    categories: Callable[[], list[Category]]


_kinds: dict[str, CaseKind] = {}


def register_kind(name: str, kind: CaseKind) -> None:
    if name in _kinds:
        raise ValueError(f"The kind {name} is registered already.")
    _kinds[name] = kind


def kind_of(name: str) -> CaseKind:
    return _kinds[name]


def prefixes() -> list[str]:
    return [kind.prefix for kind in _kinds.values()]
