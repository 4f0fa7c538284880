"""Found a city: its schema, and from the rooms' own seeds its places, offices, categories and rules."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.text import slugify

from guyub.kernel.cities import api as cities
from guyub.kernel.cities.api import City
from guyub.kernel.ledger.models import Cursor, Era
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import api as casework
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.places.api import codes
from guyub.rooms.reports import api as reports

FROM = date(2020, 1, 1)


def add_city(
    *,
    code: str,
    at: datetime,
    slug: str | None = None,
    hosts: list[str] | None = None,
    profile: dict[str, Any] | None = None,
) -> City:
    """Create a regency or city by its official code and seed it. Raises `UnknownRegion`, `cities.CityExists`."""

    region = codes.region(codes.dotted(code))
    if region.kind not in (codes.KOTA, codes.KABUPATEN):
        raise codes.UnknownRegion(code)
    is_kota = region.kind == codes.KOTA
    slug = slug or slugify(region.name)
    city = cities.create_city(
        code=region.code,
        slug=slug,
        name=region.name,
        kind=region.kind,
        government_name=f"Pemerintah {region.name}",
        head_title="Wali Kota" if is_kota else "Bupati",
        time_zone=str(codes.time_zone(region.code)),
        hosts=hosts or [f"{slug}.localhost"],
        profile=profile or {},
        at=at,
    )
    with cities.inside(city):
        seed(city, at=at)
    return city


def seed(city: City, *, at: datetime) -> None:
    """Add the rules, places, offices, categories and prepared answers that the entered city lacks."""
    Era.objects.get_or_create(only=True)
    Cursor.objects.get_or_create(name="pump")
    rulebook.seed(at=at)
    places.seed_places(code=city.code)
    people.seed_organisations(region=city.code, region_name=city.name, places=places.gazetteer().rows)
    casework.seed_external(region=city.code)
    reports.seed_categories(effective_from=FROM)
    casework.seed_answer_templates(at=at)


def catch_up(*, at: datetime) -> None:
    """Give every city the packaged rules that a new release brought; one that is there is never changed."""
    for _ in cities.each_city():
        rulebook.seed(at=at)
