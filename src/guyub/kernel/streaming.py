"""Long tables that leave piece by piece: the memory of a process does not grow with them.

A response that streams is read after its middleware has ended, so the city is kept with what is streamed.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from guyub.kernel.cities.api import get_city, inside

T = TypeVar("T")
Value = str | int | float | bool | None

BOM = "\N{BYTE ORDER MARK}"
ROWS_A_PIECE = 200
# What spreadsheets take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def in_this_city(parts: Iterable[T]) -> Generator[T]:
    """The same parts, each made in the city in which this was called; in between no city is left selected."""
    city, source = get_city(), iter(parts)

    def made() -> Generator[T]:
        try:
            while True:
                with inside(city):
                    try:
                        one = next(source)
                    except StopIteration:
                        return
                yield one
        finally:
            if isinstance(source, Generator):
                with inside(city):
                    source.close()

    return made()


def in_pieces(rows: Iterable[T], size: int = ROWS_A_PIECE) -> Iterator[list[T]]:
    source = iter(rows)
    while piece := list(islice(source, size)):
        yield piece


def csv_parts(header: Sequence[str], rows: Iterable[Sequence[Value]], *, bom: bool) -> Iterator[bytes]:
    """CSV as UTF-8. `bom` is for Excel, which otherwise reads UTF-8 as something else."""
    yield (BOM if bom else "").encode() + _csv([header])
    for piece in in_pieces(rows):
        yield _csv(piece)


def _csv(rows: Iterable[Sequence[Value]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([harmless(value) for value in row] for row in rows)
    return out.getvalue().encode()


def harmless(value: Value) -> Value:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return "'" + value
    return value


def json_parts(names: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """A JSON array of objects, each with the same names."""
    yield b"["
    for n, piece in enumerate(in_pieces(rows)):
        said = (json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in piece)
        yield (",\n" if n else "\n").encode() + ",\n".join(said).encode()
    yield b"\n]\n"


def geojson_parts(
    features: Iterable[tuple[tuple[float, float] | None, dict[str, Value]]],
) -> Iterator[bytes]:
    """A GeoJSON FeatureCollection of points (lat, lon; None for no point) with their properties."""
    yield b'{"type":"FeatureCollection","features":['
    for n, piece in enumerate(in_pieces(features)):
        yield (",\n" if n else "\n").encode() + ",\n".join(_feature(*one) for one in piece).encode()
    yield b"\n]}\n"


def _feature(point: tuple[float, float] | None, properties: dict[str, Value]) -> str:
    geometry: dict[str, Any] | None = None
    if point is not None:
        lat, lon = point
        geometry = {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]}
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    return json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
