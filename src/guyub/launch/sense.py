"""`guyub sense`: take values in by MQTT. A message is acknowledged when it is committed, not before.

So whatever is killed, the broker gives again what was not acknowledged, and what was stored already is known by its
datastream and time. The client's name and its session stay the same over restarts: the broker keeps what comes
meanwhile.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import threading
import time
from collections import defaultdict
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

import django

log = logging.getLogger("guyub.sense")

# Half of what the broker sends ahead: while one half is stored, the other comes.
MOST = 1000
WAIT_SECONDS = 0.05
RETRY_SECONDS = 1.0


def run(args: list[str]) -> int:
    from guyub.launch.arguments import parser

    options = parser("sense", "Take values in by MQTT, or pass them on.")
    options.add_argument(
        "--broker",
        default=os.environ.get("GUYUB_BROKER", "mqtt://127.0.0.1:1883"),
        help="mqtt[s]://[user:password@]host[:port]; or GUYUB_BROKER, which no list of processes shows",
    )
    options.add_argument(
        "--name",
        default="",
        help="the client's name at the broker, kept over restarts: guyub-sense, or guyub-sense-out",
    )
    options.add_argument(
        "--part", default="1/1", help="which part of how many, where several run side by side: 2/3"
    )
    options.add_argument(
        "--share",
        default="",
        help="a shared subscription's name, where the broker has them; instead of --part",
    )
    options.add_argument(
        "--out",
        action="store_true",
        help="pass new values on to whoever follows them, instead of taking them in",
    )
    options.add_argument(
        "--out-broker",
        default=os.environ.get("GUYUB_BROKER_OUT", ""),
        help="with --out: another broker than devices have, with the standard's own topics; or GUYUB_BROKER_OUT",
    )
    options.add_argument(
        "--all", action="store_true", help="with --out: also values of datastreams that are not public"
    )
    chosen = options.parse_args(args)
    if chosen.out:
        return _tell(chosen)
    part, _, parts = chosen.part.partition("/")
    if not (part.isdigit() and parts.isdigit() and 1 <= int(part) <= int(parts) <= 64):
        print(f"--part {chosen.part} says nothing: write 1/2 and 2/2 for two side by side.")
        return 2
    django.setup()
    name = chosen.name or "guyub-sense"
    Sense(chosen.broker, name, part=int(part) - 1, parts=int(parts), share=chosen.share).run()
    return 0


def _tell(chosen: Any) -> int:
    from guyub.launch.sense_out import Teller

    django.setup()
    name, apart = chosen.name or "guyub-sense-out", chosen.out_broker
    Teller(apart or chosen.broker, name, is_apart=bool(apart), hidden=chosen.all).run()
    return 0


class Sense:
    """One connection to the broker in its own thread, one to the database in this one."""

    def __init__(self, broker: str, name: str, *, part: int = 0, parts: int = 1, share: str = "") -> None:
        self.address, self.part, self.parts, self.share = urlsplit(broker), part, parts, share
        self.name = name if parts == 1 else f"{name}-{part + 1}-{parts}"
        self.came: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.ended = threading.Event()

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.ended.set())
        from guyub.launch.line import Line

        self.line = Line(self.address, self.name)
        self.line.on_connect = self._subscribe
        self.line.on_message = lambda _client, _data, message: self.came.put(message)
        self.line.open()
        try:
            while not self.ended.is_set():
                if batch := self._batch():
                    self._store(batch)
        finally:
            self.line.close()

    def _subscribe(self, client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            log.error("the broker refuses: %s", reason)
            return
        before = f"$share/{self.share}/" if self.share else ""
        client.subscribe([(before + topic, 1) for topic in _topics()])

    def _batch(self) -> list[Any]:
        """What has come, at most a thousand, after the first at most a twentieth of a second."""
        try:
            found = [self.came.get(timeout=0.5)]
        except queue.Empty:
            return []
        until = time.monotonic() + WAIT_SECONDS
        while len(found) < MOST and (left := until - time.monotonic()) > 0:
            try:
                found.append(self.came.get(timeout=left))
            except queue.Empty:
                break
        return found

    def _store(self, batch: list[Any]) -> None:
        """Store, then acknowledge. While the database is away, wait: the broker keeps the rest."""
        from django.db import DatabaseError, InterfaceError, connections

        while not self.ended.is_set():
            try:
                replies = self._receive([one for one in batch if self._is_ours(one)])
                break
            except (DatabaseError, InterfaceError):
                log.exception("the values cannot be stored now; they are tried again")
                connections.close_all()
                self.ended.wait(RETRY_SECONDS)
        else:
            return
        self.line.ack_all(one.mid for one in batch if one.qos)
        for reply in replies:
            self.line.publish(reply.topic, reply.payload, qos=0)

    def _is_ours(self, message: Any) -> bool:
        """Side by side each takes the datastreams that fall to it, by topic; the others' it only acknowledges."""
        return self.parts == 1 or crc32(message.topic.encode()) % self.parts == self.part

    def _receive(self, batch: list[Any]) -> list[Any]:
        from django.utils import timezone

        from guyub.kernel.cities import api as cities
        from guyub.rooms.sensing.api import Message, receive

        found: dict[str, list[Any]] = defaultdict(list)
        for one in batch:
            head = one.topic.partition("/")[0]
            found["" if head == "v1.1" else head].append(Message(one.topic, one.payload))
        replies = []
        for city in cities_here():
            messages = found.pop(city.slug, []) + (found.pop("", []) if _is_default(city) else [])
            if messages:
                with cities.inside(city):
                    replies += receive(messages, at=timezone.now())
        for name, messages in found.items():
            log.error("%d messages for no city of this installation (%s) were let go", len(messages), name)
        return replies


def cities_here() -> list[Any]:
    from guyub.kernel.cities import api as cities
    from guyub.kernel.cities import registry

    return list(registry._hosts.fresh().by_slug.values()) or cities.cities()


def _is_default(city: Any) -> bool:
    """Topics without a city's name are the default city's, or those of the only one."""
    from django.conf import settings

    wanted = settings.GUYUB_DEFAULT_CITY
    return city.slug == wanted if wanted else len(cities_here()) == 1


def _topics() -> list[str]:
    from guyub.rooms.sensing.api import topics

    found = [topic for city in cities_here() for topic in topics(city.slug)]
    return found + topics("") if any(map(_is_default, cities_here())) else found
