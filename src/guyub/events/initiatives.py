"""What happens to initiatives, their promises and their work."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("initiatives.initiative_drafted")
@dataclass(frozen=True, kw_only=True)
class InitiativeDrafted(Event):
    """`template`: the key it began from; `cause`: the subject that it answers. Either may be empty."""

    initiative: int
    template: str
    cause: str = ""


@event("initiatives.initiative_changed")
@dataclass(frozen=True, kw_only=True)
class InitiativeChanged(Event):
    initiative: int


@event("initiatives.consent_asked")
@dataclass(frozen=True, kw_only=True)
class ConsentAsked(Event):
    """A partner asks the office of the place."""

    initiative: int
    office: int


@event("initiatives.consent_decided")
@dataclass(frozen=True, kw_only=True)
class ConsentDecided(Event):
    initiative: int
    office: int
    is_given: bool


@event("initiatives.initiative_opened")
@dataclass(frozen=True, kw_only=True)
class InitiativeOpened(Event):
    """From now on everyone reads it and promises are taken."""

    initiative: int


@event("initiatives.initiative_started")
@dataclass(frozen=True, kw_only=True)
class InitiativeStarted(Event):
    initiative: int


@event("initiatives.initiative_done")
@dataclass(frozen=True, kw_only=True)
class InitiativeDone(Event):
    """Every task was verified and every promise kept or ended."""

    initiative: int


@event("initiatives.initiative_stopped")
@dataclass(frozen=True, kw_only=True)
class InitiativeStopped(Event):
    initiative: int


@event("initiatives.partner_invited")
@dataclass(frozen=True, kw_only=True)
class PartnerInvited(Event):
    """`role`: PENYELENGGARA, MITRA, PELAKSANA or PENDUKUNG."""

    initiative: int
    partner: int
    role: str


@event("initiatives.part_decided")
@dataclass(frozen=True, kw_only=True)
class PartDecided(Event):
    initiative: int
    partner: int
    is_accepted: bool


@event("initiatives.part_ended")
@dataclass(frozen=True, kw_only=True)
class PartEnded(Event):
    initiative: int
    partner: int


@event("initiatives.line_set")
@dataclass(frozen=True, kw_only=True)
class LineSet(Event):
    """Something is needed, or another amount of it."""

    initiative: int
    line: int
    resource: str
    amount: int


@event("initiatives.line_removed")
@dataclass(frozen=True, kw_only=True)
class LineRemoved(Event):
    initiative: int
    line: int


@event("initiatives.appeal_stated")
@dataclass(frozen=True, kw_only=True)
class AppealStated(Event):
    """`basis`: IZIN or DIKECUALIKAN, then with the version of the rule that exempts it."""

    initiative: int
    basis: str
    rule: int | None = None


@event("initiatives.pledge_made")
@dataclass(frozen=True, kw_only=True)
class PledgeMade(Event):
    """By a partner, or by a resident where there is none."""

    initiative: int
    line: int
    pledge: int
    amount: int
    due_on: str
    has_conflict: bool
    partner: int | None = None


@event("initiatives.pledge_accepted")
@dataclass(frozen=True, kw_only=True)
class PledgeAccepted(Event):
    """`note`: the head's reason where permits or tenders were declared."""

    initiative: int
    pledge: int
    amount: int
    note: int | None = None


@event("initiatives.pledge_refused")
@dataclass(frozen=True, kw_only=True)
class PledgeRefused(Event):
    initiative: int
    pledge: int
    amount: int
    note: int


@event("initiatives.pledge_withdrawn")
@dataclass(frozen=True, kw_only=True)
class PledgeWithdrawn(Event):
    """`amount`: what is no longer promised; what was brought stays."""

    initiative: int
    pledge: int
    amount: int
    note: int | None = None


@event("initiatives.pledge_delayed")
@dataclass(frozen=True, kw_only=True)
class PledgeDelayed(Event):
    initiative: int
    pledge: int
    note: int
    due_on: str


@event("initiatives.pledge_thanked")
@dataclass(frozen=True, kw_only=True)
class PledgeThanked(Event):
    initiative: int
    pledge: int
    note: int


@event("initiatives.delivery_made")
@dataclass(frozen=True, kw_only=True)
class DeliveryMade(Event):
    initiative: int
    pledge: int
    delivery: int
    proof: int
    amount: int


@event("initiatives.delivery_received")
@dataclass(frozen=True, kw_only=True)
class DeliveryReceived(Event):
    """`by_link`: signed by somebody without an account."""

    initiative: int
    pledge: int
    delivery: int
    by_link: bool


@event("initiatives.delivery_verified")
@dataclass(frozen=True, kw_only=True)
class DeliveryVerified(Event):
    """`found`: how much of it was there."""

    initiative: int
    pledge: int
    delivery: int
    found: int


@event("initiatives.delivery_refused")
@dataclass(frozen=True, kw_only=True)
class DeliveryRefused(Event):
    initiative: int
    pledge: int
    delivery: int
    note: int


@event("initiatives.goods_handed_over")
@dataclass(frozen=True, kw_only=True)
class GoodsHandedOver(Event):
    """`kind`: BAST or HIBAH."""

    initiative: int
    pledge: int
    kind: str


@event("initiatives.money_spent")
@dataclass(frozen=True, kw_only=True)
class MoneySpent(Event):
    initiative: int
    line: int
    spending: int
    amount: int


@event("initiatives.verification_taken_back")
@dataclass(frozen=True, kw_only=True)
class VerificationTakenBack(Event):
    """What was found to be there is not: the giver owes it again."""

    initiative: int
    pledge: int
    delivery: int
    amount: int
    note: int


@event("initiatives.statement_taken")
@dataclass(frozen=True, kw_only=True)
class StatementTaken(Event):
    """A bank statement of an office or partner: how many lines were new, and their sum in whole rupiah."""

    statement: int
    lines: int
    amount: int
    office: int | None = None
    partner: int | None = None


@event("initiatives.money_matched")
@dataclass(frozen=True, kw_only=True)
class MoneyMatched(Event):
    """A bank confirms this much of what was transferred to an initiative."""

    initiative: int
    match: int
    amount: int


@event("initiatives.match_undone")
@dataclass(frozen=True, kw_only=True)
class MatchUndone(Event):
    initiative: int
    match: int
    amount: int


@event("initiatives.paper_issued")
@dataclass(frozen=True, kw_only=True)
class PaperIssued(Event):
    """`kind`: TAHUN, what a partner did in a year, or JAM, the hours of a volunteer. `digest`: of what it says."""

    paper: int
    kind: str
    digest: str
    partner: int | None = None
    pledge: int | None = None


@event("initiatives.paper_withdrawn")
@dataclass(frozen=True, kw_only=True)
class PaperWithdrawn(Event):
    paper: int
    kind: str


@event("initiatives.task_set")
@dataclass(frozen=True, kw_only=True)
class TaskSet(Event):
    initiative: int
    task: int


@event("initiatives.task_dropped")
@dataclass(frozen=True, kw_only=True)
class TaskDropped(Event):
    initiative: int
    task: int


@event("initiatives.task_proved")
@dataclass(frozen=True, kw_only=True)
class TaskProved(Event):
    initiative: int
    task: int
    proof: int


@event("initiatives.task_verified")
@dataclass(frozen=True, kw_only=True)
class TaskVerified(Event):
    initiative: int
    task: int
    proof: int


@event("initiatives.task_sent_back")
@dataclass(frozen=True, kw_only=True)
class TaskSentBack(Event):
    initiative: int
    task: int
    proof: int


@event("initiatives.proof_checked")
@dataclass(frozen=True, kw_only=True)
class ProofChecked(Event):
    """What the computer found about photos, by codes joined with +."""

    initiative: int
    proof: int
    codes: str
    is_flagged: bool


@event("initiatives.update_posted")
@dataclass(frozen=True, kw_only=True)
class UpdatePosted(Event):
    initiative: int
    update: int


@event("initiatives.figure_recorded")
@dataclass(frozen=True, kw_only=True)
class FigureRecorded(Event):
    """A figure of many people in a month."""

    initiative: int
    code: str
    month: str
    count: int


@event("initiatives.case_joined")
@dataclass(frozen=True, kw_only=True)
class CaseJoined(Event):
    """A case is answered by this initiative and waits for one of its tasks."""

    initiative: int
    task: int
    case: int


@event("initiatives.joined_case_ended")
@dataclass(frozen=True, kw_only=True)
class JoinedCaseEnded(Event):
    """`how`: COMPLETED with the task's proof, RETURNED to its desk, or GONE its own way."""

    initiative: int
    case: int
    how: str
