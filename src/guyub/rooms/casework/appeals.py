"""*Keberatan*: work that was declared done again and again is judged by the office above, once and for good.

An office that lets its time pass loses it to the next one above, which has as much time as the first had.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from guyub.events import casework as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.calendar import deadline, local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import ladder, rules, transitions
from guyub.rooms.casework.acting import locked, save
from guyub.rooms.casework.models import Appeal, Case
from guyub.rooms.casework.rules import Mode, Move, NotPossible, State
from guyub.rooms.casework.second_look import newest_proof
from guyub.rooms.people import api as people

Decision = Appeal.Decision


class NothingToJudge(LookupError):
    """The appeal has been decided, or the case has moved on."""


def find(case: Case) -> Appeal | None:
    return Appeal.objects.filter(case=case).first()


def is_pending(case: Case) -> bool:
    """Whether the office above still has to decide."""
    return Appeal.objects.filter(case=case, decided_at=None).exists()


def office_above(case: Case) -> people.Office | None:
    """Who would judge: the next level. A desa governs itself, and what is about conduct has nobody above."""
    office = people.directory().by_id.get(case.office_id)
    if case.mode == Mode.REQUEST or case.is_restricted or office is None:
        return None
    rungs = rules.ladder(office.kind, mode=Mode(case.mode))
    return next((found for rung in rungs if (found := ladder.office_of(case, rung))), None)


def _above_judge(case: Case, judge: int) -> people.Office | None:
    """The next office above the one that should have judged; None at the top."""
    office = people.directory().by_id.get(case.office_id)
    rungs = rules.ladder(office.kind if office else "", mode=Mode(case.mode))
    offices = [found for rung in rungs if (found := ladder.office_of(case, rung))]
    ids = [one.id for one in offices]
    return next(iter(offices[ids.index(judge) + 1 :]), None) if judge in ids else None


def can_appeal(case: Case) -> people.Office | None:
    """To whom the reporter may appeal now: the work was declared done before, was not, and is declared done again."""
    if case.state != State.WORK_DONE or case.reopened < 1 or Appeal.objects.filter(case=case).exists():
        return None
    return office_above(case)


@transaction.atomic
def appeal(*, case: UUID, message: int, at: datetime) -> Case:
    """The reporter appeals. The caller has checked that it is the reporter. Raises NotPossible."""
    row = locked(case)
    office = can_appeal(row)
    if office is None:
        raise NotPossible(State(row.state), Move.APPEAL)
    proof = newest_proof(row)
    assert proof is not None
    made = Appeal.objects.create(
        case=row,
        evidence_id=proof,
        to_office_id=office.id,
        message=message,
        at=at,
        due_at=_due(at),
    )
    save(row, transitions.appeal(row, appeal=made.pk, to_office=office.id, message=message, at=at), at=at)
    return row


def _due(at: datetime) -> datetime:
    """By when an office that has an appeal from now on should have judged it."""
    tz = get_city().tz
    days = rulebook.rule("second_look.appeal_days", on=local_date(at, tz)).value["amount"]
    return deadline(at, days, tz, rulebook.calendar()).due_at


def raise_due(*, at: datetime) -> int:
    """Take appeals that nobody judged in time to the next office; returns how many rose. At the top they stay.

    Without a rule about it none rises. Run twice or broken off, each rises once.
    """
    tz = get_city().tz
    rule = rulebook.family("second_look", on=local_date(at, tz)).get("appeal_rise_days")
    if rule is None:
        return 0
    days, calendar = rule.value["amount"], rulebook.calendar()
    late = Appeal.objects.filter(decided_at=None, due_at__lt=at, case__state=State.WORK_DONE)
    risen = 0
    for key, due, case in late.order_by("due_at").values_list("pk", "due_at", "case__uuid"):
        if deadline(due, days, tz, calendar).due_at < at:
            risen += _rise(key, case=case, due=due, at=at)
    return risen


@transaction.atomic
def _rise(appeal: int, *, case: UUID, due: datetime, at: datetime) -> bool:
    row = locked(case)
    found = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal)
    office = _above_judge(row, found.to_office_id)
    if office is None or found.decided_at is not None or found.due_at != due or row.state != State.WORK_DONE:
        return False
    fact = events.AppealRisen(
        case=row.pk, from_office=found.to_office_id, to_office=office.id, appeal=found.pk
    )
    found.to_office_id, found.due_at = office.id, _due(at)
    found.save()
    save(row, fact, at=at)
    return True


def waiting(person: Person) -> QuerySet[Appeal]:
    """What the heads of an office have to judge, the most urgent first."""
    heads = person.offices(roles.ESCALATED) & person.offices(roles.SECOND_LOOK)
    rows = Appeal.objects.filter(decided_at=None, to_office__in=heads, case__state=State.WORK_DONE)
    return rows.select_related("case", "evidence").order_by("due_at", "pk")


@transaction.atomic
def decide(*, appeal: int, decision: str, answer: int, by: Person, at: datetime) -> Case:
    """The office above has the work done again, or lets it stand with its reason; then that is the end.

    Raises NotAllowed, NothingToJudge.
    """
    found = Appeal.objects.select_related("case").get(pk=appeal)
    case = locked(found.case.uuid)
    row = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal)
    if row.decided_at is not None or case.state != State.WORK_DONE:
        raise NothingToJudge(appeal)
    if not waiting(by).filter(pk=appeal).exists():
        raise NotAllowed("This person does not judge this appeal.")
    row.decision, row.answer, row.decided_by, row.decided_at = decision, answer, by.acting, at
    row.save()
    fact = transitions.judge(
        case, appeal=row.pk, office=row.to_office_id, redo=decision == Decision.REDO, message=answer, at=at
    )
    save(case, fact, by=by, office=row.to_office_id, at=at)
    return case
