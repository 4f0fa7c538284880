"""The health of all sensors at a glance: one query, whatever the filter."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from guyub.kernel.compiled import prepared_cursor
from guyub.rooms.sensing import models


class Health(NamedTuple):
    """`good` of `total` numbers of the last day were good; `silent_since` is set while an alarm is open."""

    id: int
    name: str
    kind: str
    unit: str
    place: str
    owner: int | None
    is_public: bool
    is_simulated: bool
    time: datetime | None
    number: float | None
    text: str | None
    quality: int | None
    silent_since: datetime | None
    total: int
    good: int


SQL = """
    SELECT d.id, d.name, p.code, coalesce(d.unit_of_measurement->>'symbol', ''), t.place, d.owner_id, d.is_public,
        d.is_simulated, l.phenomenon_time, l.result_num, coalesce(l.result_text, l.result_json::text), l.quality,
        s.since, coalesce(h.n, 0), coalesce(h.good, 0)
    FROM sensing_datastream d
    JOIN sensing_thing t ON t.id = d.thing_id
    JOIN sensing_observed_property p ON p.id = d.observed_property_id
    LEFT JOIN sensing_latest l ON l.datastream_id = d.id
    LEFT JOIN sensing_silence s ON s.datastream_id = d.id AND s.closed_at IS NULL
    LEFT JOIN (SELECT datastream_id, sum(count) FILTER (WHERE high IS NOT NULL) AS n, sum(good_count) AS good FROM sensing_hour
               WHERE hour >= %(since)s GROUP BY datastream_id) h ON h.datastream_id = d.id
    WHERE (%(kind)s = '' OR p.code = %(kind)s) AND (%(places)s::text[] IS NULL OR t.place = ANY(%(places)s))
        AND (NOT %(public)s OR d.is_public)
    ORDER BY s.since NULLS LAST, d.name, d.id LIMIT %(most)s"""

AT_MOST = 300


def health(
    *, at: datetime, kind: str = "", places: list[str] | None = None, public: bool = False
) -> list[Health]:
    """The silent ones first, then by name; `places` are codes of kelurahan and desa."""
    values = {
        "since": at - timedelta(hours=24),
        "kind": kind,
        "places": places,
        "public": public,
        "most": AT_MOST,
    }
    with prepared_cursor(connection) as cursor:
        cursor.execute(SQL, values)
        return [Health._make(row) for row in cursor.fetchall()]


class Value(NamedTuple):
    id: int
    time: datetime
    number: float | None
    text: str | None
    flags: int
    quality: int


_VALUES = (
    "SELECT id, phenomenon_time, result_num, coalesce(result_text, result_json::text), flags, quality "
    "FROM sensing_observation WHERE datastream_id = %s"
)


def newest(datastream: int, *, limit: int) -> list[Value]:
    return _values(f"{_VALUES} ORDER BY phenomenon_time DESC LIMIT %s", [datastream, limit])


def flagged(datastream: int, *, since: datetime, limit: int) -> list[Value]:
    """The newest values that bear a flag."""
    only = "AND phenomenon_time >= %s AND flags <> 0"
    return _values(f"{_VALUES} {only} ORDER BY phenomenon_time DESC LIMIT %s", [datastream, since, limit])


def find_value(datastream: int, key: int) -> Value | None:
    found = _values(f"{_VALUES} AND id = %s", [datastream, key])
    return found[0] if found else None


def _values(sql: str, values: list[Any]) -> list[Value]:
    with prepared_cursor(connection) as cursor:
        cursor.execute(sql, values)
        return [Value._make(row) for row in cursor.fetchall()]


def beside(row: models.Datastream) -> list[tuple[int, str]]:
    """What else its thing measures: ids and names."""
    rows = models.Datastream.objects.filter(thing=row.thing_id).exclude(pk=row.pk)
    return list(rows.order_by("name", "pk").values_list("pk", "name"))


def count_waiting_letters() -> int:
    return models.DeadLetter.objects.filter(settled_at__isnull=True).count()
