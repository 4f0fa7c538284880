"""The door to photos."""

from guyub.kernel.files.models import Photo
from guyub.kernel.files.photos import (
    MAX_PHOTOS,
    NotAPhoto,
    Picture,
    first_thumbs,
    hand_on,
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
    "NotAPhoto",
    "Photo",
    "Picture",
    "first_thumbs",
    "hand_on",
    "keep",
    "picture",
    "pictures",
    "pictures_of",
    "publish",
    "remove",
    "store_photo",
]
