"""A line over time with the band in which it may lie, drawn by the server for `c-band`.

The shapes live in a box of 1000 by `HEIGHT` that is stretched across whatever width there is; words and levels stand
outside that box, so that they keep their size.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from guyub.ui.rows import Printed

HEIGHT = 220
WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Point:
    """`x` is a share of the time shown, 0 to 1; `low` and `high` are where the line may lie."""

    x: float
    middle: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line(Printed):
    """A level across the chart, or a number beside it; `y` in pixels from above."""

    y: int
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class Tick(Printed):
    at: str
    words: str


@dataclass(frozen=True, slots=True)
class Band(Printed):
    area: str
    middle: str
    seen: str
    lines: tuple[Line, ...]
    up: tuple[Line, ...]
    along: tuple[Tick, ...]
    now: str
    height: int = HEIGHT
    full_height: int = HEIGHT + 24

    @property
    def is_empty(self) -> bool:
        return not (self.middle or self.seen)


def band(
    *,
    points: Sequence[Point],
    seen: Sequence[tuple[float, float]],
    levels: Sequence[tuple[float, str, str]] = (),
    along: Sequence[tuple[float, str]] = (),
    now: float | None = None,
    unit: str = "m",
) -> Band:
    """What was seen, what is expected with its band, and levels (height, words, tone) that matter."""
    heights = [one for point in points for one in (point.low, point.high)] + [height for _x, height in seen]
    if not heights:
        return Band("", "", "", (), (), (), "")
    heights += [height for height, _words, _tone in levels]
    low, high, step = _frame(min(heights), max(heights))

    def y(height: float) -> float:
        return HEIGHT - (height - low) / (high - low) * HEIGHT

    def path(line: Sequence[tuple[float, float]]) -> str:
        return " ".join(f"{x * WIDTH:.1f},{y(height):.1f}" for x, height in line)

    upper = [(point.x, point.high) for point in points]
    lower = [(point.x, point.low) for point in reversed(points)]
    places = max(0, -math.floor(math.log10(step)))
    count = round((high - low) / step)
    return Band(
        area=path(upper + lower),
        middle=path([(point.x, point.middle) for point in points]),
        seen=path(seen),
        lines=tuple(Line(round(y(height)), words, tone) for height, words, tone in levels),
        up=tuple(
            Line(round(y(low + n * step)), f"{low + n * step:.{places}f} {unit}".replace(".", ","), "")
            for n in range(1, count)
        ),
        along=tuple(Tick(f"{x * 100:.2f}%", words) for x, words in along),
        now=f"{now * 100:.2f}%" if now is not None else "",
    )


def _frame(low: float, high: float) -> tuple[float, float, float]:
    """Whole steps of 1, 2 or 5 around what is drawn, six of them at most."""
    room = max(high - low, 0.1)
    ten = 10.0 ** math.floor(math.log10(room / 6))
    step = next(ten * one for one in (1, 2, 5, 10) if room / (ten * one) <= 6)
    bottom = math.floor(low / step)
    return bottom * step, (math.floor((low + room) / step) + 1) * step, step
