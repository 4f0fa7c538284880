"""Bring a demo installation up to date: messages, static files, tables, cities and their first reports."""

from __future__ import annotations

import sys
from pathlib import Path


def prepare(*, reports: int, boundaries: Path | None = None) -> None:
    """Everything that must be there before a demo's first page. `reports` is the size of the largest city's year;
    `boundaries` a folder with GeoJSON files, without which approximate areas are drawn."""
    import django

    from guyub.launch.messages import compile_all

    compile_all()
    django.setup()
    from django.core.management import call_command
    from django.db import connections
    from django.utils import timezone

    from guyub.demo.beyond import add_from_beyond
    from guyub.demo.filling import first_reports, set_up_cities, take_boundaries
    from guyub.founding import catch_up
    from guyub.kernel.cities import api as cities

    call_command("collectstatic", interactive=False, verbosity=0)
    cities.migrate_all()
    catch_up(at=timezone.now())
    set_up_cities()
    if boundaries:
        take_boundaries(boundaries)
    first_reports(largest=reports)
    add_from_beyond()
    connections.close_all()


if __name__ == "__main__":
    prepare(reports=int(sys.argv[1]))
