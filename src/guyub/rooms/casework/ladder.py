"""When and to whom a case rises if its office lets the deadline pass; days and hours are the rulebook's.

A ladder belongs to one deadline of one office: with another deadline or another office it begins anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from guyub.kernel.calendar import deadline, local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework.models import Case, Route
from guyub.rooms.casework.rules import Mode, Rung, State, ladder
from guyub.rooms.people import api as people

_FAMILY = "escalation"


@dataclass(frozen=True, slots=True)
class Step:
    """A rung with its moment; the office is looked up when it is reached."""

    rung: Rung
    at: datetime


def begin(case: Case, *, since: datetime) -> None:
    """Put the ladder at its foot. Steps that lay before `since` are left out: they are nobody's news."""
    case.escalated_rung, case.escalated_to_id, case.escalated_at = "", None, None
    plan(case, since=since)


def plan(case: Case, *, since: datetime) -> None:
    """Say when the next step is due, if there is one."""
    case.escalate_at = next((step.at for step in steps_above(case) if step.at > since), None)


def steps_above(case: Case) -> Iterator[Step]:
    """The steps that are left above where the case has risen to, in order. No query for a case that has none."""
    if case.due_at is None or case.is_restricted or not case.is_open or case.state == State.EXTERNAL:
        return
    rungs = rungs_above(case)
    if not rungs:
        return
    tz, calendar = get_city().tz, rulebook.calendar()
    days = rulebook.family(_FAMILY, on=local_date(case.received_at, tz))
    for rung in rungs:
        said = days.get(f"hazard.{rung}" if case.is_hazard else rung)
        if said is None:
            continue
        amount = said.value["amount"]
        if case.is_hazard:
            yield Step(rung, case.due_at + timedelta(hours=amount))
        else:
            yield Step(rung, deadline(case.due_at, amount, tz, calendar).due_at)


def rungs_above(case: Case) -> tuple[Rung, ...]:
    """The rungs that a case has not risen to yet."""
    office = people.directory().by_id.get(case.office_id)
    rungs = ladder(office.kind if office else "", mode=Mode(case.mode))
    if case.escalated_rung in rungs:
        rungs = rungs[rungs.index(Rung(case.escalated_rung)) + 1 :]
    return rungs


def office_of(case: Case, rung: Rung) -> people.Office | None:
    """The office of a rung; None where the city has none, or where the case is with it already."""
    offices = people.directory()
    found: people.Office | None = None
    if rung is Rung.DISTRICT:
        found = offices.of_district(case.place_code)
    elif rung is Rung.AGENCY:
        rows = Route.objects.filter(pk=case.route_id or 0)
        row = rows.values_list("organisation_key", "backing_key").first()
        found = next((office for key in row or () if key and (office := offices.find_key(key))), None)
    else:
        found = next(iter(offices.of_kind(people.OrganisationKind.SECRETARIAT)), None)
    return found if found and found.id != case.office_id else None


def offices_above(case: Case) -> Iterator[tuple[Rung, people.Office]]:
    """The rungs that are left and have an office."""
    for rung in rungs_above(case):
        if office := office_of(case, rung):
            yield rung, office
