"""The Common Alerting Protocol 1.2 as the city speaks it: what an alert holds, its XML, and what the schema does not check.

Plain Python. The order of elements is the standard's own (`xs:sequence`); times carry an offset such as `+07:00`, for the
standard refuses `Z` and parts of a second. What follows below as `check` are rules beyond the schema: an alert that
breaks one is never shown.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
Point = tuple[float, float]
# South, west, north, east of Indonesia with its waters.
INDONESIA = (-11.5, 94.5, 6.5, 141.5)
MOST_POINTS = 100
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d", re.ASCII)
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
STATUS = ("Actual", "Exercise", "System", "Test", "Draft")
KINDS = ("Alert", "Update", "Cancel")
SCOPES = ("Public", "Restricted", "Private")
CATEGORIES = (
    "Geo",
    "Met",
    "Safety",
    "Security",
    "Rescue",
    "Fire",
    "Health",
    "Env",
    "Transport",
    "Infra",
    "CBRNE",
    "Other",
)
RESPONSES = ("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None")
URGENCY = ("Immediate", "Expected", "Future", "Past")
SEVERITY = ("Extreme", "Severe", "Moderate", "Minor")
CERTAINTY = ("Observed", "Likely", "Possible", "Unlikely")


def stamp(at: datetime) -> str:
    """A moment as CAP writes it, in the zone that it carries. Raises ValueError for one without a zone."""
    if at.tzinfo is None:
        raise ValueError("A moment without a zone is no moment.")
    return at.replace(microsecond=0).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """`code` is the official one of a kelurahan or desa; each ring is closed, of (latitude, longitude)."""

    name: str
    code: str
    rings: tuple[tuple[Point, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What is said in one language; all of an alert's must agree in everything that is not language."""

    language: str
    category: str
    event: str
    event_code: str
    response: str
    urgency: str
    severity: str
    certainty: str
    onset: datetime
    expires: datetime
    sender_name: str
    headline: str
    description: str
    instruction: str
    web: str
    contact: str
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    sender: str
    identifier: str
    sent: datetime

    def __str__(self) -> str:
        return f"{self.sender},{self.identifier},{stamp(self.sent)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    identifier: str
    sender: str
    sent: datetime
    status: str
    kind: str
    infos: tuple[Info, ...]
    scope: str = "Public"
    note: str = ""
    references: tuple[Reference, ...] = ()
    restriction: str = ""
    addresses: tuple[str, ...] = field(default=())


# ── Beyond the schema ──────────────────────────────────────────────────────────────────────────────────────


def check(alert: Alert, *, known: Iterable[str] = (), cancelled: Iterable[str] = ()) -> list[str]:
    """What is wrong with an alert, by the names of the rules; empty if nothing is.

    `known` are what we have issued as `sender,identifier`, `cancelled` identifiers that hold no more by a cancellation.
    """
    broken = [name for name, fits in _HEAD if not fits(alert)]
    broken += _about_references(alert, frozenset(known), frozenset(cancelled))
    for info in alert.infos:
        broken += [name for name, fits in _INFO if not fits(alert, info)]
        for area in info.areas:
            broken += [name for name, fits in _AREA if not fits(area)]
    return sorted(set(broken))


def _plain_name(text: str) -> bool:
    """No space, comma, < or &: a reference to it is cut at commas and spaces."""
    return bool(text) and re.search(r"[\s,<&]", text) is None


def _same_in_all(alert: Alert) -> bool:
    said = {
        (
            one.category,
            one.urgency,
            one.severity,
            one.certainty,
            one.onset,
            one.expires,
            tuple(area.code for area in one.areas),
        )
        for one in alert.infos
    }
    return len(said) <= 1


def _scope_fits(alert: Alert) -> bool:
    """Restricted says to whom in `restriction`, Private in `addresses`, Public in neither."""
    return bool(alert.restriction) == (alert.scope == "Restricted") and (alert.scope == "Private") == bool(
        alert.addresses
    )


_HEAD = [
    ("identifier", lambda a: _plain_name(a.identifier)),
    ("sender", lambda a: _plain_name(a.sender)),
    ("sent", lambda a: a.sent.tzinfo is not None and _TIME.fullmatch(stamp(a.sent)) is not None),
    ("status", lambda a: a.status in STATUS),
    ("msgType", lambda a: a.kind in KINDS),
    ("scope", lambda a: a.scope in SCOPES),
    ("scope_fits", _scope_fits),
    ("info", lambda a: bool(a.infos)),
    ("indonesian", lambda a: any(one.language == "id-ID" for one in a.infos)),
    ("language_once", lambda a: len({one.language for one in a.infos}) == len(a.infos)),
    ("same_in_all", _same_in_all),
]
_INFO = [
    ("category", lambda a, i: i.category in CATEGORIES),
    ("event", lambda a, i: 0 < len(i.event) <= 35),
    ("headline", lambda a, i: 0 < len(i.headline) <= 160),
    ("response", lambda a, i: i.response in RESPONSES),
    ("urgency", lambda a, i: i.urgency in URGENCY),
    ("severity", lambda a, i: i.severity in SEVERITY),
    ("certainty", lambda a, i: i.certainty in CERTAINTY),
    ("onset", lambda a, i: i.onset >= a.sent.replace(microsecond=0)),
    ("expires", lambda a, i: i.expires > i.onset),
    ("words", lambda a, i: bool(i.description.strip() and i.sender_name.strip())),
    ("web", lambda a, i: i.web.startswith(("https://", "http://"))),
    ("area", lambda a, i: bool(i.areas)),
    ("geocode_once", lambda a, i: len({one.code for one in i.areas}) == len(i.areas)),
    ("exercise_said", lambda a, i: (a.status == "Exercise") == ("LATIHAN" in i.headline)),
    (
        "simulation_said",
        lambda a, i: a.status == "Exercise" or (a.status == "Test") == ("SIMULASI" in i.headline),
    ),
    ("all_clear", lambda a, i: (a.kind == "Cancel") == (i.response == "AllClear")),
]
_CODE = re.compile(r"[1-9][0-9]\.[0-9]{2}\.[0-9]{2}\.[123][0-9]{3}", re.ASCII)


def _inside(ring: tuple[Point, ...]) -> bool:
    south, west, north, east = INDONESIA
    return all(south <= lat <= north and west <= lon <= east for lat, lon in ring)


def is_sound(ring: tuple[Point, ...]) -> bool:
    """Whether a ring may stand in an alert: one that may not is left out, for its area is named by its code too."""
    return 4 <= len(ring) <= MOST_POINTS and ring[0] == ring[-1] and _inside(ring)


_AREA = [
    ("areaDesc", lambda one: bool(one.name.strip())),
    ("geocode", lambda one: _CODE.fullmatch(one.code) is not None),
    ("polygon_size", lambda one: all(4 <= len(ring) <= MOST_POINTS for ring in one.rings)),
    ("polygon_closed", lambda one: all(ring and ring[0] == ring[-1] for ring in one.rings)),
    ("polygon_place", lambda one: all(map(_inside, one.rings))),
]


def _about_references(alert: Alert, known: frozenset[str], cancelled: frozenset[str]) -> list[str]:
    if alert.kind == "Alert":
        return ["references_of_alert"] if alert.references else []
    broken = [] if alert.references else ["references"]
    for one in alert.references:
        if not (_plain_name(one.sender) and _plain_name(one.identifier)):
            broken.append("references_form")
        if one.identifier == alert.identifier or one.sent > alert.sent:
            broken.append("references_order")
        if f"{one.sender},{one.identifier}" not in known:
            broken.append("references_ours")
        if one.identifier in cancelled:
            broken.append("references_cancelled")
    return broken


# ── As XML ─────────────────────────────────────────────────────────────────────────────────────────────────


def to_xml(alert: Alert) -> str:
    """The document, in the order that the schema asks for. Letters that no XML may hold are left out."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(_tag("alert"))
    _put(root, "identifier", alert.identifier)
    _put(root, "sender", alert.sender)
    _put(root, "sent", stamp(alert.sent))
    _put(root, "status", alert.status)
    _put(root, "msgType", alert.kind)
    _put(root, "scope", alert.scope)
    _put(root, "restriction", alert.restriction)
    _put(root, "addresses", " ".join(alert.addresses))
    _put(root, "note", alert.note)
    _put(root, "references", " ".join(map(str, alert.references)))
    for info in alert.infos:
        _info(root, info)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _info(root: ET.Element, info: Info) -> None:
    here = ET.SubElement(root, _tag("info"))
    _put(here, "language", info.language)
    _put(here, "category", info.category)
    _put(here, "event", info.event)
    _put(here, "responseType", info.response)
    _put(here, "urgency", info.urgency)
    _put(here, "severity", info.severity)
    _put(here, "certainty", info.certainty)
    _pair(here, "eventCode", "guyub:hazard", info.event_code)
    _put(here, "onset", stamp(info.onset))
    _put(here, "expires", stamp(info.expires))
    _put(here, "senderName", info.sender_name)
    _put(here, "headline", info.headline)
    _put(here, "description", info.description)
    _put(here, "instruction", info.instruction)
    _put(here, "web", info.web)
    _put(here, "contact", info.contact)
    for one in info.areas:
        area = ET.SubElement(here, _tag("area"))
        _put(area, "areaDesc", one.name)
        for ring in one.rings:
            _put(area, "polygon", " ".join(f"{lat:.5f},{lon:.5f}" for lat, lon in ring))
        _pair(area, "geocode", "adm4", one.code)


def _pair(parent: ET.Element, name: str, key: str, value: str) -> None:
    pair = ET.SubElement(parent, _tag(name))
    _put(pair, "valueName", key)
    _put(pair, "value", value)


def _put(parent: ET.Element, name: str, text: str) -> None:
    if text:
        ET.SubElement(parent, _tag(name)).text = _NOT_IN_XML.sub("", text)


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
