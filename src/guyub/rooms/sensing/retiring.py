"""Values whose time is over: a whole month is written to a Parquet file and dropped, its hourly roll-ups stay.

Without pyarrow (the extra `archive`) no month is dropped, and `guyub check` says so: nothing goes that was not kept.
A datastream may keep its values for a shorter time; those are removed without a file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from guyub.kernel.cities.api import get_city
from guyub.kernel.compiled import prepared_cursor
from guyub.rooms.sensing import observations, reference
from guyub.rooms.sensing.models import Archive, Datastream

COLUMNS = (
    "id, datastream_id, phenomenon_time, phenomenon_end, result_num, result_text, result_json::text AS result_json, "
    "result_time, valid_from, valid_until, result_quality::text AS result_quality, parameters::text AS parameters, "
    "foi_id, received_at, quality, flags"
)
AT_ONCE = 100_000
REMOVED_AT_ONCE = 20_000


def retire_due(*, at: datetime) -> int:
    """Remove what is over; returns how many months were dropped. One a call: each holds up the table for a moment."""
    _remove_short_lived(at=at)
    due = due_months(at=at)
    if not due or not can_archive():
        return 0
    retire_month(due[0], at=at)
    return 1


def can_archive() -> bool:
    return find_spec("pyarrow") is not None


def due_months(*, at: datetime) -> list[date]:
    """The months that are over by the rulebook and still in the table, oldest first. One query."""
    kept = reference.amount("raw_kept", at=at)
    months = at.astimezone(UTC).year * 12 + at.astimezone(UTC).month - 1 - kept
    first = f"sensing_observation_{months // 12:04d}{months % 12 + 1:02d}"
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid "
            "WHERE i.inhparent = to_regclass('sensing_observation') AND c.relname < %s ORDER BY c.relname",
            [first],
        )
        return [datetime.strptime(name[-6:], "%Y%m").date() for (name,) in cursor.fetchall()]


def retire_month(month: date, *, at: datetime) -> Archive:
    """Write a month to its file, then drop it.

    First it is noted as closed, and whoever was storing is waited for: from then on nothing is added. If the process
    ends in between, the next call finds the month still there and goes on.
    """
    row, _is_new = Archive.objects.get_or_create(month=month, defaults={"rows": 0, "dropped_at": at})
    with transaction.atomic():
        observations.lock(Datastream.objects.values_list("pk", flat=True))
    row.rows, row.file, row.sha256 = _written(month)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '10s'")
            cursor.execute(f"SELECT DISTINCT datastream_id FROM {_table(month)}")  # noqa: S608
            streams = observations.lock(key for (key,) in cursor.fetchall())
            cursor.execute("SELECT sensing_drop_month(%s)", [month])
        observations.reckon_latest(streams)
        row.dropped_at = at
        row.save()
    return row


def _table(month: date) -> str:
    return f"sensing_observation_{month:%Y%m}"


def folder() -> Path:
    return Path(settings.GUYUB_DATA) / "archive" / get_city().schema


def _written(month: date) -> tuple[int, str, str]:
    """The file of a month: how many rows, its name, its SHA-256. A month without rows has none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder() / f"observations-{month:%Y-%m}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    part, rows, writer = path.with_suffix(".part"), 0, None
    for names, block in _blocks(month):
        table = pa.table(dict(zip(names, zip(*block, strict=True), strict=True)), schema=_schema(pa))
        writer = writer or pq.ParquetWriter(part, table.schema, compression="zstd")
        writer.write_table(table)
        rows += len(block)
    if writer is None:
        return 0, "", ""
    writer.close()
    with part.open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    part.replace(path)
    return rows, path.name, digest


def _blocks(month: date) -> Iterator[tuple[list[str], list[Any]]]:
    """The rows of a month by datastream and time, read piece by piece."""
    with transaction.atomic():
        with connection.cursor() as setting:
            setting.execute("SET LOCAL statement_timeout = 0")
        with connection.connection.cursor(name="sensing_archive") as cursor:
            cursor.execute(f"SELECT {COLUMNS} FROM {_table(month)} ORDER BY datastream_id, phenomenon_time")  # noqa: S608
            while block := cursor.fetchmany(AT_ONCE):
                yield [column.name for column in cursor.description], block


def _schema(pa: Any) -> Any:
    moment = pa.timestamp("us", tz="UTC")
    kinds = {
        "id": pa.int64(),
        "datastream_id": pa.int64(),
        "phenomenon_time": moment,
        "phenomenon_end": moment,
        "result_num": pa.float64(),
        "result_text": pa.string(),
        "result_json": pa.string(),
        "result_time": moment,
        "valid_from": moment,
        "valid_until": moment,
        "result_quality": pa.string(),
        "parameters": pa.string(),
        "foi_id": pa.int64(),
        "received_at": moment,
        "quality": pa.int16(),
        "flags": pa.int32(),
    }
    return pa.schema(list(kinds.items()))


def _remove_short_lived(*, at: datetime) -> None:
    """Values of datastreams that keep them for fewer days, some thousands a call."""
    rows = Datastream.objects.filter(retention_days__isnull=False)
    for key, days in rows.values_list("pk", "retention_days"):
        with prepared_cursor(connection) as cursor:
            cursor.execute(
                "SELECT id FROM sensing_observation WHERE datastream_id = %s AND phenomenon_time < %s LIMIT %s",
                [key, at - timedelta(days=days or 0), REMOVED_AT_ONCE],
            )
            over = [one for (one,) in cursor.fetchall()]
        if over:
            observations.forget_observations(key, over)
