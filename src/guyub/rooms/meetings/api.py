"""The door to meetings: call one, hold it, keep its minutes, follow up what was agreed."""

from __future__ import annotations

from guyub.rooms.meetings.actions import (
    NotNow,
    approve,
    cancel,
    change,
    decide,
    done,
    follow_up,
    hold,
    may_answer,
    move,
    plan,
    record_minutes,
    reopen,
)
from guyub.rooms.meetings.calendar import calendar
from guyub.rooms.meetings.models import How, Kind
from guyub.rooms.meetings.queries import (
    DecisionRow,
    FollowUpRow,
    MeetingCard,
    approved_in,
    count_undone,
    decisions_of,
    follow_up_of,
    of_subject,
    open_follow_up,
    work_days_ahead,
)
from guyub.rooms.meetings.rules import NoQuorum, WrongCount, needed
from guyub.rooms.meetings.subjects import Member, Subject, register_subject

__all__ = [
    "DecisionRow",
    "FollowUpRow",
    "How",
    "Kind",
    "MeetingCard",
    "Member",
    "NoQuorum",
    "NotNow",
    "Subject",
    "WrongCount",
    "approve",
    "approved_in",
    "calendar",
    "cancel",
    "change",
    "count_undone",
    "decide",
    "decisions_of",
    "done",
    "follow_up",
    "follow_up_of",
    "hold",
    "may_answer",
    "move",
    "needed",
    "of_subject",
    "open_follow_up",
    "plan",
    "record_minutes",
    "register_subject",
    "reopen",
    "work_days_ahead",
]
