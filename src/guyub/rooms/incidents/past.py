"""Incidents as they stood at a past moment: their state, level and publicity by the facts until then, their tasks and
shelters by rows that say from when until when they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from guyub.events import incidents as events
from guyub.kernel.ledger import api as ledger
from guyub.kernel.ledger.api import RecordedFact
from guyub.rooms.incidents import models, queries
from guyub.rooms.incidents.queries import Incident
from guyub.rooms.incidents.rules import LEVELS, State

_STATES = {
    events.IncidentOpened.name: State.OPEN,
    events.IncidentContained.name: State.CONTAINED,
    events.IncidentWorsened.name: State.OPEN,
    events.IncidentClosed.name: State.CLOSED,
    events.IncidentReopened.name: State.OPEN,
}
_KINDS = (
    events.IncidentOpened,
    events.IncidentContained,
    events.IncidentWorsened,
    events.IncidentClosed,
    events.IncidentReopened,
    events.PlaybookStarted,
    events.IncidentShown,
)


@dataclass(slots=True)
class _Stood:
    """What the facts about one incident come to."""

    state: State = State.OPEN
    level: str = LEVELS[0]
    contained_at: datetime | None = None
    is_public: bool = False

    def hear(self, fact: RecordedFact) -> None:
        if fact.name in _STATES:
            self.state = _STATES[fact.name]
            if self.state is not State.CLOSED:
                self.contained_at = fact.occurred_at if self.state is State.CONTAINED else None
        if "level" in fact.payload:
            self.level = max(self.level, fact.payload["level"], key=LEVELS.index)
        if fact.name == events.IncidentShown.name:
            self.is_public = fact.payload["is_public"]


def incidents_then(*, at: datetime) -> list[Incident]:
    """Those that went on at a past moment, the newest first. Six queries.

    What the city has taken back since has no public address: nobody is shown again what was withdrawn.
    """
    rows = models.Incident.objects.filter(Q(closed_at=None) | Q(closed_at__gt=at), opened_at__lte=at)
    found = queries.shaped(rows, at=at)
    stood = _stood((one.subject for one in found), at=at)
    return [_then(one, then) for one in found if (then := stood[one.subject]).state is not State.CLOSED]


def _stood(subjects: Iterable[str], *, at: datetime) -> dict[str, _Stood]:
    found = {subject: _Stood() for subject in subjects}
    for fact in ledger.facts_of(*_KINDS, subjects=found, until=at):
        found[fact.subject].hear(fact)
    return found


def _then(one: Incident, then: _Stood) -> Incident:
    return replace(
        one,
        level=then.level,
        state=then.state.value,
        contained_at=then.contained_at,
        public_address=one.public_address if then.is_public else "",
    )


@dataclass(frozen=True, slots=True)
class Beginning:
    """When an incident began, for whoever looks back at it."""

    number: str
    title: str
    is_exercise: bool
    at: datetime


def beginnings(*, since: datetime, until: datetime) -> list[Beginning]:
    """The incidents that began between two moments, whether they go on or not, the newest first. One query."""
    rows = models.Incident.objects.filter(opened_at__gte=since, opened_at__lte=until)
    return [
        Beginning(row.number, row.title, row.is_exercise, row.opened_at)
        for row in rows.order_by("-opened_at", "-pk")
    ]


def had_any(*, at: datetime) -> bool:
    """Whether there had been an incident by then."""
    return models.Incident.objects.filter(opened_at__lte=at).exists()
