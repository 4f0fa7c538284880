"""The door to incidents: what goes on, and beginning one. Times are UTC, places are codes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from guyub.kernel.access.api import Person
from guyub.rooms.incidents import opening, queries
from guyub.rooms.incidents.access import count_undecided
from guyub.rooms.incidents.acting import Refused
from guyub.rooms.incidents.models import Incident as _Row
from guyub.rooms.incidents.opening import Opening
from guyub.rooms.incidents.past import Beginning, beginnings
from guyub.rooms.incidents.queries import Incident, open_incidents
from guyub.rooms.incidents.rules import Mode, State

__all__ = [
    "Beginning",
    "Incident",
    "Mode",
    "Refused",
    "State",
    "beginnings",
    "count_undecided",
    "find",
    "open_incident",
    "open_incidents",
]


def open_incident(
    *,
    kind: str,
    title: str,
    places: Iterable[str],
    by: Person,
    at: datetime,
    level: str = "SIAGA",
    mode: str = Mode.ACTUAL,
    sources: Iterable[str] = (),
) -> Incident:
    """Begin an incident, commanded by who opens it, with the playbook's steps of its level laid out.

    `kind` is a code of the rulebook's incident_kinds; `sources` are subjects as the ledger names them
    (`warnings.warning:7`, `reports.report:12`, a cluster of another room). If a going incident rests on one of them,
    that one comes back. Raises `NotAllowed`, `Refused`.
    """
    said = Opening(
        kind=kind, title=title, places=tuple(places), level=level, mode=mode, sources=tuple(sources)
    )
    row = opening.open_incident(said=said, by=by, at=at)
    return queries.shaped(_Row.objects.filter(pk=row.pk), at=at)[0]


def find(*, id: int, at: datetime) -> Incident | None:
    """Whatever became of it."""
    found = queries.shaped(_Row.objects.filter(pk=id), at=at)
    return found[0] if found else None
