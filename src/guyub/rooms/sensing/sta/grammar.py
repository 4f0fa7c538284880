"""The words of `$filter` and `$orderby` as a tree. Plain Python.

A parser of our own: the one library for this language comes without a wheel, knows neither the `st_` functions nor
intervals nor `@iot.id`, and its tree would have to be walked by our own SQL all the same. This one goes no deeper
than `DEEPEST`, so that no request reaches Python's own limit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from guyub.rooms.sensing.sta.refusing import wrong

DEEPEST = 40
LONGEST = 20_000  # characters of one option
MOST_WORDS = 3_000
MOST_SUMS = 60  # of signs that add or multiply: each is a level of the tree


@dataclass(frozen=True, slots=True)
class Number:
    value: int | float


@dataclass(frozen=True, slots=True)
class Text:
    value: str


@dataclass(frozen=True, slots=True)
class Truth:
    value: bool


@dataclass(frozen=True, slots=True)
class Null:
    pass


@dataclass(frozen=True, slots=True)
class Moment:
    value: datetime


@dataclass(frozen=True, slots=True)
class Span:
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Day:
    value: date


@dataclass(frozen=True, slots=True)
class Clock:
    value: time


@dataclass(frozen=True, slots=True)
class Duration:
    value: timedelta


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape as it was written, in well-known text; longitude before latitude."""

    text: str


@dataclass(frozen=True, slots=True)
class Path:
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Binary:
    """A comparison or a sum, by the language's own word."""

    word: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions with `and` or `or` between them."""

    word: str
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    of: Node


@dataclass(frozen=True, slots=True)
class Minus:
    of: Node


@dataclass(frozen=True, slots=True)
class Among:
    of: Node
    those: tuple[Node, ...]


Node = Number | Text | Truth | Null | Moment | Span | Day | Clock | Duration | Shape | Path | Call | Binary | Joined | Not | Minus | Among  # fmt: skip

COMPARISONS = frozenset(["eq", "ne", "lt", "le", "gt", "ge"])
SUMS, PRODUCTS = frozenset(["add", "sub"]), frozenset(["mul", "div", "mod"])

# A plus that was not encoded in the address arrives as a space.
_MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|z|[+ -]\d\d:?\d\d)"
_WORDS = re.compile(
    rf"""\s*(?:
      (?P<span>{_MOMENT}/{_MOMENT})
    | (?P<moment>{_MOMENT})
    | (?P<day>\d{{4}}-\d\d-\d\d)(?![\dT])
    | (?P<clock>\d\d:\d\d(?::\d\d(?:\.\d{{1,9}})?)?)
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<kind>duration|geography|geometry|datetime|datetimeoffset|date|time)'(?P<said>(?:[^']|'')*)'
    | '(?P<text>(?:[^']|'')*)'
    | (?P<name>[A-Za-z_@][\w@$:-]*(?:\.[A-Za-z_][\w-]*)*)
    | (?P<mark>[(),/-])
    )""",
    re.VERBOSE | re.ASCII,
)
_DURATION = re.compile(
    r"(-)?P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)


class Word(NamedTuple):
    kind: str
    text: str
    at: int


def words_of(text: str) -> list[Word]:
    """Raises `NotServed` where a word cannot be read."""
    if len(text) > LONGEST:
        raise wrong(f"Too long: at most {LONGEST} characters.")
    if "\0" in text:
        raise wrong("A NUL is no character of a text.")
    found: list[Word] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        here = _WORDS.match(text, at)
        if here is None:
            raise wrong(f"Cannot be read at character {at + 1}: {text[at : at + 20]}")
        kind = here.lastgroup or ""
        if kind == "said":
            kind = here["kind"]
        group = "said" if kind == here["kind"] else kind
        found.append(Word(kind, here[group], here.start(group)))
        at = here.end()
        if len(found) > MOST_WORDS:
            raise wrong(f"Too long: at most {MOST_WORDS} words.")
    return found


def parse(text: str) -> Node:
    """The condition of a `$filter`, or a term of `$orderby`. Raises `NotServed`."""
    return _Parser(text).whole()


class _Parser:
    """One function a level of precedence: or, and, not, comparison, sum, product, unary, primary."""

    def __init__(self, text: str) -> None:
        self.words, self.n, self.deep, self.sums = words_of(text), 0, 0, 0

    def whole(self) -> Node:
        found = self.either()
        if self.n < len(self.words):
            raise self.stuck()
        return found

    def stuck(self) -> Exception:
        if self.n >= len(self.words):
            return wrong("It ends too early.")
        word = self.words[self.n]
        return wrong(f"Not expected at character {word.at + 1}: {word.text[:20]}")

    def next_is(self, kind: str, *texts: str) -> bool:
        return self.n < len(self.words) and self.words[self.n].kind == kind and (
            not texts or self.words[self.n].text in texts
        )  # fmt: skip

    def taken(self, kind: str, *texts: str) -> str | None:
        if self.next_is(kind, *texts):
            self.n += 1
            return self.words[self.n - 1].text
        return None

    def must(self, kind: str, *texts: str) -> str:
        found = self.taken(kind, *texts)
        if found is None:
            raise self.stuck()
        return found

    def either(self) -> Node:
        self.deep += 1
        if self.deep > DEEPEST:
            raise wrong(f"Nested too deeply: at most {DEEPEST} levels.")
        found = [self.both()]
        while self.taken("name", "or"):
            found.append(self.both())
        self.deep -= 1
        return found[0] if len(found) == 1 else Joined("or", tuple(found))

    def both(self) -> Node:
        found = [self.negated()]
        while self.taken("name", "and"):
            found.append(self.negated())
        return found[0] if len(found) == 1 else Joined("and", tuple(found))

    def negated(self) -> Node:
        n = 0
        while self.next_is("name", "not"):
            self.n += 1
            n += 1
        found = self.compared()
        return Not(found) if n % 2 else found

    def compared(self) -> Node:
        found = self.sum()
        if word := self.taken("name", *COMPARISONS):
            return Binary(word, found, self.sum())
        if self.taken("name", "in"):
            self.must("mark", "(")
            those = [self.sum()]
            while self.taken("mark", ","):
                those.append(self.sum())
            self.must("mark", ")")
            return Among(found, tuple(those))
        return found

    def sum(self) -> Node:
        found = self.product()
        while word := self.taken("name", *SUMS):
            found = self.added(word, found, self.product())
        return found

    def product(self) -> Node:
        found = self.unary()
        while word := self.taken("name", *PRODUCTS):
            found = self.added(word, found, self.unary())
        return found

    def added(self, word: str, left: Node, right: Node) -> Node:
        self.sums += 1
        if self.sums > MOST_SUMS:
            raise wrong(f"Too long a sum: at most {MOST_SUMS} signs.")
        return Binary(word, left, right)

    def unary(self) -> Node:
        n = 0
        while self.taken("mark", "-"):
            n += 1
        found = self.primary()
        return Minus(found) if n % 2 else found

    def primary(self) -> Node:
        if self.taken("mark", "("):
            found = self.either()
            self.must("mark", ")")
            return found
        if self.n >= len(self.words):
            raise self.stuck()
        word = self.words[self.n]
        if word.kind == "name":
            return self.named()
        if word.kind not in _LITERALS:
            raise self.stuck()
        self.n += 1
        try:
            return _LITERALS[word.kind](word.text)
        except (ValueError, OverflowError):
            raise wrong(f"Not a {word.kind}: {word.text[:40]}") from None

    def named(self) -> Node:
        name = self.must("name")
        if name in ("true", "false"):
            return Truth(name == "true")
        if name == "null":
            return Null()
        if self.taken("mark", "("):
            args: list[Node] = []
            if not self.taken("mark", ")"):
                args.append(self.either())
                while self.taken("mark", ","):
                    args.append(self.either())
                self.must("mark", ")")
            return Call(name, tuple(args))
        parts = [name]
        while self.taken("mark", "/"):
            parts.append(self.must("name"))
        return Path(tuple(parts))


# ── Literals ───────────────────────────────────────────────────────────────────────────────────────────────


def moment(text: str) -> datetime:
    """A time with its zone, in UTC. Raises ValueError."""
    said = text.strip().replace("z", "Z").replace("Z", "+00:00")
    if len(said) > 10 and " " in said[10:]:
        said = said[:10] + said[10:].replace(" ", "+")
    found = datetime.fromisoformat(said)
    if found.tzinfo is None:
        raise ValueError("a time without its zone")
    return found.astimezone(UTC)


def span(text: str) -> tuple[datetime, datetime]:
    """Both ends of an interval. Raises ValueError."""
    start, _, end = text.partition("/")
    found = moment(start), moment(end)
    if found[1] < found[0]:
        raise ValueError("an interval that ends before it begins")
    return found


def duration(text: str) -> timedelta:
    """ISO 8601's duration in weeks, days, hours, minutes, seconds. Raises ValueError."""
    found = _DURATION.fullmatch(text)
    if not found or text.endswith(("P", "T")):
        raise ValueError(text)
    weeks, days, hours, minutes, seconds = (float(part or 0) for part in found.groups()[1:])
    return (-1 if found[1] else 1) * timedelta(
        weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds
    )


def _number(text: str) -> Node:
    if re.fullmatch(r"\d{1,18}", text):
        return Number(int(text))
    found = float(text)
    if found == float("inf"):
        raise ValueError(text)
    return Number(found)


def _plain(text: str) -> str:
    return text.replace("''", "'")


_LITERALS = {
    "number": _number,
    "text": lambda text: Text(_plain(text)),
    "moment": lambda text: Moment(moment(text)),
    "span": lambda text: Span(*span(text)),
    "day": lambda text: Day(date.fromisoformat(text)),
    "clock": lambda text: Clock(time.fromisoformat(text)),
    "duration": lambda text: Duration(duration(text)),
    "geography": lambda text: Shape(_plain(text)),
    "geometry": lambda text: Shape(_plain(text)),
    "datetime": lambda text: Moment(moment(text)),
    "datetimeoffset": lambda text: Moment(moment(text)),
    "date": lambda text: Day(date.fromisoformat(text)),
    "time": lambda text: Clock(time.fromisoformat(text)),
}
