"""One report, several offices: each gets a case of its own, with its own instruction, clock and evidence."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from guyub.events import casework as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.rooms.casework import access, dispositions, queries, transitions
from guyub.rooms.casework.acting import locked, save
from guyub.rooms.casework.models import Case, Split
from guyub.rooms.people import api as people


class CannotSplit(ValueError):
    """The office cannot get a part of this report."""


@transaction.atomic
def split_case(*, case: UUID, to_office: int, instruction: str, by: Person, at: datetime) -> Case:
    """Give another office a part; returns its case. Raises NotAllowed, CannotSplit."""
    row = locked(case)
    if not access.may_split(by, row):
        raise NotAllowed("This person may not divide this report.")
    siblings = list(Case.objects.select_for_update().filter(subject=row.subject).order_by("part"))
    target = people.directory().get(to_office)
    if target.id not in {office.id for office in queries.split_targets(row, siblings)}:
        raise CannotSplit(to_office)
    if len(siblings) >= queries.parts_limit(at=at):
        raise CannotSplit("There are as many parts as may be.")
    acting_for = access.speaking_for(by, roles.HAND_OVER, row)
    made = transitions.part_of(row, part=siblings[-1].part + 1, office=target, at=at)
    made.save(force_insert=True)
    Split.objects.create(origin=row, made=made, instruction=instruction, by=by.acting, at=at)
    row.updated_at = at
    fact = events.CaseSplit(
        case=row.pk,
        made=made.pk,
        part=made.part,
        from_office=acting_for,
        to_office=target.id,
        mode=made.mode,
    )
    save(row, fact, by=by, office=acting_for, at=at)
    dispositions.assign_on_arrival(made, at=at)
    return made
