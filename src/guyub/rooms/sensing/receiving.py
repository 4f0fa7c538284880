"""Messages that come by MQTT: each is stored, or kept as a dead letter with the reason. None is lost, none blocks.

Knows nothing of brokers: `launch/sense.py` hands over what came and acknowledges it when `receive` has committed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import DataError, IntegrityError, connection, transaction

from guyub.kernel.access.api import Person
from guyub.rooms.sensing.ingesting import Outcome, ingest, refusal
from guyub.rooms.sensing.messages import (
    MOST_BYTES,
    client_of,
    read_document,
    read_topic,
    reply_topic,
    row_of,
)
from guyub.rooms.sensing.models import DeadLetter
from guyub.rooms.sensing.rules import No, Refused, Row, State


class Message(NamedTuple):
    topic: str
    payload: bytes


class Reply(NamedTuple):
    """What to tell who sent a message that was refused."""

    topic: str
    payload: str


def receive(messages: Sequence[Message], *, at: datetime) -> list[Reply]:
    """Store the messages of the current city in one transaction; returns what to say about those that were refused.

    When it returns all are committed and may be acknowledged. A message for which the database itself has no place,
    although every check let it pass, is found by halving, so that it does not hold up the others.
    """
    try:
        return _receive(messages, at=at)
    except (DataError, IntegrityError):
        if len(messages) == 1:
            _keep([(messages[0], refusal(No.DATABASE))], at=at)
            return []
        half = len(messages) // 2
        return receive(messages[:half], at=at) + receive(messages[half:], at=at)


@transaction.atomic
def _receive(messages: Sequence[Message], *, at: datetime) -> list[Reply]:
    rows: list[Row] = []
    sent: list[Message] = []
    refused: list[tuple[Message, Outcome]] = []
    for message in messages:
        try:
            rows.append(_row(message))
            sent.append(message)
        except Refused as no:
            refused.append((message, refusal(no.why)))
    outcomes = ingest(rows, at=at)
    refused += [
        (message, outcome)
        for message, outcome in zip(sent, outcomes, strict=True)
        if outcome.state is State.REFUSED
    ]
    if refused:
        _keep(refused, at=at)
    return [_reply(message, outcome) for message, outcome in refused]


def _row(message: Message) -> Row:
    topic = read_topic(message.topic)
    if topic is None:
        raise Refused(No.NO_DATASTREAM)
    document = read_document(message.payload)
    return row_of(document, datastream=topic.datastream, feature=topic.feature)


def _keep(refused: Sequence[tuple[Message, Outcome]], *, at: datetime) -> None:
    """One open letter for the same message, however often it comes: a broken device says the same all day."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO sensing_dead_letter (received_at, topic, payload, code, reason, digest, times, tried, outcome) "
            "VALUES (%s, %s, %s, %s, %s, %s, 1, 0, '') "
            "ON CONFLICT (digest) WHERE settled_at IS NULL DO UPDATE SET times = sensing_dead_letter.times + 1",
            [
                (
                    at,
                    message.topic[:300].replace("\0", "\\0"),
                    _as_text(message.payload),
                    outcome.code,
                    outcome.reason,
                    hashlib.sha256(
                        message.topic.encode(errors="replace") + b"\0" + message.payload
                    ).hexdigest(),
                )
                for message, outcome in refused
            ],
        )


def _as_text(payload: bytes) -> str:
    return payload[:MOST_BYTES].decode(errors="backslashreplace").replace("\0", "\\0")


def _reply(message: Message, outcome: Outcome) -> Reply:
    topic = read_topic(message.topic)
    assert topic is not None
    try:
        document = read_document(message.payload)
    except Refused:
        document = {}
    said = {"code": outcome.code, "reason": outcome.reason, "phenomenonTime": document.get("phenomenonTime")}
    return Reply(reply_topic(topic, client_of(document)), json.dumps(said))


@transaction.atomic
def try_again(letter: int, *, by: Person, at: datetime) -> Outcome:
    """Store a dead letter after all, once what was lacking is there; it stays open if it is refused again."""
    row = DeadLetter.objects.select_for_update().get(pk=letter, settled_at__isnull=True)
    try:
        (outcome,) = ingest([_row(Message(row.topic, row.payload.encode()))], at=at)
    except Refused as no:
        outcome = refusal(no.why)
    row.tried = min(row.tried + 1, 9999)
    if outcome.state is State.REFUSED:
        row.code, row.reason = outcome.code, outcome.reason
    else:
        row.settled_at, row.settled_by_id, row.outcome = at, by.acting, "stored"
    row.save()
    return outcome


@transaction.atomic
def put_aside(letter: int, *, by: Person, at: datetime) -> None:
    """Nothing can be done with it; it stays to be read until it is swept out."""
    row = DeadLetter.objects.select_for_update().get(pk=letter, settled_at__isnull=True)
    row.settled_at, row.settled_by_id, row.outcome = at, by.acting, "aside"
    row.save()
