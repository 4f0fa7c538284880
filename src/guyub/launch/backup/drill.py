"""Show that a backup can be restored: do it beside the living city, look at what came back, and take it away again."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from psycopg import sql

from guyub.kernel.cities import api as cities
from guyub.kernel.cities import backups
from guyub.kernel.cities.api import City
from guyub.kernel.ledger import api as ledger
from guyub.launch.backup import archive, programs, restoring
from guyub.launch.backup.archive import BackupProblem
from guyub.launch.backup.making import owner_settings


@dataclass(frozen=True)
class Figures:
    """What a drill found. Seconds of reading and checking the file, of the tables, of verifying every seal."""

    file: Path
    size: int
    made_at: datetime
    facts: int
    seals: int
    photos: int
    read_seconds: float
    tables_seconds: float
    verify_seconds: float

    @property
    def seconds(self) -> float:
        return self.read_seconds + self.tables_seconds + self.verify_seconds


def drill(city: City, *, at: datetime, file: Path | None = None, passphrase: bytes | None = None) -> Figures:
    """Restore the newest backup (or `file`) into a scratch schema and remove it. Raises `BackupProblem`."""
    noted = backups.newest(city)
    if file is None and noted is None:
        raise BackupProblem(f"There is no backup of {city.name} yet: guyub city backup {city.slug} FILE")
    chosen = file or Path(noted.file)  # type: ignore[union-attr]
    if not chosen.is_file():
        raise BackupProblem(f"{chosen} is not there. Name the file with --file if it was moved.")
    began = time.monotonic()
    manifest, record = archive.inspect(chosen, passphrase=passphrase)
    if record["code"] != city.code:
        raise BackupProblem(f"{chosen} is a backup of {record['name']}, not of {city.name}.")
    scratch = "latihan_" + city.code.replace(".", "_")
    read = time.monotonic()
    _drop(scratch)
    try:
        _bring_back(chosen, passphrase, record["schema"], scratch)
        restored = time.monotonic()
        facts, verdict = _look(replace(city, schema=scratch))
    finally:
        _drop(scratch)
    if verdict.broken is not None:
        raise BackupProblem(f"In the backup seal {verdict.broken} does not fit: {verdict.reason}.")
    if (facts, verdict.seals) != (manifest["facts"], manifest["seals"]):
        raise BackupProblem(
            f"The backup holds {facts} facts and {verdict.seals} seals; its manifest says "
            f"{manifest['facts']} and {manifest['seals']}."
        )
    found = Figures(
        file=chosen,
        size=chosen.stat().st_size,
        made_at=datetime.fromisoformat(manifest["made_at"]),
        facts=facts,
        seals=verdict.seals,
        photos=manifest["photos"],
        read_seconds=read - began,
        tables_seconds=restored - read,
        verify_seconds=time.monotonic() - restored,
    )
    if noted and Path(noted.file) == chosen.resolve():
        backups.note_drill(noted, at=at, seconds=found.seconds)
    return found


def _bring_back(file: Path, passphrase: bytes | None, schema: str, scratch: str) -> None:
    where = owner_settings()
    end = restoring.ending(scratch, str(settings.DATABASES["default"]["USER"]), owner=str(where["USER"]))
    with _tables(file, passphrase) as tables:
        programs.run_sql(where, restoring._pieces(tables, schema, scratch, end))


def _tables(file: Path, passphrase: bytes | None) -> IO[bytes]:
    with archive.reading(file, passphrase=passphrase) as tar:
        for entry in tar:
            part = tar.extractfile(entry)
            if entry.name == archive.SCHEMA and part:
                return restoring._kept(part, file.parent)
    raise BackupProblem(f"{file} holds no tables.")


def _look(scratch: City) -> tuple[int, ledger.Verdict]:
    with cities.inside(scratch), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_fact")
        return int(cursor.fetchone()[0]), ledger.verify()


def _drop(schema: str) -> None:
    with restoring.connect(owner_settings()) as there:
        there.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
