"""What each move does to a case in memory: state, clocks, marks. Returns the fact that tells of it.

The actions lock, ask access, save and record around these; the demo's history is made by the same functions,
so that both obey one set of rules. None of them writes to the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from guyub.events import casework as events
from guyub.rooms.casework import deadlines, ladder, routing
from guyub.rooms.casework.models import Case
from guyub.rooms.casework.rules import (
    ENDED,
    Classification,
    HandOverReason,
    MergeReason,
    Move,
    NotPossible,
    State,
    after,
)
from guyub.rooms.people.api import Office

WAITING_FOR_REPORTER = "menunggu-pelapor"
# After these somebody else is late, should the deadline stay the same.
_OTHERS_TURN = frozenset({Move.HAND_OVER, Move.SEND_OUT, Move.TAKE_BACK})


def new_case(
    *,
    kind: str,
    subject: str,
    number: str,
    label: str,
    classification: Classification,
    category: str,
    place: str,
    office: Office,
    is_hazard: bool,
    at: datetime,
    route: int | None = None,
    ground: dict[str, Any] | None = None,
) -> Case:
    """A case as it is when it is opened, with its clocks running."""
    terms = deadlines.terms_on(at=at, classification=classification)
    case = Case(
        kind=kind,
        subject=subject,
        number=number,
        label=label[:160],
        classification=classification,
        category=category,
        place_code=place,
        office_id=office.id,
        route_id=route,
        ground=ground,
        mode=routing.mode_for(office),
        is_restricted=classification is Classification.OVERSIGHT,
        is_hazard=is_hazard,
        received_at=at,
        terms=terms.as_json(),
        updated_at=at,
    )
    deadlines.set_deadlines(case, terms)
    deadlines.set_next_due(case)
    ladder.begin(case, since=at)
    return case


def part_of(case: Case, *, part: int, office: Office, at: datetime) -> Case:
    """A case for another office about the same subject, which is verified already: all its clocks begin now."""
    made = new_case(
        kind=case.kind,
        subject=case.subject,
        number=case.number,
        label=case.label,
        classification=Classification(case.classification),
        category=case.category,
        place=case.place_code,
        office=office,
        is_hazard=case.is_hazard,
        at=at,
    )
    made.part, made.state, made.forwarded_at = part, State.FORWARDED, at
    deadlines.set_respond_deadline(made, at=at)
    deadlines.set_next_due(made)
    ladder.begin(made, since=at)
    return made


def opened(case: Case) -> events.CaseOpened:
    return events.CaseOpened(
        case=case.pk,
        office=case.office_id,
        mode=case.mode,
        classification=case.classification,
        category=case.category,
        is_hazard=case.is_hazard,
        is_restricted=case.is_restricted,
    )


def _move(
    case: Case,
    move: Move,
    *,
    at: datetime,
    target_month: date | None = None,
    body_due_at: datetime | None = None,
) -> None:
    """Take the case to its next state and set what follows from it. Raises NotPossible."""
    due = case.due_at
    case.state = after(State(case.state), move, asked_in=State(case.asked_in) if case.asked_in else None)
    case.is_open = case.state not in ENDED
    case.ended_at = None if case.is_open else at
    case.updated_at = at
    deadlines.set_next_due(case, target_month=target_month, body_due_at=body_due_at)
    if case.due_at != due or move in _OTHERS_TURN:
        ladder.begin(case, since=at)


def accept(case: Case, *, at: datetime) -> events.RequestAccepted:
    case.accepted_at = case.updated_at = at
    return events.RequestAccepted(case=case.pk, office=case.office_id)


def verify(case: Case, *, at: datetime) -> events.CaseVerified:
    case.forwarded_at = at
    deadlines.set_respond_deadline(case, at=at)
    _move(case, Move.VERIFY, at=at)
    return events.CaseVerified(case=case.pk, office=case.office_id)


def recategorise(case: Case, *, category: str, is_hazard: bool, at: datetime) -> events.CaseRecategorised:
    """What it is about was said wrongly. Its deadlines run from its receipt as they did; only danger brings hours."""
    fact = events.CaseRecategorised(
        case=case.pk,
        office=case.office_id,
        from_category=case.category,
        to_category=category,
        is_hazard=is_hazard,
    )
    case.category, case.is_hazard, case.updated_at = category, is_hazard, at
    due = case.due_at
    deadlines.set_next_due(case)
    if case.due_at != due:
        ladder.begin(case, since=at)
    else:
        ladder.plan(case, since=at)
    return fact


def answer(case: Case, *, message: int, at: datetime, office: int | None = None) -> events.CaseAnswered:
    """`office` is who speaks, if not the one that has the case."""
    first = case.answered_at is None
    case.answered_at = case.answered_at or at
    _move(case, Move.ANSWER, at=at)
    return events.CaseAnswered(case=case.pk, office=office or case.office_id, message=message, is_first=first)


def hand_over(
    case: Case,
    *,
    to: Office,
    hand_over: int,
    at: datetime,
    reason: HandOverReason = HandOverReason.OTHER,
    is_by_rule: bool = False,
) -> events.CaseHandedOver:
    """`is_by_rule`: it goes to the coordinator because offices have passed it on too often."""
    fact = events.CaseHandedOver(
        case=case.pk,
        from_office=case.office_id,
        to_office=to.id,
        mode=routing.mode_for(to),
        hand_over=hand_over,
        reason=reason,
        is_by_rule=is_by_rule,
    )
    case.hand_overs += 1
    case.office_id, case.mode, case.accepted_at = to.id, routing.mode_for(to), None
    case.assignee = None
    if case.forwarded_at:
        case.forwarded_at = at
        deadlines.set_respond_deadline(case, at=at)
    _move(case, Move.HAND_OVER, at=at)
    return fact


def ask(case: Case, *, message: int, at: datetime, office: int | None = None) -> events.ReporterAsked:
    case.asked_in = case.state
    case.paused_at, case.pause_reason = at, WAITING_FOR_REPORTER
    deadlines.set_reporter_deadline(case, at=at)
    _move(case, Move.ASK, at=at)
    return events.ReporterAsked(case=case.pk, office=office or case.office_id, message=message)


def reply(case: Case, *, message: int, at: datetime) -> events.ReporterReplied:
    after(State(case.state), Move.REPLY, asked_in=State(case.asked_in) if case.asked_in else None)
    deadlines.resume_clocks(case, at=at)
    case.reporter_due_at = None
    _move(case, Move.REPLY, at=at)
    case.asked_in = ""
    return events.ReporterReplied(case=case.pk, message=message)


def propose_schedule(case: Case, *, schedule: int, at: datetime) -> events.ScheduleProposed:
    after(State(case.state), Move.SCHEDULE)
    case.updated_at = at
    return events.ScheduleProposed(case=case.pk, office=case.office_id, schedule=schedule)


def decide_schedule(
    case: Case, *, schedule: int, target_month: date, approve: bool, at: datetime
) -> events.ScheduleDecided:
    if approve:
        case.answered_at = case.answered_at or at
        _move(case, Move.SCHEDULE, at=at, target_month=target_month)
    return events.ScheduleDecided(
        case=case.pk,
        office=case.office_id,
        schedule=schedule,
        is_approved=approve,
        target_month=f"{target_month:%Y-%m}",
    )


def lift_schedule(case: Case, *, schedule: int, at: datetime) -> events.ScheduleLifted:
    """The deadline is again the one that the case had; it is late from that day, not from today."""
    _move(case, Move.LIFT, at=at)
    return events.ScheduleLifted(case=case.pk, office=case.office_id, schedule=schedule)


def send_out(case: Case, *, body: Office, letter: int, at: datetime) -> events.CaseSentOut:
    """*Diteruskan ke instansi luar, belum selesai*: the body's own time runs."""
    case.answered_at = case.answered_at or at
    _move(case, Move.SEND_OUT, at=at, body_due_at=deadlines.body_deadline(body.key, at=at))
    return events.CaseSentOut(case=case.pk, office=case.office_id, body=body.id, letter=letter)


def take_back(case: Case, *, letter: int, at: datetime) -> events.CaseTakenBack:
    _move(case, Move.TAKE_BACK, at=at)
    return events.CaseTakenBack(case=case.pk, office=case.office_id, letter=letter)


def complete(case: Case, *, evidence: int, at: datetime) -> events.WorkCompleted:
    case.completed_at = at
    case.answered_at = case.answered_at or at
    deadlines.set_reporter_deadline(case, at=at)
    _move(case, Move.COMPLETE, at=at)
    return events.WorkCompleted(case=case.pk, office=case.office_id, evidence=evidence)


def confirm(case: Case, *, at: datetime, witness: str = "") -> events.FixConfirmed:
    """`witness` confirmed it, where the reporter stayed silent."""
    _move(case, Move.CONFIRM, at=at)
    case.reporter_due_at = None
    return events.FixConfirmed(case=case.pk, witness=witness)


def dispute(case: Case, *, message: int, at: datetime) -> events.FixDisputed:
    _move(case, Move.DISPUTE, at=at)
    case.reporter_due_at, case.completed_at = None, None
    case.reopened += 1
    return events.FixDisputed(case=case.pk, message=message)


def appeal(case: Case, *, appeal: int, to_office: int, message: int, at: datetime) -> events.AppealMade:
    """Until the office above has judged, no silence of the reporter ends the case."""
    _move(case, Move.APPEAL, at=at)
    case.reporter_due_at = None
    return events.AppealMade(case=case.pk, to_office=to_office, appeal=appeal, message=message)


def judge(
    case: Case, *, appeal: int, office: int, redo: bool, message: int, at: datetime
) -> events.AppealJudged:
    _move(case, Move.DISPUTE if redo else Move.REFUSE_APPEAL, at=at)
    if redo:
        case.completed_at = None
        case.reopened += 1
    return events.AppealJudged(case=case.pk, office=office, appeal=appeal, redo=redo, message=message)


def find_wanting(case: Case, *, at: datetime) -> None:
    """A second person found the work not done: it goes on as if it had never been closed."""
    _move(case, Move.FIND_WANTING, at=at)
    case.reporter_due_at, case.completed_at = None, None
    case.reopened += 1


def reject(
    case: Case, *, reason: str, message: int, at: datetime, office: int | None = None
) -> events.CaseRejected:
    _move(case, Move.REJECT, at=at)
    return events.CaseRejected(case=case.pk, office=office or case.office_id, reason=reason, message=message)


def expire(case: Case, *, at: datetime) -> events.CaseExpired:
    _move(case, Move.EXPIRE, at=at)
    case.reporter_due_at = case.paused_at = None
    case.pause_reason = ""
    return events.CaseExpired(case=case.pk)


# All that a merge touches of a case: kept beside the merge, so that taking it back is exact.
_MOMENTS = ("due_at", "escalate_at", "escalated_at", "reporter_due_at", "paused_at")
_PLAIN = ("state", "pause_reason", "escalated_rung", "escalated_to_id")


def merge(
    case: Case, *, reason: MergeReason, at: datetime, office: int | None = None
) -> tuple[events.CaseMerged, dict[str, Any]]:
    """The case ends because another report stands for it; the second value (plain JSON) is what `unmerge` needs.

    Its clocks stop and nobody is asked any more. A plan that waits for a decision and a letter that was only
    prepared stay as they are: neither can go on while the case is merged.
    """
    moments = {name: getattr(case, name) for name in _MOMENTS}
    kept = {name: getattr(case, name) for name in _PLAIN}
    kept |= {name: moment and moment.isoformat() for name, moment in moments.items()}
    _move(case, Move.MERGE, at=at)
    case.reporter_due_at = case.paused_at = None
    case.pause_reason = ""
    ladder.begin(case, since=at)
    return events.CaseMerged(case=case.pk, office=office or case.office_id, reason=reason), kept


def unmerge(
    case: Case,
    *,
    kept: Mapping[str, Any],
    at: datetime,
    by_reporter: bool = False,
) -> events.CaseUnmerged:
    """The case is what it was, with the clocks it had: the days between were not the reporter's doing.

    Only who was being asked then gets the whole time to answer again: nobody asked them while it was merged.
    """
    if State(case.state) is not State.MERGED:
        raise NotPossible(State(case.state), Move.UNMERGE)
    for name in _PLAIN:
        setattr(case, name, kept[name])
    for name in _MOMENTS:
        setattr(case, name, datetime.fromisoformat(kept[name]) if kept[name] else None)
    case.is_open, case.ended_at, case.updated_at = True, None, at
    if case.reporter_due_at:
        deadlines.set_reporter_deadline(case, at=at)
    return events.CaseUnmerged(case=case.pk, office=case.office_id, by_reporter=by_reporter)
