"""PostgreSQL's own programs: pg_dump writes a schema as text, psql reads it into one transaction.

Plain text, because it is the one form that goes from any version to any other: what only newer servers know is left
out line by line, and a schema can be given another name on the way.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import dj_database_url

from guyub.launch.backup.archive import BackupProblem

# Sessions are left out of backups: a stolen one must not let anybody in. Counters are unlogged and stay behind.
SESSIONS = "django_session"
# Settings of newer servers, and a note that some builds of PostgreSQL 15 keep with each column and others refuse.
_OWN_TO_A_VERSION = re.compile(
    rb"SET transaction_timeout\b|ALTER TABLE ONLY \S+ ALTER COLUMN \S+ SET \(pg_attver=\d+\);\n"
)
_COPY = re.compile(rb"COPY .* FROM stdin;\n")


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs: of GUYUB_PG_BIN, else the packaged ones, else PATH."""
    from guyub.launch.postgres import PostgresError, binaries

    try:
        found = binaries() / name
        if found.exists():
            return str(found)
    except PostgresError:
        pass
    if path := shutil.which(name):
        return path
    raise BackupProblem(
        f"The program {name} was not found. Install postgresql-client, or set GUYUB_PG_BIN to its folder."
    )


def settings_of(url: str) -> dict[str, Any]:
    """A database address as Django's settings say it."""
    return dict(dj_database_url.parse(url))


def _environment(where: Mapping[str, Any]) -> dict[str, str]:
    """The connection for libpq: in the environment, because others on the machine can read a command line."""
    given = {
        "PGDATABASE": "NAME",
        "PGUSER": "USER",
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGPASSWORD": "PASSWORD",
    }
    more = {name: str(where[key]) for name, key in given.items() if where.get(key)}
    if mode := where.get("OPTIONS", {}).get("sslmode"):
        more["PGSSLMODE"] = mode
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, **more, "PGOPTIONS": "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0"}


@contextmanager
def dumping(where: Mapping[str, Any], schema: str, *, sessions: bool) -> Iterator[IO[bytes]]:
    """The schema as text, while the block reads it. Raises `BackupProblem` with pg_dump's words."""
    words = [
        program("pg_dump"),
        "--schema",
        schema,
        "--no-owner",
        "--no-privileges",
        "--no-unlogged-table-data",
    ]
    if not sessions:
        words.append(f"--exclude-table-data={schema}.{SESSIONS}")
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(words, env=_environment(where), stdout=subprocess.PIPE, stderr=said)  # noqa: S603
        assert process.stdout
        try:
            yield process.stdout
        except BaseException:
            process.kill()
            raise
        finally:
            process.stdout.close()
            status = process.wait()
        if status:
            said.seek(0)
            raise BackupProblem(f"pg_dump failed: {said.read().decode(errors='replace').strip()[-600:]}")


def run_sql(where: Mapping[str, Any], pieces: Iterable[bytes]) -> None:
    """Everything in one transaction, or nothing. Raises `BackupProblem` with psql's words, which hold no rows.

    BEGIN and COMMIT are ours and not psql's own (`-1`): when this process is killed psql's input just ends, and it
    would commit the half that it has read.
    """
    words = [
        program("psql"),
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-v",
        "VERBOSITY=terse",
        "-o",
        os.devnull,
        "-f",
        "-",
    ]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(words, env=_environment(where), stdin=subprocess.PIPE, stderr=said)  # noqa: S603
        assert process.stdin
        try:
            process.stdin.write(b"BEGIN;\n")
            for piece in pieces:
                process.stdin.write(piece)
            process.stdin.write(b"COMMIT;\n")
        except BrokenPipeError:
            pass  # psql said why before it left
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            with contextlib.suppress(OSError):
                process.stdin.close()
        if process.wait():
            said.seek(0)
            raise BackupProblem(f"Restoring failed: {said.read().decode(errors='replace').strip()[-600:]}")


def adapted(lines: Iterable[bytes], *, schema: str, to: str) -> Iterator[bytes]:
    """The dump for a server of any version, with the schema's name changed outside of the rows."""
    name = re.compile(rb"(?<![\w])" + re.escape(schema.encode()) + rb"(?![\w])")
    in_rows = False
    for line in lines:
        if in_rows:
            in_rows = line != b"\\.\n"
        elif _OWN_TO_A_VERSION.match(line):
            continue
        else:
            line = name.sub(to.encode(), line) if to != schema else line
            in_rows = bool(_COPY.fullmatch(line))
        yield line


def new_folder(near: Path) -> Path:
    """A folder for parts of a backup, on the disk where the backup goes, readable by nobody else."""
    return Path(tempfile.mkdtemp(prefix=".guyub-", dir=near))
