"""What the city's computer says of the demo's proofs, by the same rules as of real ones.

The pictures are drawn and few, so to look at them would accuse every office: here each stands for a photo of its own.
Most proofs are in order; some come from the gallery, a few were taken elsewhere or used before, as in life.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from guyub.kernel.files.api import Photo
from guyub.rooms.casework import proof_rules as rules
from guyub.rooms.casework.models import Case, Evidence, EvidenceFinding
from guyub.rooms.casework.proof_rules import Finding, Limits, Resembled, Where
from guyub.rooms.reports.models import Report

FROM_GALLERY, ELSEWHERE, USED_BEFORE = 0.15, 0.02, 0.02
METRE = 1 / 111_195  # of latitude, in degrees


def told(
    proof: Evidence,
    photo: Photo,
    *,
    case: Case,
    report: Report,
    earlier: list[Photo],
    limits: Limits,
    rng: random.Random,
    next_id: Callable[[], int],
) -> list[EvidenceFinding]:
    """Give a proof its place and time, and what is found of it; `earlier` are the photos written before."""
    _take(proof, report, rng)
    where = None
    if proof.taken_lat is not None and proof.taken_lon is not None:
        where = Where(proof.taken_lat, proof.taken_lon, proof.taken_accuracy or 0.0)
    point = Where(report.lat, report.lon) if report.lat is not None and report.lon is not None else None
    other = rng.choice(earlier) if earlier and rng.random() < USED_BEFORE else None
    likest = (
        Resembled(other.pk, rng.choice(("NEAR", "PART", "MIRROR")), rng.randint(88, 100)) if other else None
    )
    found = [
        rules.place(where, point, limits),
        rules.time(proof.taken_at, reported=case.received_at, sent=proof.at, limits=limits),
        rules.source(proof.source),
        rules.seen(photo.pk, likest, compared=photo.pk - 1, waiting=0, is_plain=False, limits=limits),
    ]
    if any(one.subject == case.subject for one in earlier[-8:]):
        found += filter(None, [rules.view(rng.randint(18, 240), limits)])
    proof.flagged = rules.is_flagged(found)
    return [_row(one, proof, other, next_id()) for one in found]


def _take(proof: Evidence, report: Report, rng: random.Random) -> None:
    """The photo was taken in the page, near the report's point; or it came from the gallery and says nothing."""
    if rng.random() < FROM_GALLERY or report.lat is None or report.lon is None:
        proof.source = Evidence.Source.GALLERY
        return
    reach = (400, 2500) if rng.random() < ELSEWHERE else (0, 70)
    proof.source = Evidence.Source.CAMERA
    proof.taken_at = proof.at - timedelta(minutes=rng.randint(1, 25))
    proof.taken_lat = report.lat + METRE * rng.uniform(*reach) * rng.choice((-1, 1))
    proof.taken_lon = report.lon + METRE * rng.uniform(0, 40)
    proof.taken_accuracy = round(rng.uniform(4, 18), 1)


def _row(one: Finding, proof: Evidence, other: Photo | None, key: int) -> EvidenceFinding:
    subject = other.subject if other is not None and one.other == other.pk else ""
    return EvidenceFinding(
        pk=key,
        evidence_id=proof.pk,
        code=one.code,
        level=one.level,
        values=one.values,
        photo=one.photo,
        other=one.other,
        other_subject=subject,
    )
