"""*Closed means fixed*: what the city's computer finds about a proof of finished work. It flags; people decide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from guyub.events import casework as events
from guyub.kernel.access.api import Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import access, second_look
from guyub.rooms.casework import proof_rules as rules
from guyub.rooms.casework.kinds import kind_of, points
from guyub.rooms.casework.models import Case, Evidence, EvidenceFinding
from guyub.rooms.casework.proof_rules import Finding, Limits, Where
from guyub.rooms.casework.proof_wording import Found

FORGOTTEN_AFTER = timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(days=30)
A_ROUND = 20


def is_flagged(evidence: Iterable[int]) -> dict[int, bool | None]:
    """Of each proof whether a finding asks a person to look; None where it was not checked yet. One query."""
    return dict(Evidence.objects.filter(pk__in=list(evidence)).values_list("pk", "flagged"))


def check_forgotten(*, at: datetime) -> int:
    """Check what no job has checked: an empty queue after a restore loses nothing. Returns how many."""
    rows = Evidence.objects.filter(
        flagged=None, at__lt=at - FORGOTTEN_AFTER, at__gt=at - GIVEN_UP_AFTER
    ).order_by("-pk")
    chosen = list(rows.values_list("pk", flat=True)[:A_ROUND])
    for key in chosen:
        check(key, at=at)
    return len(chosen)


def check(evidence: int, *, at: datetime) -> None:
    """Find out what can be said about a proof, once. Its photos are compared outside of any transaction."""
    proof = Evidence.objects.select_related("case").filter(pk=evidence).first()
    if proof is None or proof.flagged is not None:
        return
    photos = _photos(f"casework.evidence:{proof.pk}")
    files.fingerprints.make_missing(
        limit=files.fingerprints.A_ROUND
    )  # the newest first, so of those beside it too
    limits = limits_on(proof.at)
    _keep(proof, [*_of_claim(proof, photos, limits), *_of_pictures(proof, photos, limits)], at=at)
    second_look.consider(evidence=proof.pk, at=at)


def limits_on(at: datetime) -> Limits:
    """What the rulebook said on the day of the proof."""
    found = rulebook.family("evidence", on=local_date(at, get_city().tz))
    return Limits(**{key: int(rule.value["amount"]) for key, rule in found.items()})


def _photos(subject: str) -> list[Photo]:
    return list(Photo.objects.filter(subject=subject).order_by("position", "pk"))


def _of_claim(proof: Evidence, photos: list[Photo], limits: Limits) -> list[Finding]:
    """What was said of place and time, by the page and by the files."""
    case: Case = proof.case
    known = points([case.subject]).get(case.subject)
    report, taken = Where(*known) if known else None, taken_where(proof)
    reported = case.received_at
    found = [
        rules.place(taken, report, limits),
        rules.time(proof.taken_at, reported=reported, sent=proof.at, limits=limits),
        rules.source(proof.source),
    ]
    for photo in photos:
        data = rules.Written(photo.pk, _captured_where(photo), photo.captured_at)
        found += rules.written(
            data, taken=taken, taken_at=proof.taken_at, report=report, reported=reported, limits=limits
        )
    return found


def taken_where(proof: Evidence) -> Where | None:
    if proof.taken_lat is None or proof.taken_lon is None:
        return None
    return Where(proof.taken_lat, proof.taken_lon, proof.taken_accuracy or 0.0)


def _captured_where(photo: Photo) -> Where | None:
    if photo.captured_lat is None or photo.captured_lon is None:
        return None
    return Where(photo.captured_lat, photo.captured_lon)


def _of_pictures(proof: Evidence, photos: list[Photo], limits: Limits) -> list[Finding]:
    """What the photos themselves show: whether they were used before, and whether it is the reporter's place."""
    found = [_seen(photo, limits) for photo in photos]
    before = _photos(proof.case.subject)
    scene = max((files.fingerprints.same_scene(before, photo) for photo in photos), default=0)
    view = rules.view(scene if before and photos else None, limits)
    return [*found, view] if view else found


def _seen(photo: Photo, limits: Limits) -> Finding:
    try:
        answer = files.fingerprints.seen_before(photo, besides=photo.subject, least=limits.seen_perhaps)
    except (ValueError, OSError):  # the file is gone or no picture any more: nothing can be said
        return rules.seen(photo.pk, None, compared=0, waiting=0, is_plain=True, limits=limits)
    likest = next((rules.Resembled(one.photo, one.how, one.alike) for one in answer.again), None)
    return rules.seen(
        photo.pk,
        likest,
        compared=answer.compared,
        waiting=answer.waiting,
        is_plain=answer.is_plain,
        limits=limits,
    )


@transaction.atomic
def _keep(proof: Evidence, findings: list[Finding], *, at: datetime) -> None:
    """Write the findings and tell the ledger, unless another job was faster."""
    row = Evidence.objects.select_for_update().get(pk=proof.pk)
    if row.flagged is not None:
        return
    EvidenceFinding.objects.bulk_create(rows_of(proof.pk, findings))
    row.flagged = rules.is_flagged(findings)
    row.save(update_fields=["flagged"])
    case: Case = proof.case
    fact = events.EvidenceChecked(
        case=case.pk,
        evidence=proof.pk,
        place=_codes(findings, "PLACE"),
        time=_codes(findings, "TIME"),
        source=_codes(findings, "SOURCE"),
        data=_codes(findings, "DATA"),
        seen=_codes(findings, "SEEN"),
        view=_codes(findings, "VIEW"),
        flags=sum(one.level is rules.Level.FLAG for one in findings),
        compared=max((one.values.get("compared", 0) for one in findings), default=0),
    )
    ledger.record(fact, subject=case.subject, at=at, place=case.place_code)


def _codes(findings: list[Finding], kind: str) -> str:
    return "+".join(dict.fromkeys(one.code for one in findings if one.code.startswith(f"{kind}_")))


def rows_of(proof: int, findings: Iterable[Finding]) -> list[EvidenceFinding]:
    """The findings as rows, each with what the earlier photo belongs to."""
    kept = list(findings)
    subjects = dict(
        Photo.objects.filter(pk__in=[one.other for one in kept if one.other]).values_list("pk", "subject")
    )
    return [
        EvidenceFinding(
            evidence_id=proof,
            code=one.code,
            level=one.level,
            values=one.values,
            photo=one.photo,
            other=one.other,
            other_subject=subjects.get(one.other, "") if one.other else "",
        )
        for one in kept
    ]


def others_of(findings: Iterable[Found], *, person: Person) -> dict[str, tuple[str, str]]:
    """Number and address of the reports of earlier photos, as far as a person may open them. Two queries at most."""
    subjects = {one.other_subject for one in findings if one.other_subject}
    proofs = {int(key.partition(":")[2]): key for key in subjects if key.startswith("casework.evidence:")}
    owners = {key: key for key in subjects}
    if proofs:
        rows = Evidence.objects.filter(pk__in=proofs).values_list("pk", "case__subject")
        owners |= {proofs[pk]: subject for pk, subject in rows}
    if not subjects:
        return {}
    cases = access.visible(person).filter(subject__in=set(owners.values()))
    seen = {case.subject: (case.number, kind_of(case.kind).desk_url(case.number)) for case in cases}
    return {key: seen[subject] for key, subject in owners.items() if subject in seen}
