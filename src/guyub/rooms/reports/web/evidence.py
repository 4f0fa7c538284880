"""Photos as officers' forms send them: kept before anything else is looked at, so that no error loses them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.reports import actions, sending
from guyub.rooms.reports.web.uuids import uuid_or_none


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of an attempt and those before it; `data` is the form with what is known of its photos."""

    data: QueryDict
    draft: UUID | None
    count: int
    problems: tuple[str, ...]


def keep_photos(
    request: HttpRequest, mark: dict[str, str], *, at: datetime, remove: Iterable[str] = ()
) -> Kept:
    """Store the photos of a request in a draft that is `mark`'s and nobody else's, and take out those to `remove`."""
    draft = _known_draft(request.POST.get("draft", ""), mark, at=at)
    if draft and (unwanted := [one for one in map(uuid_or_none, remove) if one]):
        sending.remove_photos(draft=draft, photos=unwanted)
    camera, gallery = request.FILES.getlist("camera"), request.FILES.getlist("photos")
    if draft is None and (camera or gallery):
        draft = actions.keep_draft(values=mark, at=at)
    kept = len(files.pictures(draft=draft, may_see=True)) if draft else 0
    problems: list[str] = []
    for upload in [*camera, *gallery]:
        if kept >= files.MAX_PHOTOS:
            problems.append(_("Paling banyak %(n)d foto; sisanya tidak disimpan.") % {"n": files.MAX_PHOTOS})
            break
        try:
            files.store_photo(upload, at=at, draft=draft, position=kept)
            kept += 1
        except files.NotAPhoto as problem:
            problems.append(f"{(upload.name or '')[:60]}: {problem}")
    data = request.POST.copy()
    data["draft"] = str(draft or "")
    data["source"] = casework.capture.source_of(
        before=data.get("source", "") if draft else "",
        from_camera=bool(camera),
        from_gallery=bool(gallery),
        has_moment=casework.capture.moment_of(data.get("taken_at"), at=at) is not None,
    )
    return Kept(data, draft, kept, tuple(problems))


def capture_of(said: dict[str, str], *, at: datetime) -> casework.Capture:
    """What a form that holds `CaptureFields` says of its photos."""
    source = said.get("source") or ""
    known = casework.capture.Source(source) if source in set(casework.capture.Source) else None
    return casework.capture.capture_from(said, source=known or casework.capture.Source.UNKNOWN, at=at)


def _known_draft(text: str, mark: dict[str, str], *, at: datetime) -> UUID | None:
    draft = uuid_or_none(text)
    return draft if draft and actions.find_draft(draft, at=at) == mark else None
