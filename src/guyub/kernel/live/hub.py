"""The hub of a process: one connection that listens, and everybody's screens.

Events are read once for each city and kept for a while; a watcher is a place in that row, not a queue. Whoever reads
slowly skips nothing: it is given everything after its place when it is ready again, from memory or from the table.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from guyub.kernel import bell

log = logging.getLogger("guyub.live")

REMEMBERED = 500  # events of a channel that are kept in memory
PAUSE_SECONDS = 0.2  # at most five writes a second to each screen
LOOK_SECONDS = 5.0  # looks by itself: a ring may be lost
BEAT_SECONDS = 25.0  # proxies close what is silent for a minute
BATCH = 1000

_AFTER = "SELECT id, channel, kind, payload FROM {} WHERE id > %s ORDER BY id LIMIT %s"
_AFTER_IN = "SELECT id, channel, kind, payload FROM {} WHERE id > %s AND channel = %s ORDER BY id LIMIT %s"
_ENDS = "SELECT coalesce(min(id), 0), coalesce(max(id), 0) FROM {}"

BEAT = b": masih di sini\n\n"
AGAIN = b"event: again\ndata: {}\n\n"  # too much was missed: load the page anew


@dataclass(eq=False)
class Channel:
    """What the screens of one channel of one city are told."""

    recent: deque[tuple[int, bytes]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    since: int = 0  # everything after this id is in `recent`
    watchers: int = 0
    _joined: tuple[int, int, bytes] = (-1, -1, b"")

    def add(self, number: int, text: bytes) -> None:
        if len(self.recent) == self.recent.maxlen:
            self.since = self.recent[0][0]
        self.recent.append((number, text))

    def wake(self) -> None:
        woken, self.changed = self.changed, asyncio.Event()
        woken.set()

    def after(self, place: int) -> tuple[int, bytes] | None:
        """The new place and all that came after the old one; None if memory does not reach back so far."""
        if place < self.since:
            return None
        last = self.recent[-1][0] if self.recent else place
        if last <= place:
            return place, b""
        if self._joined[:2] != (place, last):
            self._joined = (place, last, b"".join(text for number, text in self.recent if number > place))
        return last, self._joined[2]


@dataclass(eq=False)
class _City:
    schema: str
    last: int  # the last event that was read
    channels: dict[str, Channel] = field(default_factory=dict)


def line(number: int, kind: str, payload: str) -> bytes:
    """An event as it goes over the wire; the payload is JSON and holds no line break."""
    return f"id: {number}\nevent: {kind}\ndata: {payload}\n\n".encode()


class Hub:
    """Reads for all screens of this process. Everything happens in one event loop."""

    def __init__(self) -> None:
        self.cities: dict[str, _City] = {}
        self.rung = asyncio.Event()
        self.dirty: set[str] = set()
        self.closed = False
        self.tasks: list[asyncio.Task[None]] = []
        self.reading = asyncio.Lock()
        self.reader: psycopg.AsyncConnection[tuple[object, ...]] | None = None

    @property
    def watchers(self) -> int:
        return sum(channel.watchers for city in self.cities.values() for channel in city.channels.values())

    def start(self) -> None:
        """Begin to listen, with the first screen."""
        if not self.tasks:
            self.tasks = [asyncio.create_task(work()) for work in (self._listen, self._spread, self._beat)]

    async def close(self) -> None:
        """Let all screens go, so that a process that ends need not wait for them."""
        self.closed = True
        for task in self.tasks:
            task.cancel()
        for city in self.cities.values():
            for channel in city.channels.values():
                channel.wake()
        if self.reader is not None:
            await self.reader.close()

    async def channel(self, schema: str, name: str) -> Channel:
        """A channel of a city, known from here on."""
        city = self.cities.get(schema)
        if city is None:
            _, newest = await self._ends(schema)
            city = self.cities.setdefault(schema, _City(schema, newest))
        return city.channels.setdefault(name, Channel(since=city.last))

    async def catch_up(self, schema: str) -> int:
        """Read what is new in a city now; returns its last event. A screen may come from a process that was ahead."""
        await self._catch_up(self.cities[schema])
        return self.cities[schema].last

    async def missed(self, schema: str, name: str, place: int) -> tuple[int, bytes] | None:
        """What came after a place that memory does not reach; None if the table does not reach it either, or if it
        is so much that the page is better loaded anew."""
        oldest, newest = await self._ends(schema)
        if place > newest or (place < oldest - 1 and oldest):
            return None
        rows = await self._read(schema, _AFTER_IN, [place, name, BATCH])
        if len(rows) == BATCH:
            return None
        reached = max([place, self.cities[schema].last, *(row[0] for row in rows)])
        return reached, b"".join(line(number, kind, payload) for number, _, kind, payload in rows)

    async def _ends(self, schema: str) -> tuple[int, int]:
        rows = await self._read(schema, _ENDS, [])
        return rows[0][0], rows[0][1]

    async def _read(self, schema: str, text: str, values: list[object]) -> list[Any]:
        async with self.reading:
            if self.reader is None or self.reader.closed:
                self.reader = await bell.connect_async()
            cursor = await self.reader.execute(
                sql.SQL(text).format(sql.Identifier(schema, "live_event")),  # type: ignore[arg-type]
                values,
            )
            return await cursor.fetchall()

    async def _listen(self) -> None:
        while True:
            with suppress(psycopg.Error, OSError):
                async with await bell.connect_async() as connection:
                    await connection.execute(f"LISTEN {bell.LIVE}")
                    async for notice in connection.notifies():
                        self.dirty.add(notice.payload)
                        self.rung.set()
            log.warning("the bell is not heard; trying again")
            await asyncio.sleep(2)

    async def _spread(self) -> None:
        """Read what is new and wake the screens; all of it at most five times a second."""
        while True:
            try:
                await asyncio.wait_for(self.rung.wait(), LOOK_SECONDS)
                self.rung.clear()
                wanted, self.dirty = self.dirty, set()
            except TimeoutError:
                wanted = set(self.cities)
            for schema in wanted & set(self.cities):
                try:
                    await self._catch_up(self.cities[schema])
                except (psycopg.Error, OSError) as problem:
                    log.warning("live events could not be read: %s", type(problem).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _catch_up(self, city: _City) -> None:
        touched: set[str] = set()
        while rows := await self._read(city.schema, _AFTER, [city.last, BATCH]):
            for number, name, kind, payload in rows:
                if name in city.channels:
                    city.channels[name].add(number, line(number, kind, payload))
                    touched.add(name)
                city.last = number
            if len(rows) < BATCH:
                break
        for name in touched:
            city.channels[name].wake()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            for city in list(self.cities.values()):
                for channel in city.channels.values():
                    channel.wake()
