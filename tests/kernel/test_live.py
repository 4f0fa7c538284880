"""Live screens: what is committed arrives, in order, once; who was away goes on where it was; nobody else listens."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.db import connection, connections, transaction
from django.utils import timezone

from guyub.kernel import bell
from guyub.kernel.cities import api as cities
from guyub.kernel.live import api as live
from guyub.kernel.live import hub as hubs
from guyub.sites import live as site
from guyub.sites.asgi import application


class Screen:
    """A browser's side of one stream."""

    def __init__(self, city, channel="dinding", token=None, last=None, host=None):
        with cities.inside(city):
            token = live.token(channel, at=timezone.now()) if token is None else token
        headers = [(b"host", (host or city.hosts[0]).encode())]
        if last is not None:
            headers.append((b"last-event-id", str(last).encode()))
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": f"/live/{channel}",
            "query_string": f"t={token}".encode(),
            "headers": headers,
        }
        self.status, self.text, self.left = None, "", asyncio.Event()
        self.task = asyncio.create_task(application(self.scope, self._receive, self._send))

    async def _receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.text += message["body"].decode()

    async def until(self, condition, seconds=8.0):
        ends = time.monotonic() + seconds
        while not condition(self):
            assert time.monotonic() < ends, (self.status, self.text)
            await asyncio.sleep(0.01)
        return self

    async def leave(self):
        self.left.set()
        await asyncio.wait_for(self.task, 5)

    @property
    def seen(self):
        return [json.loads(found)["n"] for found in re.findall(r"^data: (\{\"n\".*)$", self.text, re.M)]

    @property
    def last(self):
        return int(re.findall(r"^id: (\d+)$", self.text, re.M)[-1])


def show(*numbers, channel="dinding", at=None):
    with transaction.atomic():
        for number in numbers:
            live.publish(channel, "coba", {"n": number}, at=at or timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [bell.LIVE, cities.get_city().schema])


async def shown(city, *numbers, **more):
    def work():
        with cities.inside(city):
            show(*numbers, **more)
        connections.close_all()

    await asyncio.to_thread(work)


@pytest.fixture
def run(committing_city, monkeypatch):
    """Runs a scene with a hub of its own."""

    def scene(play):
        async def whole():
            monkeypatch.setattr(site, "hub", None)
            try:
                await play(committing_city)
            finally:
                await site.close()

        # In a thread of its own: the browser's driver may already keep a loop in this one.
        with ThreadPoolExecutor(1) as beside:
            beside.submit(copy_context().run, asyncio.run, whole()).result()

    return scene


def test_what_is_committed_arrives_once_and_in_order(run):
    async def play(city):
        screens = [Screen(city) for _ in range(20)]
        other = Screen(city, channel="lain")
        for screen in [*screens, other]:
            await screen.until(lambda s: "retry" in s.text)
        for number in range(5):
            await shown(city, number * 2, number * 2 + 1)
        for screen in screens:
            assert (await screen.until(lambda s: len(s.seen) >= 10)).seen == list(range(10))
        assert other.seen == []
        for screen in [*screens, other]:
            await screen.leave()
        assert site.hub.watchers == 0

    run(play)


def test_who_was_away_goes_on_where_it_was(run, monkeypatch):
    monkeypatch.setattr(hubs, "REMEMBERED", 3)

    async def play(city):
        first = await Screen(city).until(lambda s: "retry" in s.text)
        first_channel = await site.hub.channel(city.schema, "dinding")
        first_channel.recent = type(first_channel.recent)(maxlen=3)
        await shown(city, 0, 1)
        await first.until(lambda s: s.seen == [0, 1])
        await first.leave()
        await shown(city, *range(2, 12))  # more than memory holds
        back = await Screen(city, last=first.last).until(lambda s: len(s.seen) >= 10)
        assert back.seen == list(range(2, 12))
        new = await Screen(city).until(lambda s: "retry" in s.text)
        await shown(city, 12)
        assert (await new.until(lambda s: s.seen)).seen == [12]  # a page that has just been loaded begins now
        never = await Screen(city, last=10**9).until(lambda s: "event: again" in s.text)
        for screen in (back, new, never):
            await screen.leave()

    run(play)


def test_a_process_that_lost_the_bell_looks_by_itself(run, monkeypatch):
    monkeypatch.setattr(hubs, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(bell, "LIVE", "guyub_nobody_rings")

    async def play(city):
        screen = await Screen(city).until(lambda s: "retry" in s.text)
        await shown(city, 7)
        assert (await screen.until(lambda s: s.seen)).seen == [7]
        await screen.leave()

    run(play)


def test_all_screens_are_let_go_when_the_process_ends(run):
    async def play(city):
        screen = await Screen(city).until(lambda s: "retry" in s.text)
        await site.close()
        await asyncio.wait_for(screen.task, 5)

    run(play)


def test_nobody_listens_without_a_token_of_this_channel_city_and_time(run, pekalongan_city):
    async def play(city):
        with cities.inside(city):
            late = live.token("dinding", at=timezone.now() - live.TOKEN_LASTS - timedelta(seconds=1))
            other = live.token("lain", at=timezone.now())
        with cities.inside(pekalongan_city):
            foreign = live.token("dinding", at=timezone.now())
        tokens = ["", "x", "9.9", "١٢.x", f"{'9' * 40}.x", late, other, foreign, other + "\0", "1.é"]
        for token in tokens:
            assert (await Screen(city, token=token).until(lambda s: s.status)).status == 404, token
        nowhere = Screen(city, host="nowhere.example")
        assert (await nowhere.until(lambda s: s.status)).status == 404

    run(play)


@pytest.fixture
def pekalongan_city(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        return cities.get_city_by_slug("pekalongan")


def test_ids_follow_the_order_of_commits(committing_city):
    """Two who publish at once: the second waits, so that a reader who has seen its id has seen all before it."""
    slow, done = threading.Event(), []

    def first():
        with cities.inside(committing_city), transaction.atomic():
            done.append(("first", live.publish("dinding", "coba", {"n": 1}, at=timezone.now())))
            slow.set()
            time.sleep(0.3)
            done.append(("committed", 0))
        connections.close_all()

    thread = threading.Thread(target=first)
    thread.start()
    slow.wait()
    with transaction.atomic():
        done.append(("second", live.publish("dinding", "coba", {"n": 2}, at=timezone.now())))
    thread.join()
    assert [name for name, _ in done] == ["first", "committed", "second"]
    assert done[0][1] < done[2][1]


def test_shown_only_with_what_it_shows(committing_city, now):
    with pytest.raises(live.OutsideTransaction):
        live.publish("dinding", "coba", {}, at=now)
    with transaction.atomic(), pytest.raises(ValueError, match="channel"):
        live.publish("Dinding!", "coba", {}, at=now)


def test_what_was_shown_is_forgotten(committing_city, now):
    show(1, at=now - live.KEPT - timedelta(minutes=1))
    show(2, at=now)
    assert live.sweep(at=now) == 1


def test_the_bell_wakes_who_waits(committing_city, monkeypatch):
    monkeypatch.setattr(configured, "GUYUB_BELL", True)
    rung = bell._Bell()
    monkeypatch.setattr(bell, "_bell", rung)
    ear = bell.Ear(bell.FACTS)
    ear.wait(0.01)
    began = time.monotonic()
    with transaction.atomic():
        bell.ring(bell.FACTS)
        assert not rung.waiting  # nothing before the commit
    ear.wait(10)
    assert time.monotonic() - began < 5
    ear.close()
