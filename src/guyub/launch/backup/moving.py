"""Move a city to another PostgreSQL: close it for writing, carry it over, compare, and only then let go of it here.

While it moves its pages can be read; whoever writes is told to come back in a few minutes. Until the new place was
checked nothing is taken away here, and whatever goes wrong opens the city here again.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from psycopg import sql

from guyub.kernel.cities import api as cities
from guyub.kernel.cities import registry
from guyub.kernel.cities.api import City
from guyub.kernel.ledger import api as ledger
from guyub.launch.backup import programs
from guyub.launch.backup.archive import BackupProblem
from guyub.launch.backup.making import back_up, owner_settings
from guyub.launch.backup.restoring import connect, restore

LONGEST_WRITE = 90.0  # seconds; the application's own statements end within sixty
_WRITES = "INSERT, UPDATE, DELETE"


@dataclass(frozen=True)
class Moved:
    """`closed_seconds`: how long nobody could write. `left` is the schema that stays here until it is dropped."""

    facts: int
    seals: int
    photos: int
    closed_seconds: float
    left: str


def move(
    city: City,
    *,
    to: Mapping[str, Any],
    at: datetime,
    work: Path,
    app_role: str | None = None,
    data: Path | None = None,
    forget_after: float = registry.HOSTS_ARE_FRESH_FOR_SECONDS + 1,
) -> Moved:
    """Carry a city to the database whose owner is `to`. Raises `BackupProblem`.

    `work` is a folder with room for the tables; `data` the other installation's folder for photos, if it has its own.
    `forget_after`: seconds after which no process here still remembers the city's host names.
    """
    folder = programs.new_folder(work)
    began = time.monotonic()
    try:
        with _closed(city):
            file = folder / "city.guyub"
            manifest = back_up(city, file, at=at, sessions=True, photos=data is not None)
            done = restore(file, into=to, app_role=app_role, data=data)
            with _taken_back(city, to):
                _compare(city, to, manifest)
                _unregister(city)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    closed = time.monotonic() - began
    time.sleep(forget_after)
    left = _put_aside(city, at)
    return Moved(manifest["facts"], manifest["seals"], done.photos, closed, left)


@contextmanager
def _closed(city: City) -> Iterator[None]:
    """Nobody writes to the city; opened again if the block fails."""
    role = str(settings.DATABASES["default"]["USER"])
    if role == owner_settings()["USER"]:
        raise BackupProblem("Moving needs two database roles: the owner cannot be kept from writing.")
    statement = sql.SQL("REVOKE {} ON ALL TABLES IN SCHEMA {} FROM {}").format(
        sql.SQL(_WRITES), sql.Identifier(city.schema), sql.Identifier(role)
    )
    try:
        with connect(owner_settings()) as here:
            here.execute(statement)
            _await_writers(here)
        yield
    except BaseException:
        registry.grant(city.schema)
        raise


def _await_writers(here: Any) -> None:
    """Whoever wrote before the city was closed has ended; else its rows would be missing from the copy."""
    (mark,) = here.execute("SELECT pg_current_xact_id()::text").fetchone()
    deadline = time.monotonic() + LONGEST_WRITE
    while time.monotonic() < deadline:
        (settled,) = here.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot()) > %s::text::xid8", [mark]
        ).fetchone()
        if settled:
            return
        time.sleep(0.05)
    raise BackupProblem(
        "A transaction has been writing for too long; `guyub check` names its session. Nothing was moved."
    )


@contextmanager
def _taken_back(city: City, to: Mapping[str, Any]) -> Iterator[None]:
    """If the block fails the city is removed there: it must never live in two places."""
    try:
        yield
    except BaseException:
        with talking_to(to):
            cities.drop_city(city)
        raise


def _compare(city: City, to: Mapping[str, Any], manifest: dict[str, Any]) -> None:
    """What arrived is what left: every seal holds, and each table has as many rows. Raises `BackupProblem`."""
    with talking_to(to), cities.inside(city):
        verdict, there = ledger.verify(), _counts(city.schema)
    with cities.inside(city):
        here = _counts(city.schema)
    different = sorted(name for name in here | there if here.get(name) != there.get(name))
    if verdict.broken is not None or verdict.seals != manifest["seals"] or different:
        raise BackupProblem(
            f"What arrived is not what left ({', '.join(different) or verdict.reason}); it was removed there."
        )


def _counts(schema: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = %s AND c.relkind = 'r' AND c.relpersistence = 'p'",
            [schema],
        )
        names = sorted(name for (name,) in cursor.fetchall())
        parts = [
            sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(n), sql.Identifier(schema, n))
            for n in names
        ]
        cursor.execute(sql.SQL(" UNION ALL ").join(parts))
        return dict(cursor.fetchall())


@contextmanager
def talking_to(where: Mapping[str, Any]) -> Iterator[None]:
    """Within the block both connections of this thread are the other database's owner."""
    before = {alias: connections[alias] for alias in ("default", "owner")}
    made = {}
    for alias, old in before.items():
        keys = ("NAME", "USER", "HOST", "PORT", "PASSWORD", "OPTIONS")
        changed = {**old.settings_dict, **{key: where[key] for key in keys if key in where}}
        made[alias] = connections[alias] = type(old)(changed, alias=alias)  # type: ignore[call-arg]
    try:
        yield
    finally:
        for alias, old in before.items():
            made[alias].close()
            connections[alias] = old
        registry._hosts.forget()


def _unregister(city: City) -> None:
    """From here on the city is the other database's; jobs that waited here are asked for there by its sweep."""
    with connect(owner_settings()) as here, here.transaction():
        here.execute(
            "SET LOCAL search_path TO commons"
        )  # the queue's own triggers name its tables without it
        here.execute(
            "DELETE FROM commons.cities_host WHERE city_id = (SELECT id FROM commons.cities_city WHERE code = %s)",
            [city.code],
        )
        here.execute("DELETE FROM commons.cities_city WHERE code = %s", [city.code])
        here.execute(
            "DELETE FROM commons.procrastinate_jobs WHERE args->>'city' = %s AND status = 'todo'", [city.slug]
        )
    registry._hosts.forget()


def _put_aside(city: City, at: datetime) -> str:
    """The schema under a name that no city has, out of the application's reach, until an operator drops it."""
    left = f"pindah_{city.code.replace('.', '_')}_{at:%Y%m%d%H%M%S}"
    role = str(settings.DATABASES["default"]["USER"])
    with connect(owner_settings()) as here:
        here.execute(
            sql.SQL("REVOKE ALL ON SCHEMA {} FROM {}").format(
                sql.Identifier(city.schema), sql.Identifier(role)
            )
        )
        here.execute(
            sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(city.schema), sql.Identifier(left))
        )
    return left
