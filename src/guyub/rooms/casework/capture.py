"""Where and when a photo of finished work was taken, as far as the page that took it can say: plain Python.

Nobody is refused for a poor phone: what was not said, or cannot be, is left out, and the photo counts as not proven.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CLOCKS_DIFFER = timedelta(minutes=15)


class Source(StrEnum):
    CAMERA = "CAMERA"
    GALLERY = "GALLERY"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Capture:
    """`accuracy` in metres (68 %); place and time are the device's own word."""

    source: Source = Source.UNKNOWN
    taken_at: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy: float | None = None

    @property
    def has_time_and_place(self) -> bool:
        return self.source is Source.CAMERA and self.taken_at is not None and self.lat is not None

    def as_columns(self) -> dict[str, object]:
        return {
            "source": self.source.value,
            "taken_at": self.taken_at,
            "taken_lat": self.lat,
            "taken_lon": self.lon,
            "taken_accuracy": self.accuracy,
        }


NOT_SAID = Capture()


def source_of(*, before: str, from_camera: bool, from_gallery: bool, has_moment: bool) -> Source:
    """The weakest of what was sent: one picture from the gallery makes the whole proof one of the gallery.

    A photo that came by the camera's button without the script's moment is not known to be the camera's.
    """
    if from_gallery or before == Source.GALLERY:
        return Source.GALLERY
    if from_camera and not has_moment:
        return Source.UNKNOWN
    if from_camera or before == Source.CAMERA:
        return Source.CAMERA
    return Source.UNKNOWN


def capture_from(said: Mapping[str, str], *, source: Source, at: datetime) -> Capture:
    """Read what a form carries; anything that is no moment and no point on earth is left out."""
    if source is not Source.CAMERA:
        return Capture(source=source)
    lat, lon = _number(said.get("taken_lat"), 90), _number(said.get("taken_lon"), 180)
    accuracy = _number(said.get("taken_accuracy"), 1_000_000)
    has_point = lat is not None and lon is not None
    return Capture(
        source=source,
        taken_at=moment_of(said.get("taken_at"), at=at),
        lat=lat if has_point else None,
        lon=lon if has_point else None,
        accuracy=accuracy if has_point and accuracy is not None and accuracy >= 0 else None,
    )


def moment_of(text: str | None, *, at: datetime) -> datetime | None:
    """A device's moment with its zone, not ahead of ours by more than clocks differ and not years back."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if found.tzinfo is None or not at - timedelta(days=365) <= found <= at + CLOCKS_DIFFER:
        return None
    return found


def _number(text: str | None, most: float) -> float | None:
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if math.isfinite(found) and abs(found) <= most else None
