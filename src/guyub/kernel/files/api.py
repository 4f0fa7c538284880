"""The door to photos."""

from guyub.kernel.files.blurring import COLUMNS, blur, originals_of, rows_of
from guyub.kernel.files.fingerprints import Again, Answer, Seen
from guyub.kernel.files.models import Photo
from guyub.kernel.files.papers import MAX_PAGES, NotAPaper, Papers, pictures_in
from guyub.kernel.files.photos import (
    MAX_BYTES,
    MAX_PHOTOS,
    NotAPhoto,
    Picture,
    copy,
    first_thumbs,
    hand_on,
    keep,
    path_of,
    picture,
    pictures,
    pictures_of,
    publish,
    remove,
    store_photo,
)

__all__ = [
    "COLUMNS",
    "MAX_BYTES",
    "MAX_PAGES",
    "MAX_PHOTOS",
    "Again",
    "Answer",
    "NotAPaper",
    "NotAPhoto",
    "Papers",
    "Photo",
    "Picture",
    "Seen",
    "blur",
    "copy",
    "fingerprints",
    "first_thumbs",
    "hand_on",
    "keep",
    "originals_of",
    "path_of",
    "picture",
    "pictures",
    "pictures_in",
    "pictures_of",
    "publish",
    "remove",
    "rows_of",
    "store_photo",
]

from guyub.kernel.files import fingerprints
