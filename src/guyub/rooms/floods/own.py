"""What who sent a report does behind their own link: say that the water is gone, take a copy, have it erased.

The caller has checked the link.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from guyub.events import floods as events
from guyub.kernel.erasures import repeats
from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.rooms.floods import clustering, moderating
from guyub.rooms.floods.models import FloodReport


def _locked(report: int) -> FloodReport:
    clustering.lock()
    rows = FloodReport.objects.select_for_update(of=("self",)).select_related("place", "cluster")
    return rows.get(pk=report)


@transaction.atomic
def say_gone(*, report: int, at: datetime) -> bool:
    """The water is gone, says who told of it; returns whether that is new."""
    row = _locked(report)
    if row.dry_at is not None or row.erased_at is not None:
        return False
    row.dry_at = at
    row.save(update_fields=["dry_at"])
    ledger.record(events.FloodGone(report=row.pk), subject=row.subject, at=at, place=row.place.code)
    if row.cluster is not None and row.cluster.closed_at is None:
        clustering.refresh(row.cluster, at=at)
    return True


def copy(row: FloodReport) -> dict[str, Any]:
    """All that is kept about whoever sent a report, to take away."""
    return {
        "nomor": row.number,
        "tempat": row.place.code,
        "titik": None if row.lat is None else [row.lat, row.lon],
        "kedalaman_cm": row.said_cm,
        "jalan": row.road,
        "orang_perlu_bantuan": row.in_need,
        "bantuan": row.needs,
        "sejak": row.since_at and row.since_at.isoformat(),
        "keterangan": row.words,
        "dikirim": row.first_said_at.isoformat(),
        "diperbarui": row.said_at.isoformat(),
        "surut": row.dry_at and row.dry_at.isoformat(),
        "sidik_perangkat": row.device,
        "sidik_alamat": row.address,
        "foto": [photo.url for photo in files.pictures(subject=row.subject, may_see=True)],
    }


@transaction.atomic
def erase(*, report: int, at: datetime) -> bool:
    """Everything of a person goes, photos too: the report is no longer there for anyone. Returns whether that is new."""
    row = _locked(report)
    if row.erased_at is not None:
        return False
    wipe(row)
    row.erased_at, row.h3_9 = at, None
    row.in_need, row.needs = 0, []
    row.save()
    ledger.record(events.FloodErased(report=row.pk), subject=row.subject, at=at, place=row.place.code)
    if row.cluster is not None and row.cluster.closed_at is None:
        clustering.refresh(row.cluster, at=at)
    elif row.cluster is not None:
        moderating.count_again(row.cluster, at=at)
    return True


def wipe(row: FloodReport) -> None:
    """Take out of a row what is of a person: words, exact point, fingerprints, photos. The caller saves."""
    files.remove(Photo.objects.filter(subject=row.subject))
    row.words = row.public_words = row.device = row.address = row.network = ""
    row.lat = row.lon = row.account_id = None


@repeats(events.FloodErased)
def _again(payload: dict[str, Any], *, noted_at: datetime, at: datetime) -> bool:
    """After an older backup came back; a later report may bear the same id."""
    row = FloodReport.objects.filter(pk=payload["report"], first_said_at__lte=noted_at).first()
    return row is not None and erase(report=row.pk, at=at)
