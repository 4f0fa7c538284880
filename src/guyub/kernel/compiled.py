"""A query whose SQL is made once.

Django makes a query's SQL anew each time it runs: a third of a millisecond for a plain one, over one for nested
conditions, which on the paths that every request walks is more than the database takes. A `Compiled` query is written
with the ORM as any other, made into SQL on its first run in the process, and from then on only given its values.
PostgreSQL is told the same way: it plans the query once a connection (and again where the city differs), which for
a query of several tables is most of its work.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import NotSupportedError, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import FlatValuesListIterable, get_related_populators
from psycopg.types.numeric import Int2, Int4, Int8

Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)
Value = int | str | date | datetime | UUID | list[int] | list[str]
KEPT = 512


class Compiled(Generic[Row]):
    """`build` gets its values by name and returns a queryset; it is called once, with stand-ins of the same types.

    So `build` must not look at a value (no `if`, no arithmetic), and each value must reach the SQL as it is: plain
    conditions do. A value of another type than the first time is refused. A list, of any length, is compared by
    the look-up `any` (`column__any=values`), with a column of lists by `has_any`.

    `plans_anew` is for a query whose best plan depends on its values: its SQL is made once all the same.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Row]], *, plans_anew: bool = False) -> None:
        self._build, self._plans_anew = build, plans_anew
        self._made: _Made | None = None

    def rows(self, **values: Value) -> list[Row]:
        """The rows, as the queryset would give them. One query."""
        if self._made is None:
            self._made = _Made(self._build, values, ask_planned if self._plans_anew else ask_prepared)
        return cast("list[Row]", self._made.run(values))


class CompiledFor(Generic[Key, Row]):
    """A compiled query for each of many keys, such as what somebody's grants let them see.

    `build` gets the key as it is, before the stand-ins, and may look at it: what it makes of it belongs to this key
    alone. Whatever the query depends on must therefore stand in the key. The last few hundred are kept.
    """

    def __init__(self, build: Callable[..., models.QuerySet[Any, Row]], *, plans_anew: bool = False) -> None:
        self._of = lru_cache(maxsize=KEPT)(
            lambda key: Compiled[Row](partial(build, key), plans_anew=plans_anew)
        )

    def rows(self, key: Key, **values: Value) -> list[Row]:
        """The rows, as the queryset would give them. One query."""
        return self._of(key).rows(**values)


class _Made:
    def __init__(self, build: Callable[..., Any], values: dict[str, Any], ask: Callable[..., Any]) -> None:
        self.ask = ask
        stand_ins = {name: _stand_in(value, n) for n, (name, value) in enumerate(values.items(), 1)}
        queryset = build(**stand_ins)
        self.types = {name: type(value) for name, value in values.items()}
        self.using = queryset.db
        compiler = queryset.query.get_compiler(using=queryset.db)
        try:
            sql, found = compiler.as_sql()
        except EmptyResultSet:  # no row can ever fit, and there is no SQL
            self.sql = ""
            return
        self.sql = sys.intern(sql)  # many keys have one text
        names = {_key(stand_in): name for name, stand_in in stand_ins.items()}
        # 1 == True: only what has a stand-in's own type is taken for one.
        plain = [int(value) if isinstance(value, Int2 | Int4 | Int8) else value for value in found]
        self.params = [(names.get(_key(value)) if type(value) in _TYPES else None, value) for value in plain]
        lost = set(values) - {name for name, _ in self.params}
        if lost:
            raise TypeError(f"These values do not reach the query as they are: {', '.join(sorted(lost))}.")
        # Not the compiler itself, which holds the whole query as objects.
        converters = compiler.get_converters([column for column, _, _ in compiler.select])
        self.converters = [(place, *how) for place, how in converters.items()]
        self.model = None if queryset._fields is not None else queryset.model
        if self.model is not None and queryset.query.annotations:
            raise TypeError("A compiled query gives rows of tables; name what is counted with values_list.")
        self.flat = queryset._iterable_class is FlatValuesListIterable
        if self.model is not None:
            own = compiler.klass_info["select_fields"]
            self.names = [compiler.select[n][0].target.attname for n in own]
            self.related = get_related_populators(  # the types are those of a later Django
                compiler.klass_info,
                compiler.select,
                self.using,  # type: ignore[call-arg]
            )

    def run(self, values: dict[str, Any]) -> list[Any]:
        if {name: type(value) for name, value in values.items()} != self.types:
            raise TypeError(f"This query was made for {self.types}.")
        if not self.sql:
            return []
        params = [value if name is None else values[name] for name, value in self.params]
        rows = self.ask(connections[self.using], self.sql, params)
        if self.converters:
            rows = [self._converted(row) for row in rows]
        if self.model is not None:
            return [self._object(self.model, row) for row in rows]
        return [row[0] for row in rows] if self.flat else rows

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        made = list(row)
        for place, converters, expression in self.converters:
            for convert in converters:
                made[place] = convert(made[place], expression, connections[self.using])
        return tuple(made)

    def _object(self, model: type[models.Model], row: tuple[Any, ...]) -> models.Model:
        """The row of the query's own table, with those of the tables that `select_related` names."""
        made = model.from_db(self.using, self.names, row[: len(self.names)])
        for one in self.related:
            one.populate(row, made)
        return made


class _Preparing(psycopg.Cursor[Any]):
    """Asks PostgreSQL to keep the plan. Whole numbers go as bigint whatever their size: one plan, not three."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> Any:
        if isinstance(params, dict):
            sent: Any = {name: _sent(value) for name, value in params.items()}
        else:
            sent = [_sent(value) for value in params or ()]
        try:
            return super().execute(query, sent, prepare=True)
        finally:
            # Where Django's own log of queries looks; without it a test that counts them could not say which.
            self._query = SimpleNamespace(query=query.encode())  # type: ignore[assignment]


def _sent(value: Any) -> Any:
    if type(value) is int:
        return Int8(value)
    return [_sent(one) for one in value] if type(value) is list else value


class _PreparingNumbered(psycopg.RawCursor[Any]):
    """The same for a statement whose values stand in it as $1, $2: nobody reads it before PostgreSQL does. Psycopg
    reads others each time anew from 4,096 characters on, which then costs as much as storing a row."""

    def execute(self, query: Any, params: Any = None, **_: Any) -> Any:
        try:
            return super().execute(query, [_sent(value) for value in params or ()], prepare=True)
        finally:
            self._query = SimpleNamespace(query=query.encode())  # type: ignore[assignment]


def ask_prepared(
    connection: BaseDatabaseWrapper, sql: str, params: Any, *, is_numbered: bool = False
) -> list[Any]:
    """The rows of a query that is kept planned. Where an upgrade has changed its table since, it is planned anew.

    Inside a transaction PostgreSQL refuses an outdated plan for good: the error is raised, and the connection is not
    used for another request.
    """
    connection = connections[connection.alias]  # not Django's proxy, which looks for it at each touch
    for is_last in (False, True):
        try:
            with prepared_cursor(connection, is_numbered=is_numbered) as cursor:
                cursor.execute(sql, params)
                return cast("list[Any]", cursor.fetchall())
        except NotSupportedError:
            connection.close_at = 0
            if is_last or connection.in_atomic_block:
                raise
            connection.close()
    raise AssertionError


def ask_planned(connection: BaseDatabaseWrapper, sql: str, params: Any) -> list[Any]:
    """The rows of a query that PostgreSQL plans with these very values, as it does the ORM's."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cast("list[Any]", cursor.fetchall())


def prepared_cursor(connection: BaseDatabaseWrapper, *, is_numbered: bool = False) -> Any:
    """A cursor of Django's (its wrappers see each query) whose queries are kept planned on the connection.

    For SQL that is the same each time but for its values: each text is kept until the connection ends. Numbered, its
    values stand in it as $1, $2.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors:
        connection.follow_city()  # type: ignore[attr-defined]
        cursor = (_PreparingNumbered if is_numbered else _Preparing)(connection.connection)
    return connection._prepare_cursor(cursor)  # type: ignore[attr-defined]


@models.Field.register_lookup
@models.ForeignObject.register_lookup
class AnyOf(models.Lookup):  # type: ignore[type-arg]
    """`column__any=values`: one of them. Unlike `__in` its SQL is the same however many they are."""

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, self.rhs]


@ArrayField.register_lookup
class HasAny(AnyOf):
    """`array_column__has_any=values`: the two share a value. `__overlap` writes each value into its SQL."""

    lookup_name = "has_any"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        kind = self.lhs.output_field.db_type(connection)
        return f"{column} && %s::{kind}", [*params, self.rhs]


_TYPES = {int, str, date, datetime, UUID, list}


def _key(value: Any) -> Any:
    return tuple(value) if type(value) is list else value


def _stand_in(value: Any, n: int) -> Any:
    """A value that no query has by itself."""
    if type(value) is datetime:
        return datetime(2, 2, 2, 2, 2, n, tzinfo=UTC)
    if type(value) is date:
        return date(2, 2, n)
    if type(value) is int:
        return 1_999_999_900 + n
    if type(value) is str:
        return f"stand-in:{n}"
    if type(value) is UUID:
        return UUID(int=n)
    if type(value) is list:
        return [1_999_999_800 + n]
    raise TypeError(
        f"A compiled query takes whole numbers, text, dates, moments, UUIDs and lists, not {type(value).__name__}."
    )
