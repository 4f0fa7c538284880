"""Write a backup."""

from __future__ import annotations

import base64
import gzip
import hashlib
import shutil
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from guyub.kernel.cities import api as cities
from guyub.kernel.cities import backups, current
from guyub.kernel.cities.api import City
from guyub.launch.backup import archive, programs


def back_up(
    city: City,
    file: Path,
    *,
    at: datetime,
    passphrase: bytes | None = None,
    sessions: bool = False,
    photos: bool = True,
) -> dict[str, Any]:
    """Write one city into a new file and note that it was done; returns the manifest.

    The tables are read as of one moment while the city goes on; photos after them, so that each row has its bytes.
    """
    folder = programs.new_folder(file.parent)
    try:
        with archive.writing(file, passphrase=passphrase) as writer:
            tables = folder / archive.SCHEMA
            _dump(city, tables, sessions=sessions)
            writer.add_json(archive.RECORD, record_of(city))
            writer.add(archive.SCHEMA, tables)
            count = _add_photos(writer, city) if photos else 0
            found = _manifest(city, at=at) | {"photos": count, "sums": dict(writer.sums)}
            writer.add_json(archive.MANIFEST, found)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    backups.note(city, file=str(file.resolve()), size=file.stat().st_size, facts=found["facts"], at=at)
    return found


def record_of(city: City) -> dict[str, Any]:
    """The city's row in the registry, its data key still wrapped by the master key."""
    from guyub.kernel.cities.models import CityRecord

    with current.only_schema(current.COMMONS):
        row = CityRecord.objects.get(code=city.code)
    names = (
        "code",
        "slug",
        "schema",
        "name",
        "kind",
        "government_name",
        "head_title",
        "time_zone",
        "profile",
    )
    return {
        **{name: getattr(row, name) for name in names},
        "hosts": list(city.hosts),
        "wrapped_key": base64.b64encode(bytes(row.wrapped_key)).decode(),
        "created_at": row.created_at.isoformat(),
    }


def fingerprint(secret: str) -> str:
    """Tells whether two installations sign with the same key, and nothing about the key."""
    return hashlib.sha256(b"guyub-fingerprint:" + secret.encode()).hexdigest()[:16]


def files_of(schema: str) -> Path:
    """The folder of a city's photos."""
    return Path(settings.GUYUB_DATA) / "files" / schema


def _dump(city: City, target: Path, *, sessions: bool) -> None:
    with (
        programs.dumping(owner_settings(), city.schema, sessions=sessions) as source,
        gzip.open(target, "wb", compresslevel=5) as packed,
    ):
        shutil.copyfileobj(source, packed, 1 << 20)


def owner_settings() -> dict[str, Any]:
    """Where the owner's connection really goes; tests point it elsewhere after the settings were read."""
    from django.db import connections

    return dict(connections["owner"].settings_dict)


def _add_photos(writer: archive.Writer, city: City) -> int:
    folder, count = files_of(city.schema), 0
    for path in sorted(folder.rglob("*.jpg")):
        try:
            writer.add(archive.FILES + path.relative_to(folder).as_posix(), path)
        except FileNotFoundError:
            continue  # removed since the tables were read
        count += 1
    return count


def _manifest(city: City, *, at: datetime) -> dict[str, Any]:
    with cities.inside(city), connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM ledger_fact), (SELECT count(*) FROM ledger_seal), "
            "(SELECT era FROM ledger_era), current_setting('server_version'), "
            "(SELECT array_agg(app || '.' || name ORDER BY app, name) FROM django_migrations)"
        )
        facts, seals, era, server, migrations = cursor.fetchone()
    return {
        "format": archive.FORMAT,
        "city": city.code,
        "made_at": at.isoformat(),
        "guyub": metadata.version("guyub") if _is_installed() else "",
        "postgresql": server,
        "era": era,
        "facts": facts,
        "seals": seals,
        "migrations": migrations,
        "signs_with": fingerprint(settings.SECRET_KEY),
    }


def _is_installed() -> bool:
    """A checkout is run without being installed as a package."""
    try:
        metadata.version("guyub")
    except metadata.PackageNotFoundError:
        return False
    return True
