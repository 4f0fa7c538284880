"""The frame around every move of a case: lock it, ask access, save it, record the fact."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from guyub.events import Event
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import access
from guyub.rooms.casework.kinds import kind_of
from guyub.rooms.casework.models import Case, Schedule


class CaseChanged(Exception):
    """Somebody acted on the case since it was looked at."""


def locked(case: UUID) -> Case:
    return Case.objects.select_for_update().get(uuid=case)


def expect_unchanged(*, case: UUID, seen: datetime) -> None:
    """Lock a case and make sure that it is still as somebody saw it.

    Call it inside the action's transaction, before it: so two clicks, or two officers at once, have one
    effect. Raises `CaseChanged`.
    """
    if locked(case).updated_at != seen:
        raise CaseChanged(case)


def check(person: Person, power: str, case: Case) -> int:
    """Refuse whoever may not; returns the office in whose name they act. Raises NotAllowed."""
    if not access.may(person, power, case):
        raise NotAllowed("This person may not do this to this case.")
    return access.speaking_for(person, power, case)


def save(
    case: Case, fact: Event, *, by: Person | None = None, office: int | None = None, at: datetime
) -> None:
    """`office` is the one in whose name `by` acted; a reporter's and the clock's own moves have neither."""
    case.save()
    recorded = ledger.record(
        fact,
        subject=case.subject,
        at=at,
        by=by.account if by else None,
        on_behalf_of=office,
        place=case.place_code,
    )
    with ledger.because(recorded):
        kind_of(case.kind).on_change(case, at)


def overtake_proposal(case: Case, *, by: int, at: datetime) -> None:
    """A proposal to put the work off falls when the case moves on without it."""
    Schedule.objects.filter(case=case, decision=Schedule.Decision.PROPOSED).update(
        decision=Schedule.Decision.DECLINED, decided_by=by, decided_at=at
    )
