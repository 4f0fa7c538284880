"""What happens with standing forums."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("forums.forum_founded")
@dataclass(frozen=True, kw_only=True)
class ForumFounded(Event):
    """`kind` is a code of the rulebook's list in the version (`rule`) of that day."""

    forum: int
    kind: str
    rule: int


@event("forums.forum_changed")
@dataclass(frozen=True, kw_only=True)
class ForumChanged(Event):
    """Its decree, its term, its words or its secretariat."""

    forum: int


@event("forums.forum_ended")
@dataclass(frozen=True, kw_only=True)
class ForumEnded(Event):
    forum: int


@event("forums.member_seated")
@dataclass(frozen=True, kw_only=True)
class MemberSeated(Event):
    """`party` is the code of a partner or an office, `seat` CHAIR, DEPUTY, SECRETARY or MEMBER."""

    forum: int
    member: int
    party: str
    seat: str


@event("forums.member_changed")
@dataclass(frozen=True, kw_only=True)
class MemberChanged(Event):
    """Another seat, or somebody else stands for it."""

    forum: int
    member: int
    seat: str


@event("forums.member_left")
@dataclass(frozen=True, kw_only=True)
class MemberLeft(Event):
    forum: int
    member: int
