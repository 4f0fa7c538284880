"""`guyub migrate` and `guyub django …`."""

from __future__ import annotations

import django


def run(args: list[str]) -> int:
    django.setup()
    if args[0] == "migrate":
        from django.utils import timezone

        from guyub.founding import catch_up
        from guyub.kernel.cities import api as cities

        touched = cities.migrate_all(progress=True)
        catch_up(at=timezone.now())
        print(f"{len(touched)} cities were brought up to date." if touched else "All cities are up to date.")
        return 0
    from django.core.management import execute_from_command_line

    from guyub.kernel.cities import current

    with current.only_schema(current.COMMONS):
        execute_from_command_line(["guyub django", *args[1:]])
    return 0
