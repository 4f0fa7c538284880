"""What a sender does around a report: photos in a draft, sending again, photos that arrive after the words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import IO, Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from guyub.kernel.compiled import Compiled
from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.rooms.casework.api import State
from guyub.rooms.reports.actions import Receipt, follow_key, subject_of
from guyub.rooms.reports.categories import category_of
from guyub.rooms.reports.models import Draft, Report

PHOTOS_MAY_FOLLOW_FOR = timedelta(days=2)


class CannotAdd(ValueError):
    """No photo can be added to this report any more. The message is for people."""


@dataclass(frozen=True)
class Earlier:
    """A submission that is here already; `is_same` unless its sender has written something else since."""

    receipt: Receipt
    is_same: bool


_earlier: Compiled[Report] = Compiled(
    lambda submission: Report.objects.filter(submission=submission).only(
        "number", "uuid", "link_issue", "body", "category"
    )
)


def find_earlier(*, submission: UUID, body: str, category: str) -> Earlier | None:
    """What became of a submission that was sent before, or None. One query."""
    row = next(iter(_earlier.rows(submission=submission)), None)
    if row is None:
        return None
    receipt = Receipt(row.number, follow_key(row.uuid, row.link_issue), is_new=False)
    return Earlier(receipt, is_same=(row.body, category_of(row).code) == (body, category))


def keep_photos(*, draft: UUID, uploads: Iterable[IO[bytes]], at: datetime) -> list[str]:
    """Add photos to a draft, each once. Returns a sentence for each file that could not be kept; the rest is kept."""
    known = list(Photo.objects.filter(draft=draft).values_list("sha256", flat=True))
    refused = []
    for upload in uploads:
        digest = hashlib.file_digest(upload, "sha256").hexdigest()  # type: ignore[arg-type]
        upload.seek(0)
        if digest in known:
            continue
        try:
            if len(known) >= files.MAX_PHOTOS:
                raise files.NotAPhoto(
                    _("Paling banyak %(most)s foto; foto ini tidak disimpan.") % {"most": files.MAX_PHOTOS}
                )
            files.store_photo(upload, at=at, draft=draft, position=len(known))
            known.append(digest)
        except files.NotAPhoto as problem:
            refused.append(f"{_short(getattr(upload, 'name', '') or '')}: {problem}")
    return refused


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:24]}…{name[-12:]}"


def remove_photos(*, draft: UUID, photos: Iterable[UUID]) -> None:
    """Take photos out of a draft."""
    files.remove(Photo.objects.filter(draft=draft, uuid__in=list(photos)))


def drop_draft(draft: UUID) -> None:
    """Forget a draft and its photos."""
    files.remove(Photo.objects.filter(draft=draft))
    Draft.objects.filter(uuid=draft).delete()


def photos_may_follow(report: Report, *, at: datetime) -> bool:
    """The reporter's phone may still send photos: until an officer has read the report, for two days at most."""
    return report.state == State.RECEIVED and at - report.submitted_at <= PHOTOS_MAY_FOLLOW_FOR


@transaction.atomic
def add_photo(*, report: Report, upload: IO[bytes], photo: UUID, at: datetime) -> bool:
    """Add a photo that follows a report which was sent. `photo` is made by the sender: sent again it is kept once;
    returns whether it is new. The caller has checked the link. Raises CannotAdd, `files.NotAPhoto`.
    """
    row = Report.objects.select_for_update(no_key=True).get(pk=report.pk)
    # The file's name follows from the report's own secret id too, so that nobody can aim at another's photo.
    values: dict[str, Any] = {"uuid": uuid5(row.uuid, photo.hex), "subject": subject_of(row)}
    if Photo.objects.filter(uuid=values["uuid"]).exists():
        return False
    if not photos_may_follow(row, at=at):
        raise CannotAdd(_("Laporan ini sudah dibaca petugas; foto tidak dapat ditambahkan lagi."))
    count = Photo.objects.filter(subject=values["subject"]).count()
    if count >= files.MAX_PHOTOS:
        raise CannotAdd(_("Laporan ini sudah memiliki %(most)s foto.") % {"most": files.MAX_PHOTOS})
    files.store_photo(upload, at=at, position=count, **values)
    return True
