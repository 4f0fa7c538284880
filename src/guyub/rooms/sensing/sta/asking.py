"""What an address asks for: the resource path, and the options after it. Plain Python; what cannot be right is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from guyub.rooms.sensing.sta import grammar
from guyub.rooms.sensing.sta.grammar import Node
from guyub.rooms.sensing.sta.refusing import NotServed, wrong

LARGEST = 2**63 - 1
DEEPEST_PATH = 12
DEEPEST_EXPAND = 5
MOST_EXPANDED = 40
MOST_TERMS = 20
_SEGMENT = re.compile(r"(?P<name>[^()']{1,200})(?:\((?P<key>[^()]{0,60})\))?")


# ── The resource path ──────────────────────────────────────────────────────────────────────────────────────


class Segment(NamedTuple):
    name: str
    key: int | None


def read_path(path: str) -> tuple[Segment, ...]:
    """`Things(1)/Datastreams` as segments. Raises `NotServed`."""
    parts = path.strip("/").split("/")
    if len(parts) > DEEPEST_PATH:
        raise NotServed(404, f"A path of more than {DEEPEST_PATH} parts leads nowhere here.")
    return tuple(_segment(part) for part in parts)


def _segment(text: str) -> Segment:
    found = _SEGMENT.fullmatch(text)
    if found is None or "\0" in text:
        raise NotServed(404, f"Not part of a path: {text[:60]}")
    key = found["key"]
    if key is None:
        return Segment(found["name"], None)
    if not re.fullmatch(r"[0-9]{1,19}", key, re.ASCII) or int(key) > LARGEST:
        raise NotServed(404, f"Ids are whole numbers here, not {key[:40]}.")
    return Segment(found["name"], int(key))


# ── The options ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Term:
    """One of `$orderby`."""

    what: Node
    is_down: bool = False


@dataclass(slots=True)
class Asked:
    """The options of a set or an entity; those of what is expanded in it stand in `expand`."""

    filter: Node | None = None
    orderby: tuple[Term, ...] = ()
    select: tuple[str, ...] = ()
    expand: dict[str, Asked] = field(default_factory=dict)
    top: int | None = None
    skip: int = 0
    count: bool = False
    skiptoken: str = ""
    result_format: str = ""
    said: dict[str, str] = field(default_factory=dict)  # the options as they were written, for the next page
    tail: str = ""  # the same as the end of an address, once it is needed


NAMES = frozenset(
    ["filter", "orderby", "select", "expand", "top", "skip", "count", "skiptoken", "resultFormat"]
)


def read_options(pairs: Iterable[tuple[str, str]]) -> Asked:
    """The options of a whole request; what is no option of the standard is refused, as the standard says."""
    said: dict[str, str] = {}
    for name, value in pairs:
        option = name.removeprefix("$")
        if not name.startswith("$") or option not in NAMES:
            raise wrong(f"Not an option: {name[:60]}")
        if option in said:
            raise wrong(f"Said twice: {name}")
        said[option] = value
    return _options(said, deep=0, left=[MOST_EXPANDED])


def _options(said: dict[str, str], *, deep: int, left: list[int]) -> Asked:
    found = Asked(said=said)
    try:
        for option, value in said.items():
            _READERS[option](found, value.strip(), deep, left)
    except NotServed as problem:
        raise NotServed(problem.status, f"${option}: {problem.words}") from None
    return found


def _filter(found: Asked, said: str, deep: int, left: list[int]) -> None:
    found.filter = grammar.parse(said)


def _orderby(found: Asked, said: str, deep: int, left: list[int]) -> None:
    terms = split(said, ",")
    if len(terms) > MOST_TERMS:
        raise wrong(f"At most {MOST_TERMS} terms.")
    found.orderby = tuple(_term(part.strip()) for part in terms)


def _term(text: str) -> Term:
    what, _, way = text.rpartition(" ")
    if what.strip() and way.lower() in ("asc", "desc"):
        return Term(grammar.parse(what), way.lower() == "desc")
    return Term(grammar.parse(text))


def _select(found: Asked, said: str, deep: int, left: list[int]) -> None:
    names = [part.strip() for part in said.split(",")]
    if len(names) > MOST_TERMS or not all(re.fullmatch(r"[@\w.]{1,60}", name) for name in names):
        raise wrong("Names of properties with commas between them.")
    found.select = tuple(dict.fromkeys(names))


def _expand(found: Asked, said: str, deep: int, left: list[int]) -> None:
    if deep >= DEEPEST_EXPAND:
        raise wrong(f"At most {DEEPEST_EXPAND} levels.")
    for part in split(said, ","):
        way, options = _expanded(part.strip())
        _put(found, way, options, deep, left)


def _put(found: Asked, way: list[str], options: dict[str, str], deep: int, left: list[int]) -> None:
    """`Datastreams/Observations($top=1)`: the options belong to the last; the same relation twice is one."""
    for name in way[:-1]:
        found, deep = found.expand.setdefault(name, Asked()), deep + 1
    left[0] -= 1
    if left[0] < 0 or deep >= DEEPEST_EXPAND:
        raise wrong(f"At most {MOST_EXPANDED} relations on {DEEPEST_EXPAND} levels.")
    last = way[-1]
    there = found.expand.get(last)
    if there is None or not there.said:
        made = _options(options, deep=deep + 1, left=left)
        if there is not None:
            made.expand = {**there.expand, **made.expand}
        found.expand[last] = made
    elif options:
        raise wrong(f"{last} is said twice.")


def _expanded(text: str) -> tuple[list[str], dict[str, str]]:
    name, opened, inside = text.partition("(")
    if opened and not inside.endswith(")"):
        raise wrong(f"A bracket is not closed: {text[:40]}")
    way = [part.strip() for part in name.split("/")]
    if not all(re.fullmatch(r"[A-Za-z]{1,40}", part) for part in way):
        raise wrong(f"Not a relation: {name[:40]}")
    options: dict[str, str] = {}
    for part in split(inside[:-1], ";") if opened and inside[:-1].strip() else ():
        option, equals, value = part.strip().partition("=")
        option = option.strip().removeprefix("$")
        if not equals or option not in NAMES - {"skiptoken", "resultFormat"} or option in options:
            raise wrong(f"Not an option of what is expanded: {part[:40]}")
        options[option] = value
    return way, options


def split(text: str, mark: str) -> list[str]:
    """The parts between marks that stand neither in quotes nor in brackets. Raises `NotServed`."""
    if len(text) > grammar.LONGEST:
        raise wrong(f"Too long: at most {grammar.LONGEST} characters.")
    parts, begun, deep, is_quoted = list[str](), 0, 0, False
    for n, letter in enumerate(text):
        if letter == "'":
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif letter == "(":
            deep += 1
        elif letter == ")":
            deep -= 1
        elif letter == mark and deep == 0:
            parts.append(text[begun:n])
            begun = n + 1
        if deep < 0:
            break
    if deep or is_quoted:
        raise wrong("Brackets or quotes that do not match.")
    return [*parts, text[begun:]]


def _whole(said: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", said, re.ASCII):
        raise wrong("A whole number from 0 on.")
    return int(said)


def _top(found: Asked, said: str, deep: int, left: list[int]) -> None:
    found.top = _whole(said)


def _skip(found: Asked, said: str, deep: int, left: list[int]) -> None:
    found.skip = _whole(said)


def _count(found: Asked, said: str, deep: int, left: list[int]) -> None:
    if said.lower() not in ("true", "false"):
        raise wrong("true or false.")
    found.count = said.lower() == "true"


def _skiptoken(found: Asked, said: str, deep: int, left: list[int]) -> None:
    found.skiptoken = said


def _result_format(found: Asked, said: str, deep: int, left: list[int]) -> None:
    if said != "dataArray":
        raise wrong("dataArray, or leave it out.")
    found.result_format = said


_READERS = {
    "filter": _filter,
    "orderby": _orderby,
    "select": _select,
    "expand": _expand,
    "top": _top,
    "skip": _skip,
    "count": _count,
    "skiptoken": _skiptoken,
    "resultFormat": _result_format,
}
