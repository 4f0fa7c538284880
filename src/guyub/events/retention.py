"""What was kept long enough."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("retention.applied")
@dataclass(frozen=True, kw_only=True)
class RetentionApplied(Event):
    """Erased because its time was over: how many of which class, and nothing of what it was."""

    kind: str
    count: int
