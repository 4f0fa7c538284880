"""What the city's computer finds about photos of work and of what was brought. It flags; people decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from guyub.events import initiatives as events
from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.rooms.casework import api as casework
from guyub.rooms.initiatives.acting import record
from guyub.rooms.initiatives.models import Initiative, Proof

A_ROUND = 20
FORGOTTEN_AFTER = timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(days=30)


def check_forgotten(*, at: datetime) -> int:
    """Check what no job has checked: an empty queue after a restore loses nothing. Returns how many."""
    rows = Proof.objects.filter(flagged=None, at__lt=at - FORGOTTEN_AFTER, at__gt=at - GIVEN_UP_AFTER)
    chosen = list(rows.order_by("-pk").values_list("pk", flat=True)[:A_ROUND])
    for key in chosen:
        check(key, at=at)
    return len(chosen)


def check(proof: int, *, at: datetime) -> None:
    """Find out what can be said about a proof, once. Its photos are compared outside of any transaction."""
    row = Proof.objects.filter(pk=proof).first()
    if row is None or row.flagged is not None:
        return
    photos = list(Photo.objects.filter(subject=row.subject).order_by("position", "pk"))
    files.fingerprints.make_missing(limit=files.fingerprints.A_ROUND)
    since = _initiative_of(row).created_at
    _keep(row.pk, [finding for photo in photos for finding in _of(photo, since, sent=row.at)], at=at)


def _of(photo: Photo, since: datetime, *, sent: datetime) -> list[dict[str, Any]]:
    """Whether a photo was used before, and whether its own data say that it is older than the initiative."""
    found = [_seen(photo, sent=sent)]
    if photo.captured_at is None:
        found.append({"code": "NO_TIME", "photo": photo.pk})
    elif photo.captured_at < since:
        found.append({"code": "OLDER", "photo": photo.pk, "is_flag": True})
    return found


def _seen(photo: Photo, *, sent: datetime) -> dict[str, Any]:
    least = casework.proving.limits_on(sent).seen_perhaps
    try:
        answer = files.fingerprints.seen_before(photo, besides=photo.subject, least=least)
    except (ValueError, OSError):  # the file is gone or no picture any more
        return {"code": "UNREADABLE", "photo": photo.pk, "is_flag": True}
    if answer.again:
        again = answer.again[0]
        return {
            "code": "USED_BEFORE",
            "photo": photo.pk,
            "other": again.photo,
            "alike": again.alike,
            "is_flag": True,
        }
    return {"code": "NEW", "photo": photo.pk, "compared": answer.compared}


def _initiative_of(proof: Proof) -> Initiative:
    if proof.task_id is not None:
        return Initiative.objects.get(pk=proof.task.initiative_id)  # type: ignore[union-attr]
    return Initiative.objects.get(pk=proof.delivery.pledge.line.initiative_id)  # type: ignore[union-attr]


@transaction.atomic
def _keep(proof: int, findings: list[dict[str, Any]], *, at: datetime) -> None:
    row = Proof.objects.select_for_update().get(pk=proof)
    if row.flagged is not None:
        return
    row.findings, row.flagged = findings, any(one.get("is_flag") for one in findings)
    row.save(update_fields=["findings", "flagged"])
    codes = "+".join(dict.fromkeys(one["code"] for one in findings))
    fact = events.ProofChecked(
        initiative=_initiative_of(row).pk, proof=row.pk, codes=codes, is_flagged=row.flagged
    )
    record(fact, initiative=_initiative_of(row), by=None, at=at)
