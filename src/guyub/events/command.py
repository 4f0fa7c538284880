"""What happens at the command centre: screens are hung up and taken down."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("command.screen_registered")
@dataclass(frozen=True, kw_only=True)
class ScreenRegistered(Event):
    """A screen was given an address of its own until a day; `audience` is who stands before it."""

    screen: int
    audience: str
    until: str


@event("command.screen_ended")
@dataclass(frozen=True, kw_only=True)
class ScreenEnded(Event):
    """Its address opens nothing any more, before its day."""

    screen: int
