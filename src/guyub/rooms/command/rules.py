"""How a wall is laid out and lit: plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Look(StrEnum):
    """Whether a screen is light or dark, or follows the city's clock."""

    AUTO = "otomatis"
    DAY = "siang"
    NIGHT = "malam"


def is_night(hour: int, *, begins: int, ends: int) -> bool:
    """Whether an hour of the day lies in the night, which may go over midnight."""
    if begins <= ends:
        return begins <= hour < ends
    return hour >= begins or hour < ends


@dataclass(frozen=True, slots=True)
class Layout:
    """How the lists stand on a wall that does not scroll, and how many rows each has room for."""

    name: str
    columns: int
    rows: int

    def spans(self, widths: Sequence[int]) -> list[int]:
        """How many columns each list takes: its own, and the last what is left of its line."""
        if not widths:
            return []
        *first, last = widths
        return [*first, last + -sum(widths) % self.columns]


def layout(cells: int) -> Layout:
    """A grid for so many cells; a wide list takes two."""
    if cells <= 4:
        return Layout("2x2", 2, 4)
    if cells <= 6:
        return Layout("3x2", 3, 4)
    if cells <= 9:
        return Layout("3x3", 3, 2)
    return Layout("4x3", 4, 2)


def arrow(change: int) -> str:
    """How a number moved, in a sign that needs no colour."""
    if change == 0:
        return "="
    return f"▲ {change}" if change > 0 else f"▼ {-change}"


def shade(count: int, *, most: int) -> int:
    """In which of four shades a place of the map is drawn, by its count beside the largest; 0 for none."""
    return min(4, 1 + (4 * count - 1) // most) if count > 0 and most > 0 else 0
