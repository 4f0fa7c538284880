"""What happens to cases."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("casework.case_opened")
@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """An office was given a duty (or a desa was asked)."""

    case: int
    office: int
    mode: str
    classification: str
    category: str
    is_hazard: bool
    is_restricted: bool


@event("casework.case_verified")
@dataclass(frozen=True, kw_only=True)
class CaseVerified(Event):
    case: int
    office: int


@event("casework.case_answered")
@dataclass(frozen=True, kw_only=True)
class CaseAnswered(Event):
    case: int
    office: int
    message: int
    is_first: bool


@event("casework.case_handed_over")
@dataclass(frozen=True, kw_only=True)
class CaseHandedOver(Event):
    case: int
    from_office: int
    to_office: int
    mode: str
    hand_over: int
    reason: str = ""
    is_by_rule: bool = False


@event("casework.request_accepted")
@dataclass(frozen=True, kw_only=True)
class RequestAccepted(Event):
    case: int
    office: int


@event("casework.reporter_asked")
@dataclass(frozen=True, kw_only=True)
class ReporterAsked(Event):
    case: int
    office: int
    message: int


@event("casework.reporter_replied")
@dataclass(frozen=True, kw_only=True)
class ReporterReplied(Event):
    case: int
    message: int


@event("casework.schedule_proposed")
@dataclass(frozen=True, kw_only=True)
class ScheduleProposed(Event):
    case: int
    office: int
    schedule: int


@event("casework.schedule_decided")
@dataclass(frozen=True, kw_only=True)
class ScheduleDecided(Event):
    case: int
    office: int
    schedule: int
    is_approved: bool
    target_month: str


@event("casework.schedule_lifted")
@dataclass(frozen=True, kw_only=True)
class ScheduleLifted(Event):
    """What the work was put off for will not come: the case is its office's again."""

    case: int
    office: int
    schedule: int


@event("casework.work_completed")
@dataclass(frozen=True, kw_only=True)
class WorkCompleted(Event):
    case: int
    office: int
    evidence: int


@event("casework.fix_confirmed")
@dataclass(frozen=True, kw_only=True)
class FixConfirmed(Event):
    """By the reporter; `witness` is who confirmed it where the reporter stayed silent."""

    case: int
    witness: str = ""


@event("casework.fix_disputed")
@dataclass(frozen=True, kw_only=True)
class FixDisputed(Event):
    case: int
    message: int


@event("casework.case_expired")
@dataclass(frozen=True, kw_only=True)
class CaseExpired(Event):
    """The reporter's time to answer ended without an answer."""

    case: int


@event("casework.case_rejected")
@dataclass(frozen=True, kw_only=True)
class CaseRejected(Event):
    case: int
    office: int
    reason: str
    message: int


@event("casework.deadlines_recomputed")
@dataclass(frozen=True, kw_only=True)
class DeadlinesRecomputed(Event):
    """A provisional deadline became firm because the year's holidays were published."""

    case: int


@event("casework.route_change_submitted")
@dataclass(frozen=True, kw_only=True)
class RouteChangeSubmitted(Event):
    """A change of the decision table waits for approval; `effective_from` is a day."""

    change: int
    effective_from: str
    rows: int


@event("casework.route_change_approved")
@dataclass(frozen=True, kw_only=True)
class RouteChangeApproved(Event):
    change: int
    effective_from: str
    rows: int


@event("casework.route_change_declined")
@dataclass(frozen=True, kw_only=True)
class RouteChangeDeclined(Event):
    """It was sent back to whoever drafted it."""

    change: int


@event("casework.case_disposed")
@dataclass(frozen=True, kw_only=True)
class CaseDisposed(Event):
    """The head of an office gave a case to one of its officers; `is_standing` if said beforehand."""

    case: int
    office: int
    officer: int
    is_standing: bool


@event("casework.standing_disposition_set")
@dataclass(frozen=True, kw_only=True)
class StandingDispositionSet(Event):
    standing: int
    office: int
    category: str
    officer: int
    until: str


@event("casework.standing_disposition_ended")
@dataclass(frozen=True, kw_only=True)
class StandingDispositionEnded(Event):
    standing: int
    office: int


@event("casework.case_escalated")
@dataclass(frozen=True, kw_only=True)
class CaseEscalated(Event):
    """A late case rose to the next rung, or its office asked for it; the duty stays with the office."""

    case: int
    rung: str
    from_office: int
    to_office: int
    escalation: int
    is_by_office: bool


@event("casework.delay_explained")
@dataclass(frozen=True, kw_only=True)
class DelayExplained(Event):
    case: int
    office: int
    reason: str
    note: int


@event("casework.case_split")
@dataclass(frozen=True, kw_only=True)
class CaseSplit(Event):
    """Another office got a case of its own (`made`) about the same subject."""

    case: int
    made: int
    part: int
    from_office: int
    to_office: int
    mode: str


@event("casework.case_sent_out")
@dataclass(frozen=True, kw_only=True)
class CaseSentOut(Event):
    """A letter went to a body outside the city (`body` is its organisation); the case is not finished."""

    case: int
    office: int
    body: int
    letter: int


@event("casework.body_replied")
@dataclass(frozen=True, kw_only=True)
class BodyReplied(Event):
    case: int
    office: int
    body: int
    letter: int


@event("casework.case_taken_back")
@dataclass(frozen=True, kw_only=True)
class CaseTakenBack(Event):
    """The office goes on by itself."""

    case: int
    office: int
    letter: int


@event("casework.officer_month_viewed")
@dataclass(frozen=True, kw_only=True)
class OfficerMonthViewed(Event):
    """The head of an office looked at what one of its officers did in a month (`2026-11`)."""

    officer: int
    month: str


@event("casework.external_body_changed")
@dataclass(frozen=True, kw_only=True)
class ExternalBodyChanged(Event):
    """What is known of a body outside the city was written anew; a reply is waited for so many working days."""

    body: int
    days: int


@event("casework.cases_exported")
@dataclass(frozen=True, kw_only=True)
class CasesExported(Event):
    """An officer took a list away as a file; `filter` names the codes that it was narrowed by."""

    form: str
    filter: str
    rows: int


@event("casework.answer_template_changed")
@dataclass(frozen=True, kw_only=True)
class AnswerTemplateChanged(Event):
    """A prepared answer was kept, changed or (not `is_active`) taken away; without an office it is the city's."""

    template: int
    office: int | None
    verb: str
    is_active: bool


@event("casework.act_undone")
@dataclass(frozen=True, kw_only=True)
class ActUndone(Event):
    """An officer took back their own act within minutes; the case is as it was, with its `office`."""

    case: int
    verb: str
    office: int


@event("casework.case_merged")
@dataclass(frozen=True, kw_only=True)
class CaseMerged(Event):
    """Another report stands for this one; `reason` by code."""

    case: int
    office: int
    reason: str


@event("casework.case_unmerged")
@dataclass(frozen=True, kw_only=True)
class CaseUnmerged(Event):
    """It was another matter after all: the case is as it was, with its `office`."""

    case: int
    office: int
    by_reporter: bool


@event("casework.evidence_checked")
@dataclass(frozen=True, kw_only=True)
class EvidenceChecked(Event):
    """The city's computer looked at a proof and found these codes, several of a kind joined by '+'; it decides nothing."""

    case: int
    evidence: int
    place: str
    time: str
    source: str
    data: str
    seen: str
    view: str
    flags: int
    compared: int


@event("casework.crew_link_made")
@dataclass(frozen=True, kw_only=True)
class CrewLinkMade(Event):
    """An officer gave a crew without accounts a link to a case."""

    case: int
    office: int
    link: int


@event("casework.crew_link_revoked")
@dataclass(frozen=True, kw_only=True)
class CrewLinkRevoked(Event):
    case: int
    office: int
    link: int


@event("casework.crew_proof_sent")
@dataclass(frozen=True, kw_only=True)
class CrewProofSent(Event):
    """A crew showed its work by its link; nothing is completed by that."""

    case: int
    office: int
    proof: int


@event("casework.crew_proof_returned")
@dataclass(frozen=True, kw_only=True)
class CrewProofReturned(Event):
    """The office sent a crew's proof back with a reason."""

    case: int
    office: int
    proof: int


@event("casework.second_look_asked")
@dataclass(frozen=True, kw_only=True)
class SecondLookAsked(Event):
    """A proof of work was drawn by lot, or its photos were flagged: a second person is asked."""

    case: int
    evidence: int
    is_drawn: bool
    is_flagged: bool


@event("casework.second_look_given")
@dataclass(frozen=True, kw_only=True)
class SecondLookGiven(Event):
    """A second person looked at a proof; what does not fit (`fits`) is worked on again."""

    case: int
    office: int
    evidence: int
    fits: bool
    message: int


@event("casework.appeal_made")
@dataclass(frozen=True, kw_only=True)
class AppealMade(Event):
    """The reporter appealed to the office above against a completion."""

    case: int
    to_office: int
    appeal: int
    message: int


@event("casework.appeal_risen")
@dataclass(frozen=True, kw_only=True)
class AppealRisen(Event):
    """`from_office` did not judge an appeal in its time; `to_office`, the next above, does now."""

    case: int
    from_office: int
    to_office: int
    appeal: int


@event("casework.appeal_judged")
@dataclass(frozen=True, kw_only=True)
class AppealJudged(Event):
    """The office above has the work done again (`redo`), or lets the completion stand for good."""

    case: int
    office: int
    appeal: int
    redo: bool
    message: int


@event("casework.case_grounded")
@dataclass(frozen=True, kw_only=True)
class CaseGrounded(Event):
    """What lies near a case's point was asked whose it is. `outcome`: decided, hint or unclear; `rule` is the version."""

    case: int
    office: int
    rule: int
    asset: int
    metres: int
    outcome: str


@event("casework.case_recategorised")
@dataclass(frozen=True, kw_only=True)
class CaseRecategorised(Event):
    """A case is about another category than was said; its clocks still run from its receipt."""

    case: int
    office: int
    from_category: str
    to_category: str
    is_hazard: bool
