"""What comes in: outcomes by row, nothing twice, and what is kept beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from guyub.rooms.sensing import observations, removing
from guyub.rooms.sensing.ingesting import ingest
from guyub.rooms.sensing.models import Archive, Hour, Latest, Location, Thing
from guyub.rooms.sensing.partitions import make_ahead
from guyub.rooms.sensing.queries import hourly, latest, series
from guyub.rooms.sensing.rules import No, Row, State
from guyub.rooms.sensing.tests.factories import a_datastream

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_rows_have_outcomes_and_are_stored_once(city):
    stream = a_datastream(kind="sea_level")
    noon = NOW - timedelta(hours=3)
    rows = [
        Row(stream.pk, noon, 1.25),
        Row(stream.pk, noon, 9.0),  # the same time again
        Row(stream.pk, noon + timedelta(minutes=10), "dua"),
        Row(stream.pk, noon + timedelta(minutes=20), {"a": [1]}),
        Row(stream.pk, noon + timedelta(minutes=30), 77.0),  # out of range
        Row(stream.pk, noon + timedelta(minutes=40), 9999),  # a sentinel
        Row(2**70, noon, 1.0),
        Row(stream.pk, noon.replace(tzinfo=None), 1.0),
        Row(stream.pk, NOW + timedelta(days=2), 1.0),
        Row(stream.pk, datetime(1900, 1, 1, tzinfo=UTC), 1.0),
        Row(stream.pk, noon, None),
        Row(stream.pk, noon, float("nan")),
        Row(stream.pk, noon, "a\0b"),
        Row(stream.pk, noon, 1.0, foi=987654),
    ]
    found = ingest(rows, at=NOW)
    assert [one.state for one in found[:6]] == ["stored", "there", "stored", "stored", "stored", "stored"]
    assert found[1].id == found[0].id
    codes = [
        "no_datastream",
        "time",
        "too_far",
        "too_old",
        "no_result",
        "result",
        "result",
        "unknown_feature",
    ]
    assert [one.code for one in found[6:]] == codes
    assert all(one.reason for one in found[6:])
    again = ingest(rows[:6], at=NOW)
    assert {one.state for one in again} == {State.THERE}
    assert [one.id for one in again] == [one.id for one in found[:6]]
    start, until = noon - timedelta(hours=1), NOW
    assert series(stream.pk, start=start, until=until) == [(noon, 1.25)]
    assert len(series(stream.pk, start=start, until=until, good_only=False)) == 3
    (hour,) = hourly(stream.pk, start=start, until=until)
    assert (hour.hour, hour.count, hour.low, hour.high, hour.mean) == (noon, 1, 1.25, 1.25, 1.25)
    newest = latest([stream.pk, 5])[stream.pk]
    assert (newest.value, newest.is_good) == (9999.0, False)
    assert Latest.objects.get().count == 5


def test_changing_and_removing_keeps_what_is_counted_true(city):
    stream, other = a_datastream(), a_datastream(at=None)
    first = NOW.replace(minute=0) - timedelta(hours=5)
    found = ingest([Row(stream.pk, first + timedelta(minutes=30 * n), float(n)) for n in range(6)], at=NOW)
    (bare,) = ingest([Row(other.pk, first, 1.0)], at=NOW)
    assert bare.code == No.NO_FEATURE

    moved = observations.replace_observation(
        found[0].id, Row(stream.pk, first + timedelta(hours=4), 40.0), at=NOW
    )
    assert (moved.state, moved.id) == (State.STORED, found[0].id)
    taken = observations.replace_observation(
        found[1].id, Row(stream.pk, first + timedelta(hours=1), 5.0), at=NOW
    )
    assert taken.state is State.THERE
    bad = observations.replace_observation(found[1].id, Row(stream.pk, first, None), at=NOW)
    assert bad.code == No.NO_RESULT
    assert _hours(stream) == {0: (1, 1.0), 1: (2, 5.0), 2: (2, 9.0), 4: (1, 40.0)}
    assert Latest.objects.get(datastream=stream).observation == found[0].id

    assert observations.remove_observations([found[0].id, found[5].id, 999999]) == 2
    assert _hours(stream) == {0: (1, 1.0), 1: (2, 5.0), 2: (1, 4.0)}
    newest = Latest.objects.get(datastream=stream)
    assert (newest.observation, newest.count, newest.result_num) == (found[4].id, 4, 4.0)

    removing.remove_things(Thing.objects.filter(pk=stream.thing_id))
    assert not Hour.objects.exists()
    assert _count() == 0
    assert Location.objects.count() == 1


def test_months_are_made_when_they_are_needed(city):
    stream = a_datastream()
    edge = datetime(2015, 2, 28, 17, tzinfo=UTC)  # already March in Bandung
    assert {
        one.state
        for one in ingest([Row(stream.pk, edge + timedelta(hours=n), 1.0) for n in range(0, 24, 6)], at=NOW)
    } == {"stored"}
    assert [f"{month:%Y%m}" for month in make_ahead(at=datetime(2026, 12, 31, tzinfo=UTC))] == [
        "202612",
        "202701",
        "202702",
    ]
    assert {"201502", "201503", "202612", "202701", "202702"} <= _months()
    Archive.objects.create(month=date(2015, 2, 1), rows=1, dropped_at=NOW)
    (closed, open_) = ingest(
        [Row(stream.pk, edge - timedelta(hours=1), 1.0), Row(stream.pk, edge + timedelta(days=1), 2.0)],
        at=NOW,
    )
    assert (closed.code, open_.state) == (No.ARCHIVED, State.STORED)


def _hours(stream):
    first = NOW.replace(minute=0) - timedelta(hours=5)
    rows = Hour.objects.filter(datastream=stream).order_by("hour")
    return {int((row.hour - first) / timedelta(hours=1)): (row.count, row.total) for row in rows}


def _count():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sensing_observation")
        return cursor.fetchone()[0]


def _months():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT right(inhrelid::regclass::text, 6), pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits "
            "JOIN pg_class c ON c.oid = inhrelid WHERE inhparent = 'sensing_observation'::regclass"
        )
        found = dict(cursor.fetchall())
    assert all("-01 00:00:00+00" in bound for bound in found.values())
    return set(found)
