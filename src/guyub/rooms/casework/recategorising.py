"""What a subject is about was said wrongly: its cases follow, and whose matter it now is, is only suggested."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework import access, grounds, routing, transitions
from guyub.rooms.casework.acting import save
from guyub.rooms.casework.models import Case
from guyub.rooms.casework.rules import Classification, Mode
from guyub.rooms.people.api import Office


def may_recategorise(person: Person, case: Case) -> bool:
    """Who reads new reports at its office, and the coordinator; never what is restricted, or over."""
    return case.is_open and not case.is_restricted and access.may(person, roles.VERIFY, case)


@transaction.atomic
def recategorise(*, case: Case, category: str, label: str, is_hazard: bool, by: Person, at: datetime) -> Case:
    """Every part of the subject follows, those that are over too, because figures count all. Raises NotAllowed."""
    rows = {
        row.pk: row for row in Case.objects.select_for_update().filter(subject=case.subject).order_by("pk")
    }
    if not may_recategorise(by, rows[case.pk]):
        raise NotAllowed("This person does not say what this case is about.")
    for row in rows.values():
        office = access.speaking_for(by, roles.VERIFY, row)
        row.label = label[:160]
        fact = transitions.recategorise(row, category=category, is_hazard=is_hazard, at=at)
        save(row, fact, by=by, office=office, at=at)
    return rows[case.pk]


def suggested_office(case: Case, *, point: tuple[float, float] | None, at: datetime) -> Office | None:
    """Whose matter a case is by the table of today and by what lies at its point, where that is another office's.

    A desa is asked and not ordered about, and what offices have passed on too often is not sent round again by us.
    """
    if case.mode == Mode.REQUEST or case.is_restricted:
        return None
    kind, on = Classification(case.classification), local_date(at, get_city().tz)
    place, category = case.place_code, case.category
    under = grounds.find_ground(category=category, classification=kind, place=place, point=point, on=on)
    wanted = under.office if under and under.office else _by_table(case, kind, on)
    return None if wanted is None or wanted.id == case.office_id else wanted


def _by_table(case: Case, classification: Classification, on: date) -> Office | None:
    try:
        return routing.route(
            kind=case.kind,
            category=case.category,
            classification=classification,
            place=case.place_code,
            on=on,
        )
    except routing.NoOffice:
        return None
