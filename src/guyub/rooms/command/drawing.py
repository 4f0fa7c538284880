"""The city as a drawing: its areas as paths of whole units, and where a point of the earth lies among them.

The drawing is made once a process and city; what changes lies on it in a drawing of its own.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from guyub.kernel.cities.api import get_city
from guyub.kernel.wall import Layer, Mark
from guyub.rooms.command.rules import shade
from guyub.rooms.places import api as places
from guyub.ui.rows import Printed

WIDTH, HEIGHT = 1000, 680  # units at most; of a city 20 km wide each is 20 m
EDGE = 12
MOST_COUNTS = 40

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline(Printed):
    """An area to draw once: its code, its name and its path."""

    code: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Name(Printed):
    """Where the name of a kecamatan stands."""

    x: str
    y: str
    name: str


@dataclass(frozen=True)
class Drawing:
    """`width` and `height` in units; `source` says whose boundaries these are, empty if they are only approximate."""

    width: int
    height: int
    outlines: tuple[Outline, ...]
    districts: tuple[Outline, ...]
    names: tuple[Name, ...]
    middles: Mapping[str, tuple[int, int]]
    source: str
    west: float
    north: float
    across: float
    down: float

    def place(self, lat: float, lon: float) -> tuple[int, int] | None:
        """The units of a point; None for one that lies outside the drawing."""
        x, y = round((lon - self.west) * self.across), round((self.north - lat) * self.down)
        return (x, y) if 0 <= x <= self.width and 0 <= y <= self.height else None


_made: dict[str, tuple[places.Atlas, Drawing | None]] = {}


def drawing() -> Drawing | None:
    """The current city's; None for a city of which no area is known."""
    schema, atlas = get_city().schema, places.atlas()
    found = _made.get(schema)
    if found is None or found[0] is not atlas:
        found = _made[schema] = (atlas, _draw(atlas))
    return found[1]


def _draw(atlas: places.Atlas) -> Drawing | None:
    shapes = {code: (shape, list(_rings(json.loads(shape.geometry)))) for code, shape in atlas.shapes.items()}
    points = [point for _shape, rings in shapes.values() for ring in rings for point in ring]
    if not points:
        return None
    lons, lats = [lon for lon, _lat in points], [lat for _lon, lat in points]
    narrow = math.cos(math.radians(sum(lats) / len(lats)))
    wide, tall = max(max(lons) - min(lons), 1e-6) * narrow, max(max(lats) - min(lats), 1e-6)
    down = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / tall)
    across = down * narrow
    west, north = min(lons) - EDGE / across, max(lats) + EDGE / down
    width = math.ceil((max(lons) - west) * across) + EDGE
    height = math.ceil((north - min(lats)) * down) + EDGE

    def units(point: Point) -> tuple[int, int]:
        return round((point[0] - west) * across), round((north - point[1]) * down)

    def outlines(settlements: bool) -> tuple[Outline, ...]:
        return tuple(
            Outline(code, shape.name, "".join(_path(map(units, ring)) for ring in rings))
            for code, (shape, rings) in shapes.items()
            if shape.is_settlement is settlements
        )

    below, above = outlines(True), outlines(False)
    names = [
        (shape.name, units((shape.lon, shape.lat))) for shape, _ in shapes.values() if not shape.is_settlement
    ]
    return Drawing(
        width=width,
        height=height,
        outlines=below or above,
        districts=above if below else (),
        names=tuple(Name(str(x), str(y), name) for name, (x, y) in _apart(names, width)),
        middles={code: units((shape.lon, shape.lat)) for code, (shape, _rings_of) in shapes.items()},
        source=atlas.source,
        west=west,
        north=north,
        across=across,
        down=down,
    )


def _rings(shape: Mapping[str, object]) -> Iterator[Sequence[Point]]:
    """The rings of a polygon or of several, as (lon, lat)."""
    coordinates: list = shape.get("coordinates") or []  # type: ignore[type-arg, assignment]
    if shape.get("type") == "Polygon":
        yield from coordinates
    elif shape.get("type") == "MultiPolygon":
        yield from chain.from_iterable(coordinates)


def _path(units: Iterable[tuple[int, int]]) -> str:
    """A ring in steps of whole units: a third of what degrees would weigh."""
    found = list(units)
    steps, here = [], found[0]
    for x, y in found[1:]:
        if (x, y) != here:
            steps.append(f"{x - here[0]} {y - here[1]}")
            here = x, y
    if len(steps) < 3:
        return ""
    return f"M{found[0][0]} {found[0][1]}l{' '.join(steps)}z".replace(" -", "-")


def _apart(names: list[tuple[str, tuple[int, int]]], width: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """The names that cover no other."""
    taken: list[tuple[int, int, int]] = []
    for name, (x, y) in sorted(names):
        half = len(name) * 8
        free = all(abs(x - other) >= half + wide or abs(y - at) >= 34 for other, at, wide in taken)
        if free and half < x < width - half:
            taken.append((x, y, half))
            yield name, (x, y)


# ── What lies on it ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Spot(Printed):
    x: str
    y: str
    tone: str
    shape: str
    label: str


@dataclass(frozen=True, slots=True)
class Fill(Printed):
    """An area by its code, filled in a shade or ringed in a tone."""

    code: str
    look: str


@dataclass(frozen=True, slots=True)
class Count(Printed):
    x: str
    y: str
    n: int


@dataclass(frozen=True, slots=True)
class Key(Printed):
    shape: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Over:
    """Everything that lies on the drawing. `outside` marks lay beyond its edge."""

    fills: list[Fill]
    spots: list[Spot]
    counts: list[Count]
    key: list[Key]
    outside: int


def over(base: Drawing, layers: Sequence[Layer]) -> Over:
    """The layers, each on top of those before it."""
    spots, outside = [], 0
    for mark in chain.from_iterable(layer.marks for layer in layers):
        at = base.place(mark.lat, mark.lon)
        if at is None:
            outside += 1
        else:
            spots.append(_spot(mark, at))
    drawn = {outline.code for outline in base.outlines}
    counts = {code: n for layer in layers for code, n in layer.counts.items() if code in drawn}
    # Where points are drawn they tell it nearer than a number.
    told = {
        code: n for layer in layers if not layer.marks for code, n in layer.counts.items() if code in drawn
    }
    most = max(counts.values(), default=0)
    fills = [Fill(code, f"shade-{shade(n, most=most)}") for code, n in sorted(counts.items()) if n]
    for layer in layers:
        fills += [
            Fill(code, f"warned tone-{tone}") for code, tone in sorted(layer.areas.items()) if code in drawn
        ]
    key = dict.fromkeys(chain.from_iterable(layer.key for layer in layers))
    return Over(
        fills=fills,
        spots=spots,
        counts=_biggest(base, told),
        key=[Key(*one) for one in key],
        outside=outside,
    )


def _spot(mark: Mark, at: tuple[int, int]) -> Spot:
    return Spot(str(at[0]), str(at[1]), mark.tone, mark.shape, mark.label)


def _biggest(base: Drawing, counts: Mapping[str, int]) -> list[Count]:
    """The largest counts as numbers, where one does not cover another."""
    found: list[tuple[int, int, int]] = []
    for code, n in sorted(counts.items(), key=lambda row: (-row[1], row[0])):
        x, y = base.middles.get(code, (0, 0))
        if n and not any(abs(x - left) < 46 and abs(y - top) < 30 for left, top, _n in found):
            found.append((x, y, n))
    return [Count(str(x), str(y), n) for x, y, n in found[:MOST_COUNTS]]
