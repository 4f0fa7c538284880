"""What happens in conversations. The subject of each fact is the thread; no fact carries a word of it.

What a resident does who speaks without a name records no actor.
"""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("conversation.thread_opened")
@dataclass(frozen=True, kw_only=True)
class ThreadOpened(Event):
    """`about` is what the thread is about, such as `forums.forum:3`."""

    thread: int
    about: str


@event("conversation.posted")
@dataclass(frozen=True, kw_only=True)
class Posted(Event):
    """`actor` is the class of actor that spoke, `party` in whose name, `role` the role of an office."""

    thread: int
    post: int
    actor: str
    party: str
    role: str


@event("conversation.post_edited")
@dataclass(frozen=True, kw_only=True)
class PostEdited(Event):
    post: int


@event("conversation.post_withdrawn")
@dataclass(frozen=True, kw_only=True)
class PostWithdrawn(Event):
    post: int


@event("conversation.post_hidden")
@dataclass(frozen=True, kw_only=True)
class PostHidden(Event):
    """`reason` is a code of the rulebook's list, in the version (`rule`) of that day."""

    post: int
    reason: str
    rule: int


@event("conversation.post_shown_again")
@dataclass(frozen=True, kw_only=True)
class PostShownAgain(Event):
    post: int


@event("conversation.post_flagged")
@dataclass(frozen=True, kw_only=True)
class PostFlagged(Event):
    post: int
    reason: str


@event("conversation.flags_settled")
@dataclass(frozen=True, kw_only=True)
class FlagsSettled(Event):
    """Somebody looked at what was said against a post: it was hidden (`upheld`) or let stand."""

    post: int
    upheld: bool


@event("conversation.decision_marked")
@dataclass(frozen=True, kw_only=True)
class DecisionMarked(Event):
    post: int


@event("conversation.decision_unmarked")
@dataclass(frozen=True, kw_only=True)
class DecisionUnmarked(Event):
    post: int


@event("conversation.task_made")
@dataclass(frozen=True, kw_only=True)
class TaskMade(Event):
    """`task` is what the decision was turned into, such as `meetings.follow_up:7`."""

    post: int
    task: str
