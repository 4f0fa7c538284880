"""From the tree of a condition to SQL. Every value travels as a parameter; what cannot be compared is refused.

A path over a relation to one becomes a join of the query. Over a relation to many it means: there is one of which this
is so, and becomes an EXISTS around the innermost condition. In each the rows of what the asker may not see are left
out, so that no condition tells of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from guyub.rooms.sensing.sta import grammar, shapes
from guyub.rooms.sensing.sta.entities import ENTITIES, Entity, Kind, Relation
from guyub.rooms.sensing.sta.grammar import Node
from guyub.rooms.sensing.sta.refusing import wrong

DEEPEST_PATH = 6
# The ids of a table with the JSON of one of its columns, for what only Python can answer.
Fetch = Callable[[str, str], list[tuple[int, str]]]


class Phrase(NamedTuple):
    """SQL and what it is. A span and a result have several columns."""

    sql: str
    kind: Kind
    more: tuple[str, ...] = ()
    literal: Any = None


class Values:
    """The parameters of a query, each with the type that PostgreSQL shall read it as."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def put(self, value: Any, kind: str) -> str:
        name = f"p{len(self.kept)}"
        self.kept[name] = value
        return f"%({name})s::{kind}"


class Viewer(NamedTuple):
    """Who asks: a program of an office sees what is public and what is its office's, a stranger what is public."""

    office: int | None = None

    def sees(self, entity: Entity, t: str, values: Values) -> str:
        public = entity.public.format(t=t)
        if self.office is None:
            return public
        return f"({public} OR {entity.owned.format(t=t, office=values.put(self.office, 'bigint'))})"


class Phrasing:
    """The conditions on one row of an entity, with the joins that they need."""

    def __init__(self, entity: Entity, t: str, values: Values, viewer: Viewer, fetch: Fetch) -> None:
        self.entity, self.t, self.values, self.viewer, self.fetch = entity, t, values, viewer, fetch
        self.joins: dict[str, str] = {}
        self._inside: list[str] | None = None  # what an EXISTS around the present condition ranges over
        self._met: dict[tuple[str, ...], tuple[Entity, str]] = {}
        self._n = 0

    # ── Conditions ─────────────────────────────────────────────────────────────────────────────────────────

    def condition(self, node: Node) -> str:
        if isinstance(node, grammar.Joined):
            word = f" {node.word.upper()} "
            return "(" + word.join(self.condition(part) for part in node.parts) + ")"
        if isinstance(node, grammar.Not):
            return f"(NOT coalesce({self.condition(node.of)}, false))"
        outer, met = self._inside, dict(self._met)
        self._inside = []
        sql = self._leaf(node)
        inside, self._inside = self._inside, outer
        self._met = {way: found for way, found in self._met.items() if way in met or found[1] in self.joins}
        if not inside:
            return sql
        return f"EXISTS (SELECT FROM {' '.join(inside)} WHERE {sql})"

    def _leaf(self, node: Node) -> str:
        if isinstance(node, grammar.Binary) and node.word in grammar.COMPARISONS:
            return self._compared(node.word, self.phrase(node.left), self.phrase(node.right))
        if isinstance(node, grammar.Among):
            of = self.phrase(node.of)
            those = [self._compared("eq", of, self.phrase(one)) for one in node.those]
            return f"({' OR '.join(those)})"
        found = self.phrase(node)
        if found.kind is Kind.TRUTH:
            return found.sql
        if found.kind in (Kind.JSON, Kind.RESULT):
            return self._as_json(found) + " = 'true'::jsonb"
        raise wrong("A condition must be true or false.")

    # ── Values ─────────────────────────────────────────────────────────────────────────────────────────────

    def phrase(self, node: Node) -> Phrase:
        if isinstance(node, grammar.Path):
            return self.path(node.parts)
        if isinstance(node, grammar.Call):
            return self._call(node)
        if isinstance(node, grammar.Binary):
            if node.word in grammar.COMPARISONS:
                return Phrase(f"({self._leaf(node)})", Kind.TRUTH)
            return self._sum(node.word, self.phrase(node.left), self.phrase(node.right))
        if isinstance(node, grammar.Minus):
            return Phrase(f"(- {self.number(self.phrase(node.of))})", Kind.NUMBER)
        if isinstance(node, grammar.Joined | grammar.Not | grammar.Among):
            return Phrase(self.condition(node), Kind.TRUTH)
        return self._literal(node)

    def _literal(self, node: Node) -> Phrase:
        put = self.values.put
        match node:
            case grammar.Number(value):
                return Phrase(put(float(value), "float8"), Kind.NUMBER, literal=value)
            case grammar.Text(value):
                # Made into a parameter where it is known what it is compared with.
                return Phrase(put(value, "text"), Kind.TEXT, literal=value)
            case grammar.Truth(value):
                return Phrase(put(value, "boolean"), Kind.TRUTH, literal=value)
            case grammar.Moment(value):
                return Phrase(put(value, "timestamptz"), Kind.TIME, literal=value)
            case grammar.Span(start, end):
                first, last = put(start, "timestamptz"), put(end, "timestamptz")
                return Phrase(first, Kind.SPAN, (first, last), literal=start)
            case grammar.Day(value):
                return Phrase(put(value, "date"), Kind.DAY, literal=value)
            case grammar.Clock(value):
                return Phrase(put(value, "time"), Kind.CLOCK, literal=value)
            case grammar.Duration(value):
                return Phrase(put(value, "interval"), Kind.DURATION, literal=value)
            case grammar.Shape(text):
                return Phrase("", Kind.SHAPE, literal=shapes.read_wkt(text))
        return Phrase("NULL", Kind.NULL)

    # ── Paths ──────────────────────────────────────────────────────────────────────────────────────────────

    def path(self, parts: tuple[str, ...]) -> Phrase:
        """A property, over relations to it, and into its JSON."""
        entity, t = self.entity, self.t
        way: tuple[str, ...] = ()
        for n, name in enumerate(parts):
            if relation := entity.relations.get(name):
                if n + 1 == len(parts):
                    raise wrong(f"{name} is a relation: name one of its properties.")
                if n >= DEEPEST_PATH:
                    raise wrong(f"At most {DEEPEST_PATH} relations in a path.")
                way = (*way, name)
                entity, t = self._step(entity, t, relation, way)
                continue
            return self._property(entity, t, name, parts[n + 1 :])
        raise wrong("An empty path.")

    def _step(self, entity: Entity, t: str, relation: Relation, way: tuple[str, ...]) -> tuple[Entity, str]:
        if way in self._met:
            return self._met[way]
        target = ENTITIES[relation.target]
        self._n += 1
        c = f"{self.t}_{self._n}"
        if relation.is_many:
            if self._inside is None:
                raise wrong(f"{relation.name} are many: there is no order by them.")
            joined = relation.join.format(c=c, p=f"{t}.id")
            self._range_over(target, c, f"{joined} AND {self.viewer.sees(target, c, self.values)}")
        elif t == self.t or t in self.joins:
            self.joins[c] = f"LEFT JOIN {target.table} {c} ON {c}.id = {t}.{relation.column}"
        else:
            self._range_over(target, c, f"{c}.id = {t}.{relation.column}")
        self._met[way] = target, c
        return target, c

    def _range_over(self, target: Entity, c: str, on: str) -> None:
        inside = self._inside
        assert inside is not None
        inside.append(
            f"JOIN {target.table} {c} ON {on}" if inside else f"(SELECT) one JOIN {target.table} {c} ON {on}"
        )

    def _property(self, entity: Entity, t: str, name: str, below: tuple[str, ...]) -> Phrase:
        if name in ("id", "@iot.id") and not below:
            return Phrase(f"{t}.id", Kind.NUMBER)
        found = entity.properties.get(name)
        if found is None:
            raise wrong(f"{entity.one} has no {name[:60]}.")
        columns = tuple(column.format(t=t) for column in found.sql)
        self.bring(entity, t, columns)
        if found.kind is Kind.RESULT:
            if below:
                return self._within(columns[2], below)
            return Phrase(columns[0], Kind.RESULT, columns)
        if found.kind is Kind.JSON:
            if below:
                return self._within(columns[0], below)
            return Phrase(columns[0], Kind.JSON, (entity.table, t, found.sql[0]))
        if below:
            raise wrong(f"{name} has nothing below it.")
        if found.kind is Kind.SPAN:
            return Phrase(columns[0], Kind.SPAN, (columns[0], f"coalesce({columns[1]}, {columns[0]})"))
        return Phrase(columns[0], found.kind)

    def bring(self, entity: Entity, t: str, columns: tuple[str, ...]) -> None:
        for prefix, join in entity.joins:
            if any(prefix.format(t=t) in column for column in columns):
                made = join.format(t=t)
                if self._inside is not None and t != self.t and t not in self.joins:
                    if made not in self._inside:
                        self._inside.append(made)
                else:
                    self.joins.setdefault(f"{t}_l", made)

    def _within(self, column: str, below: tuple[str, ...]) -> Phrase:
        """A value inside JSON. The way there is a parameter like every other word of a stranger."""
        way = self.values.put(list(below), "text[]")
        return Phrase(f"({column} #> {way})", Kind.JSON)

    # ── As another kind ────────────────────────────────────────────────────────────────────────────────────

    def number(self, one: Phrase) -> str:
        if one.kind is Kind.NUMBER:
            return one.sql
        if one.kind is Kind.RESULT:
            return one.more[0]
        if one.kind is Kind.JSON:
            return f"(CASE WHEN jsonb_typeof({one.sql}) = 'number' THEN ({one.sql} #>> '{{}}')::float8 END)"
        if one.kind is Kind.TEXT and isinstance(one.literal, str):
            try:
                return self.values.put(float(one.literal), "float8")
            except ValueError:
                pass
        raise wrong(f"A number is needed, not a {one.kind}.")

    def text(self, one: Phrase) -> str:
        if one.kind is Kind.TEXT:
            return f'({one.sql} COLLATE "C")'
        if one.kind is Kind.RESULT:
            number, text, document = one.more
            return f"(coalesce({text}, {number}::text, {document} #>> '{{}}') COLLATE \"C\")"
        if one.kind is Kind.JSON:
            return f"(({one.sql} #>> '{{}}') COLLATE \"C\")"
        if one.kind is Kind.NUMBER:
            return f'({one.sql}::text COLLATE "C")'
        raise wrong(f"A text is needed, not a {one.kind}.")

    def _as_json(self, one: Phrase) -> str:
        if one.kind is Kind.RESULT:
            return one.more[2]
        return one.sql

    def instant(self, one: Phrase) -> str:
        if one.kind is Kind.TIME:
            return one.sql
        if one.kind is Kind.SPAN:
            return one.more[0]
        if one.kind is Kind.DAY and isinstance(one.literal, date):
            return self.values.put(datetime.combine(one.literal, time(), UTC), "timestamptz")
        if one.kind is Kind.TEXT and isinstance(one.literal, str):
            try:
                return self.values.put(grammar.moment(one.literal), "timestamptz")
            except (ValueError, OverflowError):
                pass
        raise wrong(f"A time with its zone is needed, not a {one.kind}.")

    def ends(self, one: Phrase) -> tuple[str, str]:
        if one.kind is Kind.SPAN:
            return one.more[0], one.more[1]
        if one.kind is Kind.TEXT and isinstance(one.literal, str) and "/" in one.literal:
            try:
                start, end = grammar.span(one.literal)
            except (ValueError, OverflowError):
                raise wrong("An interval is two times with a / between them.") from None
            return self.values.put(start, "timestamptz"), self.values.put(end, "timestamptz")
        at = self.instant(one)
        return at, at

    def day(self, one: Phrase) -> str:
        if one.kind is Kind.DAY:
            return one.sql
        if one.kind is Kind.TEXT and isinstance(one.literal, str):
            try:
                return self.values.put(date.fromisoformat(one.literal), "date")
            except ValueError:
                pass
        raise wrong(f"A day is needed, not a {one.kind}.")

    def geo(self, one: Phrase, measure: shapes.Measure, kind: str) -> str:
        """What is asked of the shape in a column: worked out beforehand for the table's rows, and joined by their ids."""
        if one.kind is not Kind.JSON or len(one.more) != 3:
            raise wrong(f"A property that holds a shape is needed, not a {one.kind}.")
        table, t, column = one.more
        rows = self.fetch(table, column)
        if len(rows) > shapes.MOST:
            raise wrong(f"More than {shapes.MOST} places: ask for them by their kelurahan instead.")
        keys, found = shapes.measured(rows, measure)
        self._n += 1
        g = f"{self.t}_g{self._n}"
        arrays = f"{self.values.put(keys, 'bigint[]')}, {self.values.put(found, f'{kind}[]')}"
        join = f"LEFT JOIN unnest({arrays}) {g} (key, said) ON {g}.key = {t}.id"
        if t == self.t or t in self.joins or self._inside is None:
            self.joins[g] = join
        else:
            self._inside.append(join)
        return f"{g}.said"

    # ── Comparing ──────────────────────────────────────────────────────────────────────────────────────────

    def _compared(self, word: str, left: Phrase, right: Phrase) -> str:
        kinds = {left.kind, right.kind}
        if Kind.NULL in kinds:
            return self._with_null(word, left if right.kind is Kind.NULL else right)
        sign = _SIGNS[word]
        if Kind.SHAPE in kinds:
            raise wrong("Shapes are compared by st_equals and its like.")
        if kinds & {Kind.TIME, Kind.SPAN}:
            return self._times(word, left, right)
        if Kind.DAY in kinds:
            return f"({self.day(left)} {sign} {self.day(right)})"
        if Kind.TRUTH in kinds:
            return self._truths(word, left, right)
        if kinds in ({Kind.CLOCK}, {Kind.DURATION}):
            return f"({left.sql} {sign} {right.sql})"
        if kinds & {Kind.CLOCK, Kind.DURATION}:
            raise wrong(f"A {left.kind} cannot be compared with a {right.kind}.")
        if Kind.NUMBER in kinds:
            return f"({self.number(left)} {sign} {self.number(right)})"
        return f"({self.text(left)} {sign} {self.text(right)})"

    def _with_null(self, word: str, one: Phrase) -> str:
        if word not in ("eq", "ne"):
            raise wrong("Nothing is smaller or larger than null.")
        if one.kind is Kind.NULL:
            return "true" if word == "eq" else "false"
        if one.kind is Kind.SHAPE:
            raise wrong("A shape is never null.")
        columns = one.more if one.kind is Kind.RESULT else (one.sql,)
        test = f"num_nonnulls({', '.join(columns)})"
        return f"({test} {'=' if word == 'eq' else '>'} 0)"

    def _truths(self, word: str, left: Phrase, right: Phrase) -> str:
        sides = []
        for one in (left, right):
            if one.kind is Kind.TRUTH:
                sides.append(f"to_jsonb({one.sql})")
            elif one.kind in (Kind.JSON, Kind.RESULT):
                sides.append(self._as_json(one))
            else:
                raise wrong(f"A {one.kind} is neither true nor false.")
        if word not in ("eq", "ne"):
            raise wrong("True and false have no order.")
        return f"({sides[0]} {_SIGNS[word]} {sides[1]})"

    def _times(self, word: str, left: Phrase, right: Phrase) -> str:
        """An instant with an instant plainly, so that an index serves; where one lasts, by its beginning and end."""
        (a, a_end), (b, b_end) = self.ends(left), self.ends(right)
        if a == a_end and b == b_end:
            return f"({a} {_SIGNS[word]} {b})"
        if word == "eq":
            return f"({a} = {b} AND {a_end} = {b_end})"
        if word == "ne":
            return f"({a} <> {b} OR {a_end} <> {b_end})"
        if word in ("lt", "le"):
            return f"({a} {_SIGNS[word]} {b} AND {a_end} <= {b_end})"
        return f"({a} {_SIGNS[word]} {b} AND {a_end} >= {b_end})"

    def _sum(self, word: str, left: Phrase, right: Phrase) -> Phrase:
        times, lasting = (Kind.TIME, Kind.SPAN), Kind.DURATION
        if left.kind in times or right.kind in times or lasting in (left.kind, right.kind):
            return self._sum_of_times(word, left, right)
        a, b = self.number(left), self.number(right)
        if word == "div":
            return Phrase(f"({a} / nullif({b}, 0))", Kind.NUMBER)
        if word == "mod":
            return Phrase(f"mod(({a})::numeric, nullif({b}, 0)::numeric)::float8", Kind.NUMBER)
        return Phrase(f"({a} {_SUMS[word]} {b})", Kind.NUMBER)

    def _sum_of_times(self, word: str, left: Phrase, right: Phrase) -> Phrase:
        if right.kind is Kind.DURATION and word in ("add", "sub"):
            if left.kind is Kind.DURATION:
                return Phrase(f"({left.sql} {_SUMS[word]} {right.sql})", Kind.DURATION)
            return Phrase(f"({self.instant(left)} {_SUMS[word]} {right.sql})", Kind.TIME)
        if left.kind is Kind.DURATION and word == "add" and right.kind is not Kind.NUMBER:
            return Phrase(f"({self.instant(right)} + {left.sql})", Kind.TIME)
        if left.kind is Kind.DURATION and word in ("mul", "div"):
            by = self.number(right) if word == "mul" else f"nullif({self.number(right)}, 0)"
            return Phrase(f"({left.sql} {_SUMS[word]} {by})", Kind.DURATION)
        if word == "sub" and Kind.DURATION not in (left.kind, right.kind):
            return Phrase(f"({self.instant(left)} - {self.instant(right)})", Kind.DURATION)
        raise wrong(f"{word} is not for a {left.kind} and a {right.kind}.")

    # ── Functions ──────────────────────────────────────────────────────────────────────────────────────────

    def _call(self, node: grammar.Call) -> Phrase:
        found = FUNCTIONS.get(node.name.lower())
        if found is None:
            raise wrong(f"No such function: {node.name[:40]}")
        least, most, make = found
        if not least <= len(node.args) <= most:
            raise wrong(f"{node.name} takes {least if least == most else f'{least} to {most}'} values.")
        return make(self, [self.phrase(one) for one in node.args])

    def sort_keys(self, one: Phrase) -> list[tuple[str, str]]:
        """SQL that is never null, and its type, to put rows in order by a value and to go on from there."""
        if one.kind is Kind.RESULT:
            number, text, document = one.more
            return [
                (f"coalesce({number}, '-Infinity')", "float8"),
                (f"(coalesce({text}, {document}::text, '') COLLATE \"C\")", "text"),
            ]
        if one.kind is Kind.NUMBER:
            return [
                (one.sql, "bigint")
                if one.sql.endswith(".id")
                else (f"coalesce({one.sql}, '-Infinity')", "float8")
            ]
        if one.kind in (Kind.TIME, Kind.SPAN):
            at = one.sql if one.kind is Kind.TIME else one.more[0]
            return [(at, "timestamptz") if at.endswith(".phenomenon_time") else (f"coalesce({at}, '-infinity')", "timestamptz")]  # fmt: skip
        if one.kind is Kind.TEXT:
            return [(f"(coalesce({one.sql}, '') COLLATE \"C\")", "text")]
        if one.kind is Kind.JSON:
            return [(f"(coalesce({one.sql}::text, '') COLLATE \"C\")", "text")]
        if one.kind is Kind.DAY:
            return [(f"coalesce({one.sql}, '-infinity')", "date")]
        if one.kind is Kind.DURATION:
            return [(f"coalesce(extract(epoch FROM {one.sql})::float8, '-Infinity')", "float8")]
        if one.kind is Kind.CLOCK:
            return [(f"coalesce({one.sql}, '00:00')", "time")]
        if one.kind is Kind.TRUTH:
            return [(f"coalesce({one.sql}, false)::int::bigint", "bigint")]
        raise wrong(f"There is no order by a {one.kind}.")


_SIGNS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_SUMS = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
Maker = Callable[[Phrasing, list[Phrase]], Phrase]
FUNCTIONS: dict[
    str, tuple[int, int, Maker]
] = {}  # filled by `functions`: at least, at most so many values, and how
