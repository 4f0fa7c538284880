"""What maps draw of a city's places: the boundaries it imported, else areas made from the middles that are known.

Areas that were made (`approximating.py`) are no boundaries of any law; whoever shows them says so.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guyub.kernel.cities.api import get_city
from guyub.rooms.places.models import Boundary
from guyub.rooms.places.queries import Gazetteer, gazetteer

FEWEST_POINTS = 4
SECONDS = 20
SOURCE = Path(__file__).parents[3]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shape:
    """A place as maps draw it: GeoJSON geometry as text, where its name stands, the codes next door."""

    code: str
    name: str
    is_settlement: bool
    geometry: str
    lat: float
    lon: float
    neighbours: tuple[str, ...]

    def feature(self, *, here: bool = False, named: bool = True) -> str:
        """As GeoJSON; `here` marks the one that a map is about, `at` is where its name is to stand."""
        said: dict[str, object] = {"name": self.name, "code": self.code}
        if named:
            said["at"] = [round(self.lon, 4), round(self.lat, 4)]
        if here:
            said["here"] = True
        words = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
        return '{"type":"Feature","properties":' + words + ',"geometry":' + self.geometry + "}"


@dataclass(frozen=True)
class Atlas:
    """All shapes of one city. `source` says whose boundaries they are; empty if they are only approximate."""

    shapes: dict[str, Shape]
    source: str = ""

    @property
    def is_approximate(self) -> bool:
        return not self.source

    def neighbours(self, code: str) -> tuple[str, ...]:
        found = self.shapes.get(code)
        return found.neighbours if found else ()


_cache: dict[str, tuple[str, Atlas]] = {}


def atlas() -> Atlas:
    """The current city's shapes, made once a process and city, and again when boundaries or middles change."""
    schema, known = get_city().schema, gazetteer()
    mark = known.boundaries or str(hash(frozenset((lat, lon, row.code) for lat, lon, row in known.points)))
    found = _cache.get(schema)
    if found is None or found[0] != mark:
        found = (mark, _drawn(known) if known.boundaries else _approximate(known))
        _cache[schema] = found
    return found[1]


def outline(*, around: str = "", districts: bool = False) -> str | None:
    """The whole city as GeoJSON text, or a place with its neighbours; [lon, lat] with 5 decimals. None without any.

    The city shows its kelurahan and desa, or its kecamatan where only those are known or `districts` asks for them.
    A kecamatan comes with the kelurahan inside it.
    """
    shapes = atlas().shapes
    if not around:
        below = [shape for shape in shapes.values() if shape.is_settlement is not districts]
        return _collection([shape.feature() for shape in below or shapes.values()])
    here = shapes.get(around)
    if here is None:
        return None
    near = [shapes[code] for code in here.neighbours if code in shapes]
    inside = [shapes[row.code] for row in gazetteer().within(around) if row.code in shapes]
    own = here.feature(here=True, named=not inside)
    # Drawn in this order: its own line comes last, over those of its neighbours.
    return _collection([*(shape.feature() for shape in (*near, *inside)), own])


def _collection(features: list[str]) -> str | None:
    return '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}" if features else None


def _drawn(known: Gazetteer) -> Atlas:
    assert known.today is not None
    rows = Boundary.objects.in_force(known.today).select_related("taken_from")
    columns = ("place__code", "drawing", "label_lat", "label_lon", "neighbours")
    shapes = {}
    for code, drawing, lat, lon, near in rows.order_by("place__code").values_list(*columns):
        if drawing:
            row = known.get(code)
            shapes[code] = Shape(code, row.name, row.is_settlement, drawing, lat, lon, tuple(near))
    told = rows.order_by("taken_from_id").values_list("taken_from__source", "taken_from__licence").distinct()
    return Atlas(shapes, "; ".join(dict.fromkeys(f"{source} ({licence})" for source, licence in told)))


def _approximate(known: Gazetteer) -> Atlas:
    """Areas around the middles; none where they cannot be made."""
    middles = {(lon, lat): row.code for lat, lon, row in known.points}  # of two at one spot, one
    shapes = {}
    for code, geometry, lat, lon, near in _made_apart(known, {code: spot for spot, code in middles.items()}):
        row = known.get(code)
        if row.is_settlement and row.lat is not None and row.lon is not None:
            lat, lon = row.lat, row.lon
        shapes[code] = Shape(code, row.name, row.is_settlement, geometry, lat, lon, tuple(near))
    return Atlas(shapes)


def _made_apart(known: Gazetteer, middles: dict[str, tuple[float, float]]) -> list[list[Any]]:
    """What `approximating.py` makes of them, in a process of its own: shapely and numpy would stay in this one (28 MB)
    for what is made once."""
    if len(middles) < FEWEST_POINTS:
        return []
    districts = {row.code: [one.code for one in known.within(row.code)] for row in known.districts}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "guyub.rooms.places.approximating"],
            cwd=SOURCE,  # from where the module is found, however this process found it
            input=json.dumps([middles, districts]),
            text=True,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError):
        log.exception("Approximate areas could not be made; maps show none until the next start.")
        return []
    found: list[list[Any]] = json.loads(done.stdout)
    return found
