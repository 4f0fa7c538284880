"""Bringing a layer in from a file. Each feature is looked at for itself; what cannot be used is named by its row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import shapely
from django.db import transaction
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from guyub.events.places import AssetsImported
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.places.boundary_files import CannotRead, collection_of, look_at_axes
from guyub.rooms.places.models import Asset, AssetImport

KINDS = {
    "Point": "point", "MultiPoint": "point", "LineString": "line", "MultiLineString": "line",
    "Polygon": "area", "MultiPolygon": "area",
}  # fmt: skip
DIGITS = 6  # of a degree: about ten centimetres
MOST_FINDINGS = 200


@dataclass(frozen=True, slots=True)
class Fields:
    """Which properties of a feature hold what."""

    owner: str
    name: str = "name"
    id: str = "id"


@dataclass
class Taken:
    """What an import did. Findings are (row, words), rows counted from 1."""

    new: int = 0
    replaced: int = 0
    findings: list[tuple[int, str]] = field(default_factory=list)
    owners: dict[str, int] = field(default_factory=dict)


@transaction.atomic
def import_assets(
    *, data: bytes, layer: str, fields: Fields, source: str, licence: str, dated: date, at: datetime,
    dry_run: bool = False,
) -> Taken:  # fmt: skip
    """Take a layer's features in; those that are there already under their id are replaced. Raises CannotRead."""
    most = rulebook.rule("places.boundaries", on=local_date(at, get_city().tz)).value[
        "largest_file_megabytes"
    ]
    features = collection_of(data, most_bytes=most * 1_000_000)
    taken, rows = Taken(), dict[str, Asset]()
    shapes: list[BaseGeometry] = []
    for row, feature in enumerate(features, start=1):
        made = _read(row, feature, fields, taken)
        if made is None:
            continue
        asset, drawn = made
        if asset.source_id in rows:
            taken.findings.append((row, f"id {asset.source_id} stands twice; the last one is taken"))
        asset.layer = layer
        rows[asset.source_id] = asset
        shapes.append(drawn)
    if not rows:
        raise CannotRead(
            "No feature of this file can be used: " + "; ".join(w for _, w in taken.findings[:3])
        )
    look_at_axes(shapes)
    there = set(Asset.objects.filter(layer=layer, source_id__in=rows).values_list("source_id", flat=True))
    taken.replaced, taken.new = len(there), len(rows) - len(there)
    for asset in rows.values():
        taken.owners[asset.owner] = taken.owners.get(asset.owner, 0) + 1
    if not dry_run:
        _write(rows, layer, data, source, licence, dated, taken, at)
    return taken


def _write(
    rows: dict[str, Asset], layer: str, data: bytes, source: str, licence: str, dated: date, taken: Taken, at: datetime
) -> None:  # fmt: skip
    digest = hashlib.sha256(data).hexdigest()
    origin = AssetImport.objects.create(
        layer=layer, source=source, licence=licence, dated=dated, digest=digest, imported_at=at,
        findings=taken.findings[:MOST_FINDINGS],
    )  # fmt: skip
    for asset in rows.values():
        asset.taken_from = origin
    said = ["name", "owner", "parts", "south", "west", "north", "east", "taken_from"]
    Asset.objects.bulk_create(
        rows.values(), batch_size=1000, update_conflicts=True, unique_fields=["layer", "source_id"],
        update_fields=said,
    )  # fmt: skip
    fact = AssetsImported(
        assets=origin.pk, layer=layer, digest=digest, new=taken.new, replaced=taken.replaced
    )
    ledger.record(fact, subject=f"places.assets:{origin.pk}", at=at, place=get_city().code)


def _read(row: int, feature: Any, fields: Fields, taken: Taken) -> tuple[Asset, BaseGeometry] | None:
    """One feature as an asset, or a finding that says why not."""
    said = feature.get("properties") if isinstance(feature, Mapping) else None
    said = said if isinstance(said, Mapping) else {}
    owner = _word(said.get(fields.owner), 60)
    source_id = _word(said.get(fields.id, feature.get("id") if isinstance(feature, Mapping) else None), 80)
    if not owner or not source_id:
        taken.findings.append((row, f"has no {fields.id if owner else fields.owner}"))
        return None
    drawn = _drawn(row, feature.get("geometry"), taken)
    if drawn is None:
        return None
    west, south, east, north = drawn.bounds
    asset = Asset(
        source_id=source_id, name=_word(said.get(fields.name), 120), owner=owner.lower(), parts=_parts(drawn),
        south=south, west=west, north=north, east=east,
    )  # fmt: skip
    return asset, drawn


def _word(value: Any, most: int) -> str:
    """A property as one line; signs that no text can hold are left out."""
    said = str(value) if isinstance(value, str | int | float) else ""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())[:most]


def _drawn(row: int, geometry: Any, taken: Taken) -> BaseGeometry | None:
    """A geometry that can be measured; mended where that is possible, and told."""
    if not isinstance(geometry, Mapping) or geometry.get("type") not in KINDS:
        taken.findings.append((row, "has no point, line or area"))
        return None
    try:
        drawn = shapely.force_2d(shape(geometry))
        mended = drawn if drawn.is_valid else shapely.make_valid(drawn)
    except (shapely.GEOSException, ValueError, TypeError, IndexError, KeyError, AttributeError):
        taken.findings.append((row, "its coordinates cannot be read"))
        return None
    if mended.is_empty or not all(map(_is_finite, mended.bounds)):
        taken.findings.append((row, "its geometry is empty"))
        return None
    if mended is not drawn:
        taken.findings.append((row, "its geometry crossed itself and was mended"))
    return mended


def _is_finite(value: float) -> bool:
    return -180 * 1e6 < value < 180 * 1e6


def _parts(drawn: BaseGeometry) -> list[tuple[str, list[list[list[float]]]]]:
    """As `distances.Part`. Mending may have made a collection of several kinds."""
    found = []
    for one in shapely.get_parts(shapely.get_parts(drawn)):
        if one.geom_type == "Polygon":
            found.append(("area", [_line(ring) for ring in (one.exterior, *one.interiors)]))
        elif one.geom_type in ("LineString", "LinearRing"):
            found.append(("line", [_line(one)]))
        elif one.geom_type == "Point":
            found.append(("point", [_line(one)]))
    return found


def _line(of: BaseGeometry) -> list[list[float]]:
    return [[round(x, DIGITS), round(y, DIGITS)] for x, y in of.coords]
