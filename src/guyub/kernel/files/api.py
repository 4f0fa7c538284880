"""The door to photos."""

from guyub.kernel.files.models import Photo
from guyub.kernel.files.photos import (
    MAX_PHOTOS,
    NotAPhoto,
    Picture,
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
    "keep",
    "picture",
    "pictures",
    "pictures_of",
    "publish",
    "remove",
    "store_photo",
]
