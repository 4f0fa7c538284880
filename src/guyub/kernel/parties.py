"""Who sits, speaks or owes something: an office or a partner, by a short code such as `office:12`.

A socket: the rooms that keep offices and partners say here how those are called, so that rooms which only hold a code
(who must do what was agreed, in whose name somebody spoke) can name them and need not stand above both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

__all__ = ["Card", "Find", "card_of", "cards", "key_of", "party", "provide_parties"]

_CODE = re.compile(r"(?P<kind>[a-z]{1,12}):(?P<id>[1-9][0-9]{0,15})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Card:
    """How a party is shown. `actor` is its class among those who govern and live in the city; `address` its page."""

    code: str
    name: str
    actor: str = ""
    address: str = ""


Find = Callable[[Iterable[int]], dict[int, Card]]
_finders: dict[str, Find] = {}


def provide_parties(kind: str, find: Find) -> None:
    """A room says how its kind is named: ids → cards, in one query at most."""
    _finders[kind] = find


def party(kind: str, key: int) -> str:
    return f"{kind}:{key}"


def key_of(code: str, kind: str) -> int | None:
    """The id inside a code of a kind; None for another kind and for what is no code."""
    found = _CODE.fullmatch(code)
    return int(found["id"]) if found and found["kind"] == kind else None


def cards(codes: Iterable[str]) -> dict[str, Card]:
    """The cards of those that are known."""
    wanted: dict[str, set[int]] = {}
    for code in codes:
        if found := _CODE.fullmatch(code):
            wanted.setdefault(found["kind"], set()).add(int(found["id"]))
    return {
        party(kind, key): card
        for kind, ids in wanted.items()
        if kind in _finders
        for key, card in _finders[kind](sorted(ids)).items()
    }


def card_of(known: dict[str, Card], code: str) -> Card:
    """A card, or one that says that nobody of this code is known any more."""
    return known.get(code) or Card(code, "–")
