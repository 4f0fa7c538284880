"""What happens to warnings: drafted, approved by a second person, issued, updated, cancelled, expired, scored."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("warnings.warning_drafted")
@dataclass(frozen=True, kw_only=True)
class WarningDrafted(Event):
    """A program or a person wrote a message down; nobody outside reads it yet. `kind`: ALERT, UPDATE, CANCEL."""

    warning: int
    message: int
    kind: str
    hazard: str
    level: str
    mode: str
    areas: int


@event("warnings.draft_changed")
@dataclass(frozen=True, kw_only=True)
class DraftChanged(Event):
    """`texts`: which version of the words stands now."""

    warning: int
    message: int
    texts: int


@event("warnings.approval_asked")
@dataclass(frozen=True, kw_only=True)
class ApprovalAsked(Event):
    """The first on the roster is asked, or the next because nobody answered; the account is who was asked."""

    warning: int
    message: int
    account: int
    position: int


@event("warnings.sent_back")
@dataclass(frozen=True, kw_only=True)
class SentBack(Event):
    """The second person wants it otherwise; why stands in the note."""

    warning: int
    message: int
    note: int


@event("warnings.warning_rejected")
@dataclass(frozen=True, kw_only=True)
class WarningRejected(Event):
    """A message is not sent at all; why stands in the note."""

    warning: int
    message: int
    note: int


@event("warnings.draft_withdrawn")
@dataclass(frozen=True, kw_only=True)
class DraftWithdrawn(Event):
    """The program that drafted a message does not stand by it any more, before anybody approved it; why: the note."""

    warning: int
    message: int
    note: int


@event("warnings.warning_issued")
@dataclass(frozen=True, kw_only=True)
class WarningIssued(Event):
    """An alert is in force. `alone`: by one person, at an observed AWAS."""

    warning: int
    message: int
    hazard: str
    level: str
    mode: str
    areas: int
    onset: str
    expires: str
    alone: bool


@event("warnings.warning_updated")
@dataclass(frozen=True, kw_only=True)
class WarningUpdated(Event):
    """A message took the place of the one before; `from_level` is what held until now."""

    warning: int
    message: int
    hazard: str
    level: str
    from_level: str
    mode: str
    areas: int
    onset: str
    expires: str
    alone: bool


@event("warnings.warning_cancelled")
@dataclass(frozen=True, kw_only=True)
class WarningCancelled(Event):
    """It no longer holds, before its time was over; why stands in the note."""

    warning: int
    message: int
    hazard: str
    mode: str
    note: int | None


@event("warnings.warning_expired")
@dataclass(frozen=True, kw_only=True)
class WarningExpired(Event):
    """Its time is over. `was_issued`: whether it was ever in force, or waited too long."""

    warning: int
    message: int
    hazard: str
    mode: str
    was_issued: bool


@event("warnings.review_late")
@dataclass(frozen=True, kw_only=True)
class ReviewLate(Event):
    """What one person sent alone was not looked at by another in time."""

    warning: int
    message: int


@event("warnings.warning_reviewed")
@dataclass(frozen=True, kw_only=True)
class WarningReviewed(Event):
    warning: int
    message: int
    was_right: bool


@event("warnings.warning_scored")
@dataclass(frozen=True, kw_only=True)
class WarningScored(Event):
    """What came of it: HIT, NEAR, FALSE_ALARM; MISS for an event that nobody warned of (`warning` is empty)."""

    warning: int | None
    score: int
    hazard: str
    level: str
    outcome: str
    mode: str


@event("warnings.roster_changed")
@dataclass(frozen=True, kw_only=True)
class RosterChanged(Event):
    """Who is asked to approve: `account` was put at a place of the roster, or taken off it (`position` 0)."""

    account: int
    position: int
