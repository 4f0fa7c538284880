"""Decode an upload and encode it anew: what comes out holds the picture and nothing else that was in the file."""

from __future__ import annotations

import io
import warnings
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps

from guyub.kernel.cities.api import get_city
from guyub.kernel.files.photos import FORMATS, MAX_PIXELS, SIDE, NotAPhoto


def decode(raw: bytes) -> tuple[Image.Image, dict[str, Any]]:
    sorry = _("Berkas ini bukan foto yang dapat dibaca. Kirim foto JPEG, PNG, atau WebP.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(raw), formats=FORMATS)
            if image.width * image.height > MAX_PIXELS or min(image.size) < 16:
                raise NotAPhoto(_("Ukuran gambar tidak wajar. Kirim foto dari kamera ponsel."))
            image.draft("RGB", (SIDE, SIDE))
            captured = _captured(image)
            image.load()
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except NotAPhoto:
        raise
    except Exception as broken:  # Pillow raises many kinds for hostile input
        raise NotAPhoto(sorry) from broken
    upright.thumbnail((SIDE, SIDE))
    return upright, captured


def _captured(image: Image.Image) -> dict[str, Any]:
    """Time and place that the camera noted, where they can be read; nothing otherwise."""
    found: dict[str, Any] = {}
    try:
        exif = image.getexif()
        text = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
        if text:
            local = datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S")
            found["captured_at"] = local.replace(tzinfo=get_city().tz)
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        if gps:
            lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps[ExifTags.GPS.GPSLatitudeRef])
            lon = _degrees(gps[ExifTags.GPS.GPSLongitude], gps[ExifTags.GPS.GPSLongitudeRef])
            if -90 <= lat <= 90 and -180 <= lon <= 180:
                found["captured_lat"], found["captured_lon"] = lat, lon
    except Exception:  # what a camera or a forger wrote is never a reason to refuse a photo
        return found
    return found


def _degrees(parts: Any, ref: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if ref in ("S", "W") else value


def encode(image: Image.Image, side: int) -> bytes:
    copy = image.copy()
    copy.info = {}  # a JPEG's comment would be written again, and it may hold a name or a place
    copy.thumbnail((side, side))
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=80, optimize=True, progressive=True)
    return out.getvalue()
