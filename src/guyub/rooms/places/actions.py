"""Fill the city's places from the official code list."""

from __future__ import annotations

import csv
from importlib import resources

from django.db import transaction

from guyub.rooms.places import codes
from guyub.rooms.places.models import Kind, Place
from guyub.rooms.places.queries import forget

_KINDS = {
    codes.KABUPATEN: Kind.REGENCY,
    codes.KOTA: Kind.REGENCY,
    codes.KECAMATAN: Kind.DISTRICT,
    codes.KELURAHAN: Kind.WARD,
    codes.DESA: Kind.VILLAGE,
    codes.DESA_ADAT: Kind.VILLAGE,
}


def seed_places(*, code: str) -> int:
    """Add the regency, its kecamatan and their kelurahan and desa; returns how many there are.

    Points are known for some regions only; the others stay null and their pages show no map. Running it again
    adds what is missing and changes nothing else. Raises `codes.UnknownRegion`.
    """
    points = _points()
    with transaction.atomic():
        top = _add([codes.region(code)], {}, points)
        districts = _add(codes.children(code), top, points)
        villages = [v for district in codes.children(code) for v in codes.children(district.code)]
        _add(villages, districts, points)
    forget()
    return Place.objects.count()


def _add(
    regions: list[codes.Region] | tuple[codes.Region, ...], parents: dict[str, int], points: dict
) -> dict[str, int]:
    rows = []
    for region in regions:
        lat, lon = points.get(region.code, (None, None))
        parent = parents.get(region.parent or "")
        rows.append(
            Place(
                code=region.code,
                name=region.name,
                kind=_KINDS[region.kind],
                parent_id=parent,
                lat=lat,
                lon=lon,
            )
        )
    Place.objects.bulk_create(rows, ignore_conflicts=True)
    found = Place.objects.filter(code__in=[region.code for region in regions])
    return dict(found.values_list("code", "pk"))


def _points() -> dict[str, tuple[float, float]]:
    file = resources.files("guyub.rooms.places") / "data" / "centroids.csv"
    with file.open(encoding="utf-8") as lines:
        return {row["code"]: (float(row["lat"]), float(row["lon"])) for row in csv.DictReader(lines)}
