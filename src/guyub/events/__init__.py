"""The published language: what happened, in one file a room. Standard library only.

An event's name and version are promises: once sent they are understood for ever. Its fields are ids, codes and
plain values, never names of people, phone numbers or free text; the ledger refuses what does not look like one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

Plain = str | int | bool | None


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of every event. `name` and `version` are set by the `event` decorator."""

    name: ClassVar[str]
    version: ClassVar[int]

    def payload(self) -> dict[str, Plain]:
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}


E = TypeVar("E", bound=type[Event])
_known: dict[str, type[Event]] = {}


def event(name: str, *, version: int = 1) -> Callable[[E], E]:
    """Name an event class; names are unique for ever."""

    def register(cls: E) -> E:
        if name in _known:
            raise ValueError(f"The event name {name} is taken by {_known[name]}.")
        cls.name, cls.version = name, version
        _known[name] = cls
        return cls

    return register


def known_events() -> dict[str, type[Event]]:
    return dict(_known)


def load(name: str, payload: dict[str, Any]) -> Event:
    """An event as it was sent, in whichever version; fields added since then take their defaults."""
    cls = _known[name]
    names = {f.name for f in fields(cls)}
    return cls(**{key: value for key, value in payload.items() if key in names})


def _plain(value: object) -> Plain:
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"An event carries ids and plain values, not {type(value).__name__}.")
