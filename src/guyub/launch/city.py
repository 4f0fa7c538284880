"""`guyub city create | seed | admin | list`: put a city on this installation from the official code list."""

from __future__ import annotations

import argparse

import django


def run(args: list[str]) -> int:
    options = _parser().parse_args(args)
    django.setup()
    return options.act(options)


def _parser() -> argparse.ArgumentParser:
    from guyub.launch.arguments import parser

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
    admin = commands.add_parser("admin", help="name the city's first admin, who names all others")
    admin.add_argument("city", help="slug or code")
    admin.add_argument("--email", required=True)
    admin.add_argument("--name", default="")
    admin.add_argument("--basis", default="Penunjukan pertama", help="the decree, word for word")
    admin.set_defaults(act=_admin)
    commands.add_parser("list", help="the cities here").set_defaults(act=_list)
    return top


def _create(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.founding import add_city
    from guyub.kernel.cities import api as cities
    from guyub.rooms.places.api import codes

    try:
        city = add_city(code=options.code, slug=options.slug, hosts=options.host, at=timezone.now())
    except codes.UnknownRegion:
        print(f"There is no kabupaten or kota with the code '{options.code}'. Codes look like 33.73.")
        return 1
    except cities.CityExists as taken:
        print(taken)
        return 1
    print(f"{city.name} is ready at {', '.join(city.hosts)}.")
    return 0


def _seed(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.founding import seed
    from guyub.kernel.cities import api as cities

    try:
        city = cities.get_city_by_slug(options.city)
    except LookupError as unknown:
        print(unknown)
        return 1
    with cities.inside(city):
        seed(city, at=timezone.now())
    return 0


def _admin(options: argparse.Namespace) -> int:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email
    from django.utils import timezone

    from guyub.kernel.cities import api as cities
    from guyub.rooms.people import api as people

    try:
        city = cities.get_city_by_slug(options.city)
        validate_email(options.email)
        with cities.inside(city):
            people.add_admin(email=options.email, name=options.name, basis=options.basis, at=timezone.now())
    except ValidationError:
        print(f"'{options.email}' is no e-mail address.")
        return 1
    except (LookupError, people.GrantRefused) as problem:
        print(problem)
        return 1
    print(f"{options.email} is an admin of {city.name} and signs in at {', '.join(city.hosts)}.")
    return 0


def _list(options: argparse.Namespace) -> int:
    from guyub.kernel.cities import api as cities

    for city in cities.cities():
        print(f"{city.code}  {city.slug:16} {city.name:28} {', '.join(city.hosts)}")
    return 0
