"""One coalescing notifier: who waits for something new in a city is woken soon, and at most twenty times a second.

A NOTIFY inside the transaction that made the news would serialise the commits of the whole server. So a process rings
only after its commit, from one thread with one connection of its own. A ring may be lost (a process is killed between
its commit and the ring): whoever listens also looks by itself after a while, and nothing depends on the bell alone.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from contextlib import suppress

import psycopg
from django.conf import settings
from django.db import connections, transaction
from psycopg.conninfo import make_conninfo

from guyub.kernel.cities.api import get_city

FACTS = "guyub_facts"  # something was recorded: the pump may read
LIVE = "guyub_live"  # something is shown: screens may read
PAUSE_SECONDS = 0.05

log = logging.getLogger("guyub.bell")


def connect() -> psycopg.Connection[tuple[object, ...]]:
    """A connection of its own to the same database, without a transaction around each statement."""
    return psycopg.connect(_where(), autocommit=True)


async def connect_async() -> psycopg.AsyncConnection[tuple[object, ...]]:
    return await psycopg.AsyncConnection.connect(_where(), autocommit=True)


def _where() -> str:
    given = connections["default"].get_connection_params()
    kept = ("dbname", "user", "password", "host", "port", "sslmode", "service")
    return make_conninfo(**{key: given[key] for key in kept if given.get(key)}, connect_timeout=5)


def ring(name: str) -> None:
    """Wake who listens to this name in the current city, once the current transaction has committed."""
    if settings.GUYUB_BELL:
        schema = get_city().schema
        transaction.on_commit(lambda: _bell.ring(name, schema))


class _Bell:
    """The thread is started by the first ring and ends with the process."""

    def __init__(self) -> None:
        self.waiting: set[tuple[str, str]] = set()
        self.lock = threading.Lock()
        self.rung = threading.Event()
        self.thread: threading.Thread | None = None

    def ring(self, name: str, schema: str) -> None:
        with self.lock:
            self.waiting.add((name, schema))
            if self.thread is None:
                self.thread = threading.Thread(target=self._go_on, name="bell", daemon=True)
                self.thread.start()
        self.rung.set()

    def _go_on(self) -> None:
        connection: psycopg.Connection[tuple[object, ...]] | None = None
        pause = threading.Event()
        while True:
            self.rung.wait()
            self.rung.clear()
            with self.lock:
                taken, self.waiting = self.waiting, set()
            try:
                connection = connection or connect()
                self._send(connection, taken)
            except psycopg.Error as problem:
                log.warning("the bell could not be rung: %s", type(problem).__name__)
                with suppress(psycopg.Error):
                    if connection is not None:
                        connection.close()
                connection = None
                pause.wait(1)
            pause.wait(PAUSE_SECONDS)

    @staticmethod
    def _send(connection: psycopg.Connection[tuple[object, ...]], rings: Iterable[tuple[str, str]]) -> None:
        with connection.cursor() as cursor:
            for name, schema in sorted(rings):
                cursor.execute("SELECT pg_notify(%s, %s)", [name, schema])


_bell = _Bell()


class Ear:
    """Waits for a name to be rung in any city. Without a connection it only lets the time pass."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.connection: psycopg.Connection[tuple[object, ...]] | None = None

    def wait(self, seconds: float) -> None:
        """Return when the name was rung, or after so many seconds. Raises `psycopg.Error` when the database is gone."""
        if self.connection is None or self.connection.closed:
            self.connection = connect()
            self.connection.execute(f"LISTEN {self.name}")
        for _ in self.connection.notifies(timeout=seconds, stop_after=1):
            pass

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None
