"""The functions of `$filter`, each as SQL. Times are taken apart in UTC, as they are shown."""

from __future__ import annotations

import re
from typing import Any

from guyub.rooms.sensing.sta import shapes
from guyub.rooms.sensing.sta.entities import Kind
from guyub.rooms.sensing.sta.phrasing import FUNCTIONS, Maker, Phrase, Phrasing
from guyub.rooms.sensing.sta.refusing import wrong


def _of_texts(sql: str, kind: Kind) -> Maker:
    def make(p: Phrasing, args: list[Phrase]) -> Phrase:
        return Phrase("(" + sql.format(*(p.text(one) for one in args)) + ")", kind)

    return make


def _substring(p: Phrasing, args: list[Phrase]) -> Phrase:
    whole = p.text(args[0])
    start, *length = (f"greatest(least({p.number(one)}, 1e6), 0)::int" for one in args[1:])
    return Phrase(f"substr({whole}, {start} + 1{''.join(f', {one}' for one in length)})", Kind.TEXT)


def _of_number(sql: str) -> Maker:
    return lambda p, args: Phrase(sql.format(p.number(args[0])), Kind.NUMBER)


def _part(name: str) -> Maker:
    """A part of a time, in UTC as everything here."""

    def make(p: Phrasing, args: list[Phrase]) -> Phrase:
        return Phrase(f"extract({name} FROM {p.instant(args[0])} AT TIME ZONE 'UTC')::float8", Kind.NUMBER)

    return make


def _seconds(sql: str) -> Maker:
    """The seconds have a fraction, which is asked for apart."""
    part = _part("second")
    return lambda p, args: Phrase(f"({sql.format(part(p, args).sql)})", Kind.NUMBER)


def _date(p: Phrasing, args: list[Phrase]) -> Phrase:
    one = args[0]
    if one.kind is Kind.DAY or (one.kind is Kind.TEXT and re.fullmatch(r"\d{4}-\d\d-\d\d", str(one.literal))):
        return Phrase(p.day(one), Kind.DAY)
    return Phrase(f"({p.instant(one)} AT TIME ZONE 'UTC')::date", Kind.DAY)


def _clock(p: Phrasing, args: list[Phrase]) -> Phrase:
    return Phrase(f"({p.instant(args[0])} AT TIME ZONE 'UTC')::time", Kind.CLOCK)


def _total_seconds(p: Phrasing, args: list[Phrase]) -> Phrase:
    if args[0].kind is not Kind.DURATION:
        raise wrong("A duration is needed.")
    return Phrase(f"extract(epoch FROM {args[0].sql})::float8", Kind.NUMBER)


def _spans(sql: str) -> Maker:
    """A relation of two spans, by Allen; `a`, `b` begin, `x`, `y` end."""

    def make(p: Phrasing, args: list[Phrase]) -> Phrase:
        (a, x), (b, y) = p.ends(args[0]), p.ends(args[1])
        return Phrase(f"({sql.format(a=a, x=x, b=b, y=y)})", Kind.TRUTH)

    return make


def _predicate(name: str) -> Maker:
    def make(p: Phrasing, args: list[Phrase]) -> Phrase:
        column, shape, is_turned = _sides(args)
        return Phrase(p.geo(column, shapes.predicate(name, shape, is_turned), "boolean"), Kind.TRUTH)

    return make


def _sides(args: list[Phrase]) -> tuple[Phrase, Any, bool]:
    """The column, the shape that was written, and whether that came first."""
    first, second = args[:2]
    if Kind.SHAPE not in (first.kind, second.kind) or first.kind is second.kind:
        raise wrong("A property and a shape such as geography'POINT(107.6 -6.9)' are needed.")
    if first.kind is Kind.SHAPE:
        return second, first.literal, True
    return first, second.literal, False


def _relate(p: Phrasing, args: list[Phrase]) -> Phrase:
    column, shape, is_turned = _sides(args)
    return Phrase(p.geo(column, shapes.relate(shape, str(args[2].literal), is_turned), "boolean"), Kind.TRUTH)


def _distance(p: Phrasing, args: list[Phrase]) -> Phrase:
    column, shape, _ = _sides(args)
    return Phrase(p.geo(column, shapes.distance(shape), "float8"), Kind.NUMBER)


def _length_of_shape(p: Phrasing, args: list[Phrase]) -> Phrase:
    return Phrase(p.geo(args[0], shapes.length, "float8"), Kind.NUMBER)


def _moment(sql: str) -> Maker:
    return lambda p, args: Phrase(sql, Kind.TIME)


FUNCTIONS.update(
    {
        "substringof": (2, 2, _of_texts("strpos({1}, {0}) > 0", Kind.TRUTH)),
        "contains": (2, 2, _of_texts("strpos({0}, {1}) > 0", Kind.TRUTH)),
        "startswith": (2, 2, _of_texts("starts_with({0}, {1})", Kind.TRUTH)),
        "endswith": (2, 2, _of_texts("right({0}, length({1})) = {1}", Kind.TRUTH)),
        "length": (1, 1, _of_texts("length({0})::float8", Kind.NUMBER)),
        "indexof": (2, 2, _of_texts("(strpos({0}, {1}) - 1)::float8", Kind.NUMBER)),
        "substring": (2, 3, _substring),
        "tolower": (1, 1, _of_texts("lower({0})", Kind.TEXT)),
        "toupper": (1, 1, _of_texts("upper({0})", Kind.TEXT)),
        "trim": (1, 1, _of_texts("btrim({0})", Kind.TEXT)),
        "concat": (2, 2, _of_texts("{0} || {1}", Kind.TEXT)),
        "round": (1, 1, _of_number("round(({0})::numeric)::float8")),
        "floor": (1, 1, _of_number("floor({0})")),
        "ceiling": (1, 1, _of_number("ceil({0})")),
        "year": (1, 1, _part("year")),
        "month": (1, 1, _part("month")),
        "day": (1, 1, _part("day")),
        "hour": (1, 1, _part("hour")),
        "minute": (1, 1, _part("minute")),
        "second": (1, 1, _seconds("floor({0})")),
        "fractionalseconds": (1, 1, _seconds("{0} - floor({0})")),
        "date": (1, 1, _date),
        "time": (1, 1, _clock),
        "totaloffsetminutes": (1, 1, lambda p, args: Phrase("0::float8", Kind.NUMBER)),
        "totalseconds": (1, 1, _total_seconds),
        "now": (0, 0, _moment("now()")),
        "mindatetime": (0, 0, _moment("'-infinity'::timestamptz")),
        "maxdatetime": (0, 0, _moment("'infinity'::timestamptz")),
        "before": (2, 2, _spans("{x} <= {b} AND {a} < {b}")),
        "after": (2, 2, _spans("{a} >= {y} AND {a} > {b}")),
        "meets": (2, 2, _spans("{x} = {b} OR {a} = {y}")),
        "during": (2, 2, _spans("{a} >= {b} AND {x} <= {y} AND {a} < {y}")),
        "overlaps": (2, 2, _spans("({a} < {y} AND {b} < {x}) OR {a} = {b}")),
        "starts": (2, 2, _spans("{a} = {b}")),
        "finishes": (2, 2, _spans("{x} = {y}")),
        "geo.distance": (2, 2, _distance),
        "geo.length": (1, 1, _length_of_shape),
        "st_relate": (3, 3, _relate),
        **{name: (2, 2, _predicate(method)) for name, method in shapes.PREDICATES.items()},
    }
)
