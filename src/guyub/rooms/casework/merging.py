"""The cases of a report end because another report stands for it, and are put back when that was wrong.

Which report and why belongs to the room whose content it is; it keeps what `set_aside` returns and gives it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.rooms.casework import access, transitions
from guyub.rooms.casework.acting import check, save
from guyub.rooms.casework.models import Case
from guyub.rooms.casework.rules import CAN_BE_MERGED, OPEN, MergeReason, Move, NotPossible, State

Kept = dict[str, dict[str, Any]]


def lock(*, subjects: Iterable[str]) -> dict[str, list[Case]]:
    """Lock all cases of several subjects, always in the same order, so that two merges never wait for each other.

    Call it before anything else in the transaction locks one of them.
    """
    found: dict[str, list[Case]] = {subject: [] for subject in subjects}
    rows = Case.objects.select_for_update().filter(subject__in=list(found)).order_by("pk")
    for case in rows:
        found[case.subject].append(case)
    return found


def may_merge(person: Person, case: Case) -> bool:
    """Whether a person may let another report stand for a case, or this one for another: who may verify it."""
    return (
        not case.is_restricted
        and State(case.state) in CAN_BE_MERGED
        and access.may(person, roles.VERIFY, case)
    )


def may_receive(person: Person, case: Case) -> bool:
    """Whether others may be merged into the report of a case by this person: once it is verified."""
    return (
        not case.is_restricted
        and State(case.state) in OPEN
        and case.forwarded_at is not None
        and access.may(person, roles.VERIFY, case)
    )


def set_aside(*, cases: list[Case], reason: MergeReason, by: Person, at: datetime) -> Kept:
    """End the open ones of locked cases; returns what they were, by their uuid. Raises NotAllowed, NotPossible."""
    kept: Kept = {}
    for case in cases:
        if not case.is_open:
            continue
        if case.is_restricted:
            raise NotAllowed("What is about conduct is merged with nothing.")
        office = check(by, roles.VERIFY, case)
        fact, kept[str(case.uuid)] = transitions.merge(case, reason=reason, at=at, office=office)
        save(case, fact, by=by, office=office, at=at)
    if not kept:
        raise NotPossible(State(max(cases, key=lambda case: case.part).state), Move.MERGE)
    return kept


def bring_back(
    *, cases: Iterable[Case], kept: Mapping[str, Mapping[str, Any]], by: Person | None, at: datetime
) -> None:
    """Put locked cases back as they were. Without `by` it is the reporter who says so, which the caller has checked.

    Raises NotAllowed, NotPossible.
    """
    for case in cases:
        if str(case.uuid) not in kept:
            continue
        office = check(by, roles.VERIFY, case) if by else None
        fact = transitions.unmerge(case, kept=kept[str(case.uuid)], at=at, by_reporter=by is None)
        save(case, fact, by=by, office=office, at=at)
