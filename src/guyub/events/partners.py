"""What happens to partners and to those who belong to them."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("partners.partner_founded")
@dataclass(frozen=True, kw_only=True)
class PartnerFounded(Event):
    """`origin`: RESIDENT, CITY or IMPORT."""

    partner: int
    kind: str
    origin: str


@event("partners.profile_changed")
@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Event):
    partner: int


@event("partners.verification_asked")
@dataclass(frozen=True, kw_only=True)
class VerificationAsked(Event):
    """`due_on`: by when the city looks at it."""

    partner: int
    examination: int
    due_on: str


@event("partners.completion_asked")
@dataclass(frozen=True, kw_only=True)
class CompletionAsked(Event):
    """The city said what is missing; `due_on`: by when the partner completes it."""

    partner: int
    examination: int
    note: int
    due_on: str


@event("partners.partner_verified")
@dataclass(frozen=True, kw_only=True)
class PartnerVerified(Event):
    """`how`: CITY or VOUCHED."""

    partner: int
    how: str


@event("partners.verification_refused")
@dataclass(frozen=True, kw_only=True)
class VerificationRefused(Event):
    partner: int
    examination: int
    note: int


@event("partners.verification_lapsed")
@dataclass(frozen=True, kw_only=True)
class VerificationLapsed(Event):
    """What was missing did not come in time."""

    partner: int
    examination: int


@event("partners.verification_ended")
@dataclass(frozen=True, kw_only=True)
class VerificationEnded(Event):
    """`cause`: city or vouch-withdrawn; the city's reason is in the note."""

    partner: int
    cause: str
    note: int | None = None


@event("partners.vouch_given")
@dataclass(frozen=True, kw_only=True)
class VouchGiven(Event):
    partner: int
    speaks_for: int


@event("partners.vouch_withdrawn")
@dataclass(frozen=True, kw_only=True)
class VouchWithdrawn(Event):
    partner: int
    speaks_for: int


@event("partners.membership_asked")
@dataclass(frozen=True, kw_only=True)
class MembershipAsked(Event):
    partner: int
    member: int


@event("partners.membership_decided")
@dataclass(frozen=True, kw_only=True)
class MembershipDecided(Event):
    partner: int
    member: int
    is_accepted: bool


@event("partners.member_invited")
@dataclass(frozen=True, kw_only=True)
class MemberInvited(Event):
    partner: int
    invitation: int
    role: str


@event("partners.invitation_ended")
@dataclass(frozen=True, kw_only=True)
class InvitationEnded(Event):
    """`cause`: accepted, withdrawn or expired."""

    partner: int
    invitation: int
    cause: str


@event("partners.role_changed")
@dataclass(frozen=True, kw_only=True)
class RoleChanged(Event):
    partner: int
    member: int
    role: str


@event("partners.membership_ended")
@dataclass(frozen=True, kw_only=True)
class MembershipEnded(Event):
    """`cause`: left, removed, partner-closed or account-closed."""

    partner: int
    member: int
    cause: str


@event("partners.document_added")
@dataclass(frozen=True, kw_only=True)
class DocumentAdded(Event):
    partner: int
    document: int
    kind: str
    valid_until: str


@event("partners.document_removed")
@dataclass(frozen=True, kw_only=True)
class DocumentRemoved(Event):
    partner: int
    document: int


@event("partners.partner_suspended")
@dataclass(frozen=True, kw_only=True)
class PartnerSuspended(Event):
    partner: int
    note: int


@event("partners.partner_resumed")
@dataclass(frozen=True, kw_only=True)
class PartnerResumed(Event):
    partner: int
    note: int


@event("partners.partner_closed")
@dataclass(frozen=True, kw_only=True)
class PartnerClosed(Event):
    """By its own people or by the city (`by_city`)."""

    partner: int
    note: int
    by_city: bool


@event("partners.partners_merged")
@dataclass(frozen=True, kw_only=True)
class PartnersMerged(Event):
    """`gone` was the same as `kept`: what names it means the other from now on."""

    kept: int
    gone: int
    merge: int


@event("partners.merge_undone")
@dataclass(frozen=True, kw_only=True)
class MergeUndone(Event):
    kept: int
    gone: int
    merge: int


@event("partners.list_imported")
@dataclass(frozen=True, kw_only=True)
class ListImported(Event):
    added: int
    changed: int
