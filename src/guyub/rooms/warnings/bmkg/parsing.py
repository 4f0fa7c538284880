"""What BMKG publishes, read tolerantly: forecasts by kelurahan, nowcasts as CAP, earthquakes.

Plain Python. A field that is missing or written otherwise is left out; what cannot be read at all raises `Unreadable`.
Nothing here trusts what it reads: no entity of an XML is opened, nothing larger than `MOST_BYTES` is looked at.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

MOST_BYTES = 2_000_000
MOST_SLOTS = 200
MOST_AREAS = 500
MOST_POINTS = 2000
MOST_ITEMS = 200
Point = tuple[float, float]
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d\d)?", re.ASCII)
_NAMED = {"WIB": 7, "WITA": 8, "WIT": 9}


class Unreadable(ValueError):
    """It is not what it should be; the message says in short how, for operators."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Some hours of a forecast: from when (UTC), rain in mm, how BMKG words the weather, wind in BMKG's own figure."""

    at: datetime
    rain_mm: float | None
    words: str
    wind: float | None


@dataclass(frozen=True, slots=True)
class Forecast:
    place: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of the feed of nowcasts."""

    title: str
    link: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class NowcastArea:
    name: str
    rings: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class Nowcast:
    """A CAP alert of BMKG. Times in UTC; None where it says none."""

    identifier: str
    kind: str
    event: str
    headline: str
    description: str
    severity: str
    sent: datetime | None
    effective: datetime | None
    expires: datetime | None
    web: str
    areas: tuple[NowcastArea, ...]


@dataclass(frozen=True, slots=True)
class Quake:
    at: datetime
    lat: float
    lon: float
    magnitude: float
    depth_km: float | None
    where: str
    potential: str
    felt: str


# ── Values ─────────────────────────────────────────────────────────────────────────────────────────────────


def _text(value: Any, most: int = 400) -> str:
    return " ".join(value.split())[:most] if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        found = re.search(r"-?\d{1,9}(?:[.,]\d{1,9})?", value)
        value = found[0].replace(",", ".") if found else "nan"
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def zone_of(said: Any) -> tzinfo | None:
    """ "Asia/Jakarta", "+0700", "+07:00", "UTC+7" or "WIB"; None for anything else."""
    text = _text(said, 40)
    if text.upper() in _NAMED:
        return timezone(timedelta(hours=_NAMED[text.upper()]))
    if (found := _OFFSET.fullmatch(text)) and int(found[2]) <= 14:
        shift = timedelta(hours=int(found[2]), minutes=min(int(found[3] or 0), 59))
        return timezone(-shift if found[1] == "-" else shift)
    try:
        return ZoneInfo(text) if re.fullmatch(r"[A-Za-z]+/[A-Za-z_]+", text) else None
    except (KeyError, OSError, ValueError):
        return None


def moment(said: Any, *, zone: tzinfo | None = None) -> datetime | None:
    """A moment in UTC; one without an offset is of the given zone, and None without one."""
    try:
        found = datetime.fromisoformat(_text(said, 40).replace(" ", "T", 1))
        if found.tzinfo is None:
            if zone is None:
                return None
            found = found.replace(tzinfo=zone)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _tree(raw: bytes) -> Any:
    if len(raw) > MOST_BYTES:
        raise Unreadable("too large")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise Unreadable("no JSON") from None


def _flat(value: Any) -> Iterator[dict[str, Any]]:
    """The objects in a list of lists of objects, however deep it is nested (to a point)."""
    waiting = [value]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, dict):
            yield one
        elif isinstance(one, list):
            waiting[:0] = one[:MOST_SLOTS]


# ── Forecast ───────────────────────────────────────────────────────────────────────────────────────────────


def read_forecast(raw: bytes) -> Forecast:
    """`cuaca` is a list (for each day) of lists; others show it flat, and `data` as an object. Raises `Unreadable`."""
    tree = _tree(raw)
    if not isinstance(tree, dict):
        raise Unreadable("no object")
    parts = list(_flat(tree.get("data")))[:1] or [tree]
    place = next((one for one in (parts[0].get("lokasi"), tree.get("lokasi")) if isinstance(one, dict)), {})
    zone = zone_of(place.get("timezone"))
    slots: dict[datetime, Slot] = {}
    for one in list(_flat(parts[0].get("cuaca")))[:MOST_SLOTS]:
        at = (
            moment(one.get("utc_datetime"), zone=UTC)
            or moment(one.get("datetime"), zone=UTC)
            or moment(one.get("local_datetime"), zone=zone)
        )
        if at is not None:
            rain = _number(one.get("tp"))
            slots[at] = Slot(
                at,
                rain if rain is not None and 0 <= rain <= 1000 else None,
                _text(one.get("weather_desc"), 80),
                _number(one.get("ws")),
            )
    if not slots:
        raise Unreadable("no times")
    return Forecast(_text(place.get("adm4"), 13), tuple(slots[at] for at in sorted(slots)))


# ── Nowcast ────────────────────────────────────────────────────────────────────────────────────────────────


def _xml(raw: bytes) -> Element:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    if len(raw) > MOST_BYTES:
        raise Unreadable("too large")
    try:
        root: Element = fromstring(raw, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        raise Unreadable("no XML") from None
    return root


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(element: Element, name: str) -> Iterator[Element]:
    return (one for one in element.iter() if _name(one) == name)


def _said(element: Element, name: str, most: int = 400) -> str:
    """The text of the first child of that name."""
    return next((_text(one.text, most) for one in element if _name(one) == name), "")


def read_feed(raw: bytes) -> list[Item]:
    """The RSS of nowcasts; entries without a link are left out. Raises `Unreadable`."""
    items = []
    for one in list(_all(_xml(raw), "item"))[:MOST_ITEMS]:
        link = _said(one, "link", 300)
        if link.startswith("https://"):
            items.append(Item(_said(one, "title", 200), link, _rss_moment(_said(one, "pubDate", 60))))
    return items


def _rss_moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return moment(text)


def read_nowcast(raw: bytes) -> Nowcast:
    """A CAP alert, also one that no schema would take: `Z` times, no polygon, lines that cross. Raises `Unreadable`."""
    root = _xml(raw)
    infos = list(_all(root, "info"))
    if _name(root) != "alert" or not infos:
        raise Unreadable("no alert")
    info = next((one for one in infos if _said(one, "language").lower().startswith("id")), infos[0])
    areas = [
        NowcastArea(
            _said(one, "areaDesc"),
            tuple(
                ring
                for polygon in list(_all(one, "polygon"))[:MOST_AREAS]
                if (ring := read_polygon(polygon.text or ""))
            ),
        )
        for one in list(_all(info, "area"))[:MOST_AREAS]
    ]
    return Nowcast(
        identifier=_said(root, "identifier", 200),
        kind=_said(root, "msgType", 20),
        event=_said(info, "event", 120),
        headline=_said(info, "headline", 200),
        description=_said(info, "description", 4000),
        severity=_said(info, "severity", 20),
        sent=moment(_said(root, "sent")),
        effective=moment(_said(info, "effective")) or moment(_said(info, "onset")),
        expires=moment(_said(info, "expires")),
        web=_said(info, "web", 300),
        areas=tuple(areas),
    )


def read_polygon(text: str) -> tuple[Point, ...]:
    """`lat,lon lat,lon …`; empty if it is no ring within the earth. Raises nothing."""
    points: list[Point] = []
    for pair in text.split()[:MOST_POINTS]:
        lat, _comma, lon = pair.partition(",")
        y, x = _number(lat), _number(lon)
        if y is None or x is None or not (-90 <= y <= 90 and -180 <= x <= 180):
            return ()
        points.append((y, x))
    return tuple(points) if len(points) >= 3 else ()


def contains(ring: tuple[Point, ...], lat: float, lon: float) -> bool:
    """Whether a point lies in a ring, by the even-odd rule: a ring that crosses itself is no trouble."""
    inside, (y1, x1) = False, ring[-1]
    for y2, x2 in ring:
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
        y1, x1 = y2, x2
    return inside


# ── Earthquakes ────────────────────────────────────────────────────────────────────────────────────────────


def read_quakes(raw: bytes) -> list[Quake]:
    """`Infogempa.gempa`, one or many; those that cannot be placed in time and space are left out. Raises `Unreadable`."""
    tree = _tree(raw)
    info = tree.get("Infogempa") if isinstance(tree, dict) else None
    if not isinstance(info, dict):
        raise Unreadable("no Infogempa")
    return [quake for one in list(_flat(info.get("gempa")))[:MOST_ITEMS] if (quake := _quake(one))]


def _quake(one: dict[str, Any]) -> Quake | None:
    at, magnitude = moment(one.get("DateTime"), zone=UTC), _number(one.get("Magnitude"))
    spot = _text(one.get("Coordinates"), 60).split(",")
    lat, lon = (_number(spot[0]), _number(spot[1])) if len(spot) == 2 else (None, None)
    if at is None or magnitude is None or lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:
        return None
    words = (_text(one.get(name)) for name in ("Wilayah", "Potensi", "Dirasakan"))
    return Quake(at, lat, lon, magnitude, _number(one.get("Kedalaman")), *words)
