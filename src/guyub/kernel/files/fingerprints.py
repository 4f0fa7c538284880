"""Has this photo been seen in this city before? Every earlier photo is asked, by index; the few near ones are opened.

Made and asked in jobs only: `seeing` brings OpenCV with it. An answer is never proof of anything; people look.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Q

from guyub.kernel import tasks
from guyub.kernel.files.models import Fingerprint, Photo
from guyub.kernel.files.photos import path_of

if TYPE_CHECKING:
    from guyub.kernel.files.seeing import Asked, Marks

VERSION = 1
A_ROUND = 100
OPENED = 24  # candidates that are laid upon the photo, of each way round
_PART = 0.9  # of the older picture: less is a piece of it


class Seen(StrEnum):
    """How a photo comes back."""

    EXACT = "EXACT"
    NEAR = "NEAR"
    PART = "PART"
    MIRROR = "MIRROR"


@dataclass(frozen=True, slots=True)
class Again:
    """An earlier photo that a photo resembles. `alike` is the share that looks the same, in percent."""

    photo: int
    subject: str
    how: Seen
    alike: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a photo resembles, the likest first. `compared` is with how many photos, `waiting` how many have no
    fingerprint yet; where `is_plain` there is too little in the picture to find it again unless it is the same file.
    """

    again: list[Again]
    compared: int
    waiting: int
    is_plain: bool


@tasks.task("files.sweep")
def sweep() -> None:
    """Make what is missing, a round at a time: of new photos and, after an upgrade, of all."""
    make_missing(limit=A_ROUND)


def make_missing(*, limit: int) -> int:
    """Make the fingerprints of photos that have none, the newest first; returns how many."""
    rows = list(Photo.objects.filter(is_marked=False).exclude(subject="").order_by("-pk")[:limit])
    for row in rows:
        make(row)
    return len(rows)


def make(photo: Photo) -> None:
    """Make one photo's fingerprint. One that cannot be read gets an empty one, so that it is not tried for ever."""
    same = Photo.objects.filter(sha256=photo.sha256, is_marked=True).exclude(pk=photo.pk)
    found = Fingerprint.objects.filter(photo__in=same[:1], version=VERSION).first()
    marks = (found.face, found.bands, found.patches) if found else _read(photo)
    with transaction.atomic():
        values = dict(zip(("face", "bands", "patches"), marks, strict=True))
        Fingerprint.objects.update_or_create(photo=photo, defaults={"version": VERSION, **values})
        Photo.objects.filter(pk=photo.pk).update(is_marked=True)


def _read(photo: Photo) -> tuple[int | None, list[int], list[int]]:
    from guyub.kernel.files import seeing

    try:
        marks = seeing.marks_of(seeing.load(path_of(photo.uuid)))
    except (ValueError, OSError):
        return None, [], []
    return marks.face, list(marks.bands), list(marks.patches)


def seen_before(photo: Photo, *, besides: str, least: int) -> Answer:
    """The earlier photos that this one may be, besides those of one subject. Raises ValueError for no picture.

    `least` is how many percent of the common ground must look the same.
    """
    from guyub.kernel.files import seeing

    earlier = Photo.objects.filter(pk__lt=photo.pk).exclude(subject__in=["", besides])
    copies = _copies(photo)
    earlier = earlier.exclude(pk__in=copies)
    same = list(earlier.filter(sha256=photo.sha256).order_by("pk").values_list("pk", "subject")[:OPENED])
    again = [Again(pk, subject, Seen.EXACT, 100) for pk, subject in same]
    grey = seeing.load(path_of(photo.uuid))
    views = [(grey, False), (grey[:, ::-1].copy(), True)]
    known, is_plain = {pk for pk, _ in same} | copies, True
    for picture, is_mirrored in views:
        marks = seeing.marks_of(picture, probing=True)
        is_plain = is_plain and len(marks.patches) < 1 and marks.face is None
        chosen = [pk for pk in _candidates(marks, photo, besides) if pk not in known]
        again += _laid(seeing.ready(picture), chosen, is_mirrored, least)
    compared = earlier.filter(is_marked=True).count()
    waiting = earlier.filter(is_marked=False).count()
    return Answer(_best(again), compared, waiting, is_plain)


def _copies(photo: Photo) -> set[int]:
    """The photos that are this one, given on to what one work answers for."""
    origin = photo.copy_of or photo.uuid
    rows = Photo.objects.filter(Q(copy_of=origin) | Q(uuid=origin)).exclude(pk=photo.pk)
    return set(rows.values_list("pk", flat=True))


def _best(again: Iterable[Again]) -> list[Again]:
    """Each photo once, as it fits best."""
    best: dict[int, Again] = {}
    for one in again:
        if one.photo not in best or best[one.photo].alike < one.alike:
            best[one.photo] = one
    return sorted(best.values(), key=lambda one: (-one.alike, one.photo))


_BY_FACE = """
WITH near AS MATERIALIZED (SELECT photo_id AS id, face FROM files_fingerprint WHERE bands && %s::int[])
SELECT near.id FROM near JOIN files_photo p ON p.id = near.id
WHERE near.id < %s AND p.subject NOT IN ('', %s) AND bit_count((near.face # %s)::bit(64)) <= %s
ORDER BY bit_count((near.face # %s)::bit(64)), near.id LIMIT %s
"""
_BY_PATCH = """
WITH near AS MATERIALIZED (SELECT photo_id AS id, patches FROM files_fingerprint WHERE patches && %s::int[])
SELECT found.id FROM (
  SELECT near.id, unnest(near.patches) AS one FROM near JOIN files_photo p ON p.id = near.id
  WHERE near.id < %s AND p.subject NOT IN ('', %s)
) found JOIN unnest(%s::int[]) asked (one) ON asked.one = found.one
GROUP BY found.id HAVING count(*) >= 2 ORDER BY count(*) DESC, found.id LIMIT %s
"""
_COMMON = """
SELECT coalesce(most_common_elems::text::int[], '{}') FROM pg_stats
WHERE schemaname = current_schema() AND tablename = 'files_fingerprint' AND attname = 'patches'
"""
_NEAR_FACE = 10


def _candidates(marks: Marks, photo: Photo, besides: str) -> list[int]:
    with transaction.atomic(), connection.cursor() as cursor:
        return named(cursor, marks, before=photo.pk, besides=besides)


def named(cursor: Any, marks: Marks, *, before: int, besides: str) -> list[int]:
    """The likest by face, then those that share the most patches that are not everybody's. Inside a transaction.

    PostgreSQL thinks it cheap to hold thousands of numbers against each row, one by one; the index is much cheaper.
    """
    found: list[int] = []
    cursor.execute("SET LOCAL enable_seqscan = off")
    if marks.face is not None:
        values: list[Any] = [
            list(marks.bands),
            before,
            besides,
            marks.face,
            _NEAR_FACE,
            marks.face,
            OPENED // 2,
        ]
        cursor.execute(_BY_FACE, values)
        found += [row[0] for row in cursor.fetchall()]
    patches = sorted(set(marks.patches) - _common(cursor))
    if patches:
        cursor.execute(_BY_PATCH, [patches, before, besides, patches, OPENED])
        found += [row[0] for row in cursor.fetchall()]
    return list(dict.fromkeys(found))


def _common(cursor: Any) -> set[int]:
    """What PostgreSQL noticed by itself to stand in many photos, such as the corners of windows: it tells little."""
    cursor.execute(_COMMON)
    row = cursor.fetchone()
    return set(row[0]) if row else set()


def _laid(asked: Asked, candidates: list[int], is_mirrored: bool, least: int) -> Iterable[Again]:
    from guyub.kernel.files import seeing

    rows = Photo.objects.in_bulk(candidates)
    for row in (rows[pk] for pk in candidates if pk in rows):
        try:
            laid = seeing.lay(seeing.ready(seeing.load(path_of(row.uuid))), asked)
        except (ValueError, OSError):
            continue
        if laid.alike * 100 >= least and max(laid.of_older, laid.of_newer) >= 0.3:
            whole = Seen.NEAR if laid.of_older >= _PART else Seen.PART
            yield Again(row.pk, row.subject, Seen.MIRROR if is_mirrored else whole, int(laid.alike * 100))


def same_scene(older: Iterable[Photo], newer: Photo) -> int:
    """How many points the photo shares with the likest of some others, as two views of one place. 0 for none."""
    from guyub.kernel.files import seeing

    try:
        asked = seeing.ready(seeing.load(path_of(newer.uuid)))
        return max(
            (seeing.same_scene(seeing.ready(seeing.load(path_of(p.uuid))), asked) for p in older), default=0
        )
    except (ValueError, OSError):
        return 0
