"""One level of an answer: its columns, its order and where a page ended, and how a row becomes a tree."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from orjson import Fragment

from guyub.rooms.sensing.sta import functions, tables  # noqa: F401 - the functions name themselves
from guyub.rooms.sensing.sta.asking import Asked
from guyub.rooms.sensing.sta.entities import Entity, Kind, Property
from guyub.rooms.sensing.sta.phrasing import Phrasing, Values
from guyub.rooms.sensing.sta.refusing import NotServed, wrong

if TYPE_CHECKING:
    from guyub.rooms.sensing.sta.reading import Place, Reader

Tree = dict[str, Any]

# ── The order of rows, and where a page ended ──────────────────────────────────────────────────────────────


class Order:
    """By what rows are put in order: SQL that is never null, its type, and whether downwards; always total."""

    def __init__(self, plan: Plan, place: Place) -> None:
        self.values = plan.values
        self.keys: list[tuple[str, str, bool]] = []
        for term in plan.asked.orderby:
            phrase = plan.phrasing.phrase(term.what)
            self.keys += [(sql, kind, term.is_down) for sql, kind in plan.phrasing.sort_keys(phrase)]
        t = plan.t
        is_of_values = plan.entity.set == "Observations"
        if is_of_values and not self.keys:
            self.keys.append((f"{t}.phenomenon_time", "timestamptz", True))
        # Within a datastream the time is a key already.
        is_total = is_of_values and place.holder is not None and place.holder.one == "Datastream"
        if not (is_total and any(sql == f"{t}.phenomenon_time" for sql, _, _ in self.keys)):
            self.keys.append((f"{t}.id", "bigint", self.keys[-1][2] if self.keys else False))

    def after(self, token: str) -> str:
        """The condition on rows after those of which the token speaks. Raises `NotServed`."""
        said = _read_token(token)
        if len(said) != len(self.keys):
            raise wrong("$skiptoken: not one of this question.")
        put = [self.values.put(value, kind) for value, (_, kind, _) in zip(said, self.keys, strict=True)]
        ways = {is_down for _, _, is_down in self.keys}
        if len(ways) == 1:
            sign = "<" if ways.pop() else ">"
            return f"({', '.join(sql for sql, _, _ in self.keys)}) {sign} ({', '.join(put)})"
        steps, same = [], ""
        for (sql, _, is_down), value in zip(self.keys, put, strict=True):
            steps.append(f"({same}{sql} {'<' if is_down else '>'} {value})")
            same += f"{sql} = {value} AND "
        return f"({' OR '.join(steps)})"


def token_of(keys: str) -> str:
    """`keys` is JSON as PostgreSQL wrote it."""
    return base64.urlsafe_b64encode(keys.encode()).decode().rstrip("=")


def _read_token(token: str) -> list[str]:
    try:
        said = json.loads(base64.urlsafe_b64decode(token.encode() + b"=" * (-len(token) % 4)))
        if not isinstance(said, list) or not all(isinstance(one, str) and "\0" not in one for one in said):
            raise ValueError
        "".join(said).encode()
    except (ValueError, RecursionError):
        raise wrong("$skiptoken: cannot be read.") from None
    return said


# ── One level of an answer ─────────────────────────────────────────────────────────────────────────────────


class Plan:
    """Which columns of an entity are asked for, and how a row of them becomes a tree."""

    def __init__(self, reader: Reader, entity: Entity, asked: Asked, t: str) -> None:
        self.reader, self.entity, self.asked, self.t = reader, entity, asked, t
        self.values = Values()
        self.phrasing = Phrasing(entity, t, self.values, reader.viewer, tables.shape_rows)
        self.columns: list[str] = []
        self.places: dict[str, int] = {}
        self.steps: list[tuple[str, Property, int]] = []
        self.shown_names = frozenset(asked.select or (*entity.properties, *entity.relations))
        self._choose()

    def _choose(self) -> None:
        entity, asked = self.entity, self.asked
        known = {"id", "@iot.id", "@iot.selfLink", *entity.properties, *entity.relations}
        if lost := [name for name in asked.select if name not in known]:
            raise wrong(f"$select: {entity.one} has no {lost[0]}.")
        self.has_id = not asked.select or not self.shown_names.isdisjoint(("id", "@iot.id"))
        self.has_self = not asked.select or "@iot.selfLink" in self.shown_names
        self.links = [
            name for name in entity.relations if name in self.shown_names and name not in asked.expand
        ]
        self._column(f"{self.t}.id")
        chosen = asked.select or tuple(entity.properties)
        for name in chosen:
            if one := entity.properties.get(name):
                columns = [column.format(t=self.t) for column in one.sql]
                self.phrasing.bring(entity, self.t, tuple(columns))
                at = len(self.columns)
                for column in columns:
                    is_json = one.kind is Kind.JSON or column.endswith(".result_json")
                    self._column(f"{column}::text" if is_json else column)
                self.steps.append((name, one, at))
        for name in asked.expand:
            relation = entity.relations.get(name)
            if relation is not None and relation.column:
                self.places[relation.column] = self._column(f"{self.t}.{relation.column}")

    def _column(self, sql: str) -> int:
        self.columns.append(sql)
        return len(self.columns) - 1

    def filter(self) -> list[str]:
        if self.asked.filter is None:
            return []
        try:
            return [self.phrasing.condition(self.asked.filter)]
        except NotServed as problem:
            raise NotServed(problem.status, f"$filter: {problem.words}") from None

    def from_latest(self) -> None:
        """The newest value's own columns stand beside the datastream, too."""
        self.columns = ["t.observation" if column == "t.id" else column for column in self.columns]

    def sql(
        self,
        wheres: list[str],
        order: Iterable[tuple[str, str, bool]],
        *,
        limit: int | None = None,
        offset: int = 0,
        columns: str = "",
        table: str = "",
        keys: Iterable[tuple[str, str, bool]] = (),
        lead: str = "",
    ) -> str:
        order = list(order)
        told = list(keys) or order
        shown = columns or ", ".join(self.columns)
        if told and not columns:
            shown += f", json_build_array({', '.join(f'({sql})::text' for sql, _, _ in told)})::text"
        parts = [
            f"SELECT {lead}{shown} FROM {table or f'{self.entity.table} {self.t}'}",
            *self.phrasing.joins.values(),
            f"WHERE {' AND '.join(wheres)}" if wheres else "",
        ]
        if order:
            parts.append(
                "ORDER BY " + ", ".join(f"{sql} {'DESC' if down else 'ASC'}" for sql, _, down in order)
            )
        if limit is not None:
            parts.append(f"LIMIT {self.values.put(limit, 'bigint')}")
        if offset:
            parts.append(f"OFFSET {self.values.put(offset, 'bigint')}")
        return " ".join(parts)

    # ── Rows ───────────────────────────────────────────────────────────────────────────────────────────────

    def make(self, rows: tables.Rows) -> list[Tree]:
        base = f"{self.reader.root}/{self.entity.set}("
        links = [(f"{name}@iot.navigationLink", f")/{name}") for name in self.links]
        steps = [(name, one.kind, at, one.shown_null) for name, one, at in self.steps]
        made = []
        for row in rows:
            tree: Tree = {}
            key = row[0]
            if self.has_id:
                tree["@iot.id"] = key
            if self.has_self:
                tree["@iot.selfLink"] = f"{base}{key})"
            for name, kind, at, shown_null in steps:
                value = row[at]
                if kind is Kind.JSON:
                    if value is not None:
                        tree[name] = Fragment(value)
                elif kind is Kind.SPAN:
                    if value is not None:
                        end = row[at + 1]
                        tree[name] = value if end is None else f"{stamp(value)}/{stamp(end)}"
                elif kind is Kind.RESULT:
                    tree[name] = plain_result(value, row[at + 1], row[at + 2])
                elif value is not None or shown_null:
                    tree[name] = value
            start = f"{base}{key}"
            for name, end in links:
                tree[name] = start + end
            made.append(tree)
        return made


def plain_result(number: float | None, text: str | None, document: str | None) -> Any:
    """A whole number is shown as one."""
    if number is not None:
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    return text if text is not None else Fragment(document or "null")


def stamp(at: Any) -> str:
    return at.isoformat().replace("+00:00", "Z")  # type: ignore[no-any-return]
