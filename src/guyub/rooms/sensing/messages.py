"""An Observation as JSON, and the topics on which it comes by MQTT. Plain Python.

The standard's topics are `v1.1/Observations`, `v1.1/Datastreams(5)/Observations` and
`v1.1/FeaturesOfInterest(3)/Observations`; a city's stand below its short name, as in `pekalongan/v1.1/Observations`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from guyub.rooms.sensing.rules import No, Refused, Row

VERSION = "v1.1"
MOST_BYTES = 64 * 1024
_TOPIC = re.compile(
    r"(?:(?P<city>[a-z0-9-]+)/)?v1\.1/(?:(?P<kind>Datastreams|FeaturesOfInterest)\((?P<id>\d{1,18})\)/)?Observations"
)
_CLIENT = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Topic:
    """Where a message came: `city` is '' for the installation's own."""

    city: str
    datastream: int | None = None
    feature: int | None = None


def topics(city: str) -> list[str]:
    """What to subscribe to for a city; '' for the topics without one."""
    before = f"{city}/" if city else ""
    return [f"{before}{VERSION}/Observations", f"{before}{VERSION}/+/Observations"]


def read_topic(topic: str) -> Topic | None:
    """None for one that takes no observations."""
    found = _TOPIC.fullmatch(topic)
    if found is None:
        return None
    key = int(found["id"]) if found["id"] else None
    is_stream = found["kind"] == "Datastreams"
    return Topic(found["city"] or "", key if is_stream else None, None if is_stream else key)


def reply_topic(topic: Topic, client: str) -> str:
    """Where a refusal is told: to the client that named itself, else beside the datastream."""
    before = f"{topic.city}/" if topic.city else ""
    to = client or (f"Datastreams({topic.datastream})" if topic.datastream else "_")
    return f"{before}{VERSION}/replies/{to}"


def read_document(payload: bytes) -> dict[str, Any]:
    """Raises `Refused` for what is too long or no JSON object."""
    if len(payload) > MOST_BYTES:
        raise Refused(No.MESSAGE)
    try:
        found = orjson.loads(payload)
    except ValueError:
        raise Refused(No.MESSAGE) from None
    if not isinstance(found, dict):
        raise Refused(No.MESSAGE)
    return found


def client_of(document: dict[str, Any]) -> str:
    """How a device calls itself, to be told what was refused: the member `client`; '' if it does not."""
    said = document.get("client")
    return said if isinstance(said, str) and _CLIENT.fullmatch(said) else ""


def row_of(document: dict[str, Any], *, datastream: int | None = None, feature: int | None = None) -> Row:
    """An Observation of the standard. Raises `Refused`.

    `phenomenonTime` must be there: a value is known by its time, and what is sent twice must bear it twice.
    """
    start, end = interval(document.get("phenomenonTime"))
    if start is None:
        raise Refused(No.TIME)
    valid_from, valid_until = interval(document.get("validTime"))
    stream = datastream if datastream is not None else _key(document, "Datastream", No.NO_DATASTREAM)
    if stream is None:
        raise Refused(No.NO_DATASTREAM)
    return Row(
        stream,
        start,
        document.get("result"),
        end=end,
        result_time=moment(document.get("resultTime")),
        valid_from=valid_from,
        valid_until=valid_until,
        result_quality=document.get("resultQuality"),
        parameters=document.get("parameters"),
        foi=feature if feature is not None else _key(document, "FeatureOfInterest", No.UNKNOWN_FEATURE),
    )


def _key(document: dict[str, Any], name: str, why: No) -> int | None:
    """The number of an entity that is there already; None if none is named. New ones are made over HTTP."""
    link = document.get(name)
    if link is None:
        return None
    key = link.get("@iot.id") if isinstance(link, dict) else None
    if type(key) is not int:
        raise Refused(why)
    return key


def moment(text: Any) -> datetime | None:
    """A moment with its zone; None for nothing. Raises `Refused`."""
    if text is None:
        return None
    if not isinstance(text, str) or len(text) > 40:
        raise Refused(No.TIME)
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(No.TIME) from None
    if found.tzinfo is None:
        raise Refused(No.TIME)
    return found


def interval(text: Any) -> tuple[datetime | None, datetime | None]:
    """`a/b` or a moment. Raises `Refused`."""
    if isinstance(text, str) and "/" in text:
        start, _, end = text.partition("/")
        return moment(start), moment(end)
    return moment(text), None
