"""What is asked of sensors and their values by other rooms."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet
from psycopg.pq import Format

from guyub.kernel.compiled import prepared_cursor
from guyub.rooms.sensing import models, quality


@dataclass(frozen=True, slots=True)
class Datastream:
    """`lat` and `lon` are of its thing's location, if that is a point; `place` is the kelurahan there."""

    id: int
    name: str
    kind: str
    unit: str
    place: str
    lat: float | None
    lon: float | None
    datum: str
    is_public: bool
    is_simulated: bool
    cadence: int | None
    properties: dict[str, Any]


class Reading(NamedTuple):
    """A newest value, as it stands in its row: thousands of them are read at once. `value` is None for what is no
    number."""

    datastream: int
    observation: int
    time: datetime
    value: float | None
    text: str | None
    document: str | None
    quality: int
    received_at: datetime

    @property
    def is_good(self) -> bool:
        return self.quality < quality.Quality.SUSPECT

    @property
    def result(self) -> Any:
        """The result as it came: a number, a text or any JSON."""
        if self.document is not None:
            return json.loads(self.document)
        return self.value if self.text is None else self.text


@dataclass(frozen=True, slots=True)
class HourRow:
    """The good numbers of an hour (UTC)."""

    hour: datetime
    count: int
    low: float
    high: float
    mean: float


def find_datastreams(
    *, kind: str | None = None, place: str | None = None, public: bool = False
) -> list[Datastream]:
    """Datastreams by the code of what they observe and the kelurahan in which they stand, by name. Two queries."""
    rows = models.Datastream.objects.order_by("name", "pk")
    if kind is not None:
        rows = rows.filter(observed_property__code=kind)
    if place is not None:
        rows = rows.filter(thing__place=place)
    if public:
        rows = rows.filter(is_public=True)
    return _described(rows)


def find_datastream(key: int) -> Datastream | None:
    found = _described(models.Datastream.objects.filter(pk=key))
    return found[0] if found else None


def _described(rows: QuerySet[models.Datastream]) -> list[Datastream]:
    where = Prefetch("thing__locations", models.Location.objects.order_by("pk"))
    found = rows.select_related("thing", "observed_property").prefetch_related(where)
    return [_as_seen(row) for row in found]


def _as_seen(row: models.Datastream) -> Datastream:
    at = next((point for one in row.thing.locations.all() if (point := point_of(one.location))), None)
    return Datastream(
        id=row.pk,
        name=row.name,
        kind=row.observed_property.code,
        unit=str(row.unit_of_measurement.get("symbol") or ""),
        place=row.thing.place,
        lat=at[0] if at else None,
        lon=at[1] if at else None,
        datum=row.datum,
        is_public=row.is_public,
        is_simulated=row.is_simulated,
        cadence=row.cadence,
        properties=row.properties or {},
    )


def point_of(shape: Any) -> tuple[float, float] | None:
    """Latitude and longitude of a GeoJSON point, also one inside a feature; None for every other shape."""
    if isinstance(shape, dict) and isinstance(shape.get("geometry"), dict):
        shape = shape["geometry"]
    if not isinstance(shape, dict) or shape.get("type") != "Point":
        return None
    at = shape.get("coordinates")
    if not isinstance(at, list) or len(at) < 2 or not all(type(one) in (int, float) for one in at[:2]):
        return None
    lon, lat = float(at[0]), float(at[1])
    return (lat, lon) if -90 <= lat <= 90 and -180 <= lon <= 180 else None


def latest(datastreams: Iterable[int]) -> dict[int, Reading]:
    """The newest value of each; those that never spoke are left out. One query, of one row a datastream."""
    rows = _ask(
        "SELECT datastream_id, observation, phenomenon_time, result_num, result_text, result_json::text, quality, "
        "received_at FROM sensing_latest WHERE datastream_id = ANY(%s::bigint[])",
        [f"{{{','.join(map(str, datastreams))}}}"],  # as text: of thousands, each as a value costs more
    )
    return {row[0]: Reading._make(row) for row in rows}


def _ask(sql: str, params: list[Any]) -> list[Any]:
    """Rows that may be many: in binary, times are read by psycopg's own code and not by Python's, as Django's are."""
    with prepared_cursor(connection) as cursor:
        cursor.cursor.format = Format.BINARY
        cursor.execute(sql, params)
        return cursor.fetchall()  # type: ignore[no-any-return]


def latest_then(datastreams: Iterable[int], *, at: datetime) -> dict[int, Reading]:
    """The newest value of each that had arrived by a past moment, at most a day old then. One query."""
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "SELECT d.id, o.* FROM unnest(%s::bigint[]) AS d (id) CROSS JOIN LATERAL (SELECT id, phenomenon_time, "
            "result_num, result_text, result_json::text, quality, received_at "
            "FROM sensing_observation WHERE datastream_id = d.id AND phenomenon_time <= %s "
            "AND phenomenon_time > %s::timestamptz - interval '1 day' AND received_at <= %s "
            "ORDER BY phenomenon_time DESC LIMIT 1) AS o",
            [list(datastreams), at, at, at],
        )
        return {row[0]: Reading._make(row) for row in cursor.fetchall()}


def series(
    datastream: int,
    *,
    start: datetime,
    until: datetime,
    good_only: bool = True,
    arrived: datetime | None = None,
) -> list[tuple[datetime, float]]:
    """The numbers from `start` to before `until`, oldest first, in UTC; with `arrived` those that were there by a past
    moment."""
    by_then = "" if arrived is None else "AND received_at <= %s "
    return _ask(
        "SELECT phenomenon_time, result_num FROM sensing_observation WHERE datastream_id = %s "  # noqa: S608
        "AND phenomenon_time >= %s AND phenomenon_time < %s AND result_num IS NOT NULL "
        f"AND quality < %s {by_then}ORDER BY phenomenon_time",
        [datastream, start, until, 3 if good_only else 9, *([] if arrived is None else [arrived])],
    )


def hourly(datastream: int, *, start: datetime, until: datetime) -> list[HourRow]:
    """The hours from `start` to before `until` that have a good number, oldest first; also of values that are gone."""
    rows = _ask(
        "SELECT hour, good_count, good_low, good_high, good_total / good_count FROM sensing_hour "
        "WHERE datastream_id = %s AND hour >= %s AND hour < %s AND good_count > 0 ORDER BY hour",
        [datastream, start, until],
    )
    return [HourRow(*row) for row in rows]


def hourly_then(datastream: int, *, start: datetime, until: datetime, arrived: datetime) -> list[HourRow]:
    """The same of the values that had arrived by a past moment: of some hours, for each value is read."""
    rows = _ask(
        "SELECT hour, count(*), min(result_num), max(result_num), sum(result_num) / count(*) FROM (SELECT "
        "date_bin('1 hour', phenomenon_time, '2000-01-01+00') AS hour, result_num FROM sensing_observation "
        "WHERE datastream_id = %s AND phenomenon_time >= %s AND phenomenon_time < %s::timestamptz + interval '1 hour' "
        "AND received_at <= %s AND result_num IS NOT NULL AND quality < 3) o "
        "WHERE hour >= %s AND hour < %s GROUP BY hour ORDER BY hour",
        [datastream, start, until, arrived, start, until],
    )
    return [HourRow(*row) for row in rows]


def silent() -> Sequence[int]:
    """The datastreams with an open alarm of silence."""
    rows = models.Silence.objects.filter(closed_at__isnull=True).order_by("since")
    return list(rows.values_list("datastream_id", flat=True))


def silent_then(*, at: datetime) -> list[int]:
    """The datastreams with an alarm of silence at a past moment. One query."""
    rows = models.Silence.objects.filter(Q(closed_at=None) | Q(closed_at__gt=at), opened_at__lte=at)
    return list(rows.order_by("since").values_list("datastream_id", flat=True))
