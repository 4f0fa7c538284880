"""An upload is hostile until it has been decoded and encoded anew."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from guyub.kernel.cities.api import get_city, signature, signature_fits
from guyub.kernel.compiled import Compiled
from guyub.kernel.files.models import Photo

FORMATS = ("JPEG", "PNG", "WEBP", "MPO")
MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 60_000_000
MAX_PHOTOS = 5
SIDE = 1600
THUMB_SIDE = 360


class NotAPhoto(ValueError):
    """The upload is no photo that can be kept. The message is for people."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a page needs to show a photo; the addresses carry a signature where the photo is not public."""

    uuid: UUID
    url: str
    thumb_url: str
    width: int
    height: int


def store_photo(
    upload: IO[bytes],
    *,
    at: datetime,
    subject: str = "",
    draft: UUID | None = None,
    position: int = 0,
    uuid: UUID | None = None,
) -> Photo:
    """Check, re-encode and keep a photo. Raises `NotAPhoto` with words for the person who sent it.

    A given `uuid` must be one that no stranger can choose, because the file of that name is written before the row.

    The file is written and flushed before the row, so a row never points to nothing; a file whose row was
    rolled back is removed by the sweep.
    """
    raw = upload.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise NotAPhoto(_("Foto terlalu besar. Paling besar 12 MB; kirim foto yang lebih kecil."))
    from guyub.kernel.files import encoding  # Pillow, which a process that only shows pages does not need

    image, captured = encoding.decode(raw)
    row = Photo(
        subject=subject,
        draft=draft,
        position=position,
        sha256=hashlib.sha256(raw).hexdigest(),
        uploaded_at=at,
        width=image.width,
        height=image.height,
        **captured,
        **({"uuid": uuid} if uuid else {}),
    )
    full = encoding.encode(image, SIDE)
    _write(path_of(row.uuid), full)
    _write(path_of(row.uuid, thumb=True), encoding.encode(image, THUMB_SIDE))
    row.size = len(full)
    row.save(force_insert=True)
    return row


def path_of(uuid: UUID, *, thumb: bool = False) -> Path:
    """Where a photo of the current city lies on disk."""
    name = f"{uuid}-k.jpg" if thumb else f"{uuid}.jpg"
    return Path(settings.GUYUB_DATA) / "files" / get_city().schema / uuid.hex[:2] / name


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def keep(*, draft: UUID, subject: str) -> int:
    """The photos of a draft now belong to a subject; returns their number."""
    return Photo.objects.filter(draft=draft).update(draft=None, subject=subject)


def hand_on(*, subject: str, to: str) -> int:
    """The photos of a subject now belong to another; returns their number."""
    return Photo.objects.filter(subject=subject).update(subject=to)


def copy(*, subject: str, to: str) -> int:
    """Give another subject the same photos; returns their number. A copy is never taken for one that was used before.

    The bytes are linked, not written again: one work may answer for many cases.
    """
    rows = list(Photo.objects.filter(subject=subject).order_by("position", "pk"))
    for row in rows:
        old, origin = row.uuid, row.copy_of or row.uuid
        row.pk, row.uuid, row.subject, row.copy_of, row.is_public = None, uuid4(), to, origin, False
        for thumb in (False, True):
            new = path_of(row.uuid, thumb=thumb)
            new.parent.mkdir(parents=True, exist_ok=True)
            os.link(path_of(old, thumb=thumb), new)
        row.is_marked = False
        row.save(force_insert=True)
    return len(rows)


def publish(subject: str, *, public: bool = True) -> None:
    """Everyone may see the photos of a subject from now on (or no longer)."""
    Photo.objects.filter(subject=subject).update(is_public=public)


def remove(photos: Iterable[Photo]) -> None:
    """Delete photos: the rows, then the bytes."""
    chosen = list(photos)
    Photo.objects.filter(pk__in=[photo.pk for photo in chosen]).delete()
    for photo in chosen:
        path_of(photo.uuid).unlink(missing_ok=True)
        path_of(photo.uuid, thumb=True).unlink(missing_ok=True)


def pictures(*, subject: str = "", draft: UUID | None = None, may_see: bool) -> list[Picture]:
    """The photos of a subject or draft in order: all if the viewer may see them, else only public ones."""
    rows = Photo.objects.filter(subject=subject) if subject else Photo.objects.filter(draft=draft)
    if not may_see:
        rows = rows.filter(is_public=True)
    return [picture(row) for row in rows.order_by("position", "pk")]


def pictures_of(subjects: Iterable[str], *, may_see: bool) -> dict[str, list[Picture]]:
    """The photos of several subjects, each in order, as `pictures` gives those of one. One query."""
    found: dict[str, list[Picture]] = {}
    for subject, *values in (_all_of if may_see else _public_of).rows(subjects=list(subjects)):
        found.setdefault(subject, []).append(_picture(*values))
    return found


def _of(subjects: list[str], **more: bool) -> QuerySet[Photo, tuple[Any, ...]]:
    rows = Photo.objects.filter(subject__any=subjects, **more).order_by("position", "pk")
    return rows.values_list("subject", "uuid", "is_public", "width", "height")


_all_of: Compiled[tuple[Any, ...]] = Compiled(_of)
_public_of: Compiled[tuple[Any, ...]] = Compiled(partial(_of, is_public=True))


def first_thumbs(subjects: Iterable[str]) -> dict[str, str]:
    """The address of each subject's first public photo, small. One query."""
    found = _first_of.rows(subjects=list(subjects))
    return {subject: _picture(uuid, True, 0, 0).thumb_url for subject, uuid in found}


_first_of: Compiled[tuple[Any, ...]] = Compiled(
    lambda subjects: (
        Photo.objects.filter(subject__any=subjects, is_public=True)
        .order_by("subject", "position", "pk")
        .distinct("subject")
        .values_list("subject", "uuid")
    )
)


def picture(row: Photo) -> Picture:
    return _picture(row.uuid, row.is_public, row.width, row.height)


def _picture(uuid: UUID, is_public: bool, width: int, height: int) -> Picture:
    proof = "" if is_public else f"?s={signature('photo', str(uuid))}"
    base = f"/berkas/{uuid}"
    return Picture(uuid, f"{base}.jpg{proof}", f"{base}-k.jpg{proof}", width, height)


def may_open(row: Photo, proof: str) -> bool:
    """A photo opens for everyone once public; before that, for whoever was given its signed address."""
    return row.is_public or signature_fits("photo", str(row.uuid), proof)
