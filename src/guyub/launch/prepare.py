"""Bring a demo installation up to date: messages, static files, tables, cities and their first reports."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path


class OtherKey(RuntimeError):
    """The demo's data are there, and the key that they were written with is not."""


def prepare(*, reports: int, boundaries: Path | None = None, only: Collection[str] = ()) -> None:
    """Everything that must be there before a demo's first page. `reports` is the size of the largest city's year;
    `boundaries` a folder with GeoJSON files, without which approximate areas are drawn; `only` names the cities that are
    wanted, if not all. Raises OtherKey."""
    from guyub.kernel.cities.secrets import CannotDecrypt

    try:
        _prepare(reports=reports, boundaries=boundaries, only=only)
    except CannotDecrypt as problem:
        raise OtherKey(
            "The demo's data were written with a key that is not in var/demo any more. Put the folder back, "
            "or begin anew: make clean, then make demo."
        ) from problem


def _prepare(*, reports: int, boundaries: Path | None, only: Collection[str]) -> None:
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
    set_up_cities(only)
    if boundaries:
        take_boundaries(boundaries)
    first_reports(largest=reports)
    add_from_beyond()
    connections.close_all()


if __name__ == "__main__":
    prepare(reports=int(sys.argv[1]), only=sys.argv[2:])
