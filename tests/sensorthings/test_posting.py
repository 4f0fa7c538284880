"""The door for single values answers as Django does, stores what Django would, and never says 201 too early."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from guyub.kernel import telemetry
from guyub.kernel.cities import api as cities
from guyub.rooms.people.clients import add_client, clients, end_client
from guyub.rooms.sensing.sta import sender, singles
from guyub.sites import asgi, posting
from tests.sensorthings.conftest import HOST, at
from tests.sensorthings.test_alone import kept_of


@dataclass
class Told:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Door:
    """Asks the whole application, or Django alone, as uvicorn does."""

    def __init__(self, monkeypatch: Any, key: str) -> None:
        self.careful, self.key, self.groups = 0, key, []
        django, store = asgi._django, singles.store_together
        self.django = django

        async def counted(*given: Any) -> None:
            self.careful += 1
            await django(*given)

        def grouped(sent: Any, **more: Any) -> Any:
            self.groups.append(len(sent))
            return store(sent, **more)

        monkeypatch.setattr(asgi, "_django", counted)
        monkeypatch.setattr(singles, "store_together", grouped)
        monkeypatch.setattr(posting, "_frames", {})
        monkeypatch.setattr(posting, "_gathering", posting.new_gathering())

    def scope(
        self, path: str, body: bytes, headers: dict[str, str], method: str, query: str
    ) -> dict[str, Any]:
        said = {
            "host": HOST,
            "authorization": f"Bearer {self.key}",
            "content-type": "application/json",
            "content-length": str(len(body)),
            **headers,
        }
        return {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": f"/sta/v1.1/{path}",
            "query_string": query.encode(),
            "headers": [(k.encode(), v.encode()) for k, v in said.items() if v != "none"],
            "client": ("127.0.0.1", 5),
            "server": ("127.0.0.1", 80),
        }

    async def ask(
        self,
        path: str,
        body: Any,
        headers: dict[str, str] | None = None,
        *,
        method: str = "POST",
        query: str = "",
        by_django: bool = False,
    ) -> Told:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        # In two pieces, as a slow line brings them.
        pieces = [
            {"type": "http.request", "body": sent[:7], "more_body": True},
            {"type": "http.request", "body": sent[7:], "more_body": False},
        ]
        told = Told()

        async def receive() -> Any:
            return pieces.pop(0) if pieces else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                told.status = message["status"]
                told.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            else:
                told.body += message["body"]

        way = self.django if by_django else asgi.application
        await way(self.scope(path, sent, headers or {}, method, query), receive, send)
        return told

    async def learn(self, stream: int) -> None:
        """Three values by which Django notes the key's day, remembers the key, and shows how it answers."""
        for n in range(3):
            told = await self.ask(
                f"Datastreams({stream})/Observations", {"phenomenonTime": at(-9 + n), "result": 1}
            )
            assert told.status == 201, told
        self.careful, self.groups = 0, []


@pytest.fixture
def door(running, monkeypatch):
    made = Door(monkeypatch, running.key)
    yield made
    asyncio.run(posting.close())


def basic(key: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"alat:{key}".encode()).decode()}


LONG = {"phenomenonTime": at(40), "result": 4, "parameters": {"a": "panjang " * 30}}
# What is sent, headers, and more; {} is the datastream's own path.
STORED: list[tuple[Any, dict[str, str], dict[str, Any]]] = [
    ({"phenomenonTime": at(1), "result": 2.5}, {}, {}),
    ({"phenomenonTime": at(2), "result": 3}, {"content-type": "application/json; charset=utf-8"}, {}),
    ({"phenomenonTime": at(3), "result": "teks"}, {"content-type": "none"}, {}),
    ({"phenomenonTime": at(4), "result": {"a": [1, None]}, "resultQuality": {"b": 2}}, {}, {}),
    ({"phenomenonTime": f"{at(6)}/{at(7)}", "result": True, "resultTime": at(8), "validTime": f"{at(1)}/{at(2)}"}, {}, {}),
    ({"phenomenonTime": at(9), "result": 1}, {"cookie": "guyub_sesi=palsu", "origin": "https://luar.test"}, {}),
    ({"result": 5}, {}, {}),
    (LONG, {}, {}),
    (LONG | {"phenomenonTime": at(41)}, {"accept-encoding": "gzip, deflate"}, {}),
    ({"phenomenonTime": at(42), "result": 1}, {"authorization": "Basic"}, {}),
    ({"phenomenonTime": at(43), "result": 1}, {"authorization": "none", "x-api-key": "Bearer"}, {}),
    ({"phenomenonTime": at(57), "result": 1}, {}, {"path": "Datastreams({})/Observations/"}),
    ({"Datastream": {"@iot.id": 0}, "phenomenonTime": at(44), "result": 6}, {}, {"path": "Observations"}),
]  # fmt: skip
CAREFUL: list[tuple[Any, dict[str, str], dict[str, Any]]] = [
    ({"phenomenonTime": at(1), "result": 9}, {}, {}),
    (b"{", {}, {}),
    (b"", {}, {}),
    ([1], {}, {}),
    ({"phenomenonTime": at(50)}, {}, {}),
    ({"phenomenonTime": at(50), "result": None}, {}, {}),
    ({"phenomenonTime": at(50), "result": 1, "sonst": 1}, {}, {}),
    ({"phenomenonTime": "1826-10-05T03:00:00Z", "result": 1}, {}, {}),
    ({"phenomenonTime": "2126-10-05T03:00:00Z", "result": 1}, {}, {}),
    ({"phenomenonTime": at(50), "result": "\0"}, {}, {}),
    ({"phenomenonTime": at(51), "result": 1, "parameters": {"a": "b" * 5000}}, {}, {}),
    ({"phenomenonTime": at(52), "result": 1}, {"authorization": "none"}, {}),
    ({"phenomenonTime": at(52), "result": 1}, {"authorization": "Bearer salah"}, {}),
    ({"phenomenonTime": at(52), "result": 1}, {"authorization": "Basic ?"}, {}),
    ({"phenomenonTime": at(52), "result": 1}, {"authorization": "other"}, {}),
    ({"phenomenonTime": at(52), "result": 1}, {"authorization": "partner"}, {}),
    ({"phenomenonTime": at(53), "result": 1}, {"prefer": "return=minimal"}, {}),
    ({"phenomenonTime": at(54), "result": 1}, {"content-type": "text/plain"}, {}),
    ({"phenomenonTime": at(55), "result": 1}, {"content-type": "application/json; charset=utf-16"}, {}),
    ({"phenomenonTime": at(55), "result": 1}, {"host": "tidak-ada.test"}, {}),
    ({"phenomenonTime": at(55), "result": 1}, {"host": "pekalongan.localhost"}, {}),
    ({"phenomenonTime": at(55), "result": 1}, {}, {"query": "api_key=salah"}),
    ({"phenomenonTime": at(56), "result": 1}, {}, {"query": "api_key="}),
    ({"phenomenonTime": at(58), "result": 1}, {}, {"path": "Datastreams(999999999999)/Observations"}),
    ({"phenomenonTime": at(59), "result": 1}, {}, {"method": "PUT"}),
    ({"phenomenonTime": at(59), "result": 1}, {}, {"path": "Observations"}),
    ({"Datastream": {"@iot.id": True}, "result": 1}, {}, {"path": "Observations"}),
    ({"Datastream": {"@iot.id": 0}, "result": 1, "FeatureOfInterest": {"@iot.id": 9}}, {}, {"path": "Observations"}),
]  # fmt: skip


def test_both_ways_answer_alike_and_keep_the_same(running, made, door):
    _, one, other = made
    keys = {"Basic": basic(running.key), "other": {"authorization": f"Bearer {running.other}"},
            "partner": {"authorization": f"Bearer {running.partner}"}}  # fmt: skip
    with cities.inside(running.city), connection.cursor() as cursor:
        cursor.execute("SELECT setval('sensing_observation_id_seq', 500000)")  # all ids are of one length

    async def ask(stream: int, case: tuple[Any, dict[str, str], dict[str, Any]], *, by_django: bool) -> Told:
        body, headers, more = case
        if isinstance(body, dict) and body.get("Datastream") == {"@iot.id": 0}:
            body = {**body, "Datastream": {"@iot.id": stream}}
        headers = {**headers, **keys.get(headers.get("authorization", ""), {})}
        if headers.get("x-api-key"):
            headers["x-api-key"] = running.key
        more = {**more, "path": more.get("path", "Datastreams({})/Observations").format(stream)}
        return await door.ask(more.pop("path"), body, headers, by_django=by_django, **more)

    async def run() -> None:
        await door.learn(one)
        await door.learn(other)
        for host in ("tidak-ada.test", "pekalongan.localhost"):  # as if Django had answered there
            posting._frames[posting.Where(host, "http", b"")] = [(b"x-falsch", b"1")]
        for case in STORED:
            careful = door.careful
            left, right = await ask(one, case, by_django=True), await ask(other, case, by_django=False)
            assert left.status == 201, (case, left)
            assert plain(left, one) == plain(right, other), case
            assert door.careful == careful, case
        for case in CAREFUL:
            careful = door.careful
            left, right = await ask(one, case, by_django=True), await ask(other, case, by_django=False)
            assert plain(left, one) == plain(right, other), case
            assert door.careful == careful + 1, case

    asyncio.run(asyncio.wait_for(run(), 60))
    with cities.inside(running.city), connection.cursor() as cursor:
        recently = timezone.now() - timedelta(hours=1)  # what said no time got the server's
        cursor.execute("DELETE FROM sensing_observation WHERE phenomenon_time > %s", [recently])
        first, second = kept_of(one), kept_of(other)
        assert first["sensing_observation"] == second["sensing_observation"]
        assert first["sensing_feature_use"] == second["sensing_feature_use"]
    assert len(first["sensing_observation"]) > len(STORED)


def plain(told: Told, stream: int) -> tuple[int, dict[str, str], str]:
    """All of an answer but what differs between two by itself."""
    headers, body = dict(told.headers), told.body
    assert re.fullmatch("[a-z2-9]{8}", headers.pop("x-request-id"))
    assert int(headers.pop("content-length", len(body))) == len(
        body
    )  # the two streams' numbers may differ in length
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)  # its padding is of a random length
    text = re.sub(rf"\({stream}\)|Datastream {stream}\b", "(S)", body.decode())
    if told.status == 201:
        key = str(json.loads(body)["@iot.id"])
        assert headers["location"].endswith(f"/Observations({key})")
        headers["location"] = headers["location"].replace(key, "K")
        text = text.replace(key, "K")
    else:
        text = re.sub(r"Observations\(\d+\)", "Observations(K)", text)
    now = timezone.now().strftime("%Y-%m-%dT%H:")
    return told.status, headers, re.sub(now + r"[0-9:.]+Z", "NOW", text)


def test_those_who_come_together_are_each_answered_for_themselves(running, made, door):
    """New values, the same twice, wrong ones, strangers and another city, all at once; and each is counted once."""
    server, one, other = made
    counted = telemetry.REQUESTS.labels(posting.ROUTE, "POST", "201")._value

    async def run() -> tuple[list[Told], list[Told], list[Told]]:
        await door.learn(one)
        await door.learn(other)
        posting._frames[posting.Where("pekalongan.localhost", "http", b"")] = []
        said = [door.ask(f"Datastreams({(one, other)[n % 2]})/Observations",
                         {"phenomenonTime": at(n / 100), "result": n}) for n in range(100, 300)]  # fmt: skip
        twice = [
            door.ask(f"Datastreams({one})/Observations", {"phenomenonTime": at(60), "result": n})
            for n in range(20)
        ]
        wrong = [
            *[door.ask(f"Datastreams({one})/Observations", {"phenomenonTime": at(n), "result": None}) for n in range(70, 80)],
            *[door.ask(f"Datastreams({one})/Observations", {"phenomenonTime": at(n), "result": 1}, {"host": "pekalongan.localhost"}) for n in range(80, 90)],
            *[door.ask(f"Datastreams({one})/Observations", {"phenomenonTime": at(n), "result": 1}, {"authorization": f"Bearer {running.partner}"}) for n in range(90, 95)],
        ]  # fmt: skip
        told = await asyncio.gather(*said, *twice, *wrong)
        return told[:200], told[200:220], told[220:]

    before = counted.get()
    said, twice, wrong = asyncio.run(asyncio.wait_for(run(), 60))
    assert [one.status for one in said] == [201] * 200
    assert sorted(one.status for one in twice) == [201] + [409] * 19
    assert [one.status for one in wrong] == [400] * 10 + [401] * 10 + [400] * 5
    assert len(said) > 5 * len([n for n in door.groups if n > 1]) > 0, door.groups
    assert counted.get() - before == 6 + 201
    kept = {(row["phenomenonTime"], row["result"]) for path in (one, other)
            for row in server.rows(f"Datastreams({path})/Observations", top="1000")}  # fmt: skip
    assert len(kept) == 201 + 3 + 1
    for told in (*said, *[one for one in twice if one.status == 201]):
        answer = json.loads(told.body)
        row = server.ok(f"Observations({answer['@iot.id']})")
        assert (row["result"], row["phenomenonTime"][:19]) == (
            answer["result"],
            answer["phenomenonTime"][:19],
        )


def values_of(stream: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sensing_observation WHERE datastream_id = %s", [stream])
        return int(cursor.fetchone()[0])


@contextmanager
def held(city: Any, cluster: Any, stream: int) -> Iterator[psycopg.Connection[Any]]:
    """Another has a datastream in its hands until the block ends."""
    with psycopg.connect(cluster.owner_url) as own:
        own.execute(f"SET search_path TO {city.schema}")
        own.execute("SELECT FROM sensing_datastream WHERE id = %s FOR UPDATE", [stream])
        yield own
        own.rollback()


def cut_off(cluster: Any, *, when: str) -> int:
    """Of those who store together the last to ask: its line is cut, as by a restart of the server."""
    with psycopg.connect(cluster.app_url, autocommit=True) as own:
        return own.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM (SELECT * FROM pg_stat_activity "
            "WHERE query LIKE '%json_to_recordset%' AND pid <> pg_backend_pid() ORDER BY query_start DESC LIMIT 1) a "
            f"WHERE {when}"
        ).fetchone()[0]


def test_what_is_not_committed_is_not_answered_with_201(running, made, door, cluster, monkeypatch):
    """The database goes away in the middle of a group; it is back; somebody holds a datastream; a right is gone."""
    _, one, other = made
    path = "Datastreams({})/Observations"

    def value(n: float) -> dict[str, Any]:
        return {"phenomenonTime": at(n), "result": n}

    async def cut() -> list[Told]:
        monkeypatch.setattr(posting, "LOCKED", "20s")
        monkeypatch.setattr(posting, "WRITERS", 1)
        await posting.close()
        monkeypatch.setattr(posting, "_gathering", posting.new_gathering())
        with held(running.city, cluster, one):
            waiting = asyncio.gather(
                *(door.ask(path.format((one, other)[n % 2]), value(200 + n)) for n in range(20))
            )
            while not waiting.done():  # the first of them may be a group of their own
                await asyncio.sleep(0.05)
                cut_off(cluster, when="wait_event_type = 'Lock'")
            return await waiting

    async def run() -> None:
        await door.learn(one)
        await door.learn(other)
        before = await asyncio.to_thread(in_city, running.city, values_of, one)
        told = await cut()
        assert {one.status for one in told} == {503}
        assert {one.headers["retry-after"] for one in told} == {"5"}
        assert await asyncio.to_thread(in_city, running.city, values_of, one) == before
        monkeypatch.setattr(posting, "LOCKED", "200ms")
        again = await asyncio.gather(
            *(door.ask(path.format((one, other)[n % 2]), value(200 + n)) for n in range(20))
        )
        assert [one.status for one in again] == [201] * 20
        # The line is cut while nobody asks: who comes first may hear of it, and then it is as before.
        assert cut_off(cluster, when="state = 'idle'")
        first = await door.ask(path.format(one), value(220))
        assert first.status in (201, 503)
        assert (await door.ask(path.format(one), value(221))).status == 201
        with held(running.city, cluster, one) as own:
            careful = door.careful
            stuck = asyncio.gather(*(door.ask(path.format(one), value(222 + n)) for n in range(2)))
            beside = await asyncio.wait_for(door.ask(path.format(other), value(222)), 5)
            assert beside.status == 201
            while door.careful < careful + 2:  # they wait in Django's threads, and in nobody's way
                await asyncio.sleep(0.02)
            began = time.monotonic()
            assert (await door.ask(path.format(other), value(223))).status == 201
            assert time.monotonic() - began < 1
            own.rollback()
            assert [told.status for told in await stuck] == [201, 201]

    asyncio.run(asyncio.wait_for(run(), 60))


def in_city(city: Any, what: Callable[..., Any], *given: Any) -> Any:
    try:
        with cities.inside(city):
            return what(*given)
    finally:
        connection.close()


def test_rights_limits_and_ends_hold_here_too(running, made, door, monkeypatch):
    _, one, _ = made
    now, path = timezone.now(), f"Datastreams({one})/Observations"
    with cities.inside(running.city):
        key = add_client(name="Alat di pintu", office="pu", by=None, at=now)[1]
        program = clients().get(name="Alat di pintu").pk
    most = {"window_seconds": 3600, "client": 30, "refused": 1000}
    monkeypatch.setattr(sender, "_rule", lambda at: most)
    door.key = key

    async def send(first: int, count: int) -> list[int]:
        told = await asyncio.gather(
            *(door.ask(path, {"phenomenonTime": at(first + n), "result": 1}) for n in range(count))
        )
        return sorted(one.status for one in told)

    async def run() -> None:
        await door.learn(one)
        assert await send(300, 10) == [201] * 10
        assert await send(300, 10) == [409] * 10  # counted once, although two ways looked at them
        assert await send(310, 10) == [201] * 7 + [429] * 3
        monkeypatch.setattr(
            posting, "_gathering", posting.Gathering(posting._Storing, threads=1, at_once=9, most=0, end=bool)
        )
        (full,) = [await door.ask(path, {"phenomenonTime": at(330), "result": 1})]
        assert (full.status, full.headers["retry-after"], json.loads(full.body)["code"]) == (503, "5", 503)
        most["client"] = 1000
        monkeypatch.setattr(posting, "_gathering", posting.new_gathering())
        waiting = asyncio.ensure_future(send(340, 50))
        await asyncio.sleep(0)
        await posting.close()
        assert set(await waiting) <= {201, 503}
        monkeypatch.setattr(posting, "_gathering", posting.new_gathering())
        assert await send(400, 3) == [201] * 3
        await asyncio.to_thread(in_city, running.city, lambda: end_client(client=program, by=None, at=now))
        door.groups.clear()
        assert await send(410, 5) == [401] * 5
        assert door.groups  # the statement itself was asked

    asyncio.run(asyncio.wait_for(run(), 60))
