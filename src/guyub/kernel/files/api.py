"""The door to photos."""

from guyub.kernel.files.fingerprints import Again, Answer, Seen
from guyub.kernel.files.models import Photo
from guyub.kernel.files.photos import (
    MAX_PHOTOS,
    NotAPhoto,
    Picture,
    first_thumbs,
    keep,
    picture,
    pictures,
    pictures_of,
    publish,
    remove,
    store_photo,
)

__all__ = [
    "MAX_PHOTOS",
    "Again",
    "Answer",
    "NotAPhoto",
    "Photo",
    "Picture",
    "Seen",
    "fingerprints",
    "first_thumbs",
    "keep",
    "picture",
    "pictures",
    "pictures_of",
    "publish",
    "remove",
    "store_photo",
]

from guyub.kernel.files import fingerprints
