"""Charts drawn by the server: shapes for the SVG of `c-columns` and `c-bars`.

Across, everything is in percent and upwards in pixels, so that a chart fills any width while its words keep their
size; the same numbers stand in a table below each chart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.formats import number_format

from guyub.ui.rows import Printed

HEIGHT = 160
"""Height of the plot in pixels, without the line of labels."""
_MOST_LABELS = 6
_GAP = 0.28
"""Share of a column's room that stays empty."""
_GUTTER = 9.0
"""Percent of the width kept for the numbers at the left."""


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of number over time. `tone` is a tone of the badges."""

    name: str
    tone: str
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Column(Printed):
    x: str
    y: int
    width: str
    height: int
    tone: str


@dataclass(frozen=True, slots=True)
class Mark(Printed):
    """A label at a place along an axis."""

    at: str
    words: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Groups of columns over time."""

    columns: tuple[Column, ...]
    along: tuple[Mark, ...]
    up: tuple[Mark, ...]
    names: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    height: int = HEIGHT
    full_height: int = HEIGHT + 24

    @property
    def is_empty(self) -> bool:
        return not self.columns


@dataclass(frozen=True, slots=True)
class Stroke(Printed):
    """A straight line of a curve: across in percent, downwards in pixels."""

    x1: str
    y1: int
    x2: str
    y2: int


@dataclass(frozen=True, slots=True)
class Curve:
    """A share that rises in steps, from nothing towards all."""

    strokes: tuple[Stroke, ...]
    along: tuple[Mark, ...]
    up: tuple[Mark, ...]
    height: int = HEIGHT
    full_height: int = HEIGHT + 24

    @property
    def is_empty(self) -> bool:
        return not self.strokes


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: int
    width: str
    href: str


def columns(*, labels: Sequence[str], series: Sequence[Series]) -> Columns:
    """Columns side by side for each label. Raises ValueError unless every series has a value for each label."""
    if any(len(one.values) != len(labels) for one in series):
        raise ValueError("Every series needs one value for each label.")
    top = round_up(max((value for one in series for value in one.values), default=0))
    room = (100 - _GUTTER) / len(labels) if labels else 0
    width = room * (1 - _GAP) / max(len(series), 1)
    drawn = [
        _column(
            _GUTTER + index * room + room * _GAP / 2 + order * width, width, one.values[index], top, one.tone
        )
        for index in range(len(labels))
        for order, one in enumerate(series)
        if one.values[index] > 0
    ]
    every = -(-len(labels) // _MOST_LABELS) if labels else 1
    # Counted from the newest, which is the one that people look for.
    said = [index for index in range(len(labels)) if (len(labels) - 1 - index) % every == 0]
    return Columns(
        columns=tuple(drawn),
        along=tuple(Mark(_percent(_GUTTER + (index + 0.5) * room), labels[index]) for index in said),
        up=tuple(Mark(str(_height_of(n, top)), str(n)) for n in sorted({top, top // 2})) if drawn else (),
        names=tuple((one.name, one.tone) for one in series),
        rows=tuple((label, tuple(one.values[i] for one in series)) for i, label in enumerate(labels)),
    )


def curve(*, steps: Sequence[tuple[int, float]], last: int, marks: Sequence[float] = (0.5, 0.9)) -> Curve:
    """Steps of (number along, share from then on), rising, drawn up to `last`; lines stand at the shares in `marks`."""
    if not steps:
        return Curve((), (), ())
    end = max(last, steps[-1][0], 1)
    strokes, x, y = [], 0, HEIGHT
    for number, share in [*steps, (end, steps[-1][1])]:
        to = HEIGHT - round(HEIGHT * share)
        strokes.append(Stroke(_along(x, end), y, _along(number, end), y))
        strokes.append(Stroke(_along(number, end), y, _along(number, end), to))
        x, y = number, to
    every = max(1, -(-end // _MOST_LABELS))
    return Curve(
        strokes=tuple(one for one in strokes if (one.x1, one.y1) != (one.x2, one.y2)),
        along=tuple(Mark(_along(n, end), str(n)) for n in range(every, end + 1, every)),
        up=tuple(Mark(str(HEIGHT - round(HEIGHT * share)), f"{share:.0%}") for share in marks),
    )


def trace(
    points: Sequence[tuple[float, float]], *, marks: Sequence[tuple[float, str]], apart: float
) -> Curve:
    """A measured value over time: points of (share along, value), joined unless they lie farther `apart` than that.

    The scale holds what was measured and no more: what matters of a water level is how it moves.
    """
    if not points:
        return Curve((), (), ())
    low, high = min(value for _, value in points), max(value for _, value in points)
    low, high = (low, high) if high > low else (low - 1, high + 1)
    rows = [(_GUTTER + (98 - _GUTTER) * along, _between(value, low, high)) for along, value in points]
    strokes = [
        Stroke(_percent(x1), y1, _percent(x2), y2)
        for ((x1, y1), (x2, y2)), ((a, _v), (b, _w)) in zip(pairwise(rows), pairwise(points), strict=True)
        if b - a <= apart
    ]
    single = [Stroke(_percent(x), y - 1, _percent(x), y + 1) for x, y in rows] if not strokes else []
    return Curve(
        strokes=tuple(strokes or single),
        along=tuple(Mark(_percent(_GUTTER + (98 - _GUTTER) * along), words) for along, words in marks),
        up=tuple(Mark(str(_between(value, low, high)), _rounded(value, high - low)) for value in (high, low)),
    )


_ABOVE, _BELOW = 4, 26
"""Pixels above and below what was measured: each number stands below its line."""


def _between(value: float, low: float, high: float) -> int:
    return round(HEIGHT - _BELOW - (HEIGHT - _ABOVE - _BELOW) * (value - low) / (high - low))


def _rounded(value: float, span: float) -> str:
    places = 2 if span < 10 else 1 if span < 100 else 0
    return number_format(round(value, places), places)  # which alone would cut off


def _along(number: int, end: int) -> str:
    return _percent(_GUTTER + (98 - _GUTTER) * number / end)


def bars(rows: Sequence[tuple[str, int, str]]) -> list[Bar]:
    """Bars of (label, value, address or ''), as long as their share of the greatest; their order is kept."""
    greatest = max((value for _, value, _ in rows), default=0)
    return [
        Bar(label, value, _percent(100 * value / greatest if greatest else 0), href)
        for label, value, href in rows
    ]


def round_up(value: int) -> int:
    """The least of 2, 4, 10, 20, 40, 100, … that is not below a value: even, so that its half is a whole number."""
    step = 1
    while True:
        for found in (2 * step, 4 * step, 10 * step):
            if found >= value:
                return found
        step *= 10


def _column(x: float, width: float, value: int, top: int, tone: str) -> Column:
    y = _height_of(value, top)
    return Column(_percent(x), y, _percent(width), HEIGHT - y, tone)


def _height_of(value: int, top: int) -> int:
    """Pixels from above; whatever is not nothing can be seen."""
    return min(HEIGHT - round(HEIGHT * value / top), HEIGHT - 2)


def _percent(share: float) -> str:
    return f"{share:.2f}%"
