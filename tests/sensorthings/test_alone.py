"""A single value by one statement is stored as by the careful way, and what changes meanwhile is seen at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from guyub.kernel.cities import api as cities
from guyub.kernel.limits import api as limits
from guyub.rooms.people.clients import add_client, clients, end_client
from guyub.rooms.sensing.api import news, open_outlet, told
from guyub.rooms.sensing.models import Datastream, Outlet, Writer
from guyub.rooms.sensing.sta import singles
from tests.factories import add_people
from tests.sensorthings.conftest import at

KEPT = {
    "sensing_observation": "id, received_at, datastream_id",
    "sensing_latest": "observation, received_at, datastream_id",
    "sensing_hour": "datastream_id",
    "sensing_feature_use": "datastream_id",
}


@pytest.fixture
def seen(monkeypatch) -> list[bool]:
    """Of each single value that came, whether one statement stored it."""
    found: list[bool] = []

    def spy(*given, store=singles.store_alone, **more):
        key = store(*given, **more)
        found.append(key is not None)
        return key

    monkeypatch.setattr(singles, "store_alone", spy)
    return found


def kept_of(stream: int) -> dict[str, list[str]]:
    """All that is kept of a datastream, without what differs between two by itself."""
    found = {}
    with connection.cursor() as cursor:
        for table, without in KEPT.items():
            cursor.execute(
                f"SELECT (to_jsonb(t) - string_to_array(%s, ', '))::text FROM {table} t "
                "WHERE datastream_id = %s ORDER BY 1",
                [without, stream],
            )
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def test_both_ways_keep_the_same(running, made, seen, monkeypatch):
    server, one, other = made
    with cities.inside(running.city):
        Datastream.objects.filter(pk__in=(one, other)).update(quality_rules={"low": 0, "high": 50})
    bodies = [
        {"phenomenonTime": at(5), "result": 2.5},
        {"phenomenonTime": at(3), "result": 99},  # older, and out of range
        {"phenomenonTime": f"{at(7)}/{at(8)}", "result": 7, "resultTime": at(9)},
        {"phenomenonTime": at(70), "result": "teks"},
        {"phenomenonTime": at(71), "result": {"a": [1, None]}, "parameters": {"b": 1}, "validTime": f"{at(1)}/{at(2)}"},
        {"phenomenonTime": at(72), "result": True, "resultQuality": {"c": 2}},
    ]  # fmt: skip
    answers = [server.post(f"Datastreams({one})/Observations", body) for body in bodies]
    assert [answer.status for answer in answers] == [201] * len(bodies)
    assert all(seen)
    assert len(seen) == len(bodies)
    monkeypatch.setattr(singles, "store_alone", lambda *given, **more: None)
    others = [server.post(f"Datastreams({other})/Observations", body) for body in bodies]
    own = ("@iot.id", "@iot.selfLink")
    for left, right in zip(answers, others, strict=True):
        assert {k: v for k, v in left.json().items() if k not in own} == {
            k: v for k, v in right.json().items() if k not in own
        }
        assert server.ok(f"Observations({left.json()['@iot.id']})")["result"] == left.json()["result"]
    with cities.inside(running.city):
        first, second = kept_of(one), kept_of(other)
    assert first == second
    assert [len(rows) for rows in first.values()] == [7, 1, 2, 1]


def test_followers_are_told_of_it(running, made, seen):
    server, one, _ = made
    with cities.inside(running.city):
        open_outlet(at=timezone.now())
    server.make(f"Datastreams({one})/Observations", {"phenomenonTime": at(4), "result": 4.25})
    with cities.inside(running.city):
        found = news(hidden=True)
        Outlet.objects.all().delete()
        told(found.keys)
    assert seen == [True]
    found = [topic for topic, said in found.messages if b"4.25" in said]
    assert found == [f"v1.1/Datastreams({one})/Observations", "v1.1/Observations"]


def test_what_is_refused_is_refused_as_ever(made, seen):
    server, one, _ = made
    path = f"Datastreams({one})/Observations"
    again = server.post(path, {"phenomenonTime": at(0), "result": 5})
    assert again.status == 409
    assert "Observations(" in again.text
    for body in (
        {"phenomenonTime": at(1)},
        {"phenomenonTime": at(1), "result": None},
        {"phenomenonTime": "2026-10-05T03:00:00", "result": 1},
        {"phenomenonTime": "1826-10-05T03:00:00Z", "result": 1},
        {"phenomenonTime": "2126-10-05T03:00:00Z", "result": 1},
        {"phenomenonTime": f"{at(2)}/{at(1)}", "result": 1},
        {"phenomenonTime": at(1), "result": "\0"},
        {"phenomenonTime": at(1), "result": 1, "sonst": 1},
        [1],
    ):
        assert server.post(path, body).status == 400, body
    assert server.ask("POST", path, b"{").status == 400
    assert server.post("Datastreams(999999999999)/Observations", {"result": 1}).status == 400
    assert not any(seen)
    assert len(server.rows(path)) == 1


def test_what_changes_is_seen_at_once(running, made, seen):
    """Other limits, another owner, a right that is gone, a key that ended."""
    _, one, _ = made
    now = timezone.now()
    with cities.inside(running.city):
        add_people(on=now.date())
        key = add_client(name="Alat sendiri", partner="Mitra alat", by=None, at=now)[1]
        client = clients().get(name="Alat sendiri")
        thing = Datastream.objects.get(pk=one).thing
        let_in = Writer.objects.create(client=client, thing=thing, made_at=now)
    device = running.tested(authorization=f"Bearer {key}")

    def send(n: int) -> int:
        return device.post(f"Datastreams({one})/Observations", {"phenomenonTime": at(n), "result": 5}).status

    assert [send(1), send(2), send(3)] == [201, 201, 201]
    assert seen == [True]  # the first noted the day, the second is remembered
    with cities.inside(running.city):
        Datastream.objects.filter(pk=one).update(quality_rules={"high": 4})
    assert [send(4), send(5)] == [201, 201]
    assert seen == [True, False, True]
    with cities.inside(running.city), connection.cursor() as cursor:
        cursor.execute("SELECT quality FROM sensing_observation WHERE datastream_id = %s ORDER BY phenomenon_time", [one])  # fmt: skip
        assert [quality for (quality,) in cursor.fetchall()] == [1, 1, 1, 1, 4, 4]
        let_in.delete()
    assert send(6) == 400
    with cities.inside(running.city):
        Writer.objects.create(client=client, thing=thing, made_at=now)
    assert send(6) == 201
    with cities.inside(running.city):
        end_client(client=client.pk, by=None, at=now)
    assert send(7) == 401


@pytest.mark.django_db
@pytest.mark.parametrize("most", [3, 1200])
def test_no_more_than_the_limit_comes_through(city, most):
    """Also where a process counts in lots; the next window begins anew."""
    now = datetime(2026, 10, 5, 3, tzinfo=UTC)
    window = timedelta(seconds=60)
    who = {"kind": "uji", "who": str(date.today()), "most": most, "window": window}
    told = [limits.full_until("coba", **who, at=now) for _ in range(most + 5)]
    assert [until is None for until in told] == [True] * most + [False] * 5
    assert told[-1] == now + window
    assert limits.full_until("coba", **who, at=now + window) is None
