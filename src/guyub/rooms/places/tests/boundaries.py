"""Files of boundaries for tests: invented ones from the city's own middles, and real ones where they are at hand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from guyub.rooms.places import api as places
from guyub.rooms.places.approximating import areas

REAL = Path(__file__).resolve().parents[5] / "../shared/data/boundaries"


def real(name: str) -> bytes:
    """A real file, or the test is skipped."""
    if not (REAL / name).exists():
        pytest.skip("the folder with real boundaries is not beside this checkout")
    return (REAL / name).read_bytes()


def square(west: float, south: float, size: float = 0.01) -> list[list[list[float]]]:
    east, north = west + size, south + size
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def feature(coordinates: Any, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def collection(features: Iterable[Any], **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def cells(*, only: str = "") -> list[dict[str, Any]]:
    """The current city's kelurahan and desa, each with the ground nearest to its middle."""
    middles = {(lon, lat): row for lat, lon, row in places.gazetteer().points}
    return [
        feature([[list(point) for point in ring]], kode=row.code, nama=row.name)
        for row, ring in zip(middles.values(), areas(list(middles)), strict=True)
        if row.code.startswith(only)
    ]
