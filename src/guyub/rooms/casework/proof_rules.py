"""What can be said about a photo of finished work. No finding decides anything; a flag asks a person to look.

A level is *clear* only for what was measured and fits, *flag* only for what contradicts the claim by more than the
measurement can err, and *unknown* for everything between and for what nobody can know.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

EARTH_METRES = 6_371_000.0
TWICE = 2  # a device gives the radius that holds two times of three; twice that holds nineteen of twenty


class Level(StrEnum):
    CLEAR = "CLEAR"
    UNKNOWN = "UNKNOWN"
    FLAG = "FLAG"


class Code(StrEnum):
    PLACE_NEAR = "PLACE_NEAR"
    PLACE_FAR = "PLACE_FAR"
    PLACE_UNSURE = "PLACE_UNSURE"
    PLACE_UNKNOWN = "PLACE_UNKNOWN"
    TIME_AFTER = "TIME_AFTER"
    TIME_BEFORE = "TIME_BEFORE"
    TIME_OLD = "TIME_OLD"
    TIME_FUTURE = "TIME_FUTURE"
    TIME_UNKNOWN = "TIME_UNKNOWN"
    DATA_FITS = "DATA_FITS"
    DATA_PLACE = "DATA_PLACE"
    DATA_TIME = "DATA_TIME"
    SOURCE_CAMERA = "SOURCE_CAMERA"
    SOURCE_GALLERY = "SOURCE_GALLERY"
    SOURCE_UNKNOWN = "SOURCE_UNKNOWN"
    SEEN_NEVER = "SEEN_NEVER"
    SEEN_EXACT = "SEEN_EXACT"
    SEEN_NEAR = "SEEN_NEAR"
    SEEN_PART = "SEEN_PART"
    SEEN_MIRROR = "SEEN_MIRROR"
    SEEN_PERHAPS = "SEEN_PERHAPS"
    SEEN_UNKNOWN = "SEEN_UNKNOWN"
    VIEW_SAME = "VIEW_SAME"
    VIEW_UNSURE = "VIEW_UNSURE"


SEEN = frozenset(
    {Code.SEEN_EXACT, Code.SEEN_NEAR, Code.SEEN_PART, Code.SEEN_MIRROR, Code.SEEN_PERHAPS}
)  # these name an earlier photo


@dataclass(frozen=True, slots=True)
class Limits:
    """The rulebook's numbers: metres, minutes, hours, percent and points."""

    radius: int
    clock_tolerance: int
    oldest: int
    same_place: int
    seen_alike: int
    seen_perhaps: int
    view_points: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that can be said, with its numbers. `photo` is the proof's photo, `other` the one that it resembles."""

    code: Code
    level: Level
    values: dict[str, int] = field(default_factory=dict)
    photo: int | None = None
    other: int | None = None


@dataclass(frozen=True, slots=True)
class Where:
    """A point in degrees (WGS 84) and how far off it may be, in metres."""

    lat: float
    lon: float
    accuracy: float = 0.0


def metres(one: Where, other: Where) -> float:
    """The great circle between two points."""
    a, b = math.radians(one.lat), math.radians(other.lat)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    return 2 * EARTH_METRES * math.asin(math.sqrt(min(1.0, half)))


def place(taken: Where | None, report: Where | None, limits: Limits) -> Finding:
    """How far from the report's point the photo was taken, as the device says."""
    if taken is None or report is None:
        return Finding(Code.PLACE_UNKNOWN, Level.UNKNOWN, {"report_has_point": int(report is not None)})
    far, error = metres(taken, report), TWICE * taken.accuracy
    values = {"metres": round(far), "accuracy": round(taken.accuracy), "radius": limits.radius}
    if far - error > limits.radius:
        return Finding(Code.PLACE_FAR, Level.FLAG, values)
    if far <= limits.radius and error <= limits.radius:
        return Finding(Code.PLACE_NEAR, Level.CLEAR, values)
    return Finding(Code.PLACE_UNSURE, Level.UNKNOWN, values)


def time(taken: datetime | None, *, reported: datetime, sent: datetime, limits: Limits) -> Finding:
    """When the photo was taken, by the device's clock, between the report and its sending."""
    tolerance = timedelta(minutes=limits.clock_tolerance)
    if taken is None:
        return Finding(Code.TIME_UNKNOWN, Level.UNKNOWN)
    if taken > sent + tolerance:
        return Finding(Code.TIME_FUTURE, Level.FLAG, {"minutes": _minutes(taken - sent)})
    if taken < reported - tolerance:
        return Finding(Code.TIME_BEFORE, Level.FLAG, {"minutes": _minutes(reported - taken)})
    if sent - taken > timedelta(hours=limits.oldest):
        return Finding(Code.TIME_OLD, Level.UNKNOWN, {"minutes": _minutes(sent - taken)})
    return Finding(Code.TIME_AFTER, Level.CLEAR, {"minutes": max(0, _minutes(taken - reported))})


def _minutes(span: timedelta) -> int:
    return round(span.total_seconds() / 60)


def source(code: str) -> Finding:
    """Whether the page took the photo itself, or it was chosen from the gallery and so proves no time or place."""
    if code == "CAMERA":
        return Finding(Code.SOURCE_CAMERA, Level.CLEAR)
    return Finding(Code.SOURCE_GALLERY if code == "GALLERY" else Code.SOURCE_UNKNOWN, Level.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Written:
    """What the camera wrote into a file before it was taken out. Anybody can write it, so that it fits proves little."""

    photo: int
    where: Where | None = None
    at: datetime | None = None


def written(
    data: Written,
    *,
    taken: Where | None,
    taken_at: datetime | None,
    report: Where | None,
    reported: datetime,
    limits: Limits,
) -> list[Finding]:
    """Where a file's own data contradict what the page said or, where it said nothing, the report."""
    found = []
    claim, most = (taken, limits.same_place) if taken else (report, limits.radius)
    if data.where and claim:
        far = metres(data.where, claim)
        if far - TWICE * claim.accuracy > most:
            values = {"metres": round(far), "to_report": int(taken is None)}
            found.append(Finding(Code.DATA_PLACE, Level.FLAG, values, data.photo))
    tolerance = timedelta(minutes=limits.clock_tolerance)
    if data.at and taken_at and abs(data.at - taken_at) > tolerance:
        values = {"minutes": _minutes(abs(data.at - taken_at)), "to_report": 0}
        found.append(Finding(Code.DATA_TIME, Level.FLAG, values, data.photo))
    elif data.at and not taken_at and data.at < reported - tolerance:
        values = {"minutes": _minutes(reported - data.at), "to_report": 1}
        found.append(Finding(Code.DATA_TIME, Level.FLAG, values, data.photo))
    if not found and data.where and data.at:
        return [Finding(Code.DATA_FITS, Level.UNKNOWN, photo=data.photo)]
    return found


@dataclass(frozen=True, slots=True)
class Resembled:
    """The earlier photo that a photo is likest to: how (`EXACT`, `NEAR`, `PART`, `MIRROR`) and by how many percent."""

    other: int
    how: str
    alike: int


def seen(
    photo: int, likest: Resembled | None, *, compared: int, waiting: int, is_plain: bool, limits: Limits
) -> Finding:
    """Whether a photo was used in this city before."""
    if likest is None or likest.alike < limits.seen_perhaps:
        code = Code.SEEN_UNKNOWN if is_plain else Code.SEEN_NEVER
        level = Level.UNKNOWN if is_plain or waiting else Level.CLEAR
        return Finding(code, level, {"compared": compared, "waiting": waiting}, photo)
    values = {"alike": likest.alike, "compared": compared}
    if likest.alike < limits.seen_alike:
        return Finding(Code.SEEN_PERHAPS, Level.UNKNOWN, values, photo, likest.other)
    return Finding(Code(f"SEEN_{likest.how}"), Level.FLAG, values, photo, likest.other)


def view(points: int | None, limits: Limits) -> Finding | None:
    """Whether a proof shows the place of the reporter's photo. That it cannot be said is no reproach."""
    if points is None:
        return None
    if points >= limits.view_points:
        return Finding(Code.VIEW_SAME, Level.CLEAR, {"points": points})
    return Finding(Code.VIEW_UNSURE, Level.UNKNOWN, {"points": points})


def is_flagged(findings: Iterable[Finding]) -> bool:
    return any(one.level is Level.FLAG for one in findings)
