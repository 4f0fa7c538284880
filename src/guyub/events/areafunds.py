"""What happens to the money of kelurahan and desa."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("areafunds.ceiling_set")
@dataclass(frozen=True, kw_only=True)
class CeilingSet(Event):
    """A body's ceiling was set; `before` is None for a new one."""

    book: int
    ceiling: int
    scheme: str
    year: int
    body: str
    amount: int
    before: int | None


@event("areafunds.ceiling_revised")
@dataclass(frozen=True, kw_only=True)
class CeilingRevised(Event):
    """Money went over from one body's ceiling to another's."""

    book: int
    revision: int
    source: int
    target: int
    amount: int


@event("areafunds.activity_planned")
@dataclass(frozen=True, kw_only=True)
class ActivityPlanned(Event):
    activity: int
    ceiling: int
    amount: int


@event("areafunds.activity_changed")
@dataclass(frozen=True, kw_only=True)
class ActivityChanged(Event):
    activity: int
    amount: int
    before: int


@event("areafunds.activity_stopped")
@dataclass(frozen=True, kw_only=True)
class ActivityStopped(Event):
    """What it had not spent is free again."""

    activity: int
    spent: int


@event("areafunds.step_recorded")
@dataclass(frozen=True, kw_only=True)
class StepRecorded(Event):
    """`amount`: spent since the step before."""

    activity: int
    step: int
    percent: int
    amount: int


@event("areafunds.step_withdrawn")
@dataclass(frozen=True, kw_only=True)
class StepWithdrawn(Event):
    activity: int
    step: int
    percent: int
    amount: int


@event("areafunds.photo_seen_again")
@dataclass(frozen=True, kw_only=True)
class PhotoSeenAgain(Event):
    """A photo of a step is like one that was sent before; people look."""

    activity: int
    step: int
    photos: int


@event("areafunds.year_closed")
@dataclass(frozen=True, kw_only=True)
class YearClosed(Event):
    book: int
    scheme: str
    year: int
    ceiling: int
    spent: int
