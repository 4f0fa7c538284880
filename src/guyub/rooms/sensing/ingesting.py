"""One way in for every value: HTTP, MQTT, files, the demo. A row never raises: each has its own outcome.

All rows of a call commit together, with the newest values and the hourly roll-ups that they change, in one statement.
The datastreams' rows are locked first, in the order of their ids. So two calls never wait for each other crosswise,
a datastream that is being removed takes no more values, and what is kept of it (its newest, its hours) is never
counted from an outdated sight.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import repeat
from math import isfinite
from typing import Any, NamedTuple, TypeGuard

from django.db import connection, transaction

from guyub.kernel.compiled import prepared_cursor
from guyub.rooms.sensing import reference
from guyub.rooms.sensing.features import default_features, features_named
from guyub.rooms.sensing.partitions import Months
from guyub.rooms.sensing.quality import at_once, quality_of
from guyub.rooms.sensing.rules import (
    LARGEST_ID,
    No,
    Refused,
    Row,
    State,
    as_json,
    check_time,
    check_times,
    typed,
)
from guyub.rooms.sensing.wording import REFUSALS


class Outcome(NamedTuple):
    """What became of a row, in the order of the rows. `id` is the observation's, also of one that was there."""

    state: State
    id: int | None = None
    code: str = ""
    reason: str = ""


# One column of the statement each; a column that no row has is sent empty and reads as NULL.
COLUMNS = {
    "id": "bigint",
    "datastream_id": "bigint",
    "phenomenon_time": "timestamptz",
    "foi_id": "bigint",
    "quality": "smallint",
    "flags": "integer",
    "result_num": "float8",
    "result_text": "text",
    "result_json": "jsonb",
    "phenomenon_end": "timestamptz",
    "result_time": "timestamptz",
    "valid_from": "timestamptz",
    "valid_until": "timestamptz",
    "result_quality": "jsonb",
    "parameters": "jsonb",
}
_NAMES = ", ".join(COLUMNS)
_SENT = ", ".join(f"%({name})s::{'text' if kind == 'jsonb' else kind}[]" for name, kind in COLUMNS.items())
_TAKEN = ", ".join(f"r.{name}::jsonb" if kind == "jsonb" else f"r.{name}" for name, kind in COLUMNS.items())

STORED = f"""
    INSERT INTO sensing_observation ({_NAMES}, received_at)
    SELECT {_TAKEN}, %(at)s FROM {{source}}
    ON CONFLICT (datastream_id, phenomenon_time) DO NOTHING
    RETURNING id, datastream_id, phenomenon_time, phenomenon_end, result_num, result_text, result_json,
              result_time, quality, foi_id"""  # noqa: S608

# What is kept of a datastream, and of an hour of it, where there is something already.
_OF_NEWEST = (
    "observation",
    "phenomenon_time",
    "phenomenon_end",
    "result_num",
    "result_text",
    "result_json",
    "quality",
)
_AHEAD = "CASE WHEN EXCLUDED.phenomenon_time > l.phenomenon_time THEN EXCLUDED.{0} ELSE l.{0} END"
NEWER = f"""ON CONFLICT (datastream_id) DO UPDATE SET
    {", ".join(f"{name} = {_AHEAD.format(name)}" for name in _OF_NEWEST)},
    received_at = greatest(l.received_at, EXCLUDED.received_at),
    count = l.count + EXCLUDED.count,
    first_time = least(l.first_time, EXCLUDED.first_time),
    last_time = greatest(l.last_time, EXCLUDED.last_time),
    first_result_time = least(l.first_result_time, EXCLUDED.first_result_time),
    last_result_time = greatest(l.last_result_time, EXCLUDED.last_result_time)"""
MORE = """ON CONFLICT (datastream_id, hour) DO UPDATE SET
    count = h.count + EXCLUDED.count,
    low = least(h.low, EXCLUDED.low), high = greatest(h.high, EXCLUDED.high),
    total = h.total + EXCLUDED.total,
    good_count = h.good_count + EXCLUDED.good_count,
    good_low = least(h.good_low, EXCLUDED.good_low), good_high = greatest(h.good_high, EXCLUDED.good_high),
    good_total = h.good_total + EXCLUDED.good_total"""

KEPT = f"""
newest AS (
    INSERT INTO sensing_latest AS l (datastream_id, observation, phenomenon_time, phenomenon_end, result_num,
        result_text, result_json, quality, received_at, count, first_time, last_time, first_result_time,
        last_result_time)
    SELECT s.datastream_id, s.id, s.phenomenon_time, s.phenomenon_end, s.result_num, s.result_text, s.result_json,
        s.quality, %(at)s, a.n, a.first_time, a.last_time, a.first_result_time, a.last_result_time
    FROM (SELECT datastream_id, count(*) AS n, min(phenomenon_time) AS first_time, max(phenomenon_time) AS newest,
                 max(coalesce(phenomenon_end, phenomenon_time)) AS last_time,
                 min(result_time) AS first_result_time, max(result_time) AS last_result_time
          FROM stored GROUP BY datastream_id) a
    JOIN stored s ON s.datastream_id = a.datastream_id AND s.phenomenon_time = a.newest
    {NEWER}
), hours AS (
    INSERT INTO sensing_hour AS h (datastream_id, hour, count, low, high, total, good_count, good_low, good_high,
        good_total)
    SELECT datastream_id, date_bin('1 hour', phenomenon_time, '2000-01-01+00'), count(*), min(result_num),
        max(result_num), coalesce(sum(result_num), 0), count(result_num) FILTER (WHERE quality < 3),
        min(result_num) FILTER (WHERE quality < 3), max(result_num) FILTER (WHERE quality < 3),
        coalesce(sum(result_num) FILTER (WHERE quality < 3), 0)
    FROM stored GROUP BY 1, 2
    {MORE}
)
, uses AS (
    INSERT INTO sensing_feature_use (feature_id, datastream_id) SELECT foi_id, datastream_id FROM (
        SELECT DISTINCT foi_id, datastream_id FROM stored) s
    WHERE NOT EXISTS (SELECT FROM sensing_feature_use u
        WHERE u.feature_id = s.foi_id AND u.datastream_id = s.datastream_id)
    ON CONFLICT DO NOTHING
), untold AS (
    INSERT INTO sensing_untold (at, datastreams, times)
    SELECT %(at)s, array_agg(datastream_id ORDER BY n), array_agg(phenomenon_time ORDER BY n)
    FROM (SELECT datastream_id, phenomenon_time, row_number() OVER (ORDER BY phenomenon_time, datastream_id) AS n
          FROM stored WHERE EXISTS (SELECT FROM sensing_outlet)) s
    GROUP BY (n - 1) / 1000 ORDER BY min(n)
)"""  # noqa: S608

# From so many rows on COPY is worth its round trips.
COPY_FROM = 400
_SENT_AS = {"bigint": "int8", "smallint": "int2", "integer": "int4", "jsonb": "text"} | {
    kind: kind for kind in ("timestamptz", "float8", "text")
}
CAME = (
    "CREATE TEMP TABLE IF NOT EXISTS sensing_came ("
    + ", ".join(f"{name} {_SENT_AS[kind]}" for name, kind in COLUMNS.items())
    + ")"
)
_COUNTED = f"{KEPT}\nSELECT count(*) FROM stored"
BY_COPY = f"WITH stored AS ({STORED.format(source='pg_temp.sensing_came AS r')}\n), {_COUNTED}"
BY_ARRAYS = f"WITH stored AS ({STORED.format(source=f'unnest({_SENT}) AS r ({_NAMES})')}\n), {_COUNTED}"


class _Batch(NamedTuple):
    """The rows that may be stored, as `checked` gives them, and where each stands among those that came."""

    places: list[int]
    rows: list[tuple[Any, ...]]


@transaction.atomic
def ingest(rows: Iterable[Row], *, at: datetime) -> list[Outcome]:
    """Store values; returns one outcome a row, in their order. What is there already stays as it is."""
    given = list(rows)
    outcomes: list[Outcome | None] = [None] * len(given)
    streams = _locked(given, at=at)
    features = features_named(row.foi for row in given if row.foi is not None)
    newest, months, batch = reference.newest(at=at), Months(at=at), _Batch([], [])
    for place, row in enumerate(given):
        try:
            batch.rows.append(checked(row, streams, features, newest, months))
            batch.places.append(place)
        except Refused as refused:
            outcomes[place] = refusal(refused.why)
    if batch.places:
        for place, outcome in zip(batch.places, _stored(batch.rows, at=at), strict=True):
            outcomes[place] = outcome
    return outcomes  # type: ignore[return-value]


def refusal(why: No) -> Outcome:
    return Outcome(State.REFUSED, None, why.value, str(REFUSALS[why]))


class Stream(NamedTuple):
    """What a datastream's values are held against."""

    look: Callable[[float], int]
    oldest: datetime
    feature: int | None


def _locked(rows: list[Row], *, at: datetime) -> dict[int, Stream]:
    """What is known of each datastream that is there. Their rows stay locked until the transaction ends."""
    wanted = {row.datastream for row in rows if is_id(row.datastream)}
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "SELECT d.id, p.code, d.quality_rules::text, d.retention_days, d.feature_id "
            "FROM sensing_datastream d JOIN sensing_observed_property p ON p.id = d.observed_property_id "
            "WHERE d.id = ANY(%s::bigint[]) ORDER BY d.id FOR NO KEY UPDATE OF d",
            [f"{{{','.join(map(str, wanted))}}}"],  # as text: of thousands, each as a value costs more
        )
        found = cursor.fetchall()
    lacking = {key for key, *_, feature in found if feature is None}
    if lacking:
        lacking &= {row.datastream for row in rows if row.foi is None and is_id(row.datastream)}
    made = default_features(lacking) if lacking else {}
    oldest = reference.oldest(at=at)
    looks: dict[tuple[str, str], Callable[[float], int]] = {}
    known = {}
    for key, kind, own, kept, feature in found:
        look = looks.get((kind, own))
        if look is None:
            look = looks[kind, own] = at_once(reference.tests_for(kind, json.loads(own), at=at))
        since = max(oldest, at - timedelta(days=kept)) if kept else oldest
        known[key] = Stream(look, since, feature or made.get(key))
    return known


def is_id(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 < value <= LARGEST_ID


_NO_MORE = (None,) * (len(Row._fields) - 3)


def checked(
    row: Row, streams: dict[int, Stream], features: set[int], newest: datetime, months: Months
) -> tuple[Any, ...]:
    """A row as it is stored: as COLUMNS without the id, of a plain number the first of them. Raises `Refused`."""
    key, time, result = row[:3]
    stream = streams.get(key) if type(key) is int else None
    if stream is None:
        raise Refused(No.NO_DATASTREAM)
    look, oldest, feature = stream
    check_time(time, oldest=oldest, newest=newest)
    if type(result) is float and isfinite(result):
        number, text, document = result, None, None
    else:
        number, text, document = typed(result)  # type: ignore[assignment]
    is_bare = row[3:] == _NO_MORE
    if not is_bare:
        more = _more(row)
        if row.foi is not None:
            feature = row.foi
            if type(feature) is not int or feature not in features:
                raise Refused(No.UNKNOWN_FEATURE)
    if feature is None:
        raise Refused(No.NO_FEATURE)
    if not months.takes(time):
        raise Refused(No.ARCHIVED)
    if number is None:
        return (key, time, feature, 1, 0, None, text, document, *(_NO_MORE[:6] if is_bare else more))
    flags = look(number)
    plain = (key, time, feature, int(quality_of(flags)) if flags else 1, flags, number)
    return plain if is_bare else (*plain, None, None, *more)


def _more(row: Row) -> tuple[Any, ...]:
    check_times(row)
    quality, parameters = row.result_quality, row.parameters
    return (
        row.end,
        row.result_time,
        row.valid_from,
        row.valid_until,
        None if quality is None else as_json(quality, No.EXTRA),
        None if parameters is None else as_json(parameters, No.EXTRA),
    )


def _stored(rows: list[tuple[Any, ...]], *, at: datetime) -> list[Outcome]:
    """Store rows that were checked; one outcome each."""
    with _cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(nextval('sensing_observation_id_seq')) FROM generate_series(1, %s)", [len(rows)]
        )
        (ids,) = cursor.fetchone()
        if len(rows) < COPY_FROM:
            cursor.execute(BY_ARRAYS, {**_arrays(ids, rows), "at": at})
        else:
            _copy(cursor, ids, rows)
            cursor.execute(BY_COPY, {"at": at})
        (stored,) = cursor.fetchone()
        if stored == len(ids):
            return list(map(Outcome._make, zip(repeat(State.STORED), ids, repeat(""), repeat(""))))
        cursor.execute(
            "SELECT o.id FROM unnest(%s::bigint[], %s::timestamptz[]) WITH ORDINALITY AS r (stream, time, n) "
            "JOIN sensing_observation o ON o.datastream_id = r.stream AND o.phenomenon_time = r.time ORDER BY r.n",
            [[row[0] for row in rows], [row[1] for row in rows]],
        )
        there = [key for (key,) in cursor.fetchall()]
    return [
        Outcome(State.STORED if key == own else State.THERE, key) for own, key in zip(ids, there, strict=True)
    ]


def _wide(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """All of the same length: plain ones get the rest where others have more than they."""
    most = max(map(len, rows))
    return [row if len(row) == most else (*row, *(None,) * (most - len(row))) for row in rows]


def _arrays(ids: list[int], rows: list[tuple[Any, ...]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    found["id"] = ids
    for name, column in zip(list(COLUMNS)[1:], zip(*_wide(rows), strict=True), strict=False):
        found[name] = list(column) if any(one is not None for one in column) else []
    return found


def _copy(cursor: Any, ids: list[int], rows: list[tuple[Any, ...]]) -> None:
    """Rows by COPY into a table of this connection, emptied first: the transaction may have stored others already."""
    rows = _wide(rows)
    sent = dict(list(COLUMNS.items())[: 1 + len(rows[0])])
    cursor.execute(CAME)
    cursor.execute("TRUNCATE pg_temp.sensing_came")
    with cursor.copy(f"COPY pg_temp.sensing_came ({', '.join(sent)}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types([_SENT_AS[kind] for kind in sent.values()])
        write = copy.write_row
        for key, row in zip(ids, rows, strict=True):
            write((key, *row))


def _cursor() -> Any:
    """Binds on the server: ten thousand values written into the statement's text would be parsed there again."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        connection.follow_city()  # type: ignore[attr-defined]
        cursor = connection.connection.cursor()
    return connection._prepare_cursor(cursor)  # type: ignore[attr-defined]
