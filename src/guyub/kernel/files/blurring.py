"""Make parts of a photo unreadable: squares of a grid that somebody tapped, each filled with its own middle colour.

Nothing here recognises a face or a plate: people see them, and say where. What is filled cannot be won back.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db import transaction

from guyub.kernel.files.models import Photo
from guyub.kernel.files.photos import SIDE, THUMB_SIDE, _write, path_of, remove

COLUMNS = 12


def rows_of(photo: Photo) -> int:
    """How many rows make the squares of a photo nearly square."""
    return max(1, round(COLUMNS * photo.height / photo.width))


@transaction.atomic
def blur(*, photo: Photo, cells: Iterable[int], keep_original: bool) -> Photo:
    """A copy with the cells (numbered by rows from the top left) filled takes the photo's place.

    What everyone saw everyone sees as the copy; the original is kept for the office, or destroyed.
    """
    from PIL import Image  # a process that only shows pages does not need it

    from guyub.kernel.files import encoding

    with Image.open(path_of(photo.uuid)) as opened:
        image = opened.convert("RGB")
    rows = rows_of(photo)
    for cell in set(cells):
        row, column = divmod(cell, COLUMNS)
        if not 0 <= row < rows:
            continue
        box = (
            image.width * column // COLUMNS,
            image.height * row // rows,
            image.width * (column + 1) // COLUMNS,
            image.height * (row + 1) // rows,
        )
        middle = image.crop(box).resize((1, 1), Image.Resampling.BOX)
        image.paste(middle.resize((box[2] - box[0], box[3] - box[1])), box)
    copy = _copy_of(photo, is_of_original=keep_original)
    full = encoding.encode(image, SIDE)
    _write(path_of(copy.uuid), full)
    _write(path_of(copy.uuid, thumb=True), encoding.encode(image, THUMB_SIDE))
    copy.size = len(full)
    copy.save(force_insert=True)
    if keep_original:
        Photo.objects.filter(pk=photo.pk).update(is_public=False)
    else:
        Photo.objects.filter(blurred_from=photo.uuid).update(blurred_from=None)
        remove([photo])
    return copy


def _copy_of(photo: Photo, *, is_of_original: bool) -> Photo:
    """A row like the photo's own, with a name of its own: whoever knew the old address sees nothing there."""
    copy = Photo.objects.get(pk=photo.pk)
    copy.pk, copy.uuid, copy._state.adding = None, uuid.uuid4(), True
    copy.blurred_from = photo.uuid if is_of_original else photo.blurred_from
    return copy


def originals_of(photos: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the photos of which there is a blurred copy: not to be shown to everyone. One query."""
    rows = Photo.objects.filter(blurred_from__in=list(photos))
    return {found for found in rows.values_list("blurred_from", flat=True) if found}
