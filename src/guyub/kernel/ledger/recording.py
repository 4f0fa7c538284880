"""Write and read facts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from psycopg.types.json import Jsonb

from guyub import events
from guyub.events import Event
from guyub.kernel import bell
from guyub.kernel.compiled import ask_prepared

_PLAIN_TEXT = re.compile(r"[\w.:/+\-]{0,80}", re.ASCII)

_INSERT = """
INSERT INTO ledger_fact (era, name, version, occurred_at, actor, on_behalf_of, subject, place, cause, payload)
SELECT era, %s::text, %s::bigint, %s::timestamptz, %s::bigint, %s::bigint, %s::text, %s::text, %s::bigint, %s::jsonb
FROM ledger_era
RETURNING id
"""


_cause: ContextVar[int | None] = ContextVar("cause", default=None)


class OutsideTransaction(RuntimeError):
    """A fact must commit together with the change it tells of."""


class NotPlain(ValueError):
    """A fact carried free text: names, words and numbers of people belong elsewhere."""


@dataclass(frozen=True, slots=True)
class RecordedFact:
    """A fact as readers see it. Times in UTC."""

    id: int
    era: int
    txid: str
    name: str
    version: int
    occurred_at: datetime
    actor: int | None
    on_behalf_of: int | None
    subject: str
    place: str
    imported: bool
    salt: str
    payload: dict[str, Any]

    def event(self) -> Event:
        return events.load(self.name, self.payload)


@contextmanager
def because(fact: int) -> Iterator[None]:
    """What is recorded inside names this fact as its cause, so that a consequence can be followed back."""
    token = _cause.set(fact)
    try:
        yield
    finally:
        _cause.reset(token)


def record(
    event: Event,
    *,
    subject: str,
    at: datetime,
    by: int | None = None,
    on_behalf_of: int | None = None,
    place: str = "",
) -> int:
    """Record that something happened, inside the transaction that made it so; returns the fact's id.

    `by` is the account that acted and `on_behalf_of` the organisation it acted for; both stay empty for what
    an anonymous person did. Its cause is the fact named by `because`. Raises `OutsideTransaction`, `NotPlain`.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"{event.name} was recorded outside a transaction.")
    payload = plain_payload(event)
    values: list[Any] = [
        event.name,
        event.version,
        at,
        by,
        on_behalf_of,
        subject,
        place,
        _cause.get(),
        Jsonb(payload),
    ]
    made = int(ask_prepared(connection, _INSERT, values)[0][0])
    bell.ring(bell.FACTS)
    return made


def plain_payload(event: Event) -> dict[str, Any]:
    """The event's fields, refused if one of them looks like free text. Raises `NotPlain`."""
    payload = event.payload()
    for key, value in payload.items():
        if isinstance(value, str) and not _PLAIN_TEXT.fullmatch(value):
            raise NotPlain(f"{event.name}.{key} holds free text; keep ids and codes in the ledger.")
    return payload


_COLUMNS = "id, era, txid::text, name, version, occurred_at, actor, on_behalf_of, subject, place, imported, salt::text, payload"


_ABOUT = f"SELECT {_COLUMNS} FROM ledger_fact WHERE subject = %s ORDER BY occurred_at, id"  # noqa: S608


def facts_about(subject: str) -> list[RecordedFact]:
    """All that happened to a subject, in the order it was recorded. One query."""
    return [_recorded(row) for row in ask_prepared(connection, _ABOUT, [subject])]


def facts_by(*, actor: int, names: Iterable[str], since: datetime, until: datetime) -> list[RecordedFact]:
    """What an account did between two moments (until exclusive), of some kinds, oldest first. One query."""
    return select_facts(
        "WHERE actor = %s AND occurred_at >= %s AND occurred_at < %s AND name = ANY(%s) ORDER BY occurred_at, id",
        [actor, since, until, list(names)],
    )


def facts_among(
    *, subjects: Iterable[str], name: str, since: datetime, until: datetime
) -> list[RecordedFact]:
    """Facts of one kind about some subjects between two moments (until inclusive), oldest first. One query."""
    return select_facts(
        "WHERE subject = ANY(%s) AND name = %s AND occurred_at BETWEEN %s AND %s ORDER BY occurred_at, id",
        [list(subjects), name, since, until],
    )


def facts_by_id(ids: Iterable[int]) -> list[RecordedFact]:
    return select_facts("WHERE id = ANY(%s) ORDER BY id", [list(ids)])


def facts_of(
    *kinds: type[Event], subjects: Iterable[str], until: datetime | None = None
) -> list[RecordedFact]:
    """All facts of some kinds about some subjects, by id: about one subject that is the order in which they became
    so, as whoever records holds its lock. With `until` those that had happened by a moment. One query.
    """
    return select_facts(
        "WHERE subject = ANY(%s) AND name = ANY(%s) AND (%s::timestamptz IS NULL OR occurred_at <= %s) ORDER BY id",
        [list(subjects), [kind.name for kind in kinds], until, until],
    )


def facts_between(*kinds: type[Event], since: datetime, until: datetime, newest: int) -> list[RecordedFact]:
    """The newest facts of some kinds that happened after one moment, until another (inclusive), oldest first. One query."""
    found = select_facts(
        "WHERE occurred_at > %s AND occurred_at <= %s AND name = ANY(%s) ORDER BY occurred_at DESC, id DESC LIMIT %s",
        [since, until, [kind.name for kind in kinds], newest],
    )
    return found[::-1]


def facts_named(*kinds: type[Event]) -> list[RecordedFact]:
    """All facts of some kinds, the oldest first. One query, and a long one: for an operator's commands."""
    return select_facts("WHERE name = ANY(%s) ORDER BY occurred_at, id", [[kind.name for kind in kinds]])


def select_facts(where: str, params: list[Any]) -> list[RecordedFact]:
    """Facts by a condition written in this package only (never from a request)."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM ledger_fact {where}", params)  # noqa: S608
        return [_recorded(row) for row in cursor.fetchall()]


def _recorded(row: tuple[Any, ...]) -> RecordedFact:
    *columns, payload = row
    return RecordedFact(*columns, _loaded(payload))  # type: ignore[call-arg]


def _loaded(value: Any) -> dict[str, Any]:
    return json.loads(value) if isinstance(value, str) else value
