"""`guyub sense --out`: pass each new value on by MQTT, after its commit, whichever way it came in.

What the broker has acknowledged is removed from what is to be told, not before: whoever is killed in between tells it
once more, and nothing is lost. On a broker that devices publish to as well, the standard's topics stand below
`<city>/out/`, for there each would hear what devices say before anybody looked at it, and the ingester itself.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from typing import Any
from urllib.parse import urlsplit

log = logging.getLogger("guyub.sense")

IDLE_SECONDS = 0.3
SEEN_SECONDS = 600
RETRY_SECONDS = 1.0


class Teller:
    """One connection to the broker in its own thread; this one reads, waits for its word, and removes."""

    def __init__(self, broker: str, name: str, *, is_apart: bool, hidden: bool) -> None:
        self.address, self.name, self.is_apart, self.hidden = urlsplit(broker), name, is_apart, hidden
        self.ended = threading.Event()
        self.acknowledged: set[int] = set()
        self.seen: dict[str, float] = {}

    def run(self) -> None:
        from guyub.launch.line import Line

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.ended.set())
        self.line = Line(self.address, self.name)
        self.line.on_publish = lambda _client, _data, mid, *_: self.acknowledged.add(mid)
        self.line.open()
        try:
            while not self.ended.is_set():
                if not self._round():
                    self.ended.wait(IDLE_SECONDS)
        finally:
            self.line.close()

    def _round(self) -> bool:
        """Once through all cities; whether there was anything to tell. While the database is away, wait."""
        from django.db import DatabaseError, InterfaceError, connections

        from guyub.launch.sense import cities_here

        try:
            return any([self._tell(city) for city in cities_here()])
        except (DatabaseError, InterfaceError):
            log.exception("new values cannot be read now; they are tried again")
            connections.close_all()
            self.ended.wait(RETRY_SECONDS)
            return False

    def _tell(self, city: Any) -> bool:
        from django.utils import timezone

        from guyub.kernel.cities import api as cities
        from guyub.rooms.sensing import api as sensing

        with cities.inside(city):
            if time.monotonic() - self.seen.get(city.slug, -SEEN_SECONDS) >= SEEN_SECONDS:
                sensing.open_outlet(at=timezone.now())
                self.seen[city.slug] = time.monotonic()
            found = sensing.news(hidden=self.hidden)
            before = f"{city.slug}/" if self.is_apart else f"{city.slug}/out/"
            if found.keys and self._published([(before + topic, said) for topic, said in found.messages]):
                sensing.told(found.keys)
            return bool(found.keys)

    def _published(self, messages: list[tuple[str, bytes]]) -> bool:
        """Publish and wait for the broker's word on every one, however long it is away; False if we were ended."""
        self.acknowledged.clear()
        sent = {self.line.publish(topic, said, qos=1).mid for topic, said in messages}
        while not sent <= self.acknowledged:
            if self.ended.wait(0.01):
                return False
        return True
