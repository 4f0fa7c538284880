"""From what is asked to the answer's tree: one query for a set, one for each relation that is expanded in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import quote, urlencode

from guyub.rooms.sensing.sta import functions, tables  # noqa: F401 - the functions name themselves
from guyub.rooms.sensing.sta.asking import Asked, Segment
from guyub.rooms.sensing.sta.entities import ENTITIES, Entity, Relation
from guyub.rooms.sensing.sta.grammar import Path
from guyub.rooms.sensing.sta.phrasing import Values, Viewer
from guyub.rooms.sensing.sta.plans import Order, Plan, Tree, token_of
from guyub.rooms.sensing.sta.refusing import NotServed, wrong

_LATEST_COLUMNS = frozenset(["id", "@iot.id", "@iot.selfLink", "phenomenonTime", "result"])


@dataclass(frozen=True, slots=True)
class Limits:
    """The city's own numbers, from the rulebook."""

    page: int  # rows of a page of which nothing is said
    page_most: int
    skip_most: int
    count_most: int  # counted exactly up to here
    rows_most: int  # in one answer, with all that is expanded
    seconds: float  # for a question that is not a plain one


class Place(NamedTuple):
    """Where a path leads: to an entity (`key`), or to the set at the root or below `relation` of an entity."""

    entity: Entity
    key: int | None = None
    relation: Relation | None = None
    parent: int | None = None
    holder: Entity | None = None


@dataclass(slots=True)
class Reader:
    root: str
    viewer: Viewer
    limits: Limits
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.limits.rows_most

    # ── Where a path leads ─────────────────────────────────────────────────────────────────────────────────

    def follow(self, segments: Sequence[Segment]) -> tuple[Place, list[str]]:
        """The place, and the words after it (a property, `$ref`, `$value`). One query, none for a set at the root.

        Raises `NotServed` (404) where something on the way is not there, or not for this asker.
        """
        first = segments[0]
        entity = ENTITIES.get(first.name)
        if entity is None:
            raise NotServed(404, f"No such set: {first.name[:60]}")
        if first.key is None:
            if len(segments) > 1 and segments[1].name in entity.relations:
                raise NotServed(404, f"{entity.set} are many: name one by its id.")
            return Place(entity), [self._word(one) for one in segments[1:]]
        way = Way(self.viewer, entity, first.key)
        n = 1
        while n < len(segments) and (relation := way.entity.relations.get(segments[n].name)):
            if relation.is_many and segments[n].key is None:
                place = Place(ENTITIES[relation.target], None, relation, way.find(), way.entity)
                return place, [self._word(one) for one in segments[n + 1 :]]
            way.step(relation, segments[n].key)
            n += 1
        return Place(way.entity, way.find()), [self._word(one) for one in segments[n:]]

    @staticmethod
    def _word(segment: Segment) -> str:
        if segment.key is not None:
            raise NotServed(404, f"No such relation: {segment.name[:60]}")
        return segment.name

    # ── Sets and entities ──────────────────────────────────────────────────────────────────────────────────

    def page(self, place: Place, asked: Asked, *, path: str) -> Tree:
        """A page of a set, with the link to the next."""
        plan, found, more = self._page(place, asked)
        tree: Tree = {}
        if asked.count:
            self._count(tree, "@iot.count", place, asked)
        if more:
            tree["@iot.nextLink"] = self._next(path, asked, found[-1][-1])
        tree["value"] = self._trees(plan, found)
        return tree

    def values(self, place: Place, asked: Asked, *, path: str) -> tuple[Tree, list[tuple[int, Tree]]]:
        """A page of values, each with its datastream's id, for an answer in arrays."""
        stated = replace(asked, expand={"Datastream": Asked(select=("id",))})
        plan, found, more = self._page(place, stated)
        tree: Tree = {}
        if asked.count:
            self._count(tree, "@iot.count", place, asked)
        if more:
            tree["@iot.nextLink"] = self._next(path, asked, found[-1][-1])
        at = plan.places["datastream_id"]
        return tree, list(zip((row[at] for row in found), plan.make(found), strict=True))

    def _page(self, place: Place, asked: Asked) -> tuple[Plan, tables.Rows, bool]:
        size = self._size(asked)
        plan = Plan(self, place.entity, asked, "t")
        wheres = [*self._at(plan, place), *plan.filter()]
        order = Order(plan, place)
        if asked.skiptoken:
            wheres.append(order.after(asked.skiptoken))
        if size == 0:
            return plan, [], False
        sql = plan.sql(wheres, order.keys, limit=size + 1, offset=self._skip(asked))
        found = tables.ask(sql, plan.values.kept, is_plain=self._is_plain(asked))
        self._spend(len(found))
        return plan, found[:size], len(found) > size

    def entity(self, place: Place, asked: Asked) -> Tree:
        self._single(asked)
        plan = Plan(self, place.entity, asked, "t")
        wheres = [f"t.id = {plan.values.put(place.key, 'bigint')}"]
        found = tables.ask(plan.sql(wheres, (), limit=1), plan.values.kept)
        if not found:
            raise NotServed(404, "There is nothing here.")
        return self._trees(plan, found)[0]

    def _single(self, asked: Asked) -> None:
        if asked.filter or asked.orderby or asked.count or asked.top is not None or asked.skip:
            raise wrong("Of a single entity only $select and $expand can be asked.")

    def _size(self, asked: Asked) -> int:
        return min(self.limits.page if asked.top is None else asked.top, self.limits.page_most)

    def _skip(self, asked: Asked) -> int:
        if asked.skip > self.limits.skip_most:
            raise wrong(
                f"$skip: at most {self.limits.skip_most}. Follow @iot.nextLink, or narrow with $filter."
            )
        return asked.skip

    def _spend(self, n: int) -> None:
        self.left -= n
        if self.left < 0:
            raise wrong(
                f"$expand: more than {self.limits.rows_most} rows in one answer. Ask for less with $top."
            )

    def _at(self, plan: Plan, place: Place) -> list[str]:
        """The set's own rows: below its holder, and what the asker may see of them."""
        wheres = []
        if place.relation is not None:
            parent = plan.values.put(place.parent, "bigint")
            wheres.append(place.relation.join.format(c=plan.t, p=parent))
        if (
            place.holder is None or place.holder.one != "Datastream"
        ):  # whose values are seen by whoever sees it
            wheres.append(self.viewer.sees(place.entity, plan.t, plan.values))
        return wheres

    @staticmethod
    def _is_plain(asked: Asked) -> bool:
        return not (asked.filter or asked.orderby or asked.select)

    def is_heavy(self, asked: Asked) -> bool:
        """Whether it is asked in a way that no index may serve."""
        return bool(asked.filter or asked.orderby or asked.count or asked.skip or asked.expand)

    # ── Counting ───────────────────────────────────────────────────────────────────────────────────────────

    def _count(self, tree: Tree, name: str, place: Place, asked: Asked) -> None:
        """Exact up to a limit. All values of visible datastreams are counted beside their newest, exactly."""
        most = self.limits.count_most
        plan = Plan(self, place.entity, Asked(filter=asked.filter), "t")
        if place.entity.set == "Observations" and not asked.filter and self._counted(place):
            tree[name] = self._kept_count(place)
            return
        wheres = [*self._at(plan, place), *plan.filter()]
        inner = plan.sql(wheres, (), limit=most + 1, columns="1")
        n = tables.ask(f"SELECT count(*) FROM ({inner}) x", plan.values.kept, is_plain=not asked.filter)[0][0]
        tree[name] = min(n, most)
        if n > most:
            tree[name.replace("@iot.count", "@guyub.countIsAtLeast")] = True

    @staticmethod
    def _counted(place: Place) -> bool:
        return place.holder is None or place.holder.one == "Datastream"

    def _kept_count(self, place: Place) -> int:
        values = Values()
        if place.parent is not None:
            where = f"t.id = {values.put(place.parent, 'bigint')}"
        else:
            where = self.viewer.sees(ENTITIES["Datastreams"], "t", values)
        sql = f"SELECT coalesce(sum(l.count), 0)::bigint FROM sensing_latest l JOIN sensing_datastream t ON t.id = l.datastream_id WHERE {where}"
        return int(tables.ask(sql, values.kept)[0][0])

    # ── Links ──────────────────────────────────────────────────────────────────────────────────────────────

    def link(self, entity: Entity, key: int) -> str:
        return f"{self.root}/{entity.set}({key})"

    def _next(self, path: str, asked: Asked, keys: str) -> str:
        """Where the rows after these keys stand. The options are written once for all links of a level."""
        if not asked.tail:
            said = {
                f"${name}": value for name, value in asked.said.items() if name not in ("skip", "skiptoken")
            }
            asked.tail = _query({**said, "$skiptoken": ""})
        return f"{self.root}/{path}?{asked.tail}{token_of(keys)}"

    # ── Trees ──────────────────────────────────────────────────────────────────────────────────────────────

    def _trees(self, plan: Plan, rows: tables.Rows) -> list[Tree]:
        made = plan.make(rows)
        for name, asked in plan.asked.expand.items():
            relation = plan.entity.relations.get(name)
            if relation is None:
                raise wrong(f"$expand: {plan.entity.one} has no relation {name[:40]}.")
            if relation.is_many:
                self._expand_many(plan, rows, made, relation, asked)
            else:
                self._expand_one(plan, rows, made, relation, asked)
        return made

    def _expand_one(
        self, plan: Plan, rows: tables.Rows, made: list[Tree], relation: Relation, asked: Asked
    ) -> None:
        self._single(asked)
        column = plan.places[relation.column]
        below = Plan(self, ENTITIES[relation.target], asked, "t")
        keys = below.values.put(list({row[column] for row in rows}), "bigint[]")
        found = tables.ask(
            below.sql([f"t.id = ANY({keys})"], ()), below.values.kept, is_plain=self._is_plain(asked)
        )
        self._spend(len(found))
        trees = dict(zip((row[0] for row in found), self._trees(below, found), strict=True))
        for tree, row in zip(made, rows, strict=True):
            tree[relation.name] = trees.get(row[column])

    def _expand_many(
        self, plan: Plan, rows: tables.Rows, made: list[Tree], relation: Relation, asked: Asked
    ) -> None:
        target = ENTITIES[relation.target]
        below = Plan(self, target, asked, "t")
        place = Place(target, None, relation, 0, plan.entity)
        keys = [row[0] for row in rows]
        size = min(self._size(asked), max(1, self.left // max(1, len(keys))))
        found, more = self._many(below, place, keys, asked, size) if keys and size else ([], set())
        self._spend(len(found))
        inside: dict[int, list[Tree]] = {key: [] for key in keys}
        last: dict[int, str] = {}
        for row, tree in zip(found, self._trees(below, [row[1:] for row in found]), strict=True):
            inside[row[0]].append(tree)
            last[row[0]] = row[-1]
        counts = self._counts(place, keys, asked) if asked.count else {}
        for tree, key in zip(made, keys, strict=True):
            if asked.count:
                tree[f"{relation.name}@iot.count"] = counts.get(key, 0)
            if key in more:
                path = f"{plan.entity.set}({key})/{relation.name}"
                tree[f"{relation.name}@iot.nextLink"] = self._next(path, asked, last[key])
            tree[relation.name] = inside[key]

    def _many(
        self, below: Plan, place: Place, keys: list[int], asked: Asked, size: int
    ) -> tuple[tables.Rows, set[int]]:
        """The rows of each holder, whose id stands before each, and the holders that have more than was asked."""
        relation = place.relation
        assert relation is not None
        put = below.values.put
        order = Order(below, place)
        parents = put(keys, "bigint[]")
        if size == 1 and self._is_newest(below, place, asked):
            return self._newest(below, parents, order)
        wheres = [relation.join.format(c="t", p="p.id")]
        if place.holder is None or place.holder.one != "Datastream":
            wheres.append(self.viewer.sees(place.entity, "t", below.values))
        wheres += below.filter()
        inner = below.sql(wheres, order.keys, limit=size + 1, offset=self._skip(asked))
        sql = f"SELECT p.id, x.* FROM unnest({parents}) AS p (id) CROSS JOIN LATERAL ({inner}) x"
        found, more, n = [], set(), dict.fromkeys(keys, 0)
        for row in tables.ask(sql, below.values.kept, is_plain=self._is_plain(asked)):
            n[row[0]] += 1
            if n[row[0]] > size:
                more.add(row[0])
            else:
                found.append(row)
        return found, more

    @staticmethod
    def _is_newest(below: Plan, place: Place, asked: Asked) -> bool:
        """`Datastreams?$expand=Observations($top=1;$orderby=phenomenonTime desc)`: what every screen asks."""
        is_of_streams = place.holder is not None and place.holder.one == "Datastream"
        newest = not asked.orderby or (
            len(asked.orderby) == 1
            and asked.orderby[0].is_down
            and asked.orderby[0].what == Path(("phenomenonTime",))
        )
        return is_of_streams and newest and not asked.filter and not asked.skip

    @staticmethod
    def _newest(below: Plan, parents: str, order: Order) -> tuple[tables.Rows, set[int]]:
        """By the kept newest, beside which stands how many values there are."""
        if below.shown_names <= _LATEST_COLUMNS and not below.asked.expand:
            below.from_latest()
            table, source = "sensing_latest t", "t"
        else:
            table, source = (
                (
                    "sensing_latest l JOIN sensing_observation t "
                    "ON t.datastream_id = l.datastream_id AND t.phenomenon_time = l.phenomenon_time"
                ),
                "l",
            )
        sql = below.sql(
            [f"{source}.datastream_id = ANY({parents})"], (), table=table, keys=order.keys,
            lead=f"{source}.count > 1, t.datastream_id, ",
        )  # fmt: skip
        found = tables.ask(sql, below.values.kept)
        return [row[1:] for row in found], {row[1] for row in found if row[0]}

    def _counts(self, place: Place, keys: list[int], asked: Asked) -> dict[int, int]:
        relation = place.relation
        assert relation is not None
        plan = Plan(self, place.entity, Asked(filter=asked.filter), "t")
        parents = plan.values.put(keys, "bigint[]")
        if place.entity.set == "Observations" and not asked.filter and self._counted(place):
            sql = f"SELECT datastream_id, count FROM sensing_latest WHERE datastream_id = ANY({parents})"
            return dict(tables.ask(sql, plan.values.kept))  # type: ignore[arg-type]
        wheres = [
            relation.join.format(c="t", p="p.id"),
            self.viewer.sees(place.entity, "t", plan.values),
            *plan.filter(),
        ]
        inner = plan.sql(wheres, (), limit=self.limits.count_most, columns="1")
        sql = f"SELECT p.id, (SELECT count(*) FROM ({inner}) x) FROM unnest({parents}) AS p (id)"
        return dict(tables.ask(sql, plan.values.kept, is_plain=False))  # type: ignore[arg-type]


class Way:
    """The entities of a path, one hanging on the other, as the joins of one query."""

    def __init__(self, viewer: Viewer, entity: Entity, key: int) -> None:
        self.viewer, self.entity, self.values, self.n = viewer, entity, Values(), 0
        self.chain = [f"{entity.table} e0"]
        self.wheres = [f"e0.id = {self.values.put(key, 'bigint')}", viewer.sees(entity, "e0", self.values)]

    def step(self, relation: Relation, key: int | None) -> None:
        target, p, c = ENTITIES[relation.target], f"e{self.n}", f"e{self.n + 1}"
        if relation.is_many:
            on = relation.join.format(c=c, p=f"{p}.id")
            on += f" AND {c}.id = {self.values.put(key, 'bigint')} AND {self.viewer.sees(target, c, self.values)}"
        elif key is not None:
            raise NotServed(404, f"{relation.name} is one: it takes no id.")
        else:
            on = f"{c}.id = {p}.{relation.column}"
        self.chain.append(f"JOIN {target.table} {c} ON {on}")
        self.entity, self.n = target, self.n + 1

    def find(self) -> int:
        """The id of the last. Raises `NotServed` (404)."""
        sql = f"SELECT e{self.n}.id FROM {' '.join(self.chain)} WHERE {' AND '.join(self.wheres)}"
        found = tables.ask(sql, self.values.kept)
        if not found:
            raise NotServed(404, "There is nothing here.")
        return int(found[0][0])


def _query(said: dict[str, str]) -> str:
    return urlencode(said, quote_via=quote, safe="$,()/';:@")
