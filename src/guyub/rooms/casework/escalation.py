"""A case rises: by the clock when its office is late, or because the office asks. The duty stays where it is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from guyub.events import casework as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.rooms.casework import access, ladder
from guyub.rooms.casework.acting import locked, save
from guyub.rooms.casework.models import Case, DelayNote, Escalation
from guyub.rooms.casework.rules import DelayReason, Rung
from guyub.rooms.people import api as people


def escalate_due(*, at: datetime, limit: int = 200) -> int:
    """Take the cases whose step is due one rung up; returns how many were looked at.

    Each case in a transaction of its own, locked: run twice or broken off, each step happens once.
    """
    keys = Case.objects.filter(escalate_at__lte=at).order_by("escalate_at").values_list("uuid", flat=True)
    done = 0
    for key in keys[:limit]:
        with transaction.atomic():
            row = (
                Case.objects.select_for_update(skip_locked=True).filter(uuid=key, escalate_at__lte=at).first()
            )
            if row is not None:
                _take_up(row, at=at)
                done += 1
    return done


def _take_up(case: Case, *, at: datetime) -> None:
    """To the first rung that is due and has an office. When it was due is not lost if a sweep comes late."""
    due = case.escalate_at
    assert due is not None
    step = next((one for one in ladder.steps_above(case) if one.at >= due), None)
    office = ladder.office_of(case, step.rung) if step else None
    if step is None or office is None:
        if step is None:
            case.escalate_at = None
        else:
            case.escalated_rung = step.rung  # nobody is there: the next rung is
            ladder.plan(case, since=due)
        case.save()
        return
    _risen(case, step.rung, office, since=due, at=at)


def _risen(
    case: Case,
    rung: Rung,
    office: people.Office,
    *,
    since: datetime,
    at: datetime,
    by: Person | None = None,
    reason: str = "",
    acting_for: int | None = None,
) -> None:
    given = Escalation.objects.create(
        case=case,
        rung=rung,
        from_office_id=case.office_id,
        to_office_id=office.id,
        reason=reason,
        by=by.acting if by else None,
        at=at,
    )
    case.escalated_rung, case.escalated_to_id, case.escalated_at = rung, office.id, at
    ladder.plan(case, since=since)
    fact = events.CaseEscalated(
        case=case.pk,
        rung=rung,
        from_office=case.office_id,
        to_office=office.id,
        escalation=given.pk,
        is_by_office=by is not None,
    )
    save(case, fact, by=by, office=acting_for, at=at)


@transaction.atomic
def escalate(*, case: UUID, reason: str, by: Person, at: datetime) -> Case:
    """*Naikkan*: the office itself asks the next rung for help, with its reason. Raises NotAllowed."""
    row = locked(case)
    if not access.may_escalate(by, row):
        raise NotAllowed("This person may not take this case up.")
    rung, office = next(iter(ladder.offices_above(row)))
    row.updated_at = at
    _risen(row, rung, office, since=at, at=at, by=by, reason=reason, acting_for=row.office_id)
    return row


@transaction.atomic
def explain_delay(*, case: UUID, code: DelayReason, words: str, by: Person, at: datetime) -> Case:
    """*Catatan keterlambatan*: the late office says why, by code and in words. Raises NotAllowed."""
    row = locked(case)
    if not access.may_explain_delay(by, row):
        raise NotAllowed("This person has no delay to explain.")
    note = DelayNote.objects.create(
        case=row, office_id=row.office_id, code=code, words=words, by=by.acting, at=at
    )
    row.delay_explained_at = row.updated_at = at
    fact = events.DelayExplained(case=row.pk, office=row.office_id, reason=code, note=note.pk)
    save(row, fact, by=by, office=access.speaking_for(by, roles.NOTE, row), at=at)
    return row
