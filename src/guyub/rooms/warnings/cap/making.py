"""A message of ours as a CAP alert: what is issued, with its references, areas and words in each language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from guyub.kernel.cities.api import absolute, get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.places import api as places
from guyub.rooms.warnings import reference, words
from guyub.rooms.warnings.cap.rules import (
    MOST_POINTS,
    Alert,
    Area,
    Info,
    Point,
    Reference,
    check,
    is_sound,
    to_xml,
)
from guyub.rooms.warnings.models import Chain, Message, Note
from guyub.rooms.warnings.reference import Authority
from guyub.rooms.warnings.rules import Kind, is_simulated

_SEVERITY = {"WASPADA": "Moderate", "SIAGA": "Severe", "AWAS": "Extreme"}
_RESPONSE = {"WASPADA": "Monitor", "SIAGA": "Prepare", "AWAS": "Evacuate"}
_KIND = {Kind.ALERT: "Alert", Kind.UPDATE: "Update", Kind.CANCEL: "Cancel"}
_CANCELLED = {"id": "DICABUT", "jv": "DIPUNCABUT", "en": "CANCELLED"}
_LANGUAGE = {"id": "id-ID", "jv": "jv-ID", "en": "en"}
_SOON_HOURS = 1


class NotSound(ValueError):
    """An alert breaks a rule of ours and is not shown; the message names the rules."""


def identifier_of(chain: Chain, serial: int) -> str:
    """Stable for ever: the city's code, the warning's number and which message of it."""
    return f"ID-{get_city().code}-{chain.number}-{serial}"


def read_identifier(text: str) -> tuple[str, int] | None:
    """The number and serial behind an identifier of this city; None for any other."""
    start = f"ID-{get_city().code}-"
    number, _dash, serial = text.removeprefix(start).rpartition("-")
    if not text.startswith(start) or not (serial.isascii() and serial.isdigit() and len(serial) < 5):
        return None
    return number, int(serial)


def document(message: Message, chain_messages: Iterable[Message], texts: dict[words.Key, str]) -> str:
    """The XML of one issued message. Raises `NotSound`."""
    alert = alert_of(message, list(chain_messages), texts)
    known, cancelled = _standing(message, chain_messages)
    if broken := check(alert, known=known, cancelled=cancelled):
        raise NotSound(", ".join(broken))
    return to_xml(alert)


def _standing(message: Message, rows: Iterable[Message]) -> tuple[set[str], set[str]]:
    """Identifiers of what was issued before this message, and of what a cancellation had ended by then."""
    before = [
        row
        for row in rows
        if row.issued_at and row.serial < message.serial and row.chain_id == message.chain_id
    ]
    names = [(_sender(row), identifier_of(message.chain, row.serial)) for row in before]
    ended = {name for _, name in names} if any(row.kind == Kind.CANCEL for row in before) else set()
    return {f"{sender},{name}" for sender, name in names}, ended


def _sender(row: Message) -> str:
    """Under which name a message went out; the rulebook may name another one since."""
    assert row.issued_at is not None
    return reference.authority(at=row.issued_at).sender


def alert_of(message: Message, rows: list[Message], texts: dict[words.Key, str]) -> Alert:
    at = message.issued_at
    if at is None:
        raise NotSound("not issued")
    tz, chain = get_city().tz, message.chain
    who = reference.authority(at=at)
    earlier = [row for row in rows if row.issued_at and row.serial < message.serial]
    areas = tuple(_area(code) for code in message.areas)
    languages = [language for language in ("id", "jv", "en") if ("WEB", language) in texts]
    return Alert(
        identifier=identifier_of(chain, message.serial),
        sender=who.sender,
        sent=at.astimezone(tz),
        status=_status(message),
        kind=_KIND[Kind(message.kind)],
        note=_note(message),
        references=tuple(
            Reference(
                sender=_sender(row),
                identifier=identifier_of(chain, row.serial),
                sent=row.issued_at.astimezone(tz),
            )
            for row in earlier
            if row.issued_at
        ),
        infos=tuple(_info(message, language, texts, who, areas, at) for language in languages),
    )


def _status(message: Message) -> str:
    """What rests on made-up values is a test that nobody shall act upon, unless it is an exercise anyway."""
    if message.chain.is_exercise:
        return "Exercise"
    return "Test" if is_simulated(message.facts) else "Actual"


def _note(message: Message) -> str:
    simulated = (
        "SIMULASI: the values were made up, nothing was measured." if is_simulated(message.facts) else ""
    )
    return " ".join(filter(None, (simulated, _reason(message))))


def _reason(message: Message) -> str:
    if message.kind != Kind.CANCEL:
        return ""
    return Note.objects.filter(message=message, kind="CANCEL").values_list("words", flat=True).first() or ""


def _info(
    message: Message,
    language: str,
    texts: dict[words.Key, str],
    who: Authority,
    areas: tuple[Area, ...],
    at: datetime,
) -> Info:
    chain, tz = message.chain, get_city().tz
    hazard = reference.hazards(at=at)[chain.hazard]
    is_cancel = message.kind == Kind.CANCEL
    onset = max(message.onset, at.replace(microsecond=0))
    expires = max(message.expires, onset + words.BRIEFLY)
    advice = hazard.advice[message.level]
    label = hazard.label(language)
    return Info(
        language=_LANGUAGE[language],
        category=hazard.category,
        event=label[:35],
        event_code=hazard.event_code,
        response="AllClear" if is_cancel else _RESPONSE[message.level],
        urgency=_urgency(message, at, is_cancel),
        severity=_SEVERITY[message.level],
        certainty="Observed"
        if message.is_observed
        else "Likely"
        if message.level != "WASPADA"
        else "Possible",
        onset=onset.astimezone(tz),
        expires=expires.astimezone(tz),
        sender_name=who.name_en if language == "en" else who.name_id,
        headline=headline(message, label, language),
        description=texts["WEB", language],
        instruction="" if is_cancel else advice.get(language) or advice["id"],
        web=absolute(f"/peringatan/{chain.number}/"),
        contact=str(rulebook.rule("emergency_numbers.darurat", on=reference.today(at)).value["number"]),
        areas=areas,
    )


def _urgency(message: Message, at: datetime, is_cancel: bool) -> str:
    if is_cancel:
        return "Past"
    hours = (message.onset - at).total_seconds() / 3600
    return "Immediate" if hours <= _SOON_HOURS else "Expected" if hours <= 24 else "Future"


def headline(message: Message, label: str, language: str) -> str:
    """Level, hazard and area in a line, after what it must not be taken for."""
    return f"{words.mark(message)}{_headline(message, label, language)}"[:160]


def _headline(message: Message, label: str, language: str) -> str:
    where = words.area_ways(message.areas, language)
    said = f"{message.level}: {label}"
    if message.kind == Kind.CANCEL:
        said = f"{said} – {_CANCELLED[language]}"
    return next((full for way in where if len(full := f"{said}, {way}") <= 140), said)


def _area(code: str) -> Area:
    row = places.gazetteer().by_code.get(code)
    return Area(name=row.label if row else code, code=code, rings=_rings(code))


def _rings(code: str) -> tuple[tuple[Point, ...], ...]:
    """The outer rings of a kelurahan's boundary as (latitude, longitude); none where areas are only approximate.

    Holes are left out: whoever lives in one is better warned than not.
    """
    drawn = places.atlas() if places.gazetteer().boundaries else None
    shape = drawn.shapes.get(code) if drawn else None
    if shape is None:
        return ()
    geometry: dict[str, Any] = json.loads(shape.geometry)
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return tuple(ring for polygon in polygons if is_sound(ring := _ring(polygon[0])))


def _ring(line: list[list[float]]) -> tuple[Point, ...]:
    """A ring of at most so many points, closed: of longer ones every n-th is kept."""
    points = [(round(lat, 5), round(lon, 5)) for lon, lat, *_rest in line[:-1]]
    step = -(-len(points) // (MOST_POINTS - 1)) if points else 1
    thinned = points[::step]
    return (*thinned, thinned[0]) if thinned else ()
