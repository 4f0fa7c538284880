"""Read a backup into a database: all of it or nothing, never over a city that is there."""

from __future__ import annotations

import base64
import gzip
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.types.json import Jsonb

from guyub.kernel.cities import registry, secrets
from guyub.kernel.cities.secrets import CannotDecrypt
from guyub.launch.backup import archive, programs
from guyub.launch.backup.archive import BackupProblem
from guyub.launch.backup.making import files_of, fingerprint, owner_settings

_RECORD = (
    "code",
    "slug",
    "schema",
    "name",
    "kind",
    "government_name",
    "head_title",
    "time_zone",
    "profile",
    "wrapped_key",
    "created_at",
)


@dataclass(frozen=True)
class Restored:
    """What came back; `warnings` are for the operator."""

    record: dict[str, Any]
    manifest: dict[str, Any]
    photos: int
    warnings: tuple[str, ...]


def restore(
    file: Path,
    *,
    passphrase: bytes | None = None,
    slug: str | None = None,
    hosts: list[str] | None = None,
    into: Mapping[str, Any] | None = None,
    app_role: str | None = None,
    data: Path | None = None,
) -> Restored:
    """Bring a city back, under another short name or other hosts if given. Raises `BackupProblem`.

    `into` is another database's owner (Django's settings); `data` another folder for photos.
    """
    manifest, record = archive.inspect(file, passphrase=passphrase)
    record |= {"slug": slug or record["slug"], "hosts": hosts or record["hosts"]}
    where, role = into or owner_settings(), app_role or str(settings.DATABASES["default"]["USER"])
    _refuse_what_would_not_work(manifest, record, where)
    photos = _Photos((data / "files" / record["schema"]) if data else files_of(record["schema"]))
    try:
        with archive.reading(file, passphrase=passphrase) as tar:
            for entry in tar:
                part = tar.extractfile(entry)
                assert part
                if entry.name == archive.SCHEMA:
                    tables = _kept(part, file.parent)
                elif entry.name.startswith(archive.FILES):
                    photos.put(entry.name.removeprefix(archive.FILES), part)
        with tables:
            end = ending(record["schema"], role, owner=str(where["USER"])) + _registration(record)
            programs.run_sql(where, _pieces(tables, record["schema"], record["schema"], end))
    except BaseException:
        photos.take_back()
        raise
    registry._hosts.forget()
    secrets.forget()
    return Restored(record, manifest, photos.count, _warnings(manifest))


def ending(schema: str, role: str, *, owner: str) -> list[sql.Composed]:
    """What follows the rows in their transaction: the next era, so that no event falls behind; the app's rights."""
    name = sql.Identifier(schema)
    return [
        sql.SQL("UPDATE {}.ledger_era SET era = era + 1").format(name),
        *registry.grants(schema, role, owner=owner),
    ]


def _registration(record: Mapping[str, Any]) -> list[sql.Composed]:
    values = [
        base64.b64decode(record[name])
        if name == "wrapped_key"
        else Jsonb(record[name])
        if name == "profile"
        else record[name]
        for name in _RECORD
    ]
    made = sql.SQL("INSERT INTO commons.cities_city ({}) VALUES ({})").format(
        sql.SQL(", ").join(map(sql.Identifier, _RECORD)), sql.SQL(", ").join(map(sql.Literal, values))
    )
    hosts = [
        sql.SQL(
            "INSERT INTO commons.cities_host (host, city_id) SELECT {}, id FROM commons.cities_city WHERE code = {}"
        ).format(sql.Literal(host), sql.Literal(record["code"]))
        for host in record["hosts"]
    ]
    return [made, *hosts]


def _pieces(tables: IO[bytes], schema: str, to: str, end: list[sql.Composed]) -> Iterator[bytes]:
    with gzip.open(tables, "rb") as text:
        yield from programs.adapted(text, schema=schema, to=to)
    for statement in end:
        yield statement.as_string(None).encode() + b";\n"


def _kept(part: IO[bytes], near: Path) -> IO[bytes]:
    """The tables wait on disk until the photos, which follow them in the archive, are in place."""
    import shutil
    import tempfile

    kept = tempfile.TemporaryFile(dir=near)  # noqa: SIM115 (the caller closes it)
    shutil.copyfileobj(part, kept, 1 << 20)
    kept.seek(0)
    return kept


class _Photos:
    """Puts photos where they were. Their names are random and their bytes never change, so what a restore that was
    killed left behind is simply written again; no page shows it before the city is registered."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.made, self.count = folder, [], 0  # type: ignore[var-annotated]

    def put(self, name: str, content: IO[bytes]) -> None:
        path = (self.folder / name).resolve()
        if self.folder.resolve() not in path.parents:
            raise BackupProblem(f"The backup holds a file that points elsewhere: {name}.")
        is_new = not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as target:
            while block := content.read(1 << 20):
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        part.replace(path)
        self.count += 1
        if is_new:
            self.made.append(path)

    def take_back(self) -> None:
        for path in self.made:
            path.unlink(missing_ok=True)


def _refuse_what_would_not_work(
    manifest: dict[str, Any], record: dict[str, Any], where: Mapping[str, Any]
) -> None:
    """Everything that can be known before the first byte is written."""
    newer = sorted(set(manifest["migrations"]) - _migrations_here())
    if newer:
        raise BackupProblem(
            f"The backup was made by a newer Guyub (it has {newer[0]}). Restore it with that version."
        )
    try:
        secrets.unwrap(base64.b64decode(record["wrapped_key"]))
    except CannotDecrypt:
        raise BackupProblem(
            "The city's key does not open with this GUYUB_MASTER_KEY. Use the master key of the installation "
            "that made the backup; without it contacts of reporters cannot be read."
        ) from None
    with connect(where) as there:
        if there.execute("SELECT to_regclass('commons.cities_host')").fetchone() == (None,):
            raise BackupProblem(
                "The database has no registry of cities yet. Run `guyub migrate` with its DATABASE_URL first."
            )
        taken = there.execute(
            "SELECT slug FROM commons.cities_city WHERE code = %(code)s OR slug = %(slug)s OR schema = %(schema)s "
            "UNION SELECT host FROM commons.cities_host WHERE host = ANY(%(hosts)s) "
            "UNION SELECT nspname FROM pg_namespace WHERE nspname = %(schema)s",
            {name: record[name] for name in ("code", "slug", "schema", "hosts")},
        ).fetchone()
    if taken:
        raise BackupProblem(
            f"'{taken[0]}' is there already; a restore never replaces a city. Move the one that is there away first."
        )


def _migrations_here() -> set[str]:
    return {f"{app}.{name}" for app, name in registry.known_migrations()}


def connect(where: Mapping[str, Any]) -> psycopg.Connection:
    """A connection outside Django, to whatever database an operator named."""
    given = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT", "password": "PASSWORD"}
    found = {name: where[key] for name, key in given.items() if where.get(key)}
    try:
        return psycopg.connect(**found, **where.get("OPTIONS", {}), autocommit=True)
    except psycopg.OperationalError as problem:
        raise BackupProblem(f"The database cannot be reached: {str(problem).strip()}") from None


def _warnings(manifest: dict[str, Any]) -> tuple[str, ...]:
    found = []
    if manifest["signs_with"] != fingerprint(settings.SECRET_KEY):
        found.append(
            "GUYUB_SECRET_KEY is another one than where the backup was made: reporters' own links will not open."
        )
    if _migrations_here() - set(manifest["migrations"]):
        found.append("The backup is of an older Guyub: run `guyub migrate` now.")
    return tuple(found)
