"""`guyub retention CITY`: what is over its time, by class; `--apply` erases it now instead of with the daily sweep."""

from __future__ import annotations

import argparse

import django

from guyub.launch.arguments import parser


def run(args: list[str]) -> int:
    options = parser("retention", "Say what is kept longer than the rulebook lets it; change nothing.")
    options.add_argument("city", help="slug or code")
    options.add_argument("--apply", action="store_true", help="erase it now")
    chosen = options.parse_args(args)
    django.setup()
    return _retention(chosen)


def _retention(chosen: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.kernel import retention
    from guyub.kernel.cities import api as cities

    try:
        city = cities.get_city_by_slug(chosen.city)
    except LookupError as problem:
        print(problem)
        return 1
    at = timezone.now()
    with cities.inside(city):
        counts = {key: rows.count() for key, rows in retention.due(at=at).items()}
        if chosen.apply:
            retention.sweep(at=at)
    for key, count in counts.items():
        print(f"{key:20} {count:8} {'erased' if chosen.apply else 'over their time'}")
    return 0
