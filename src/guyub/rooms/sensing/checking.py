"""Look at values again beside their neighbours in time, and beside another sensor. Running it twice changes nothing.

A datastream is looked at when something has come since the last time, from as far back as that can change what is said
of older values. What an officer said of a value stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction

from guyub.kernel.compiled import prepared_cursor
from guyub.rooms.sensing import observations, quality, reference
from guyub.rooms.sensing.models import Datastream, Latest
from guyub.rooms.sensing.quality import Flag, Limits, Point

LOOKED_BACK = timedelta(days=40)
JUDGED = timedelta(hours=24)
AT_MOST = 200


def check_new(*, at: datetime) -> int:
    """Look at what has come since the last time, the longest waiting first; returns how many datastreams."""
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "SELECT datastream_id FROM sensing_latest WHERE checked_at IS NULL OR received_at > checked_at "
            "ORDER BY checked_at NULLS FIRST LIMIT %s",
            [AT_MOST],
        )
        waiting = [key for (key,) in cursor.fetchall()]
    for key in waiting:
        check(key, at=at)
    return len(waiting)


@transaction.atomic
def check(datastream: int, *, at: datetime) -> int:
    """Set the flags of a datastream's values anew, as far back as new ones reach; returns how many changed."""
    if not observations.lock([datastream]):
        return 0
    row = Datastream.objects.select_related("observed_property", "latest").get(pk=datastream)
    tests = reference.tests_for(row.observed_property.code, row.quality_rules, at=at)
    changed = 0
    if first := _first_new(row, at):
        reach = quality.reach(tests, cadence=row.cadence)
        start = first - reach
        points = _points(row.pk, start - reach)
        flags = quality.look_again(points, tests, cadence=row.cadence)
        wanted = [
            (point, new)
            for point, new in zip(points, flags, strict=True)
            if point.time >= start and new != point.flags
        ]
        changed = write_flags(row.pk, wanted)
    changed += _drift(row, tests, at=at)
    Latest.objects.filter(datastream=row).update(checked_at=at)
    return changed


def _first_new(row: Datastream, at: datetime) -> datetime | None:
    """The earliest time of what came since the last look, of those that are not older than it looks back."""
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "SELECT min(phenomenon_time) FROM sensing_observation WHERE datastream_id = %s "
            "AND phenomenon_time >= %s AND received_at >= %s",
            [
                row.pk,
                at - LOOKED_BACK,
                row.latest.checked_at or row.latest.first_time - timedelta(days=36500),
            ],
        )
        return cursor.fetchone()[0]


def _points(datastream: int, start: datetime) -> list[Point]:
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "SELECT phenomenon_time, result_num, flags FROM sensing_observation WHERE datastream_id = %s "
            "AND phenomenon_time >= %s AND result_num IS NOT NULL ORDER BY phenomenon_time",
            [datastream, start],
        )
        return [Point(*row) for row in cursor.fetchall()]


def write_flags(datastream: int, wanted: Sequence[tuple[Point, int]]) -> int:
    """The caller holds the datastream's lock."""
    if not wanted:
        return 0
    times = [point.time for point, _ in wanted]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sensing_observation o SET flags = r.flags, quality = r.quality "
            "FROM unnest(%s::timestamptz[], %s::int[], %s::smallint[]) AS r (time, flags, quality) "
            "WHERE o.datastream_id = %s AND o.phenomenon_time = r.time",
            [
                times,
                [new for _, new in wanted],
                [int(quality.quality_of(new)) for _, new in wanted],
                datastream,
            ],
        )
        cursor.execute(
            "UPDATE sensing_latest l SET quality = o.quality FROM sensing_observation o WHERE l.datastream_id = %s "
            "AND o.datastream_id = l.datastream_id AND o.phenomenon_time = l.phenomenon_time",
            [datastream],
        )
    observations.reckon_hours([(datastream, time) for time in times])
    return len(times)


def _drift(row: Datastream, tests: Limits, *, at: datetime) -> int:
    """Mark the last day where the sensor has moved away from the neighbour that its rules name, or take the marks off."""
    neighbour = row.quality_rules.get("neighbour")
    if tests.drift is None or type(neighbour) is not int:
        return 0
    since = at - JUDGED
    own, other = (_means(key, at - LOOKED_BACK, at) for key in (row.pk, neighbour))
    has_drifted = quality.drifted(own, other, since=since, most=tests.drift)
    wanted = [
        (point, new)
        for point in _points(row.pk, since)
        if (new := point.flags | Flag.DRIFT if has_drifted else point.flags & ~Flag.DRIFT) != point.flags
    ]
    return write_flags(row.pk, [(point, int(new)) for point, new in wanted])


_SPEAKS_FOR_ITSELF = Flag.DRIFT | Flag.GAP | Flag.OFFICER_GOOD


def _means(datastream: int, start: datetime, until: datetime) -> dict[datetime, float]:
    """The means of hours. Values that are marked as drifted count: else the mark would take away its own reason."""
    wrong = sum(flag for flag in Flag if not flag & _SPEAKS_FOR_ITSELF)
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "SELECT date_bin('1 hour', phenomenon_time, '2000-01-01+00'), avg(result_num) FROM sensing_observation "
            "WHERE datastream_id = %s AND phenomenon_time >= %s AND phenomenon_time < %s "
            "AND result_num IS NOT NULL AND flags & %s::int = 0 GROUP BY 1",
            [datastream, start, until, int(wrong)],
        )
        return dict(cursor.fetchall())


def point_at(datastream: int, time: datetime) -> Point | None:
    """A value with its flags, also one that is no number (its value reads as 0 then)."""
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "SELECT phenomenon_time, coalesce(result_num, 0), flags FROM sensing_observation "
            "WHERE datastream_id = %s AND phenomenon_time = %s",
            [datastream, time],
        )
        found = cursor.fetchone()
    return Point(*found) if found else None
