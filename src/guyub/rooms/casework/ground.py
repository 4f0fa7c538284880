"""Whose ground a point lies on, as a rule of the city reads: plain Python without Django or clock.

The decision table stays the law of the house. A rule of the layer says for which categories, within how many metres,
and which office (or body outside) each owner stands for. Two owners about equally near decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

WARD, DISTRICT = "KELURAHAN", "KECAMATAN"
OUTSIDE = "luar:"


class Said(StrEnum):
    DECIDED = "decided"  # an office of the city owns it and got the case
    HINT = (
        "hint"  # a body outside owns it, or an office that is not there: whoever the table names forwards it
    )
    UNCLEAR = "unclear"  # two owners are about equally near


@dataclass(frozen=True, slots=True)
class LayerRule:
    """A layer's rule. `owners` maps the source's word to an office's key, 'luar:…', KELURAHAN or KECAMATAN."""

    layer: str
    categories: frozenset[str]
    metres: float
    apart: float
    owners: Mapping[str, str]
    version: int

    @classmethod
    def of(cls, layer: str, value: Mapping[str, Any], version: int) -> LayerRule:
        """From the rulebook: `asset_owners.<layer>`. Raises KeyError, TypeError, ValueError for what is none."""
        return cls(
            layer,
            frozenset(map(str, value["categories"])),
            float(value["metres"]),
            float(value["apart_metres"]),
            {str(word).lower(): str(key) for word, key in dict(value["owners"]).items()},
            version,
        )


@dataclass(frozen=True, slots=True)
class Near:
    """Something near the point; `owner` is the source's word for whose it is."""

    id: int
    layer: str
    name: str
    owner: str
    metres: float
    source: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the nearest says. `key` is the office that its owner stands for, `rivals` the other owners about as near."""

    said: Said
    nearest: Near
    key: str
    version: int
    rivals: tuple[Near, ...] = ()


def judge(near: Iterable[Near], rules: Iterable[LayerRule]) -> Verdict | None:
    """The nearest owner within its layer's distance; None where nothing is near enough or no rule knows its owner."""
    by_layer = {rule.layer: rule for rule in rules}
    known = [one for one in near if one.layer in by_layer and one.owner in by_layer[one.layer].owners]
    known.sort(key=lambda one: (one.metres, one.id))
    best = next((one for one in known if one.metres <= by_layer[one.layer].metres), None)
    if best is None:
        return None
    rule = by_layer[best.layer]
    key = rule.owners[best.owner]
    rivals = tuple(
        one
        for one in known
        if by_layer[one.layer].owners[one.owner] != key and one.metres - best.metres < rule.apart
    )
    if rivals:
        return Verdict(Said.UNCLEAR, best, key, rule.version, rivals)
    return Verdict(Said.HINT if key.startswith(OUTSIDE) else Said.DECIDED, best, key, rule.version)
