"""Reports of the same water are one cluster: found when a report comes, worked out anew when one changes.

One transaction at a time does this in a city: two reports that join three clusters would else each miss the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from statistics import fmean

import h3.api.basic_int as h3
from django.db import connection, transaction
from django.db.models import Q

from guyub.events import Event
from guyub.events import floods as events
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.rooms.floods import reference, rules
from guyub.rooms.floods.models import Cluster, FloodReport
from guyub.rooms.floods.rules import Sighting, State, Trust
from guyub.rooms.places import api as places

RESOLUTION = 9
REACH_DEGREES = 1.5 / rules.METRES_PER_DEGREE


def cell(lat: float | None, lon: float | None) -> int | None:
    """The H3 cell of resolution 9 (edge 201 m) of a point: all that everyone sees of it."""
    return None if lat is None or lon is None else int(h3.latlng_to_cell(lat, lon, RESOLUTION))


def middle_of(cell: int) -> tuple[float, float]:
    lat, lon = h3.cell_to_latlng(cell)
    return round(lat, 5), round(lon, 5)


def lock() -> None:
    """Until the transaction ends nobody else in this city puts clusters together."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || ':floods', 0))")


def record(event: Event, cluster: Cluster, *, at: datetime, by: int | None = None) -> None:
    ledger.record(event, subject=cluster.subject, at=at, by=by, place=cluster.place_code)


def sightings_of(rows: Sequence[FloodReport]) -> list[Sighting]:
    return [row.sighting(row.place.code) for row in rows]


def members(cluster: Cluster) -> list[FloodReport]:
    """The reports of a cluster that count: those that everyone may see."""
    return list(cluster.members.shown().select_related("place").order_by("said_at", "pk"))  # type: ignore[attr-defined]


def gather(report: FloodReport, *, at: datetime) -> Cluster:
    """Put a report into the cluster of its water, joining clusters that it shows to be one. Call it with the lock."""
    own = report.sighting(report.place.code)
    limits = reference.limits(at=at)
    near = [
        row for row in _candidates(report, at=at) if rules.linked(own, row.sighting(row.place.code), limits)
    ]
    keys = {key for row in (*near, report) if (key := row.cluster_id) is not None}
    found = list(Cluster.objects.filter(pk__in=keys, closed_at__isnull=True).order_by("pk"))
    cluster = found[0] if found else _new(report, at=at)
    if report.cluster_id != cluster.pk:
        report.cluster = cluster
        report.save(update_fields=["cluster"])
    for other in found[1:]:
        _join(other, cluster, at=at)
    return refresh(cluster, at=at)


def _candidates(report: FloodReport, *, at: datetime) -> list[FloodReport]:
    """Reports of clusters that go on, about where and when this one is."""
    limits = reference.limits(at=at)
    rows = FloodReport.objects.shown().since(report.said_at - limits.within).exclude(pk=report.pk)
    rows = rows.filter(cluster__closed_at__isnull=True, cluster__isnull=False).select_related("place")
    if report.lat is None or report.lon is None:
        return list(rows.filter(lat__isnull=True, place_id=report.place_id))
    reach = limits.metres * REACH_DEGREES
    return list(
        rows.filter(
            lat__range=(report.lat - reach, report.lat + reach),
            lon__range=(report.lon - reach, report.lon + reach),
        )
    )


def _new(report: FloodReport, *, at: datetime) -> Cluster:
    return Cluster.objects.create(
        year=local_date(at, get_city().tz).year,
        place_code=report.place.code,
        began_at=report.since_at or report.said_at,
        heard_at=report.said_at,
        changed_at=at,
    )


def _join(other: Cluster, into: Cluster, *, at: datetime) -> None:
    """The younger cluster ends; what an officer or a gauge found of it holds for the elder."""
    FloodReport.objects.filter(cluster=other).update(cluster=into)
    into.began_at = min(into.began_at, other.began_at)
    is_confirmed = other.by_officer and not into.by_officer
    if is_confirmed:
        into.by_officer, into.confirmed_by_id, into.confirmed_at = (
            True,
            other.confirmed_by_id,
            other.confirmed_at,
        )
    if other.work_number and not into.work_number:
        into.work_number, into.work_subject = other.work_number, other.work_subject
    into.save()
    if is_confirmed:
        fact = events.ClusterConfirmed(
            cluster=into.pk, reports=into.reports, depth=into.depth_cm, by_officer=True
        )
        record(fact, into, at=at)
    other.state, other.closed_at, other.changed_at, other.reports = State.CLOSED, at, at, 0
    other.save()
    record(events.ClusterJoined(cluster=other.pk, into=into.pk), other, at=at)


def refresh(cluster: Cluster, *, at: datetime) -> Cluster:
    """Work out anew what a cluster's reports say of it, and record what changed for people. Call it with the lock."""
    rows = members(cluster)
    seen = sightings_of(rows)
    _count(cluster, rows, seen, at=at)
    _believe(cluster, seen, at=at)
    _dry(cluster, seen, at=at)
    if not rows and cluster.closed_at is None:
        close(cluster, at=at)
    cluster.state = state_of(cluster)
    cluster.changed_at = at
    cluster.save()
    return cluster


def _count(cluster: Cluster, rows: list[FloodReport], seen: list[Sighting], *, at: datetime) -> None:
    """Measure, and record what changed of what the wall shows: a past hour is told by facts alone."""
    before = cluster.reports, cluster.depth_cm, cluster.in_need
    _measure(cluster, rows, seen)
    if before != (cluster.reports, cluster.depth_cm, cluster.in_need):
        fact = events.ClusterCounted(
            cluster=cluster.pk,
            reports=cluster.reports,
            depth=cluster.depth_cm,
            in_need=cluster.in_need,
        )
        record(fact, cluster, at=at)


def _measure(cluster: Cluster, rows: list[FloodReport], seen: list[Sighting]) -> None:
    cluster.reports, cluster.voices = len(rows), rules.independent(seen)
    if reach := rules.depth_of(seen):
        cluster.depth_cm, cluster.low_cm, cluster.high_cm = reach.depth, reach.low, reach.high
    cluster.in_need = sum(row.in_need for row in rows if row.dry_at is None)
    if rows:
        cluster.heard_at = max(row.said_at for row in rows)
    said = {row.trust for row in rows}
    cluster.trust = (
        Trust.SUPPORTED
        if Trust.SUPPORTED in said
        else Trust.CONTRADICTED
        if said == {Trust.CONTRADICTED}
        else ""
    )
    points = [(row.lat, row.lon) for row in rows if row.lat is not None and row.lon is not None]
    mean = (
        (fmean(lat for lat, _lon in points), fmean(lon for _lat, lon in points)) if points else (None, None)
    )
    cluster.h3_9 = cell(*mean)
    cluster.lat, cluster.lon = (None, None) if cluster.h3_9 is None else middle_of(cluster.h3_9)


def _believe(cluster: Cluster, seen: list[Sighting], *, at: datetime) -> None:
    if cluster.by_officer:
        return
    enough = rules.is_confirmed(seen, reference.limits(at=at))
    if enough and cluster.confirmed_at is None:
        cluster.confirmed_at = at
        fact = events.ClusterConfirmed(
            cluster=cluster.pk, reports=cluster.reports, depth=cluster.depth_cm, by_officer=False
        )
        record(fact, cluster, at=at)
    elif not enough and cluster.confirmed_at is not None:
        cluster.confirmed_at = None
        record(events.ClusterDoubted(cluster=cluster.pk), cluster, at=at)


def _dry(cluster: Cluster, seen: list[Sighting], *, at: datetime) -> None:
    dry = rules.has_dried(seen, at=at, quiet=reference.hours("quiet_hours", at=at))
    if dry and cluster.dried_at is None:
        cluster.dried_at = at
        record(events.ClusterDried(cluster=cluster.pk, by_officer=False), cluster, at=at)
    elif not dry and cluster.dried_at is not None and cluster.heard_at > cluster.dried_at:
        cluster.dried_at = None
        record(events.ClusterReturned(cluster=cluster.pk), cluster, at=at)


def state_of(cluster: Cluster) -> State:
    if cluster.closed_at is not None:
        return State.CLOSED
    if cluster.dried_at is not None:
        return State.DRY
    return State.CONFIRMED if cluster.confirmed_at is not None else State.OPEN


def close(cluster: Cluster, *, at: datetime) -> None:
    """Nothing more is expected. The caller saves."""
    cluster.closed_at, cluster.state = at, State.CLOSED
    fact = events.ClusterClosed(
        cluster=cluster.pk,
        reports=cluster.reports,
        depth=cluster.depth_cm,
        confirmed=cluster.confirmed_at is not None,
    )
    record(fact, cluster, at=at)


@transaction.atomic
def sweep(*, at: datetime) -> list[int]:
    """Clusters of which nobody speaks any more dry, and close after a while; returns the ids of the closed ones."""
    lock()
    quiet, later = reference.hours("quiet_hours", at=at), reference.hours("close_hours", at=at)
    still = Cluster.objects.select_for_update(of=("self",)).filter(closed_at__isnull=True)
    closed = []
    for cluster in still.filter(Q(heard_at__lte=at - quiet) | Q(dried_at__lte=at - later)).order_by("pk")[
        :200
    ]:
        refresh(cluster, at=at)
        if cluster.closed_at is None and cluster.dried_at and cluster.dried_at <= at - later:
            close(cluster, at=at)
            cluster.save()
        if cluster.closed_at is not None:
            closed.append(cluster.pk)
    return closed


def place_said(code: str) -> str:
    """A place for people; a code that is not known any more stands for itself."""
    found = places.gazetteer().by_code.get(code)
    return found.label if found else code
