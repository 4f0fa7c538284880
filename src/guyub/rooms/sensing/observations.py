"""Change or remove single values, as the standard allows; what is kept of a datastream is reckoned anew.

Whoever changes values first locks their datastreams as `ingest` does. The hours that were touched, and the newest
value, are then counted from the values that are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection, transaction

from guyub.kernel.compiled import prepared_cursor
from guyub.rooms.sensing.ingesting import Outcome, State, ingest
from guyub.rooms.sensing.rules import Row

TABLE = "sensing_observation"

_NEWEST = """
    INSERT INTO sensing_latest (datastream_id, observation, phenomenon_time, phenomenon_end, result_num, result_text,
        result_json, quality, received_at, checked_at, count, first_time, last_time, first_result_time,
        last_result_time)
    SELECT o.datastream_id, o.id, o.phenomenon_time, o.phenomenon_end, o.result_num, o.result_text, o.result_json,
        o.quality, a.received_at, k.checked_at, a.n, a.first_time, a.last_time, a.first_result_time, a.last_result_time
    FROM (SELECT datastream_id, count(*) AS n, min(phenomenon_time) AS first_time, max(phenomenon_time) AS newest,
                 max(coalesce(phenomenon_end, phenomenon_time)) AS last_time, min(result_time) AS first_result_time,
                 max(result_time) AS last_result_time, max(received_at) AS received_at
          FROM sensing_observation WHERE datastream_id = ANY(%s) GROUP BY datastream_id) a
    JOIN sensing_observation o ON o.datastream_id = a.datastream_id AND o.phenomenon_time = a.newest
    LEFT JOIN unnest(%s::bigint[], %s::timestamptz[]) AS k (stream, checked_at) ON k.stream = a.datastream_id"""

_HOURS = """
    INSERT INTO sensing_hour (datastream_id, hour, count, low, high, total, good_count, good_low, good_high, good_total)
    SELECT o.datastream_id, t.hour, count(*), min(o.result_num), max(o.result_num), coalesce(sum(o.result_num), 0),
        count(o.result_num) FILTER (WHERE o.quality < 3), min(o.result_num) FILTER (WHERE o.quality < 3),
        max(o.result_num) FILTER (WHERE o.quality < 3),
        coalesce(sum(o.result_num) FILTER (WHERE o.quality < 3), 0)
    FROM (SELECT DISTINCT stream, date_bin('1 hour', time, '2000-01-01+00') AS hour
          FROM unnest(%s::bigint[], %s::timestamptz[]) AS r (stream, time)) t
    JOIN sensing_observation o ON o.datastream_id = t.stream
        AND o.phenomenon_time >= t.hour AND o.phenomenon_time < t.hour + interval '1 hour'
    GROUP BY 1, 2
    ON CONFLICT (datastream_id, hour) DO UPDATE SET (count, low, high, total, good_count, good_low, good_high,
        good_total) = (EXCLUDED.count, EXCLUDED.low, EXCLUDED.high, EXCLUDED.total, EXCLUDED.good_count,
        EXCLUDED.good_low, EXCLUDED.good_high, EXCLUDED.good_total)"""


def lock(datastreams: Iterable[int]) -> list[int]:
    """Hold the datastreams until the transaction ends; returns those that are there."""
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "SELECT id FROM sensing_datastream WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [sorted(set(datastreams))],
        )
        return [key for (key,) in cursor.fetchall()]


def reckon_hours(touched: Sequence[tuple[int, datetime]]) -> None:
    """Count the hours of these (datastream, time) anew. The caller holds the datastreams' locks."""
    streams, times = [key for key, _ in touched], [time for _, time in touched]
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "DELETE FROM sensing_hour h USING unnest(%s::bigint[], %s::timestamptz[]) AS r (stream, time) "
            "WHERE h.datastream_id = r.stream AND h.hour = date_bin('1 hour', r.time, '2000-01-01+00')",
            [streams, times],
        )
        cursor.execute(_HOURS, [streams, times])


def reckon_latest(streams: Sequence[int]) -> None:
    """Find the newest of datastreams anew, and what is counted of all of them. The caller holds their locks."""
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "DELETE FROM sensing_latest WHERE datastream_id = ANY(%s) RETURNING datastream_id, checked_at",
            [list(streams)],
        )
        checked = cursor.fetchall()
        cursor.execute(_NEWEST, [list(streams), [key for key, _ in checked], [at for _, at in checked]])


@transaction.atomic
def remove_observations(ids: Iterable[int]) -> int:
    """Remove single values; returns how many there were."""
    wanted = list(ids)
    with prepared_cursor(connection) as cursor:
        cursor.execute("SELECT DISTINCT datastream_id FROM sensing_observation WHERE id = ANY(%s)", [wanted])
        lock(key for (key,) in cursor.fetchall())
        cursor.execute(
            "DELETE FROM sensing_observation WHERE id = ANY(%s) RETURNING datastream_id, phenomenon_time",
            [wanted],
        )
        gone = cursor.fetchall()
    if gone:
        reckon_hours(gone)
        reckon_latest(sorted({stream for stream, _ in gone}))
    return len(gone)


@transaction.atomic
def forget_observations(datastream: int, ids: Sequence[int]) -> None:
    """Remove values whose time is over; unlike what is removed as wrong, they stay in the hours."""
    if not lock([datastream]):
        return
    with prepared_cursor(connection) as cursor:
        cursor.execute("DELETE FROM sensing_observation WHERE id = ANY(%s)", [list(ids)])
    reckon_latest([datastream])


@transaction.atomic
def remove_of_datastreams(datastreams: Sequence[int]) -> None:
    """All values of datastreams that are being removed, after their own rows: whoever was storing has ended then."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sensing_observation WHERE datastream_id = ANY(%s)", [list(datastreams)])


@transaction.atomic
def remove_of_features(features: Sequence[int]) -> None:
    """All values of features that are being removed."""
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "SELECT o.id FROM sensing_feature_use u JOIN sensing_observation o "
            "ON o.datastream_id = u.datastream_id AND o.foi_id = u.feature_id WHERE u.feature_id = ANY(%s)",
            [list(features)],
        )
        remove_observations(key for (key,) in cursor.fetchall())


@transaction.atomic
def replace_observation(key: int, row: Row, *, at: datetime) -> Outcome:
    """Put a value in another's place under the same id: also of another time or datastream.

    THERE if another value stands at that datastream and time, and REFUSED as `ingest` refuses; nothing is changed
    then. Raises `LookupError` if the id is not there.
    """
    with prepared_cursor(connection) as cursor:
        cursor.execute("SELECT datastream_id FROM sensing_observation WHERE id = %s", [key])
        found = cursor.fetchone()
    if found is None:
        raise LookupError(key)
    lock({found[0], row.datastream} if type(row.datastream) is int else {found[0]})
    sid = transaction.savepoint()
    remove_observations([key])
    (outcome,) = ingest([row], at=at)
    if outcome.state is not State.STORED:
        transaction.savepoint_rollback(sid)
        return outcome
    transaction.savepoint_commit(sid)
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "UPDATE sensing_observation SET id = %s WHERE datastream_id = %s AND phenomenon_time = %s",
            [key, row.datastream, row.time],
        )
        cursor.execute("UPDATE sensing_latest SET observation = %s WHERE observation = %s", [key, outcome.id])
    return outcome._replace(id=key)
