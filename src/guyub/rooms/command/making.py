"""Parts made for an audience and kept for all its screens: a thousand screens cost one set of queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from django.utils.translation import get_language

from guyub.kernel import wall
from guyub.kernel.cities.api import Remembered
from guyub.kernel.wall import Asked, Audience, Course, Figure, Layer, Line, Panel, Part
from guyub.rooms.command import rules

KEPT_SECONDS = 2.0
MOST_FIGURES = 4

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed:
    """A panel with its place on the wall."""

    key: str
    title: str
    panel: Panel
    made_at: datetime
    width: int = 1

    def cut(self, rows: int) -> Listed:
        """With so many rows; the others are counted."""
        lines = self.panel.lines[:rows]
        more = self.panel.more + len(self.panel.lines) - len(lines)
        return replace(self, panel=replace(self.panel, lines=lines, more=more))


_kept: Remembered[dict[tuple[Any, ...], Any]] = Remembered(dict, seconds=KEPT_SECONDS)
_slots: Remembered[dict[Audience, tuple[tuple[str, int], ...]]] = Remembered(dict, seconds=60)


def kept(name: str, asked: Asked, make: Callable[[], T]) -> T:
    """What was made for an audience in the current language, at most two seconds old."""
    found, key = _kept(), (name, asked.audience, asked.rows, get_language())
    if key not in found:
        found[key] = make()
    return found[key]


def figures(asked: Asked, *, past: bool = False) -> list[Figure]:
    """The key figures in their order; addresses reach officers only."""
    rows = [one for part in wall.parts("figures", asked.audience) for one in _made(part, asked, past) or ()]
    return [_figure(one, asked) for one in rows[:MOST_FIGURES]]


def panels(asked: Asked, *, past: bool = False) -> list[Listed]:
    """The lists that this city has, in their order."""
    found = [(part, _made(part, asked, past)) for part in wall.parts("panel", asked.audience)]
    return [_listed(part, panel, asked) for part, panel in found if panel is not None]


def panel(key: str, asked: Asked) -> Listed | None:
    """One list by its key; None where the audience or the city has none."""
    for part in wall.parts("panel", asked.audience):
        if part.key == key:
            made = _made(part, asked, False)
            return _listed(part, made, asked) if made is not None else None
    return None


def layers(asked: Asked, *, past: bool = False) -> list[Layer]:
    """What lies on the map, from the ground upwards."""
    return [
        made for part in wall.parts("layer", asked.audience) if (made := _made(part, asked, past)) is not None
    ]


def slots(audience: Audience, *, at: datetime) -> tuple[tuple[str, int], ...]:
    """The keys of the lists that this city has for an audience, each with its width; at most a minute old."""
    found = _slots()
    if audience not in found:
        found[audience] = tuple((one.key, one.width) for one in panels(Asked(audience, at, rows=1)))
    return found[audience]


def room(audience: Audience, *, at: datetime) -> rules.Layout:
    """How the lists of an audience are laid out here."""
    return rules.layout(sum(width for _key, width in slots(audience, at=at)))


def _made(part: Part, asked: Asked, past: bool) -> Any:
    if not past:
        return part.make(asked)
    return part.past(asked) if part.past else None


def _listed(part: Part, panel: Panel, asked: Asked) -> Listed:
    lines = tuple(_line(line, asked) for line in panel.lines[: asked.rows])
    courses = tuple(_course(one, asked) for one in panel.courses)
    shown = Panel(lines, panel.none, panel.more, courses)
    return Listed(part.key, str(part.title), shown, asked.at, 2 if part.is_wide else 1)


def _line(line: Line, asked: Asked) -> Line:
    if asked.audience is Audience.OFFICERS or not line.url:
        return line
    return Line(line.text, line.note, line.value, line.tone, "", line.until)


def _course(one: Course, asked: Asked) -> Course:
    return one if asked.audience is Audience.OFFICERS else replace(one, url="")


def _figure(one: Figure, asked: Asked) -> Figure:
    url = one.url if asked.audience is Audience.OFFICERS else ""
    return Figure(str(one.label), one.value, one.trend, one.why, one.tone, url)


def keys(audience: Audience) -> frozenset[str]:
    """The lists that an audience may ask for, whether the city has them or not."""
    return frozenset(part.key for part in wall.parts("panel", audience))
