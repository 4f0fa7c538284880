"""Asking the database: kept plans for what is always asked alike, and a limit on the time of what is not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, DataError, OperationalError, connection, transaction
from psycopg import Cursor, errors
from psycopg.pq import Format

from guyub.kernel.compiled import prepared_cursor
from guyub.rooms.sensing.sta.refusing import NotServed, wrong

Rows = list[tuple[Any, ...]]


def ask(sql: str, values: dict[str, Any], *, is_plain: bool = True) -> Rows:
    """The rows of a query. A plain one is of a few shapes and its plan is kept; the others would only push it out."""
    with prepared_cursor(connection) if is_plain else _cursor() as cursor:
        cursor.cursor.format = (
            Format.BINARY
        )  # times are read by psycopg's own code, not by Python's as Django's are
        cursor.execute(sql, values)
        return cursor.fetchall()  # type: ignore[no-any-return]


def _cursor() -> Any:
    """Binds on the server, and its plan is not kept."""
    connection.ensure_connection()
    with connection.wrap_database_errors:
        connection.follow_city()  # type: ignore[attr-defined]
        cursor = Cursor(connection.connection)
    return connection._prepare_cursor(cursor)  # type: ignore[attr-defined]


def shape_rows(table: str, column: str) -> list[tuple[int, str]]:
    """The shapes of a table; both names are our own words."""
    return ask(f"SELECT t.id, {column.format(t='t')}::text FROM {table} t LIMIT 20001", {})  # type: ignore[return-value]


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """What takes longer is broken off, so that one question cannot hold a process. Raises `NotServed`."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(seconds * 1000))])
            yield
    except OperationalError as problem:
        if isinstance(problem.__cause__, errors.QueryCanceled):
            raise NotServed(
                503, "This takes too long. Narrow it by time or datastream, or use the hourly figures."
            ) from None
        raise


@contextmanager
def words_of_the_database() -> Iterator[None]:
    """A value that PostgreSQL cannot reckon with is the asker's fault. Raises `NotServed`."""
    try:
        yield
    except DataError:
        raise wrong("A value in it is out of range or of the wrong kind.") from None
    except DatabaseError as problem:
        if isinstance(problem.__cause__, errors.StatementTooComplex | errors.ProgramLimitExceeded):
            raise wrong("Too much at once.") from None
        raise
