"""Clusters as they stood at a past moment, by the facts until then.

No fact holds a point: whoever has a report erased takes its cell along. A cluster of then is known by its kelurahan.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from guyub.events import floods as events
from guyub.kernel.ledger import api as ledger
from guyub.kernel.ledger.api import RecordedFact
from guyub.rooms.floods.models import Cluster, FloodReport
from guyub.rooms.floods.rules import State

_KINDS = (
    events.ClusterCounted,
    events.ClusterConfirmed,
    events.ClusterDoubted,
    events.ClusterDried,
    events.ClusterReturned,
)


@dataclass(frozen=True, slots=True)
class ClusterThen:
    """Water as people knew it at a past moment; `has_page`: a report of it may still be seen today."""

    number: str
    state: State
    place: str
    depth: int
    reports: int
    in_need: int
    has_page: bool


@dataclass(slots=True)
class _Stood:
    """What the facts about one cluster come to."""

    reports: int = 0
    depth: int = 0
    in_need: int = 0
    is_confirmed: bool = False
    is_dry: bool = False

    def hear(self, fact: RecordedFact) -> None:
        if fact.name == events.ClusterCounted.name:
            said = fact.payload
            self.reports, self.depth, self.in_need = said["reports"], said["depth"], said["in_need"]
        elif fact.name in (events.ClusterConfirmed.name, events.ClusterDoubted.name):
            self.is_confirmed = fact.name == events.ClusterConfirmed.name
        else:
            self.is_dry = fact.name == events.ClusterDried.name

    @property
    def state(self) -> State:
        if self.is_dry:
            return State.DRY
        return State.CONFIRMED if self.is_confirmed else State.OPEN


def clusters_then(*, at: datetime) -> list[ClusterThen]:
    """Clusters that went on at a past moment, newest first; without points. Two queries.

    A closed cluster never opens again, so its row says when it was over.
    """
    rows = {row.subject: row for row in Cluster.objects.filter(Q(closed_at=None) | Q(closed_at__gt=at))}
    stood: dict[str, _Stood] = {}
    for fact in ledger.facts_of(*_KINDS, subjects=rows, until=at):
        stood.setdefault(fact.subject, _Stood()).hear(fact)
    newest = sorted(stood, key=lambda subject: rows[subject].pk, reverse=True)
    return [_shape(rows[subject], stood[subject]) for subject in newest if stood[subject].reports]


def _shape(row: Cluster, stood: _Stood) -> ClusterThen:
    return ClusterThen(
        number=row.number,
        state=stood.state,
        place=row.place_code,
        depth=stood.depth,
        reports=stood.reports,
        in_need=stood.in_need,
        has_page=bool(row.reports),
    )


def had_any(*, at: datetime) -> bool:
    """Whether anybody had told of water by then."""
    return FloodReport.objects.filter(first_said_at__lte=at).exists()
