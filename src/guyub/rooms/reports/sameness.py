"""How alike two reports are, and why: plain Python, without Django or clock. The weights are rules of the city."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH_METRES = 6_371_000
# Below so many words of its own a text says little: one shared word is then no proof.
FEW_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What counts how much, each from 0 to 1, and how far is far."""

    place: float
    time: float
    category: float
    text: float
    related_category: float
    unknown_place: float
    common_word: float
    radius: float
    window: float

    @classmethod
    def from_rules(cls, amounts: Mapping[str, float]) -> Scale:
        """From amounts by their keys in the rulebook's family `duplicates`; percent become shares."""
        return cls(
            place=amounts["weight.place"] / 100,
            time=amounts["weight.time"] / 100,
            category=amounts["weight.category"] / 100,
            text=amounts["weight.text"] / 100,
            related_category=amounts["related_category"] / 100,
            unknown_place=amounts["unknown_place"] / 100,
            common_word=amounts["common_word"] / 100,
            radius=amounts["radius"],
            window=amounts["window"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What two reports have in common. `metres` is None where one of them has no point; `shared` are stems."""

    metres: float | None
    days: float
    is_same_category: bool
    shared: tuple[str, ...]
    text: float

    def score(self, scale: Scale) -> float:
        """From 0 (nothing in common) to 1."""
        place = scale.unknown_place if self.metres is None else max(0.0, 1 - self.metres / scale.radius)
        time = max(0.0, 1 - abs(self.days) / scale.window)
        category = 1.0 if self.is_same_category else scale.related_category
        whole = scale.place + scale.time + scale.category + scale.text
        said = scale.place * place + scale.time * time + scale.category * category + scale.text * self.text
        return said / whole


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The distance of two points (lat, lon in degrees, WGS 84) along the ground."""
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(half))


class Stems:
    """The stems of one text, weighed once and laid beside those of many others.

    `common` are words of the category itself: everybody who chose it uses them, so they count for less.
    """

    def __init__(self, mine: Iterable[str], *, common: Iterable[str], common_word: float) -> None:
        self.mine, self.common, self.less = set(mine), set(common), 1 - common_word
        self.weight = self._weight(self.mine)

    def _weight(self, words: set[str]) -> float:
        return len(words) - self.less * len(words & self.common)

    def likeness(self, other: Iterable[str]) -> tuple[float, tuple[str, ...]]:
        """How much two sets of stems overlap, and by which: what tells most first."""
        theirs = set(other)
        shared = self.mine & theirs
        least = max(min(self.weight, self._weight(theirs)), FEW_WORDS)
        telling = sorted(shared, key=lambda word: (word in self.common, word))
        return min(1.0, self._weight(shared) / least), tuple(telling)


_WORDS = re.compile(r"\w+")


def as_written(stems: Iterable[str], text: str) -> list[str]:
    """The words of a text that have the stems, as its author wrote them: a stem alone reads badly."""
    written = [word.lower() for word in _WORDS.findall(text)]
    found = (next((word for word in written if stem in word), "") for stem in stems)
    return list(dict.fromkeys(word for word in found if word))
