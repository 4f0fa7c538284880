"""A height over time as a small drawing that grows with the screen, words and all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from guyub.kernel.cities.api import get_city
from guyub.kernel.wall import Course
from guyub.ui import bands
from guyub.ui.rows import Printed

WIDTH, HEIGHT = 440, 150
BESIDE = (2, 140, 232, 310)  # where the words of the marks begin: side by side none lies upon another


@dataclass(frozen=True, slots=True)
class Word(Printed):
    """A word above its mark, or along the time."""

    x: str
    y: str
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class Mark(Printed):
    y: str
    tone: str


@dataclass(frozen=True, slots=True)
class Drawn(Printed):
    title: str
    value: str
    when: str
    note: str
    tone: str
    url: str
    band: bands.Band
    marks: tuple[Mark, ...]
    words: tuple[Word, ...]
    along: tuple[Word, ...]
    now: str


def drawn(course: Course) -> Drawn:
    times = [one[0] for one in course.seen] + [one[0] for one in course.expected] + [course.now]
    start, until = min(times), max(times)
    whole = max((until - start).total_seconds(), 1.0)

    def x(moment: datetime) -> float:
        return (moment - start).total_seconds() / whole

    band = bands.band(
        points=[bands.Point(x(at), middle, low, high) for at, middle, low, high in course.expected],
        seen=[(x(at), height) for at, height in course.seen],
        levels=course.marks,
        now=x(course.now),
    )
    return Drawn(
        title=course.title,
        value=course.value,
        when=course.when,
        note=course.note,
        tone=course.tone,
        url=course.url,
        band=band,
        marks=tuple(Mark(_y(line), line.tone) for line in band.lines),
        words=tuple(
            Word(str(left), _y(line, up=5), line.words, line.tone)
            for left, line in zip(BESIDE, sorted(band.lines, key=lambda one: -one.y), strict=False)
        ),
        along=tuple(
            Word(f"{x(at) * WIDTH:.0f}", "", f"{at:%H.%M}", "")
            for at in _hours(start, until)
            if 0.08 < x(at) < 0.92
        ),
        now=f"{x(course.now) * WIDTH:.0f}",
    )


def _y(line: bands.Line, *, up: int = 0) -> str:
    return f"{line.y * HEIGHT / bands.HEIGHT - up:.0f}"


def _hours(start: datetime, until: datetime) -> Iterator[datetime]:
    """Noon and midnight of the city."""
    moment = localtime(start, get_city().tz).replace(hour=0, minute=0, second=0, microsecond=0)
    while moment < until:
        if moment > start:
            yield moment
        moment += timedelta(hours=12)
