"""What is asked of floods by pages, by the map and by other rooms. Points are cells' middles, never a household's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from guyub.kernel.ledger import api as ledger
from guyub.kernel.ledger.api import Sentence
from guyub.rooms.floods import clustering
from guyub.rooms.floods.models import Cluster, FloodReport
from guyub.rooms.floods.rules import State, Trust

MOST = 500


@dataclass(frozen=True, slots=True)
class FloodCluster:
    """Water that one or more people told of; depths in centimetres, `lat` and `lon` of the cell's middle (WGS 84)."""

    number: str
    state: State
    place: str
    lat: float | None
    lon: float | None
    depth: int
    low: int
    high: int
    reports: int
    voices: int
    in_need: int
    trust: Trust
    began_at: datetime
    heard_at: datetime
    confirmed_at: datetime | None
    ended_at: datetime | None

    @property
    def has_page(self) -> bool:
        return bool(self.reports)


@dataclass(frozen=True, slots=True)
class FloodSighting:
    """One report as everyone may see it."""

    number: str
    place: str
    lat: float | None
    lon: float | None
    depth: int
    road: str
    trust: Trust
    said_at: datetime
    is_gone: bool
    cluster: str


def clusters(*, place: str | None = None, at: datetime, since: datetime | None = None) -> list[FloodCluster]:
    """Clusters that go on at a moment, newest first; with `since` also those that ended after it. One query.

    `place` is a kelurahan's code or the beginning of one.
    """
    rows = Cluster.objects.filter(reports__gt=0, began_at__lte=at)
    rows = rows.filter(heard_at__gte=since) if since else rows.filter(closed_at__isnull=True)
    if place:
        rows = rows.filter(place_code__startswith=place)
    return [shape_of(row) for row in rows.order_by("-heard_at", "-pk")[:MOST]]


def shape_of(row: Cluster) -> FloodCluster:
    lat, lon = point_of(row.h3_9)
    return FloodCluster(
        number=row.number,
        state=State(row.state),
        place=row.place_code,
        lat=lat,
        lon=lon,
        depth=row.depth_cm,
        low=row.low_cm,
        high=row.high_cm,
        reports=row.reports,
        voices=row.voices,
        in_need=row.in_need,
        trust=Trust(row.trust),
        began_at=row.began_at,
        heard_at=row.heard_at,
        confirmed_at=row.confirmed_at,
        ended_at=row.dried_at or row.closed_at,
    )


def point_of(cell: int | None) -> tuple[float | None, float | None]:
    return (None, None) if cell is None else clustering.middle_of(cell)


def reports_since(
    moment: datetime, *, place: str | None = None, cluster: int | None = None
) -> list[FloodSighting]:
    """What was told since a moment and may be seen, newest first. One query."""
    rows = FloodReport.objects.shown().since(moment).select_related("place", "cluster")
    if place:
        rows = rows.filter(place__code__startswith=place)
    if cluster:
        rows = rows.filter(cluster=cluster)
    return [sighting_of(row) for row in rows.order_by("-said_at", "-pk")[:MOST]]


def sighting_of(row: FloodReport) -> FloodSighting:
    lat, lon = point_of(row.h3_9)
    return FloodSighting(
        number=row.number,
        place=row.place.code,
        lat=lat,
        lon=lon,
        depth=row.depth_cm,
        road=row.road,
        trust=Trust(row.trust),
        said_at=row.said_at,
        is_gone=row.dry_at is not None,
        cluster=row.cluster.number if row.cluster else "",
    )


def told(subjects: Iterable[str], *, inside: bool) -> list[Sentence]:
    """What happened to subjects in sentences, newest first; `inside` with what only officers read. A query a subject."""
    facts = [fact for subject in subjects for fact in ledger.facts_about(subject)]
    said = [one for fact in facts if (one := ledger.tell(fact)) is not None and (inside or one.public)]
    return sorted(said, key=lambda one: one.at, reverse=True)
