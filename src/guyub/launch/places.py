"""`guyub places import | list | alias | succeed`: boundaries, codes and names of a city's kecamatan and kelurahan."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import django

LINES = 12  # of each kind of finding, unless all are asked for
HEADINGS = {
    "unknown": "not matched to a place here",
    "unusable": "matched, but without a usable area",
    "note": "worth a look",
    "repaired": "mended",
    "overlap": "overlaps between neighbours",
    "gap filled": "gaps closed",
    "gap left": "gaps left open",
    "missing": "places without a boundary",
    "adjusted": "neighbours outside the file, adjusted to it",
}


def run(args: list[str]) -> int:
    options = _parser().parse_args(args)
    django.setup()
    from guyub.kernel.cities import api as cities

    try:
        city = cities.get_city_by_slug(options.city) if options.city else _only_city()
    except LookupError as unknown:
        print(unknown)
        return 1
    with cities.inside(city):
        return options.act(options)


def _parser() -> argparse.ArgumentParser:
    from guyub.launch.arguments import parser

    top = parser("places", "Boundaries, codes and names of a city's kecamatan, kelurahan and desa.")
    commands = top.add_subparsers(required=True)
    take = commands.add_parser("import", help="take in boundaries from a GeoJSON file (WGS 84)")
    take.add_argument("file", type=Path)
    take.add_argument("--source", help="whose boundaries they are; shown beside every map")
    take.add_argument("--licence", help="on which terms; shown beside every map")
    take.add_argument(
        "--valid-from", type=date.fromisoformat, help="first day on which they hold; today if not given"
    )
    take.add_argument("--code-property", default="", help="the property that holds the official code")
    take.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
    take.add_argument("--all", action="store_true", help="print every finding, not the first of each kind")
    take.set_defaults(act=_import)
    known = commands.add_parser("list", help="places with their codes, other names and boundaries")
    known.add_argument("search", nargs="?", default="", help="part of a name, or a code")
    known.set_defaults(act=_list)
    alias = commands.add_parser("alias", help="add other names from a CSV file: code,name")
    alias.add_argument("file", type=Path)
    alias.set_defaults(act=_alias)
    succeed = commands.add_parser(
        "succeed", help="splits and mergers from a CSV file: old_code,new_code,new_name,on,basis"
    )
    succeed.add_argument("file", type=Path)
    succeed.set_defaults(act=_succeed)
    for one in (take, known, alias, succeed):
        one.add_argument("--city", help="slug or code; may be left out where there is only one")
    return top


def _only_city():
    from guyub.kernel.cities import api as cities

    there = list(cities.cities())
    if len(there) != 1:
        raise LookupError(f"Say which city with --city: {', '.join(city.slug for city in there)}.")
    return there[0]


def _import(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.kernel.cities.api import get_city
    from guyub.rooms.places import api as places

    if not options.dry_run and not (options.source and options.licence):
        print("Say whose boundaries these are, and on which terms: --source '…' --licence '…'")
        return 1
    at = timezone.now()
    try:
        outcome = places.import_boundaries(
            data=options.file.read_bytes(),
            source=options.source or "",
            licence=options.licence or "",
            valid_from=options.valid_from or timezone.localdate(at, get_city().tz),
            at=at,
            code_property=options.code_property,
            dry_run=options.dry_run,
        )
    except (OSError, places.CannotImport) as problem:
        print(f"{problem}\nNothing was changed.")
        return 1
    report(outcome, most=None if options.all else LINES)
    if options.dry_run:
        print(f"A trial: {len(outcome.changed)} boundaries would be new; nothing was changed.")
    elif outcome.boundaries:
        print(f"{len(outcome.changed)} boundaries hold in a new version (import {outcome.boundaries}).")
    else:
        print("All of these boundaries are here already; nothing was changed.")
    return 0


def report(outcome, *, most: int | None = LINES) -> None:
    """Print what an import found: how many, how much ground, and the largest of each kind."""
    print(f"{len(outcome.matched)} places matched.")
    for kind, heading in HEADINGS.items():
        found = sorted(outcome.of(kind), key=lambda one: (-one.square_metres, one.row, one.code))
        if not found:
            continue
        ground = sum(one.square_metres for one in found)
        print(f"\n{len(found)} × {heading}" + (f", {ground:,.0f} m² in all" if ground else ""))
        for one in found[:most]:
            where = " ".join(filter(None, (f"feature {one.row}" if one.row else "", one.code)))
            size = f" ({one.square_metres:,.0f} m²)" if one.square_metres else ""
            print(f"  {where + ': ' if where else ''}{one.words}{size}")
        if most is not None and len(found) > most:
            print(f"  … and {len(found) - most} more (--all prints them)")
    print()


def _list(options: argparse.Namespace) -> int:
    from guyub.rooms.places import api as places

    known, drawn = places.gazetteer(), places.atlas()
    rows = known.search(options.search) if options.search else [row for row in known.rows if row.parent_code]
    for row in rows:
        told = [
            f"also {', '.join(row.aliases)}" if row.aliases else "",
            "" if row.stands else f"ended; now {', '.join(known.successors(row.code)) or 'nobody'}",
            "" if drawn.is_approximate or row.code in drawn.shapes else "no boundary",
        ]
        print(f"{row.code:14} {row.label:40} {'; '.join(filter(None, told))}".rstrip())
    if options.search and not rows:
        new = known.successors(options.search)
        print(f"{options.search}: {'continued by ' + ', '.join(new) if new else 'not known here'}")
    print(f"{len(rows)} places; boundaries: {drawn.source or 'none, approximate areas are drawn'}.")
    return 0


def _alias(options: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.rooms.places import api as places

    return _from_rows(
        options,
        ("code", "name"),
        lambda rows: f"{places.add_aliases(rows=rows, at=timezone.now())} names were added.",
    )


def _succeed(options: argparse.Namespace) -> int:
    from django.db import transaction
    from django.utils import timezone

    from guyub.kernel.cities.api import get_city
    from guyub.rooms.people import api as people
    from guyub.rooms.places import api as places

    def do(rows: list[dict[str, str]]) -> str:
        with transaction.atomic():
            done = places.succeed(rows=rows, at=timezone.now())
            city = get_city()
            people.seed_organisations(region=city.code, region_name=city.name, places=places.gazetteer().rows)
        return f"{len(done)} successions were recorded; new places have their offices."

    return _from_rows(options, ("old_code", "new_code", "new_name", "on", "basis"), do)


def _from_rows(
    options: argparse.Namespace, columns: tuple[str, ...], do: Callable[[list[dict[str, str]]], str]
) -> int:
    """Read a CSV file and hand its rows on; what is wrong is said row by row, as a spreadsheet counts them."""
    from guyub.rooms.places import api as places

    try:
        rows = _rows(options.file, columns)
        print(do(rows))
    except places.WrongRows as wrong:
        for row, words in wrong.problems:
            print(f"  row {row + 1}: {words}")
        print("Nothing was changed.")
        return 1
    except (OSError, ValueError, csv.Error) as problem:
        print(f"{problem}\nNothing was changed.")
        return 1
    return 0


def _rows(file: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        lacking = set(columns) - set(reader.fieldnames or ())
        if lacking:
            raise ValueError(f"The first row must name the columns {','.join(columns)}.")
        return [_plain(row) for row in reader]


def _plain(row: Mapping[str | None, str | list[str] | None]) -> dict[str, str]:
    return {key: value for key, value in row.items() if key and isinstance(value, str)}
