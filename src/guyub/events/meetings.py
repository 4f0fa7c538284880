"""What happens with meetings. The subject of each fact is whose meeting it is, such as a forum."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("meetings.meeting_planned")
@dataclass(frozen=True, kw_only=True)
class MeetingPlanned(Event):
    """`kind`: MEETING or WORK_DAY."""

    meeting: int
    kind: str


@event("meetings.meeting_changed")
@dataclass(frozen=True, kw_only=True)
class MeetingChanged(Event):
    meeting: int
    sequence: int


@event("meetings.meeting_cancelled")
@dataclass(frozen=True, kw_only=True)
class MeetingCancelled(Event):
    meeting: int


@event("meetings.meeting_held")
@dataclass(frozen=True, kw_only=True)
class MeetingHeld(Event):
    """Who came was written down, for the first time or once more: how many of how many, and whether it is enough."""

    meeting: int
    entitled: int
    came: int
    quorum: bool


@event("meetings.minutes_recorded")
@dataclass(frozen=True, kw_only=True)
class MinutesRecorded(Event):
    meeting: int
    item: int
    edition: int


@event("meetings.minutes_approved")
@dataclass(frozen=True, kw_only=True)
class MinutesApproved(Event):
    meeting: int


@event("meetings.minutes_corrected")
@dataclass(frozen=True, kw_only=True)
class MinutesCorrected(Event):
    """A further edition of approved minutes."""

    meeting: int
    item: int
    edition: int


@event("meetings.decision_taken")
@dataclass(frozen=True, kw_only=True)
class DecisionTaken(Event):
    """`decision` is its number within the meeting, `how` CONSENSUS or VOTE; a vote carries its counts."""

    meeting: int
    decision: int
    edition: int
    how: str
    in_favour: int | None = None
    against: int | None = None
    abstain: int | None = None


@event("meetings.follow_up_agreed")
@dataclass(frozen=True, kw_only=True)
class FollowUpAgreed(Event):
    """`owner` is the code of an office or a partner, `due_on` the day in ISO form."""

    follow_up: int
    owner: str
    due_on: str
    meeting: int | None = None


@event("meetings.follow_up_carried")
@dataclass(frozen=True, kw_only=True)
class FollowUpCarried(Event):
    """A later meeting was held and it was still undone."""

    follow_up: int
    meeting: int


@event("meetings.follow_up_moved")
@dataclass(frozen=True, kw_only=True)
class FollowUpMoved(Event):
    follow_up: int
    due_on: str


@event("meetings.follow_up_done")
@dataclass(frozen=True, kw_only=True)
class FollowUpDone(Event):
    follow_up: int


@event("meetings.follow_up_reopened")
@dataclass(frozen=True, kw_only=True)
class FollowUpReopened(Event):
    follow_up: int
