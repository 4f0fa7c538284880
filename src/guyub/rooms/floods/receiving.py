"""A resident says that there is water: taken in at once, told again it is of now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guyub.events import floods as events
from guyub.kernel import masking
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city, signature
from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.rooms.floods import clustering, reference, rules
from guyub.rooms.floods.models import FloodReport
from guyub.rooms.places import api as places


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the form says. `place` is a kelurahan's code; `lat` and `lon` come together or not at all. `device`,
    `address` and `network` are fingerprints of who sends."""

    submission: UUID
    place: str
    depth: int
    step: str = ""
    road: str = ""
    in_need: int | None = None
    needs: tuple[str, ...] = ()
    since_at: datetime | None = None
    words: str = ""
    lat: float | None = None
    lon: float | None = None
    device: str = ""
    address: str = ""
    network: str = ""
    account: int | None = None


@dataclass(frozen=True)
class Receipt:
    """The number to read aloud and the key of the sender's own link."""

    number: str
    follow_key: str
    report: int
    is_again: bool = False


def follow_key(uuid: UUID) -> str:
    """The secret part of the sender's link: signed for this city and stored nowhere."""
    return f"{uuid.hex}-{signature('flood', uuid.hex)}"


def submit(*, said: Said, at: datetime) -> Receipt:
    """Take a report in; what one device says again of the same water is the same report, as of now.

    Raises `places.UnknownPlace`.
    """
    try:
        with transaction.atomic():
            return _submit(said, at)
    except IntegrityError:  # pressed twice: it is here already
        row = FloodReport.objects.filter(submission=said.submission).first()
        if row is None:
            raise
        return Receipt(row.number, follow_key(row.uuid), row.pk)


def _submit(said: Said, at: datetime) -> Receipt:
    clustering.lock()
    row = FloodReport.objects.filter(submission=said.submission).first()
    if row is not None:
        return Receipt(row.number, follow_key(row.uuid), row.pk)
    place = places.gazetteer().get(said.place)
    earlier = _find_earlier(said, place.code, at=at)
    values = _values(said, place.id, at=at)
    if earlier is None:
        year = local_date(at, get_city().tz).year
        row = FloodReport.objects.create(
            year=year, first_said_at=at, public_words=masking.mask(said.words), words=said.words, **values
        )
    else:
        row = _told_again(earlier, said, values)
    fact = events.FloodReported(
        report=row.pk, depth=row.depth_cm, in_need=row.in_need, again=earlier is not None
    )
    ledger.record(fact, subject=row.subject, at=at, by=said.account, place=place.code)
    clustering.gather(FloodReport.objects.select_related("place").get(pk=row.pk), at=at)
    return Receipt(row.number, follow_key(row.uuid), row.pk, is_again=earlier is not None)


def _values(said: Said, place: int, *, at: datetime) -> dict[str, Any]:
    return {
        "submission": said.submission,
        "place_id": place,
        "lat": said.lat,
        "lon": said.lon,
        "h3_9": clustering.cell(said.lat, said.lon),
        "depth_cm": said.depth,
        "said_cm": said.depth,
        "step": said.step,
        "road": said.road,
        "in_need": said.in_need or 0,
        "needs": list(said.needs),
        "since_at": said.since_at,
        "device": said.device,
        "address": said.address,
        "network": said.network,
        "account_id": said.account,
        "said_at": at,
        "dry_at": None,
        "judged_at": None,
    }


def _find_earlier(said: Said, place: str, *, at: datetime) -> FloodReport | None:
    """What this device said lately of the same water, if everyone may still see it."""
    if not said.device:
        return None
    rows = FloodReport.objects.shown().since(at - reference.minutes("again_minutes", at=at))
    own = rules.Sighting(key=0, at=at, place=place, depth=said.depth, lat=said.lat, lon=said.lon)
    limits = reference.limits(at=at)
    found = rows.filter(device=said.device, cluster__closed_at__isnull=True).select_related("place")
    return next(
        (
            row
            for row in found.order_by("-said_at")
            if rules.linked(own, row.sighting(row.place.code), limits)
        ),
        None,
    )


def _told_again(row: FloodReport, said: Said, values: dict[str, Any]) -> FloodReport:
    """The newest word counts; what was told before and not now stays, above all that people need help."""
    unsaid = {name for name in ("since_at", "road", "needs") if not values[name]}
    if said.in_need is None:
        unsaid.add("in_need")
    for name, value in values.items():
        if name not in unsaid:
            setattr(row, name, value)
    if said.words and said.words not in row.words:
        row.words = f"{row.words}\n{said.words}".strip()[-2000:]
        row.public_words = masking.mask(row.words)
    row.save()
    return row


def add_photo(*, report: int, upload: IO[bytes], at: datetime) -> None:
    """A photo of the water, unseen until an officer lets it. The caller has checked who sends it.

    Raises `files.NotAPhoto` with words for people.
    """
    with transaction.atomic():
        row = FloodReport.objects.select_for_update(of=("self",)).get(pk=report)
        count = Photo.objects.filter(subject=row.subject).count()
        if count >= files.MAX_PHOTOS:
            raise files.NotAPhoto(_("Laporan ini sudah memiliki %(most)s foto.") % {"most": files.MAX_PHOTOS})
        files.store_photo(upload, at=at, subject=row.subject, position=count)
