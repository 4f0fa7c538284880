"""Which transfer is which delivery: codes to write in a remark, amounts as banks write them, pairs with reasons.

Plain Python, without a clock. Guyub holds no money: a statement is only laid beside what givers say they sent.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# Signs that nobody takes for another one; their number is a prime, so that every slip of one sign is noticed.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PREFIX = "GY"
_DIGITS = 5
_SIGN = "[" + ALPHABET + "]"
_CODE = re.compile(r"G[\W_]*Y((?:[\W_]*" + _SIGN + "){6})", re.ASCII)
MOST = 10**15  # more than any sum of rupiah


# ── Codes ──────────────────────────────────────────────────────────────────────────────────────────────────
def code_of(pledge: int) -> str:
    """The short code of a promise of money, such as `GY-2222-3A`: five digits and one that checks them."""
    digits, rest = [], pledge
    for _n in range(_DIGITS):
        rest, digit = divmod(rest, len(ALPHABET))
        digits.append(digit)
    if rest:
        raise ValueError("There are more promises than codes.")
    signs = "".join(ALPHABET[one] for one in [*reversed(digits), _check(digits[::-1])])
    return f"{PREFIX}-{signs[:4]}-{signs[4:]}"


def _check(digits: Iterable[int]) -> int:
    return sum(weight * digit for weight, digit in enumerate(digits, 2)) % len(ALPHABET)


def codes_in(text: str) -> frozenset[int]:
    """The promises whose codes stand in a remark, however the bank spaced it."""
    found = set()
    for match in _CODE.finditer(text.upper()):
        digits = [ALPHABET.index(sign) for sign in match.group(1) if sign in ALPHABET]
        if _check(digits[:-1]) == digits[-1]:
            number = 0
            for digit in digits[:-1]:
                number = number * len(ALPHABET) + digit
            found.add(number)
    return frozenset(found)


# ── Amounts ────────────────────────────────────────────────────────────────────────────────────────────────
class NoAmount(StrEnum):
    UNREADABLE = "UNREADABLE"
    NOT_WHOLE = "NOT_WHOLE"
    TOO_MUCH = "TOO_MUCH"


class BadAmount(ValueError):
    def __init__(self, why: NoAmount) -> None:
        super().__init__(why)
        self.why = why


IN_WORDS = frozenset({"CR", "C", "K", "KREDIT", "CREDIT", "MASUK", "IN"})
OUT_WORDS = frozenset({"DB", "DR", "D", "DEBIT", "DEBET", "KELUAR", "OUT"})
_WITH_WORD = re.compile(r"^(.*?)\s*(CR|DB|DR|K|D)$")


def came_in(text: str, *, decimal: str) -> int:
    """The whole rupiah that came in; 0 for what went out or for an empty cell. Raises `BadAmount`."""
    bare = re.sub(r"^\s*(RP|IDR)\.?\s*", "", text.strip().upper())
    is_out = False
    if found := _WITH_WORD.match(bare):
        bare, is_out = found.group(1), found.group(2) in OUT_WORDS
    if bare.startswith("-") or (bare.startswith("(") and bare.endswith(")")):
        bare, is_out = bare.strip("-() "), True
    bare = bare.removeprefix("+").replace(" ", "")
    if bare in ("", "-", "–"):
        return 0
    amount = _whole(bare, decimal)
    return 0 if is_out else amount


def _whole(bare: str, decimal: str) -> int:
    grouping = "," if decimal == "." else "."
    plain = (
        rf"(\d{{1,20}}|\d{{1,3}}(?:{re.escape(grouping)}\d{{3}}){{1,6}})(?:{re.escape(decimal)}(\d{{1,4}}))?"
    )
    found = re.fullmatch(plain, bare, re.ASCII)
    if found is None:
        raise BadAmount(NoAmount.UNREADABLE)
    if (found.group(2) or "0").strip("0"):
        raise BadAmount(NoAmount.NOT_WHOLE)
    amount = int(found.group(1).replace(grouping, ""))
    if amount > MOST:
        raise BadAmount(NoAmount.TOO_MUCH)
    return amount


# ── Pairs ──────────────────────────────────────────────────────────────────────────────────────────────────
class Why(StrEnum):
    """What speaks for a pair, and what does not."""

    CODE = "CODE"
    AMOUNT = "AMOUNT"
    DAYS = "DAYS"
    NAME = "NAME"
    OTHER_AMOUNT = "OTHER_AMOUNT"
    FAR_DAYS = "FAR_DAYS"
    HAND = "HAND"


@dataclass(frozen=True, slots=True)
class Came:
    """A line of a statement: money that came in."""

    id: int
    on: date
    amount: int
    pledges: frozenset[int] = frozenset()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a giver says they transferred."""

    id: int
    pledge: int
    on: date
    amount: int
    giver: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A line and a delivery that may be the same money. Only what is certain is offered to be taken at once."""

    line: int
    delivery: int
    why: tuple[Why, ...]
    is_certain: bool = False


def reasons(came: Came, sent: Sent, *, days: int) -> tuple[Why, ...]:
    by_code = sent.pledge in came.pledges
    near = abs((came.on - sent.on).days) <= days
    found = [
        (Why.CODE, by_code),
        (Why.AMOUNT, came.amount == sent.amount),
        (Why.DAYS, near),
        (Why.NAME, bool(_words(came.name) & _words(sent.giver))),
        (Why.OTHER_AMOUNT, came.amount != sent.amount),
        (Why.FAR_DAYS, not near),
    ]
    return tuple(why for why, holds in found if holds)


def _words(name: str) -> set[str]:
    return {word for word in re.split(r"[^a-z0-9]+", name.lower()) if len(word) > 3}


def pairs(came: Collection[Came], sent: Collection[Sent], *, days: int) -> list[Pair]:
    """Lines and deliveries that may belong together, what is certain first.

    A code decides for whom a line is: then no other giver's delivery is offered for it. Certain is what has the code,
    the amount and the days, where neither side has a second such partner.
    """
    by_amount, by_pledge = defaultdict(list), defaultdict(list)
    for one in sent:
        by_amount[one.amount].append(one)
        by_pledge[one.pledge].append(one)
    found = []
    for line in came:
        coded = [one for pledge in line.pledges for one in by_pledge[pledge]]
        for one in coded or by_amount[line.amount]:
            why = reasons(line, one, days=days)
            if Why.CODE in why or Why.DAYS in why:
                found.append(Pair(line.id, one.id, why))
    return sorted(_with_certain(found), key=lambda pair: (not pair.is_certain, -_weight(pair), pair.line))


_SURE = {Why.CODE, Why.AMOUNT, Why.DAYS}


def _with_certain(found: list[Pair]) -> list[Pair]:
    lines: Counter[int] = Counter()
    deliveries: Counter[int] = Counter()
    sure = [pair for pair in found if set(pair.why) >= _SURE]
    for pair in sure:
        lines[pair.line] += 1
        deliveries[pair.delivery] += 1
    certain = {pair for pair in sure if lines[pair.line] == deliveries[pair.delivery] == 1}
    return [Pair(one.line, one.delivery, one.why, one in certain) for one in found]


def _weight(pair: Pair) -> int:
    return sum({Why.CODE: 4, Why.AMOUNT: 2, Why.NAME: 1}.get(why, 0) for why in pair.why)


class NoMatch(StrEnum):
    NOTHING = "NOTHING"
    MANY_TO_MANY = "MANY_TO_MANY"
    SUMS = "SUMS"


def why_not_match(lines: Collection[int], deliveries: Collection[int]) -> NoMatch | None:
    """By their amounts: one to one, one to several or several to one, and to the rupiah the same."""
    if not lines or not deliveries:
        return NoMatch.NOTHING
    if len(lines) > 1 and len(deliveries) > 1:
        return NoMatch.MANY_TO_MANY
    return None if sum(lines) == sum(deliveries) else NoMatch.SUMS
