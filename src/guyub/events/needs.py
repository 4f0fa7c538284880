"""What happens to needs, to offers that stand, and to who is asked."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("needs.need_drafted")
@dataclass(frozen=True, kw_only=True)
class NeedDrafted(Event):
    """An office or a partner writes down what is missing; nobody else reads it yet."""

    need: int
    office: int | None
    partner: int | None
    cases: int


@event("needs.need_changed")
@dataclass(frozen=True, kw_only=True)
class NeedChanged(Event):
    need: int


@event("needs.cases_tied")
@dataclass(frozen=True, kw_only=True)
class CasesTied(Event):
    """More cases lie behind the need; `cases` is how many were added."""

    need: int
    cases: int


@event("needs.need_proposed")
@dataclass(frozen=True, kw_only=True)
class NeedProposed(Event):
    """A partner's need waits for the office of its place; `due_on`: by when that reads it."""

    need: int
    due_on: str


@event("needs.need_returned")
@dataclass(frozen=True, kw_only=True)
class NeedReturned(Event):
    """The office of the place gave it back with words."""

    need: int
    note: int


@event("needs.need_published")
@dataclass(frozen=True, kw_only=True)
class NeedPublished(Event):
    """Everyone may read it, until the end of a day."""

    need: int
    theme: str
    until_on: str


@event("needs.need_prolonged")
@dataclass(frozen=True, kw_only=True)
class NeedProlonged(Event):
    need: int
    until_on: str


@event("needs.need_taken_up")
@dataclass(frozen=True, kw_only=True)
class NeedTakenUp(Event):
    """`taken_by`: the subject of what works on it now."""

    need: int
    taken_by: str


@event("needs.need_given_back")
@dataclass(frozen=True, kw_only=True)
class NeedGivenBack(Event):
    """What had taken it up does so no more; it is looked for again."""

    need: int
    taken_by: str
    note: int


@event("needs.need_met")
@dataclass(frozen=True, kw_only=True)
class NeedMet(Event):
    """What was needed is there; `taken_by`: through what, empty if otherwise."""

    need: int
    taken_by: str
    note: int | None


@event("needs.need_withdrawn")
@dataclass(frozen=True, kw_only=True)
class NeedWithdrawn(Event):
    """`reason`: NOT_NEEDED, OTHER_WAY, MISTAKE; UNFIT by an office about a partner's need, PARTNER_CLOSED by nobody."""

    need: int
    reason: str
    note: int | None


@event("needs.need_expired")
@dataclass(frozen=True, kw_only=True)
class NeedExpired(Event):
    """Its last day passed and nothing had taken it up."""

    need: int


@event("needs.offer_made")
@dataclass(frozen=True, kw_only=True)
class OfferMade(Event):
    """A partner, or a resident where there is no partner, offers something until further notice."""

    offer: int
    partner: int | None
    resource: str
    valid_until: str


@event("needs.offer_changed")
@dataclass(frozen=True, kw_only=True)
class OfferChanged(Event):
    offer: int


@event("needs.offer_paused")
@dataclass(frozen=True, kw_only=True)
class OfferPaused(Event):
    offer: int


@event("needs.offer_resumed")
@dataclass(frozen=True, kw_only=True)
class OfferResumed(Event):
    offer: int


@event("needs.offer_renewed")
@dataclass(frozen=True, kw_only=True)
class OfferRenewed(Event):
    offer: int
    valid_until: str


@event("needs.offer_expired")
@dataclass(frozen=True, kw_only=True)
class OfferExpired(Event):
    """Nobody renewed it; it can still be renewed."""

    offer: int


@event("needs.offer_ended")
@dataclass(frozen=True, kw_only=True)
class OfferEnded(Event):
    """`cause`: OWNER, CITY (with a note), PARTNER_CLOSED."""

    offer: int
    cause: str
    note: int | None


@event("needs.help_asked")
@dataclass(frozen=True, kw_only=True)
class HelpAsked(Event):
    """The publisher of a need asked a partner, or the resident behind an offer; no person is named."""

    need: int
    ask: int
    offer: int | None
    partner: int | None


@event("needs.help_answered")
@dataclass(frozen=True, kw_only=True)
class HelpAnswered(Event):
    """`answer`: YES or NO; `amount` in the unit of the ask."""

    need: int
    ask: int
    answer: str
    amount: int | None
