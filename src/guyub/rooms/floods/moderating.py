"""What officers do about reports of floods: let be seen, hide, correct, confirm, settle, have work done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import Event
from guyub.events import floods as events
from guyub.kernel.access.api import Person
from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import api as casework
from guyub.rooms.floods import access, clustering, reference
from guyub.rooms.floods.models import Cluster, FloodReport, ThresholdDoubt
from guyub.rooms.floods.rules import HideReason


class Overtaken(ValueError):
    """Somebody else was faster: this cannot be done any more. The message is for people."""


def _locked(report: int) -> FloodReport:
    clustering.lock()
    rows = FloodReport.objects.select_for_update(of=("self",)).select_related("place", "cluster")
    return rows.get(pk=report)


def _record(event: Event, row: FloodReport, *, by: int, at: datetime) -> None:
    ledger.record(event, subject=row.subject, at=at, by=by, place=row.place.code)


def _refresh(row: FloodReport, *, at: datetime) -> None:
    if row.cluster is not None and row.cluster.closed_at is None:
        clustering.refresh(row.cluster, at=at)
    elif row.cluster is not None:
        count_again(row.cluster, at=at)


def count_again(cluster: Cluster, *, at: datetime) -> None:
    """A closed cluster keeps its end; only what everyone may still see of it is counted anew."""
    cluster.reports, cluster.changed_at = cluster.members.shown().count(), at  # type: ignore[attr-defined]
    if not cluster.reports:
        cluster.lat = cluster.lon = cluster.h3_9 = None
    cluster.save(update_fields=["reports", "changed_at", "lat", "lon", "h3_9"])


@transaction.atomic
def hide(*, report: int, reason: HideReason, by: Person, at: datetime) -> None:
    """Nobody but officers sees it any more, and its cluster does not count it. Raises NotAllowed."""
    row = _locked(report)
    actor = access.must_manage(by, row.place.code)
    if row.hidden_at is not None:
        return
    row.hidden_at, row.hidden_reason = at, reason
    row.save(update_fields=["hidden_at", "hidden_reason"])
    files.publish(row.subject, public=False)
    _record(events.FloodHidden(report=row.pk, reason=reason), row, by=actor, at=at)
    _refresh(row, at=at)


@transaction.atomic
def show_again(*, report: int, by: Person, at: datetime) -> None:
    """A report was hidden by mistake; its photos stay unseen until they are let again. Raises NotAllowed."""
    row = _locked(report)
    actor = access.must_manage(by, row.place.code)
    if row.hidden_at is None:
        return
    row.hidden_at, row.hidden_reason = None, ""
    row.save(update_fields=["hidden_at", "hidden_reason"])
    _record(events.FloodShown(report=row.pk), row, by=actor, at=at)
    _refresh(row, at=at)


@transaction.atomic
def correct_depth(*, report: int, depth: int, by: Person, at: datetime) -> None:
    """An officer knows better how deep it is; what was said stays beside it. Raises NotAllowed."""
    row = _locked(report)
    actor = access.must_manage(by, row.place.code)
    if row.depth_cm == depth:
        return
    fact = events.DepthCorrected(report=row.pk, was=row.depth_cm, depth=depth)
    row.depth_cm = depth
    row.save(update_fields=["depth_cm"])
    _record(fact, row, by=actor, at=at)
    _refresh(row, at=at)


@transaction.atomic
def let_photo(*, report: int, photo: UUID, public: bool, by: Person, at: datetime) -> None:
    """Everyone may see a photo, or no longer. One of a hidden report never. Raises NotAllowed, Http404, Overtaken."""
    row = _locked(report)
    actor = access.must_manage(by, row.place.code)
    if public and row.hidden_at is not None:
        raise Overtaken(_("Laporan ini disembunyikan; fotonya tidak dapat ditampilkan."))
    found = access.desk_photo(row, photo)
    if found.is_public == public:
        return
    Photo.objects.filter(pk=found.pk).update(is_public=public)
    _record(events.PhotoLet(report=row.pk, public=public), row, by=actor, at=at)


@transaction.atomic
def blur_photo(*, report: int, photo: UUID, cells: Iterable[int], by: Person, at: datetime) -> None:
    """A copy with unreadable parts takes the photo's place; the original stays with officers. Raises NotAllowed, Http404."""
    row = _locked(report)
    actor = access.must_manage(by, row.place.code)
    files.blur(photo=access.desk_photo(row, photo), cells=cells, keep_original=True)
    _record(events.PhotoBlurred(report=row.pk), row, by=actor, at=at)


def _cluster(key: int) -> Cluster:
    clustering.lock()
    row = Cluster.objects.select_for_update(of=("self",)).get(pk=key)
    if row.closed_at is not None:
        raise Overtaken(_("Kelompok laporan ini sudah ditutup."))
    return row


@transaction.atomic
def confirm(*, cluster: int, by: Person, at: datetime) -> None:
    """An officer knows that there is water, however many told of it. Raises NotAllowed, Overtaken."""
    row = _cluster(cluster)
    actor = access.must_manage(by, row.place_code)
    if row.by_officer:
        return
    row.by_officer, row.confirmed_by_id = True, actor
    row.confirmed_at = row.confirmed_at or at
    row.state, row.changed_at = clustering.state_of(row), at
    row.save()
    fact = events.ClusterConfirmed(cluster=row.pk, reports=row.reports, depth=row.depth_cm, by_officer=True)
    clustering.record(fact, row, at=at, by=actor)


@transaction.atomic
def settle_dry(*, cluster: int, by: Person, at: datetime) -> None:
    """An officer says that the water is gone; newer reports bring it back. Raises NotAllowed, Overtaken."""
    row = _cluster(cluster)
    actor = access.must_manage(by, row.place_code)
    if row.dried_at is not None:
        return
    row.dried_at, row.changed_at = at, at
    row.state = clustering.state_of(row)
    row.save()
    clustering.record(events.ClusterDried(cluster=row.pk, by_officer=True), row, at=at, by=actor)


@transaction.atomic
def ask_work(*, cluster: int, by: Person, at: datetime) -> str:
    """Have an office work on it, once; returns the number of the report. Who told of the water is counted there, so
    that they may say afterwards whether it is done. Raises NotAllowed, Overtaken.
    """
    row = _cluster(cluster)
    actor = access.must_manage(by, row.place_code)
    if row.work_number:
        return row.work_number
    rows = clustering.members(row)
    if not rows:
        raise Overtaken(_("Tidak ada laporan yang tersisa di kelompok ini."))
    with override("id"):
        asked = casework.ask_for_work(_work(row, rows, at=at), at=at)
    row.work_number, row.work_subject, row.changed_at = asked.number, asked.subject, at
    row.save(update_fields=["work_number", "work_subject", "changed_at"])
    clustering.record(events.WorkAsked(cluster=row.pk, number=asked.number), row, at=at, by=actor)
    return asked.number


def _work(row: Cluster, rows: list[FloodReport], *, at: datetime) -> casework.Work:
    """Figures alone: what residents wrote stays where they wrote it, and their points too."""
    words = _(
        "Genangan sekitar %(depth)s cm (%(low)s–%(high)s cm) dilaporkan %(n)s warga, kelompok laporan %(number)s. "
        "Orang yang perlu bantuan: %(people)s."
    )
    return casework.Work(
        request=row.uuid,
        category=reference.value("work_category", at=at)["code"],
        place=row.place_code,
        words=words
        % {
            "depth": row.depth_cm,
            "low": row.low_cm,
            "high": row.high_cm,
            "n": row.reports,
            "number": row.number,
            "people": row.in_need,
        },
        landmark="",
        mark=_("Laporan banjir"),
        voices=tuple(dict.fromkeys(one.device for one in rows if one.device)),
        **_point(row),
    )


def _point(row: Cluster) -> dict[str, float]:
    if row.h3_9 is None:
        return {}
    lat, lon = clustering.middle_of(row.h3_9)
    return {"lat": lat, "lon": lon}


@transaction.atomic
def settle_doubt(*, doubt: int, taken: bool, by: Person, at: datetime) -> None:
    """Put a proposal aside: the threshold itself is changed where thresholds are kept. Raises NotAllowed, Overtaken."""
    row = ThresholdDoubt.objects.select_for_update().get(pk=doubt)
    actor = access.must_manage(by, row.place_code)
    if row.settled_at is not None:
        raise Overtaken(_("Usul ini sudah ditanggapi."))
    row.settled_at, row.settled_by_id, row.is_taken = at, actor, taken
    row.save()
    fact = events.ThresholdSettled(doubt=row.pk, datastream=row.datastream, taken=taken)
    ledger.record(fact, subject=row.subject, at=at, by=actor, place=row.place_code)
