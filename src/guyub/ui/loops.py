"""`{% for row in rows %}` over prepared rows, without Django's search for each value of each row.

A list of thirty rows prints five hundred values, and Django looks each up through the whole context, tries it three
ways and asks whether it is a date: half of what such a page costs. Where the loop's body holds only text, variables,
`if`, words, addresses, components and further loops, and the rows are ours (`Printed`), dictionaries, or tuples with a name for each
value, their values are read as they are. Whatever is not plain text goes Django's way, so that the output is the same,
letter by letter (`test_loops.py` compares).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from operator import itemgetter
from typing import Any, cast

from django.template.base import (
    FilterExpression,
    Node,
    NodeList,
    Parser,
    TextNode,
    Token,
    TokenType,
    Variable,
    VariableDoesNotExist,
    VariableNode,
)
from django.template.context import Context
from django.template.defaulttags import ForNode, IfNode, TemplateLiteral, URLNode, do_for
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.safestring import SafeString, mark_safe
from django_cotton.templatetags._component import CottonComponentNode

from guyub.ui.rows import Printed

_PLAIN = frozenset({str, SafeString, bool, int})
# These write of a row what Django writes, and leave nothing behind in the context for what comes after them.
_WHOLE = (BlockTranslateNode, CottonComponentNode, ForNode, TranslateNode, URLNode)


class _Run:
    """One run through a loop: the context, and what was found in it that no row changes."""

    __slots__ = ("context", "known")

    def __init__(self, context: Context) -> None:
        self.context = context
        self.known: dict[int, Any] = {}


Part = Callable[[Any, _Run], Any]
Test = Callable[[Any, _Run], Any]


class QuickFor(ForNode):
    """Django's loop; over prepared rows the parts write themselves."""

    def __init__(self, node: ForNode, parts: list[Part]) -> None:
        super().__init__(node.loopvars, node.sequence, False, node.nodelist_loop, node.nodelist_empty)
        self.parts = parts
        self.fits = _is_row if len(node.loopvars) == 1 else partial(_is_tuple, len(node.loopvars))

    def render(self, context: Context) -> Any:
        rows: Any = cast(FilterExpression, self.sequence).resolve(context, ignore_failures=True)
        if not isinstance(rows, list | tuple) or not rows or not context.autoescape:
            return super().render(context)
        if not all(map(self.fits, rows)):
            return super().render(context)
        written: list[str] = []
        with context.push():
            run, own = _Run(context), context.dicts[-1]
            for row in rows:  # the context is for what goes Django's way
                if len(self.loopvars) == 1:
                    own[self.loopvars[0]] = row
                else:
                    own.update(zip(self.loopvars, row, strict=True))
                written.extend([part(row, run) for part in self.parts])
        return mark_safe("".join(written))


def _is_row(row: Any) -> bool:
    return isinstance(row, Printed) or type(row) is dict


def _is_tuple(size: int, row: Any) -> bool:
    return type(row) is tuple and len(row) == size


def quick_for(parser: Parser, token: Token, *, constant: type[Node]) -> Node:
    """The tag. `constant` is a node whose output is the same for every row."""
    counts = _counts(parser)
    node = do_for(parser, token)
    if node.is_reversed or counts:
        return node
    parts = _parts(cast(NodeList, node.nodelist_loop), cast("list[str]", node.loopvars), constant)
    return node if parts is None else QuickFor(node, parts)


def _counts(parser: Parser) -> bool:
    """Whether the body that comes now asks how far its loop is (`forloop`), which only Django's own keeps."""
    inner: list[
        bool
    ] = []  # of each loop inside: whether `forloop` means it, as everywhere but after its `empty`
    for token in reversed(cast("list[Token]", parser.tokens)):
        if token.token_type not in (TokenType.BLOCK, TokenType.VAR):
            continue
        tag = token.contents.split(None, 1)[0] if token.token_type == TokenType.BLOCK else ""
        if tag == "endfor":
            if not inner:
                return False
            inner.pop()
        elif "parentloop" in token.contents or ("forloop" in token.contents and not any(inner)):
            return True
        elif tag == "for":
            inner.append(True)
        elif tag == "empty" and inner:
            inner[-1] = False
    return False


def _parts(nodes: NodeList, names: list[str], constant: type[Node]) -> list[Part] | None:
    """What writes a row, piece by piece; None where something stands that a loop of ours does not know."""
    parts: list[Part] = []
    for node in nodes:
        part: Part | None = None
        if isinstance(node, TextNode):
            part = _text(node.s)
        elif isinstance(node, VariableNode):
            part = _variable(node, names)
        elif isinstance(node, IfNode):
            part = _choice(node, names, constant)
        elif isinstance(node, constant) and not getattr(node, "name", None):
            part = _once(node)
        elif isinstance(node, _WHOLE) and not getattr(node, "asvar", None):
            part = _whole(node)
        if part is None:
            return None
        parts.append(part)
    return parts


def _text(text: str) -> Part:
    return lambda row, run: text


def _whole(node: Node) -> Part:
    return lambda row, run: node.render_annotated(run.context)


def _once(node: Node) -> Part:
    """What is the same for every row is written once a run, if it is reached at all."""
    key = id(node)

    def part(row: Any, run: _Run) -> Any:
        if key not in run.known:
            run.known[key] = node.render_annotated(run.context)
        return run.known[key]

    return part


def _variable(node: VariableNode, names: list[str]) -> Part:
    path = _path(node.filter_expression)
    if path is None:
        return _whole(node)
    if path[0] not in names:
        return _once(node)
    read = _reading(path, names)
    if read is None:
        return _whole(node)

    def part(row: Any, run: _Run) -> Any:
        value = read(row)
        if type(value) is str:
            return escape(value)
        if type(value) is int and 0 <= value < 1000:
            return str(value)  # no language parts its thousands
        return value if type(value) is SafeString else node.render_annotated(run.context)

    return part


def _choice(node: IfNode, names: list[str], constant: type[Node]) -> Part | None:
    branches: list[tuple[Test, list[Part]]] = []
    for condition, nodes in node.conditions_nodelists:
        parts = _parts(nodes, names, constant)
        if parts is None:
            return None
        branches.append((_test(condition, names), parts))

    def part(row: Any, run: _Run) -> Any:
        for holds, parts in branches:
            if holds(row, run):
                return "".join([one(row, run) for one in parts])
        return ""

    return part


def _test(condition: Any, names: list[str]) -> Test:
    """Whether a branch is taken. `else` has no condition."""
    if condition is None:
        return lambda row, run: True

    def asked(row: Any, run: _Run) -> Any:
        try:
            return condition.eval(run.context)
        except VariableDoesNotExist:
            return None

    path = _path(cast(FilterExpression, condition.value)) if isinstance(condition, TemplateLiteral) else None
    if path is None:
        return asked
    if path[0] in names:
        read = _reading(path, names)
        if read is None:
            return asked

        def of_row(row: Any, run: _Run) -> Any:
            value = read(row)
            return value if type(value) in _PLAIN else asked(row, run)

        return of_row
    key = id(condition)

    def once(row: Any, run: _Run) -> Any:
        if key not in run.known:
            run.known[key] = asked(row, run)
        return run.known[key]

    return once


def _reading(path: tuple[str, ...], names: list[str]) -> Callable[[Any], Any] | None:
    """How a value is read from a row; what is not there is None, and goes Django's way."""
    if len(names) > 1:
        place, inside = names.index(path[0]), path[1:]
        return partial(_inside, inside, place) if inside else itemgetter(place)
    if len(path) < 2:
        return None
    if len(path) > 2:
        return partial(_deep, path[1:])
    name = path[1]
    return lambda row: row.get(name) if type(row) is dict else getattr(row, name, None)


def _inside(path: tuple[str, ...], place: int, row: Any) -> Any:
    return _deep(path, row[place])


def _deep(path: tuple[str, ...], value: Any) -> Any:
    """What lies inside a value, as long as each is one that we know to read."""
    for name in path:
        if type(value) is dict:
            value = value.get(name)
        elif isinstance(value, Printed):
            value = getattr(value, name, None)
        else:
            return None
    return value


def _path(expression: FilterExpression) -> tuple[str, ...] | None:
    """`row.title` as its names; None for what is a literal or has a filter."""
    var = expression.var
    if expression.filters or not isinstance(var, Variable) or var.lookups is None:
        return None
    return tuple(var.lookups)
