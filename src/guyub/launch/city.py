"""`guyub city create | seed | list`: put a city on this installation from the official code list."""

from __future__ import annotations

import argparse
from datetime import date, datetime

import django

from guyub.kernel.cities.current import City

FROM = date(2020, 1, 1)


def run(args: list[str]) -> int:
    options = _parser().parse_args(args)
    django.setup()
    return options.act(options)


def _parser() -> argparse.ArgumentParser:
    from guyub.cli import parser

    top = parser("city", "Create, seed and list cities.")
    commands = top.add_subparsers(required=True)
    create = commands.add_parser("create", help="add a regency or city by its code")
    create.add_argument("--code", required=True, help="official code, e.g. 33.73")
    create.add_argument("--slug", help="short name for addresses; made from the name if not given")
    create.add_argument("--host", action="append", default=[], help="host name; may be given more than once")
    create.set_defaults(act=_create)
    seed = commands.add_parser("seed", help="add what is missing of places, offices, categories and rules")
    seed.add_argument("city")
    seed.set_defaults(act=_seed)
    commands.add_parser("list", help="the cities here").set_defaults(act=_list)
    return top


def _create(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.kernel.cities import api as cities
    from guyub.rooms.places.codes import UnknownRegion

    try:
        city = add_city(code=options.code, slug=options.slug, hosts=options.host, at=timezone.now())
    except UnknownRegion:
        print(f"There is no kabupaten or kota with the code '{options.code}'. Codes look like 33.73.")
        return 1
    except cities.CityExists as taken:
        print(taken)
        return 1
    print(f"{city.name} is ready at {', '.join(city.hosts)}.")
    return 0


def _seed(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.kernel.cities import api as cities

    try:
        city = cities.get_city_by_slug(options.city)
    except LookupError as unknown:
        print(unknown)
        return 1
    with cities.inside(city):
        seed(city, at=timezone.now())
    return 0


def _list(options: argparse.Namespace) -> int:
    from guyub.kernel.cities import api as cities

    for city in cities.cities():
        print(f"{city.code}  {city.slug:16} {city.name:28} {', '.join(city.hosts)}")
    return 0


def add_city(
    *,
    code: str,
    at: datetime,
    slug: str | None = None,
    hosts: list[str] | None = None,
    profile: dict | None = None,
) -> City:
    """Create a regency or city by its official code and seed it. Raises `UnknownRegion`, `cities.CityExists`."""
    from django.utils.text import slugify

    from guyub.kernel.cities import api as cities
    from guyub.rooms.places import codes

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
    """Add the rules, places, offices and categories that the entered city lacks."""
    from guyub.kernel.ledger.models import Cursor, Era
    from guyub.kernel.rulebook import api as rulebook
    from guyub.rooms.people import api as people
    from guyub.rooms.places import api as places
    from guyub.rooms.reports import api as reports

    Era.objects.get_or_create(only=True)
    Cursor.objects.get_or_create(name="pump")
    rulebook.seed(at=at)
    places.seed_places(code=city.code)
    people.seed_organisations(region=city.code, region_name=city.name, places=places.gazetteer().rows)
    reports.seed_categories(effective_from=FROM)
