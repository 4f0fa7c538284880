"""Reports and gauges score each other. Nothing is hidden because of a score, and no threshold changes by itself."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from guyub.events import floods as events
from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.floods import clustering, reference, rules
from guyub.rooms.floods.models import Cluster, FloodReport, ThresholdDoubt
from guyub.rooms.sensing import api as sensing

LEVELS = ("sea_level", "river_level")
KINDS = (*LEVELS, "rain")
OWN = "flood_threshold"
MOST = 60


@dataclass(frozen=True, slots=True)
class Gauge:
    """A datastream near water that somebody saw: how far (m), and from which value on it counts as high."""

    stream: sensing.Datastream
    metres: int
    threshold: float


def gauges_near(lat: float, lon: float, *, at: datetime, kinds: Iterable[str] = KINDS) -> list[Gauge]:
    """The gauges within the city's distance, nearest first."""
    reach = reference.amount("gauge_metres", at=at)
    found = []
    for kind in kinds:
        for stream in sensing.find_datastreams(kind=kind):
            if stream.lat is None or stream.lon is None:
                continue
            metres = rules.metres_between((lat, lon), (stream.lat, stream.lon))
            threshold = _threshold(stream, at=at)
            if metres <= reach and threshold is not None:
                found.append(Gauge(stream, round(metres), threshold))
    return sorted(found, key=lambda one: (one.metres, one.stream.id))


def _threshold(stream: sensing.Datastream, *, at: datetime) -> float | None:
    """The gauge's own threshold (its property), else that of its kind."""
    own = stream.properties.get(OWN)
    if isinstance(own, int | float) and not isinstance(own, bool):
        return float(own)
    try:
        return float(reference.value(f"high_{stream.kind}", at=at)["amount"])
    except rulebook.NoRule:
        return None


def _peak(stream: int, *, start: datetime, until: datetime) -> float | None:
    values = [value for _time, value in sensing.series(stream, start=start, until=until)]
    return max(values, default=None)


def judge(report: FloodReport, *, at: datetime) -> None:
    """Ask the gauges about a report; its cluster is worked out anew if their answer is another. Call it with the lock."""
    window = reference.minutes("gauge_minutes", at=at)
    # Who named a kelurahan alone is judged by nothing: a gauge says little about all of it.
    has_point = report.lat is not None and report.lon is not None
    near = gauges_near(report.lat, report.lon, at=at) if has_point else []  # type: ignore[arg-type]
    peaks = []
    for gauge in near:
        start, until = report.said_at - window, report.said_at + window
        if (peak := _peak(gauge.stream.id, start=start, until=until)) is not None:
            peaks.append((peak, gauge.threshold))
    found = rules.judge(peaks, low_percent=reference.amount("gauge_low", at=at))
    changed = report.trust != found
    report.trust, report.trust_stream = found, near[0].stream.id if near else None
    if report.said_at + window < at:
        report.judged_at = at
    report.save(update_fields=["trust", "trust_stream", "judged_at"])
    if changed and report.cluster is not None and report.cluster.closed_at is None:
        clustering.refresh(report.cluster, at=at)


def judge_due(*, at: datetime) -> int:
    """Judge for good what was said so long ago that all values of its time are in; returns how many."""
    window = reference.minutes("gauge_minutes", at=at)
    rows = FloodReport.objects.filter(judged_at__isnull=True, said_at__lt=at - window)
    done = 0
    for key in rows.order_by("said_at").values_list("pk", flat=True)[:200]:
        with transaction.atomic():
            clustering.lock()
            row = FloodReport.objects.select_related("cluster").get(pk=key)
            judge(row, at=at)
            done += 1
    return done


def doubt(cluster: Cluster, *, at: datetime) -> ThresholdDoubt | None:
    """Confirmed floods below a gauge's threshold propose a lower one, once there are enough of them."""
    if cluster.confirmed_at is None or cluster.lat is None or cluster.lon is None:
        return None
    for gauge in gauges_near(cluster.lat, cluster.lon, at=at, kinds=LEVELS):
        peaks = _peaks_of_confirmed(gauge, at=at)
        proposed = rules.lower_threshold(
            peaks,
            threshold=gauge.threshold,
            least=reference.amount("doubt_clusters", at=at),
            step=float(reference.value("doubt_step", at=at)["amount"]),
        )
        if proposed is not None:
            return _raise(gauge, peaks, proposed, cluster, at=at)
    return None


def _peaks_of_confirmed(gauge: Gauge, *, at: datetime) -> dict[int, float]:
    """How high the gauge stood at each confirmed flood near it, by cluster."""
    window = reference.minutes("gauge_minutes", at=at)
    since = at - timedelta(days=reference.amount("doubt_days", at=at))
    settled = ThresholdDoubt.objects.filter(datastream=gauge.stream.id, settled_at__isnull=False)
    last = settled.order_by("-settled_at").values_list("settled_at", flat=True).first()
    rows = Cluster.objects.filter(
        confirmed_at__isnull=False, lat__isnull=False, heard_at__gte=max(since, last or since)
    )
    peaks: dict[int, float] = {}
    for row in rows.order_by("-heard_at")[:MOST]:
        if row.lat is None or row.lon is None or gauge.stream.lat is None or gauge.stream.lon is None:
            continue
        metres = rules.metres_between((row.lat, row.lon), (gauge.stream.lat, gauge.stream.lon))
        if metres > reference.amount("gauge_metres", at=at):
            continue
        peak = _peak(gauge.stream.id, start=row.began_at - window, until=row.heard_at + window)
        if peak is not None:
            peaks[row.pk] = peak
    return peaks


def _raise(
    gauge: Gauge, peaks: dict[int, float], proposed: float, cluster: Cluster, *, at: datetime
) -> ThresholdDoubt | None:
    below = sorted(key for key, value in peaks.items() if value < gauge.threshold)
    try:
        with transaction.atomic():
            row = ThresholdDoubt.objects.create(
                datastream=gauge.stream.id,
                place_code=cluster.place_code,
                threshold=gauge.threshold,
                proposed=proposed,
                unit=gauge.stream.unit,
                clusters=below,
                raised_at=at,
            )
            fact = events.ThresholdDoubted(
                doubt=row.pk,
                datastream=row.datastream,
                clusters=len(below),
                threshold=json.dumps(row.threshold),
                proposed=json.dumps(row.proposed),
            )
            ledger.record(fact, subject=row.subject, at=at, place=row.place_code)
            return row
    except IntegrityError:  # one is open already
        return None
