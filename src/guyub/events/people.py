"""What happens to accounts and grants."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("people.grant_given")
@dataclass(frozen=True, kw_only=True)
class GrantGiven(Event):
    grant: int
    account: int
    role: str
    organisation: int
