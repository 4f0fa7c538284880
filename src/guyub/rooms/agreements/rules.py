"""How a cooperation comes about and what a document must hold: plain Python that reads like the regulation.

Legal source: UU 23/2014 art. 363-369, PP 28/2018, Permendagri 22/2020 (KSDD, KSDPK), Permendagri 25/2020 (abroad).
Types with their stages, documents with their clauses, and which finding blocks a signature on what legal basis and
how surely that is known are dated rules of the rulebook (`agreement_*`).
"""

from __future__ import annotations

import calendar
import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

GAP = "…"  # what the words with which a clause begins leave open


class State(StrEnum):
    DRAFT = "DRAFT"
    SIGNED = "SIGNED"
    ENDED = "ENDED"


class Authority(StrEnum):
    """By what a signatory signs: as head, or by a power of attorney (surat kuasa)."""

    HEAD = "HEAD"
    PROXY = "PROXY"


class Why(StrEnum):
    """Why an agreement ends (a change of the regional head is no reason)."""

    TERM = "TERM"
    REACHED = "REACHED"
    AGREED = "AGREED"
    CHANGED = "CHANGED"
    BREACH = "BREACH"
    LAW = "LAW"
    OBJECT_LOST = "OBJECT_LOST"
    NATIONAL = "NATIONAL"
    COURT = "COURT"


class Result(StrEnum):
    """What a yearly evaluation concludes."""

    CONTINUE = "CONTINUE"
    IMPROVE = "IMPROVE"
    STOP = "STOP"


class Check(StrEnum):
    """What is looked at before a document is signed."""

    CLAUSES = "CLAUSES"
    PARTIES = "PARTIES"
    NUMBERS = "NUMBERS"
    AUTHORITY = "AUTHORITY"
    DATES = "DATES"
    PARENT_SIGNED = "PARENT_SIGNED"
    STARTS_AFTER_PARENT = "STARTS_AFTER_PARENT"
    WITHIN_PARENT = "WITHIN_PARENT"
    SCOPE = "SCOPE"
    COUNCIL = "COUNCIL"
    LAPSED = "LAPSED"
    TOO_LONG = "TOO_LONG"


@dataclass(frozen=True, slots=True)
class Side:
    """A party as far as the checks need it."""

    number: str
    signatory: str
    authority: str
    proxy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A document as far as the checks need it. `cost` in whole rupiah; the last day of validity counts."""

    kind: str
    clauses: Mapping[str, str]
    required: Sequence[str]
    sides: Sequence[Side]
    scope: Sequence[str] = ()
    cost: int = 0
    in_budget: bool = True
    council: bool = False
    signed_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parent:
    """The document that another is under: a PKS under its KB, an addendum under what it changes."""

    is_signed: bool
    signed_on: date | None
    ends_on: date | None
    scope: Sequence[str]
    may_extend: bool = False


def missing(text: Text) -> list[str]:
    """The required clauses that are not written, in their order: empty, or a beginning whose gaps are still open."""
    return [code for code in text.required if not is_written(text.clauses.get(code, ""))]


def is_written(words: str) -> bool:
    return bool(words.strip()) and GAP not in words


def folded(line: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", line.casefold()).split())


def beyond(scope: Iterable[str], whole: Iterable[str]) -> list[str]:
    """The lines of a scope that are not lines of the scope above it."""
    known = {folded(line) for line in whole}
    return [line for line in scope if folded(line) not in known]


def findings(
    text: Text, parent: Parent | None, *, needs_parent: bool, longest: int, follow_within: int
) -> list[Check]:
    """What stands against signing a document, in the order of the regulation. `longest` in years, the other in months."""
    return [*_of_itself(text, longest), *_of_parent(text, parent, needs_parent, follow_within)]


def _of_itself(text: Text, longest: int) -> list[Check]:
    found = [Check.CLAUSES] if missing(text) else []
    found += [Check.PARTIES] if len(text.sides) < 2 else []
    found += [Check.NUMBERS] if any(not side.number for side in text.sides) else []
    found += [Check.AUTHORITY] if any(not has_authority(side) for side in text.sides) else []
    if text.starts_on is None or text.ends_on is None or text.ends_on < text.starts_on:
        found.append(Check.DATES)
    elif text.ends_on >= months_after(text.starts_on, 12 * longest):
        found.append(Check.TOO_LONG)
    if needs_council(cost=text.cost, in_budget=text.in_budget) and not text.council:
        found.append(Check.COUNCIL)
    return found


def _of_parent(text: Text, parent: Parent | None, needs_parent: bool, follow_within: int) -> list[Check]:
    if not needs_parent:
        return []
    if parent is None or not parent.is_signed or parent.signed_on is None:
        return [Check.PARENT_SIGNED]
    found = []
    if text.starts_on and text.starts_on < parent.signed_on:
        found.append(Check.STARTS_AFTER_PARENT)
    if not parent.may_extend:
        if text.ends_on and parent.ends_on and text.ends_on > parent.ends_on:
            found.append(Check.WITHIN_PARENT)
        if beyond(text.scope, parent.scope):
            found.append(Check.SCOPE)
        if text.signed_on and text.signed_on > months_after(parent.signed_on, follow_within):
            found.append(Check.LAPSED)
    return found


def has_authority(side: Side) -> bool:
    """Somebody signs, as head or by a power of attorney that has a number."""
    return bool(side.signatory) and (side.authority == Authority.HEAD or bool(side.proxy))


def needs_council(*, cost: int, in_budget: bool) -> bool:
    """The council approves what burdens the region and is not in the current budget."""
    return cost > 0 and not in_budget


def months_after(day: date, months: int) -> date:
    """The same day so many months later (negative: before), the last of the month where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Reached:
    """What a cooperation has, as far as its stages ask for it. Kinds of document by how far they came."""

    framework: bool = False
    whole: frozenset[str] = frozenset()
    signed: frozenset[str] = frozenset()
    unscanned: int = 0
    costs: bool = False
    council: bool = False
    ministry: bool = False
    evaluated: bool = False


def lacks(stage: str, has: Reached) -> bool:
    """Whether a stage still lacks what it is for, so that the next cannot begin."""
    step, _, kind = stage.partition("_")
    kind = {"NK": "NK", "RK": "RENCANA_KERJA"}.get(kind, kind)
    if step == "DRAFT":
        return kind not in has.whole and kind not in has.signed
    if step == "SIGN":
        return kind not in has.signed
    return {
        "PREPARE": not has.framework,
        "OFFER": "SURAT_PENAWARAN" not in has.signed,
        "COUNCIL": has.costs and not has.council,
        "MINISTRY": not has.ministry,
        "RUN": False,
        "ARCHIVE": has.unscanned > 0,
        "REPORT": not has.evaluated,
    }[stage]


def next_stage(stages: Sequence[str], current: str) -> str | None:
    place = stages.index(current) + 1
    return stages[place] if place < len(stages) else None


class Piece(StrEnum):
    SAME = "SAME"
    ADDED = "ADDED"
    REMOVED = "REMOVED"


def difference(before: str, after: str) -> list[tuple[Piece, str]]:
    """What changed from one text to another, word by word."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    found: list[tuple[Piece, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append((Piece.SAME, "".join(old[a:b])))
            continue
        if a < b:
            found.append((Piece.REMOVED, "".join(old[a:b])))
        if c < d:
            found.append((Piece.ADDED, "".join(new[c:d])))
    return found


def reminder(*, today: date, ends_on: date, first: int, again: int) -> str:
    """Which reminder is due so many months before the end, each said once: "", FIRST, AGAIN or OVER."""
    if today > ends_on:
        return "OVER"
    if today >= months_after(ends_on, -again):
        return "AGAIN"
    return "FIRST" if today >= months_after(ends_on, -first) else ""


def evaluation_due(*, starts_on: date, last_on: date | None, every: int) -> date:
    """The day from which the next yearly evaluation is due."""
    return months_after(last_on or starts_on, every)
