"""What a program writes, read with care: each entity's own words, checked one by one. Plain Python; hostile until read."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guyub.rooms.sensing.rules import Row
from guyub.rooms.sensing.sta import grammar
from guyub.rooms.sensing.sta.refusing import NotServed, wrong

Body = dict[str, Any]
Reader = Callable[[str, Any], Any]
LONGEST_TEXT = 20_000
LONGEST_JSON = 200_000
DEEPEST_JSON = 50
_SHAPES = {
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
    "Feature", "FeatureCollection",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """A word of the standard: the column it fills, how it is read, and whether it must be said."""

    column: str
    read: Reader
    must: bool = False


def _text(most: int, least: int = 0) -> Reader:
    def read(name: str, value: Any) -> str:
        if not isinstance(value, str) or not least <= len(value) <= most or "\0" in value:
            raise wrong(f"{name}: a text of {least} to {most} characters.")
        return value

    return read


def _json(name: str, value: Any) -> Any:
    """Any JSON, not too large. What the reader of bodies let through has no NaN and no broken characters."""
    if _is_deep(value):
        raise wrong(f"{name}: nested deeper than {DEEPEST_JSON} levels.")
    try:
        text = json.dumps(value, allow_nan=False)
    except ValueError:
        raise wrong(f"{name}: not JSON that can be kept.") from None
    if len(text) > LONGEST_JSON or "\\u0000" in text:
        raise wrong(f"{name}: too long, or with a NUL in it.")
    return value


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST_JSON):
        if not level:
            return False
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return bool(level)


def _some_json(name: str, value: Any) -> Any:
    if value is None or value == "":
        raise wrong(f"{name}: empty.")
    return _json(name, value)


def _properties(name: str, value: Any) -> Any:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise wrong(f"{name}: an object.")
    return _json(name, value)


def _shape(name: str, value: Any) -> Any:
    """GeoJSON, as far as its outside; a text is taken for encodings of other kinds."""
    if isinstance(value, str) and value.strip():
        return _json(name, value)
    if not isinstance(value, dict) or value.get("type") not in _SHAPES:
        raise wrong(f"{name}: GeoJSON, such as a Point with [longitude, latitude].")
    if value["type"] == "Point":
        at = value.get("coordinates")
        if not isinstance(at, list) or not 2 <= len(at) <= 4 or not all(_is_number(one) for one in at):
            raise wrong(f"{name}: a Point has [longitude, latitude].")
    return _json(name, value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _area(name: str, value: Any) -> Any:
    return None if value is None else _shape(name, value)


def _unit(name: str, value: Any) -> Any:
    if not isinstance(value, dict):
        raise wrong(f"{name}: an object with name, symbol and definition.")
    return _json(name, value)


def _time(name: str, value: Any) -> datetime:
    try:
        return grammar.moment(value)
    except (ValueError, OverflowError, AttributeError, TypeError):
        raise wrong(f"{name}: a time with its zone, such as 2026-11-22T07:00:00+07:00.") from None


_NAME = Written("name", _text(200, 1), True)
_DESCRIPTION = Written("description", _text(LONGEST_TEXT), True)
_PROPERTIES = Written("properties", _properties)
_NAMED = {"name": _NAME, "description": _DESCRIPTION, "properties": _PROPERTIES}
_ENCODING = Written("encoding_type", _text(100, 1), True)

WORDS: dict[str, dict[str, Written]] = {
    "Things": _NAMED,
    "Locations": {**_NAMED, "encodingType": _ENCODING, "location": Written("location", _shape, True)},
    "HistoricalLocations": {"time": Written("time", _time, True)},
    "Datastreams": {
        **_NAMED,
        "observationType": Written("observation_type", _text(200, 1), True),
        "unitOfMeasurement": Written("unit_of_measurement", _unit, True),
        "observedArea": Written("observed_area", _area),
    },
    "Sensors": {**_NAMED, "encodingType": _ENCODING, "metadata": Written("metadata", _some_json, True)},
    "ObservedProperties": {**_NAMED, "definition": Written("definition", _text(LONGEST_TEXT, 1), True)},
    "FeaturesOfInterest": {**_NAMED, "encodingType": _ENCODING, "feature": Written("feature", _shape, True)},
}
# Reckoned here from the values, whatever is sent.
RECKONED = {"Datastreams": frozenset(["phenomenonTime", "resultTime"])}


def _yes_no(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise wrong(f"{name}: true or false.")
    return value


def _seconds(name: str, value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31:
        raise wrong(f"{name}: whole seconds.")
    return value


def _code(name: str, value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= 40 or not all(c.isalnum() or c == "_" for c in value) or not value.isascii():  # fmt: skip
        raise wrong(f"{name}: a code such as sea_level.")
    return value


# What the platform knows beside the standard; said in the manner of its annotations.
OWN: dict[str, dict[str, Written]] = {
    "Datastreams": {
        "@guyub.public": Written("is_public", _yes_no),
        "@guyub.cadence": Written("cadence", _seconds),
        "@guyub.datum": Written("datum", _text(80)),
    },
    "ObservedProperties": {"@guyub.code": Written("code", _code)},
}


def body_of(tree: Any) -> Body:
    if not isinstance(tree, dict):
        raise wrong("An entity is a JSON object.")
    return tree


def columns_of(kind: str, body: Body, *, is_new: bool) -> dict[str, Any]:
    """The columns that a body fills. Raises `NotServed` for what is lacking or cannot be kept."""
    words = {**WORDS[kind], **OWN.get(kind, {})}
    found = {}
    for name, word in words.items():
        if name in body:
            if body[name] is None and word.must:
                raise wrong(f"{name}: must not be null.")
            found[word.column] = word.read(name, body[name])
        elif word.must and is_new:
            raise wrong(f"{kind}: {name} is missing.")
    return found


def check_words(kind: str, body: Body, known: frozenset[str]) -> None:
    """Nothing is lost in silence: a word that nobody reads is refused. Annotations of answers may be sent back."""
    for name in body:
        if name in known or name in RECKONED.get(kind, ()) or "@iot." in name or name == "id":
            continue
        raise wrong(f"{kind}: {name[:60]} is no word of it.")


def reference_of(value: Any) -> int | None:
    """The id, if this is a reference to something that is there: whoever says an id, as `{"@iot.id": 5}`, means that."""
    if not isinstance(value, dict) or "@iot.id" not in value:
        return None
    key = value["@iot.id"]
    if not isinstance(key, int) or isinstance(key, bool) or not 0 <= key < 2**63:
        raise wrong("@iot.id: a whole number.")
    return key


# ── Observations ───────────────────────────────────────────────────────────────────────────────────────────

OBSERVATION = frozenset(
    ["phenomenonTime", "result", "resultTime", "resultQuality", "validTime", "parameters"]
)


def row_of(stream: int, body: Body, *, foi: int | None, at: datetime) -> Row:
    """A value as it came. Without a time it is of now. Raises `NotServed`."""
    if "result" not in body:
        raise wrong("Observations: result is missing.")
    start, end = span_of("phenomenonTime", body.get("phenomenonTime") or at)
    valid_from, valid_until = span_of("validTime", body.get("validTime"))
    result_time = body.get("resultTime")
    return Row(
        datastream=stream,
        time=start,  # type: ignore[arg-type]
        end=end,
        result=body["result"],
        result_time=None if result_time is None else _time("resultTime", result_time),
        valid_from=valid_from,
        valid_until=valid_until,
        result_quality=body.get("resultQuality"),
        parameters=_properties("parameters", body.get("parameters")),
        foi=foi,
    )


def span_of(name: str, value: Any) -> tuple[datetime | None, datetime | None]:
    """Beginning and end of what lasts; of an instant only the first."""
    if value is None or isinstance(value, datetime):
        return value, None
    if isinstance(value, str) and "/" in value:
        try:
            start, end = grammar.span(value)
        except (ValueError, OverflowError):
            raise wrong(f"{name}: two times with their zones and a / between them.") from None
        return start, None if end == start else end
    return _time(name, value), None


__all__ = ["NotServed", "body_of", "check_words", "columns_of", "reference_of", "row_of", "span_of"]
