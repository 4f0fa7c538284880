"""`guyub people import FILE`: take over a table of offices, officers, or RT and RW; all of it or nothing."""

from __future__ import annotations

import argparse
from pathlib import Path

import django

from guyub.launch.arguments import parser


def run(args: list[str]) -> int:
    django.setup()
    from guyub.rooms.people import api as people

    options = parser("people", "Import a filled table, by the same rules as the pages of an admin.")
    options.add_argument("verb", choices=["import"])
    options.add_argument("file", type=Path, help="XLSX or CSV with the headings of the samples")
    options.add_argument("--city", required=True, help="slug or code")
    options.add_argument("--table", required=True, choices=sorted(people.TABLES))
    options.add_argument("--dry-run", action="store_true", help="only say what would happen")
    return _import(options.parse_args(args))


def _import(chosen: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.kernel.cities import api as cities
    from guyub.rooms.people import api as people

    try:
        city = cities.get_city_by_slug(chosen.city)
        content = chosen.file.read_bytes()
        with cities.inside(city):
            found = people.import_file(
                content, table=chosen.table, by=None, at=timezone.now(), apply=not chosen.dry_run
            )
    except (LookupError, OSError, people.CannotRead) as problem:
        print(problem)
        return 1
    for wrong in found.problems:
        print(f"baris {wrong.line}, {wrong.column}: {wrong.words}")
    if found.problems:
        print("Nothing was taken over.")
        return 1
    done = "would be " if chosen.dry_run else ""
    print(f"{found.added} rows {done}added, {found.changed} {done}changed, {found.unchanged} unchanged.")
    return 0
