"""The socket for the rooms whose content cases are about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

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

    `prefix` begins its numbers, so that officers can search by the digits alone; `numbers_with` finds numbers by
    words, of whatever case: casework keeps of them what the person may see. `categories` are what the decision
    table speaks of.
    """

    on_change: Callable[[Case, datetime], None]
    desk_url: Callable[[str], str]
    prefix: str
    categories: Callable[[], list[Category]]
    numbers_with: Callable[[str], QuerySet[Any]]


_kinds: dict[str, CaseKind] = {}


def register_kind(name: str, kind: CaseKind) -> None:
    if name in _kinds:
        raise ValueError(f"The kind {name} is registered already.")
    _kinds[name] = kind


def kind_of(name: str) -> CaseKind:
    return _kinds[name]


def prefixes() -> list[str]:
    return [kind.prefix for kind in _kinds.values()]


def holding(words: str) -> Q:
    """The condition that all the words stand in what a case is about."""
    found = Q(pk__in=[])
    for name, kind in _kinds.items():
        found |= Q(kind=name, number__in=kind.numbers_with(words))
    return found
