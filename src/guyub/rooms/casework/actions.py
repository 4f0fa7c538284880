"""What happens to cases. Each action locks the case, asks access and the rule, and records the fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from guyub.events import casework as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.kernel.inserting import insert
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import (
    access,
    appeals,
    completing,
    deadlines,
    dispositions,
    grounds,
    ladder,
    queries,
    routing,
    transitions,
)
from guyub.rooms.casework.acting import CaseChanged as CaseChanged
from guyub.rooms.casework.acting import check, locked, overtake_proposal, save
from guyub.rooms.casework.acting import expect_unchanged as expect_unchanged
from guyub.rooms.casework.capture import NOT_SAID, Capture
from guyub.rooms.casework.kinds import kind_of
from guyub.rooms.casework.models import Case, Evidence, HandOver, Schedule
from guyub.rooms.casework.rules import Classification, HandOverReason, Mode, Move, NotPossible, State, Terms
from guyub.rooms.people import api as people


class CannotHandOver(ValueError):
    """The office that was chosen cannot take the case; the message is for people."""


class NothingToDecide(LookupError):
    """No proposal waits for a decision (any more)."""


def open_case(
    *,
    kind: str,
    subject: str,
    number: str,
    label: str,
    classification: Classification,
    category: str,
    place: str,
    is_hazard: bool,
    at: datetime,
    point: tuple[float, float] | None = None,
) -> Case:
    """Give the right office a duty, in the transaction of the subject that causes it.

    `point` (lat, lon) lets what lies there refine the table, where a rule of the city says so.
    """
    on = local_date(at, get_city().tz)
    decided = routing.decide(kind=kind, category=category, classification=classification, place=place, on=on)
    under = grounds.find_ground(
        category=category, classification=classification, place=place, point=point, on=on
    )
    office = under.office if under and under.office else decided.office
    case = transitions.new_case(
        kind=kind,
        subject=subject,
        number=number,
        label=label,
        classification=classification,
        category=category,
        place=place,
        office=office,
        is_hazard=is_hazard,
        at=at,
        route=decided.route,
        ground=under.kept() if under else None,
    )
    insert(case)
    ledger.record(transitions.opened(case), subject=subject, at=at, place=place)
    if under:
        ledger.record(under.fact(case), subject=subject, at=at, place=place)
    dispositions.assign_on_arrival(case, at=at)
    return case


@transaction.atomic
def accept_request(*, case: UUID, by: Person, at: datetime) -> Case:
    """A desa takes a request on. Raises NotAllowed."""
    row = locked(case)
    office = check(by, access.ACCEPT, row)
    if row.mode == Mode.REQUEST and row.accepted_at is None:
        save(row, transitions.accept(row, at=at), by=by, office=office, at=at)
    return row


@transaction.atomic
def verify_case(*, case: UUID, by: Person, at: datetime) -> Case:
    """The report is complete and this office's: its clock for the first answer begins.

    Raises NotAllowed, NotPossible.
    """
    row = locked(case)
    office = check(by, roles.VERIFY, row)
    save(row, transitions.verify(row, at=at), by=by, office=office, at=at)
    return row


@transaction.atomic
def answer_case(*, case: UUID, message: int, by: Person, at: datetime) -> Case:
    """The office said in public what it does. Raises NotAllowed, NotPossible."""
    row = locked(case)
    office = check(by, roles.ANSWER, row)
    save(row, transitions.answer(row, message=message, at=at, office=office), by=by, office=office, at=at)
    return row


@transaction.atomic
def hand_over(
    *,
    case: UUID,
    to_office: int,
    reason: str,
    by: Person,
    at: datetime,
    code: HandOverReason = HandOverReason.OTHER,
) -> Case:
    """Disposisi: another office acts from now on. The time to resolve goes on running from receipt.

    From the rulebook's limit on it goes to the coordinator, whatever was chosen. Raises NotAllowed,
    NotPossible, CannotHandOver.
    """
    row = locked(case)
    office = check(by, roles.HAND_OVER, row)
    wanted = people.directory().get(to_office)
    target = routing.coordinator() if queries.coordinator_decides(row, by, at=at) else wanted
    if Case.objects.filter(subject=row.subject, office_id=target.id, is_open=True).exists():
        raise CannotHandOver("This case, or another part of the report, is with this office already.")
    if row.is_restricted or target.kind == people.OrganisationKind.INSPECTORATE:
        raise CannotHandOver("Reports on conduct stay with the Inspektorat, and no others go there.")
    given = HandOver.objects.create(
        case=row,
        from_office_id=row.office_id,
        to_office_id=target.id,
        code=code,
        reason=reason,
        wanted_office=wanted.id if wanted.id != target.id else None,
        by=by.acting,
        at=at,
    )
    overtake_proposal(row, by=by.acting, at=at)
    fact = transitions.hand_over(
        row, to=target, hand_over=given.pk, at=at, reason=code, is_by_rule=target.id != wanted.id
    )
    save(row, fact, by=by, office=office, at=at)
    dispositions.assign_on_arrival(row, at=at)
    return row


@transaction.atomic
def return_request(
    *, case: UUID, reason: str, by: Person, at: datetime, code: HandOverReason = HandOverReason.OTHER
) -> Case:
    """A desa gives a request back to its kecamatan.

    Raises NotAllowed, NotPossible, CannotHandOver for an order.
    """
    row = locked(case)
    if row.mode != Mode.REQUEST:
        raise CannotHandOver("Only a request can be given back.")
    return hand_over(case=case, to_office=queries.returns_to(row).id, code=code, reason=reason, by=by, at=at)


@transaction.atomic
def ask_reporter(*, case: UUID, message: int, by: Person, at: datetime) -> Case:
    """The office needs to know more: its clocks stand still while the reporter is asked.

    Raises NotAllowed, NotPossible.
    """
    row = locked(case)
    office = check(by, roles.ANSWER, row)
    save(row, transitions.ask(row, message=message, at=at, office=office), by=by, office=office, at=at)
    return row


@transaction.atomic
def reporter_replied(*, case: UUID, message: int, at: datetime) -> Case:
    """The reporter answered the question: the clocks run again.

    The caller has checked that it is the reporter.
    """
    row = locked(case)
    save(row, transitions.reply(row, message=message, at=at), at=at)
    return row


@transaction.atomic
def propose_schedule(
    *, case: UUID, reason: str, target_month: date, by: Person, at: datetime, because: str = ""
) -> Case:
    """*Dijadwalkan*: ask the head of the office to put the work off to a month, with the reason.

    `because` is the subject of another room that the work waits for (see `causes`).

    A head who proposes decides at once. Raises NotAllowed, NotPossible, ValueError for a month that is over.
    """
    row = locked(case)
    office = check(by, roles.ANSWER, row)
    month = target_month.replace(day=1)
    if month < local_date(at, get_city().tz).replace(day=1):
        raise ValueError("The target month is over.")
    Schedule.objects.filter(case=row, decision=Schedule.Decision.PROPOSED).delete()
    plan = Schedule.objects.create(
        case=row,
        office_id=row.office_id,
        reason=reason,
        public_reason=kind_of(row.kind).public_form(row.subject, reason),
        target_month=month,
        because=because,
        proposed_by=by.acting,
        proposed_at=at,
    )
    save(row, transitions.propose_schedule(row, schedule=plan.pk, at=at), by=by, office=office, at=at)
    if access.may(by, roles.APPROVE_SCHEDULE, row):
        return decide_schedule(case=case, approve=True, by=by, at=at)
    return row


@transaction.atomic
def decide_schedule(*, case: UUID, approve: bool, by: Person, at: datetime) -> Case:
    """The head of the office approves or declines the proposal.

    Raises NotAllowed, NotPossible, NothingToDecide.
    """
    row = locked(case)
    office = check(by, roles.APPROVE_SCHEDULE, row)
    plan = Schedule.objects.select_for_update().filter(case=row, decision=Schedule.Decision.PROPOSED).first()
    if plan is None:
        raise NothingToDecide("No proposal waits for a decision.")
    plan.decision = Schedule.Decision.APPROVED if approve else Schedule.Decision.DECLINED
    plan.decided_by, plan.decided_at = by.account, at
    plan.save()
    fact = transitions.decide_schedule(
        row, schedule=plan.pk, target_month=plan.target_month, approve=approve, at=at
    )
    save(row, fact, by=by, office=office, at=at)
    return row


def _put_off_for(case: Case, because: str) -> Schedule:
    """The case's last plan, if that is what it waits for. Raises NothingToDecide."""
    plan = Schedule.objects.filter(case=case).order_by("-pk").first()
    if plan is None or plan.because != because or plan.decision == Schedule.Decision.DECLINED:
        raise NothingToDecide("The case does not wait for this.")
    return plan


@transaction.atomic
def lift_schedule(*, case: UUID, because: str, at: datetime) -> Case:
    """What the case waits for will not come: it goes back to its desk, or the proposal to wait falls.

    The caller is the room whose subject it waits for. Raises NothingToDecide, NotPossible.
    """
    row = locked(case)
    plan = _put_off_for(row, because)
    if plan.decision == Schedule.Decision.PROPOSED:
        plan.delete()
        return row
    save(row, transitions.lift_schedule(row, schedule=plan.pk, at=at), office=row.office_id, at=at)
    return row


@transaction.atomic
def complete_for(
    *,
    case: UUID,
    because: str,
    words: str,
    take_photos: Callable[[str], int],
    given_by: int,
    at: datetime,
) -> Case:
    """What the case waited for is done and was found so: its proof is the case's, and the reporter is asked.

    `given_by` joined the case to it and answers for that. Raises NothingToDecide, NotPossible, `files.NotAPhoto`.
    """
    row = locked(case)
    _put_off_for(row, because)
    completing.complete(
        row,
        words=words,
        capture=NOT_SAID,
        take_photos=take_photos,
        by=None,
        office=row.office_id,
        at=at,
        given_by=given_by,
    )
    kind_of(row.kind).show_proof(row)
    return row


@transaction.atomic
def complete_case(
    *,
    case: UUID,
    words: str,
    photos: UUID,
    by: Person,
    at: datetime,
    capture: Capture = NOT_SAID,
    submission: UUID | None = None,
) -> Case:
    """The work is done, says the office, with words and the photos of a draft; now the reporter is asked.

    `submission` is the id of a proof that waited on a phone: what has been taken is not taken again.

    Raises NotAllowed, NotPossible, `files.NotAPhoto` when there is no photo.
    """
    row = locked(case)
    if submission and Evidence.objects.filter(case=row, submission=submission).exists():
        return row
    office = check(by, roles.COMPLETE, row)
    completing.complete(
        row,
        words=words,
        capture=capture,
        take_photos=lambda subject: files.keep(draft=photos, subject=subject),
        by=by,
        office=office,
        at=at,
        submission=submission,
    )
    return row


@transaction.atomic
def confirm_fix(*, case: UUID, at: datetime) -> Case:
    """The reporter says that it is fixed. The caller has checked that it is the reporter.

    Raises NotPossible.
    """
    row = locked(case)
    save(row, transitions.confirm(row, at=at), at=at)
    return row


@transaction.atomic
def dispute_fix(*, case: UUID, message: int, at: datetime) -> Case:
    """The reporter says "belum selesai": the case is open again.

    The caller has checked that it is the reporter.
    """
    row = locked(case)
    if appeals.is_pending(row):
        raise NotPossible(State(row.state), Move.DISPUTE)
    save(row, transitions.dispute(row, message=message, at=at), at=at)
    return row


@transaction.atomic
def reject_case(*, case: UUID, reason: str, message: int, by: Person, at: datetime) -> Case:
    """It cannot be processed, for a coded reason and with words for the reporter.

    Raises NotAllowed, NotPossible.
    """
    row = locked(case)
    office = check(by, roles.VERIFY, row)
    overtake_proposal(row, by=by.acting, at=at)
    save(
        row,
        transitions.reject(row, reason=reason, message=message, at=at, office=office),
        by=by,
        office=office,
        at=at,
    )
    return row


def relabel(*, subject: str, label: str) -> None:
    """What the inbox says of a subject's cases, after its words have changed or gone."""
    Case.objects.filter(subject=subject).update(label=label[:160])


def remask(*, subject: str) -> None:
    """Give the words that everyone may read of a subject's cases their public form anew."""
    for case in queries.cases_of(subject=subject):
        form = kind_of(case.kind).public_form
        for proof in Evidence.objects.filter(case=case):
            proof.public_words = form(subject, proof.words)
            proof.save(update_fields=["public_words"])
        for plan in Schedule.objects.filter(case=case):
            plan.public_reason = form(subject, plan.reason)
            plan.save(update_fields=["public_reason"])


def expire_due(*, at: datetime, limit: int = 200) -> int:
    """End cases whose reporter did not answer in time, as *Selesai, tanpa tanggapan* (or as confirmed by somebody
    else whose word counts then); returns how many.
    """
    done = 0
    for key in (
        Case.objects.filter(reporter_due_at__lt=at)
        .order_by("reporter_due_at")
        .values_list("uuid", flat=True)[:limit]
    ):
        with transaction.atomic():
            row = (
                Case.objects.select_for_update(skip_locked=True)
                .filter(uuid=key, reporter_due_at__lt=at)
                .first()
            )
            if row is None:
                continue
            try:
                fact = _end_in_silence(row, at=at)
            except NotPossible:
                row.reporter_due_at = None
                row.save()
                continue
            save(row, fact, at=at)
            done += 1
    return done


def _end_in_silence(case: Case, *, at: datetime) -> events.CaseExpired | events.FixConfirmed:
    """The reporter said nothing: whoever else confirmed the work is named, else nobody has confirmed it."""
    witness = kind_of(case.kind).confirmed_by(case) if case.state == State.WORK_DONE else ""
    return transitions.confirm(case, at=at, witness=witness) if witness else transitions.expire(case, at=at)


def recompute_provisional(*, at: datetime, limit: int = 1000) -> int:
    """Make provisional deadlines firm once the year's holidays are published; returns how many became so."""
    done = 0
    for key in Case.objects.filter(due_is_provisional=True, is_open=True).values_list("uuid", flat=True)[
        :limit
    ]:
        with transaction.atomic():
            row = locked(key)
            deadlines.set_deadlines(row, Terms.from_json(row.terms))
            if row.due_is_provisional:
                continue
            if State(row.state) is not State.SCHEDULED:
                deadlines.set_next_due(row)
                ladder.begin(row, since=at)
            save(row, events.DeadlinesRecomputed(case=row.pk), at=at)
            done += 1
    return done
