"""Single values of programs, stored by one statement: what most devices that speak over HTTP send.

What a value is held against (its datastream's kind, limits and feature, and whose the key is) is remembered. The
statement itself asks whether all of it is still so, locks the datastreams as `ingest` does, and stores; then nothing
else is asked, and it commits by itself. Whatever is not so any more, is there already or is refused, goes the careful
way: here is only what can be stored. Values that came at the same moment may share the statement; each is asked for
by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson
from django.db import connection

from guyub.kernel.cities.api import Remembered
from guyub.kernel.compiled import ask_prepared
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Client
from guyub.rooms.sensing import reference
from guyub.rooms.sensing.ingesting import COLUMNS, KEPT, STORED, Stream, checked, is_id
from guyub.rooms.sensing.partitions import Months
from guyub.rooms.sensing.quality import at_once
from guyub.rooms.sensing.rules import Refused, Row


class _Known(NamedTuple):
    """A datastream as it was read. The statement holds `kind` and what follows against what is so."""

    kind: str
    rules: str
    kept: int
    feature: int


_known: Remembered[dict[int, _Known]] = Remembered(dict, seconds=600)
_looks: Remembered[dict[tuple[str, str], Callable[[float], int]]] = Remembered(dict, seconds=10)

_LEARN = """
SELECT p.code, d.quality_rules::text, coalesce(d.retention_days, 0), d.feature_id FROM sensing_datastream d
JOIN sensing_observed_property p ON p.id = d.observed_property_id WHERE d.id = %s AND d.feature_id IS NOT NULL
"""
# What is sent stands in one JSON text: an array of each column costs a single value more than storing it. The ids of
# the datastreams stand beside it once more, as a list, of which the planner thinks that it is short.
_NAMES = ("n", "client", "office", *_Known._fields, *list(COLUMNS)[1:])
_READ = ", ".join([
    "n int, client bigint, office bigint, kind text, rules text, kept bigint, feature bigint",
    *(f"{name} {'text' if kind == 'jsonb' else kind}" for name, kind in COLUMNS.items() if name != "id"),
])  # fmt: skip
_HOLDS = people.STILL_HOLDS.format(client="r.client", office="r.office")
_STORE = f"""
WITH sent AS (
SELECT * FROM json_to_recordset($1::json) AS r ({_READ})
), held AS (
SELECT d.id, d.thing_id, d.owner_id, d.quality_rules::text AS rules, coalesce(d.retention_days, 0) AS kept,
coalesce(d.feature_id, 0) AS feature, p.code AS kind
FROM sensing_datastream d JOIN sensing_observed_property p ON p.id = d.observed_property_id
WHERE d.id = ANY($3::bigint[]) ORDER BY d.id FOR NO KEY UPDATE OF d
), fit AS (
SELECT nextval('sensing_observation_id_seq') AS id, r.* FROM sent r JOIN held h ON h.id = r.datastream_id
WHERE h.kind = r.kind AND h.rules = r.rules AND h.kept = r.kept AND h.feature = r.feature
AND (h.owner_id = r.office OR EXISTS (SELECT FROM sensing_writer w
WHERE w.client_id = r.client AND (w.thing_id IS NULL OR w.thing_id = h.thing_id)))
AND {_HOLDS}
), stored AS ({STORED.format(source="fit AS r")}
), {KEPT}
SELECT r.n, s.id FROM stored s JOIN fit r ON r.id = s.id
""".replace("%(at)s", "$2")  # noqa: S608


class Sent(NamedTuple):
    """A value, which names no feature of interest, and the program that sends it."""

    row: Row
    client: Client


def store_alone(row: Row, client: Client, *, at: datetime) -> int | None:
    """The id of the value, if it was stored. None if it was not, for whichever reason: then `ingest` says which.

    Whether the program may send is asked here.
    """
    return store_together([Sent(row, client)], at=at)[0]


def store_together(sent: Sequence[Sent], *, at: datetime) -> list[int | None]:
    """The same for many values of a city: what became of each, in their order. None harms another.

    Of two values of one datastream and time the first is taken; the other is there already.
    """
    ids: list[int | None] = [None] * len(sent)
    taken: dict[tuple[int, datetime], dict[str, Any]] = {}
    oldest, newest, months = reference.oldest(at=at), reference.newest(at=at), Months(at=at)
    for n, (row, client) in enumerate(sent):
        known = _known().get(row.datastream) or _learn(row.datastream)
        if known is None:
            continue
        since = max(oldest, at - timedelta(days=known.kept)) if known.kept else oldest
        stream = Stream(_look(known, at=at), since, known.feature)
        try:
            values = checked(row, {row.datastream: stream}, set(), newest, months)
        except Refused:
            continue
        told = dict(zip(_NAMES, (n, client.id, client.office or 0, *known, *values), strict=False))
        taken.setdefault((row.datastream, row.time), told)
    if taken:
        given, streams = orjson.dumps(list(taken.values())).decode(), {stream for stream, _ in taken}
        asked = [given, at, f"{{{','.join(map(str, streams))}}}"]
        for n, key in ask_prepared(connection, _STORE, asked, is_numbered=True):
            ids[n] = key
    for (stream_id, _), told in taken.items():
        if ids[told["n"]] is None:
            _known().pop(stream_id, None)
    return ids


def _learn(stream: object) -> _Known | None:
    """What is so of a datastream now; None if it is not there, or has no feature yet."""
    if not is_id(stream):
        return None
    rows = ask_prepared(connection, _LEARN, [stream])
    if not rows:
        return None
    found = _known()[stream] = _Known(*rows[0])
    return found


def _look(known: _Known, *, at: datetime) -> Callable[[float], int]:
    key = known.kind, known.rules
    found = _looks().get(key)
    if found is None:
        found = _looks()[key] = at_once(reference.tests_for(known.kind, json.loads(known.rules), at=at))
    return found
