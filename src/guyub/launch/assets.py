"""`guyub assets import`: roads, drains, lamps, rivers or schools from a GeoJSON file, and whose they are."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path

import django

from guyub.launch.arguments import parser

LINES = 12


def run(args: list[str]) -> int:
    options = _parser().parse_args(args)
    django.setup()
    from guyub.kernel.cities import api as cities

    there = list(cities.cities())
    try:
        if not options.city and len(there) != 1:
            raise LookupError(f"Say which city with --city: {', '.join(one.slug for one in there)}.")
        city = cities.get_city_by_slug(options.city) if options.city else there[0]
    except LookupError as unknown:
        print(unknown)
        return 1
    with cities.inside(city):
        return _import(options)


def _parser() -> argparse.ArgumentParser:
    top = parser("assets", "Things on the ground and whose they are: they refine which office gets a report.")
    take = top.add_subparsers(required=True).add_parser(
        "import", help="take in points, lines or areas from a GeoJSON file (WGS 84)"
    )
    take.add_argument("file", type=Path)
    take.add_argument(
        "--layer", required=True, type=_layer, help="its name, as rule asset_owners.<layer> says it"
    )
    take.add_argument("--owner-field", required=True, help="the property that says whose it is")
    take.add_argument("--name-field", default="name", help="the property that holds its name")
    take.add_argument(
        "--id-field", default="id", help="the property that holds its id; else the feature's own"
    )
    take.add_argument("--source", required=True, help="whose data it is; shown beside each use")
    take.add_argument("--licence", required=True, help="on which terms")
    take.add_argument("--dated", required=True, type=date.fromisoformat, help="the day of which it speaks")
    take.add_argument("--city", help="slug or code; may be left out where there is only one")
    take.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
    return top


def _layer(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", text):
        raise argparse.ArgumentTypeError("small letters, digits, - and _ only")
    return text


def _import(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.rooms.places import api as places

    try:
        taken = places.import_assets(
            data=options.file.read_bytes(),
            layer=options.layer,
            fields=places.Fields(owner=options.owner_field, name=options.name_field, id=options.id_field),
            source=options.source,
            licence=options.licence,
            dated=options.dated,
            at=timezone.now(),
            dry_run=options.dry_run,
        )
    except (OSError, places.CannotRead) as problem:
        print(f"{problem}\nNothing was changed.")
        return 1
    for row, words in taken.findings[:LINES]:
        print(f"  feature {row}: {words}")
    if len(taken.findings) > LINES:
        print(f"  … and {len(taken.findings) - LINES} more")
    print("Owners: " + ", ".join(f"{owner} {n}" for owner, n in sorted(taken.owners.items())))
    print(
        f"{taken.new} new, {taken.replaced} replaced"
        + ("; a trial, nothing was changed." if options.dry_run else ".")
    )
    return 0
