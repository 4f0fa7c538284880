"""`guyub rulebook publish CITY`: put a new version of a rule in force, such as a year's holidays."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path

import django

from guyub.launch.arguments import parser


def run(args: list[str]) -> int:
    options = parser(
        "rulebook", "Publish a rule; deadlines that waited for it become firm at the next sweep."
    )
    options.add_argument("verb", choices=["publish"])
    options.add_argument("city", help="slug or code")
    options.add_argument(
        "--key", required=True, help="for example holidays.2028 or complaint_clocks.resolve.ASPIRASI"
    )
    options.add_argument(
        "--file", required=True, type=Path, help="JSON with the value, in the form of the seeds"
    )
    options.add_argument(
        "--since", required=True, type=date.fromisoformat, help="first day on which it holds"
    )
    options.add_argument("--basis", required=True, help="the decree, word for word")
    chosen = options.parse_args(args)
    django.setup()
    return _publish(chosen)


def _publish(chosen: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.kernel.cities import api as cities
    from guyub.kernel.rulebook import api as rulebook

    try:
        city = cities.get_city_by_slug(chosen.city)
        value = json.loads(chosen.file.read_text(encoding="utf-8"))
    except (LookupError, OSError, json.JSONDecodeError) as problem:
        print(problem)
        return 1
    with cities.inside(city):
        version = rulebook.publish(
            key=chosen.key,
            value=value,
            effective_from=chosen.since,
            legal_basis=chosen.basis,
            confidence="C",
            at=timezone.now(),
        )
    print(f"{chosen.key} holds in {city.name} from {chosen.since} (version {version}).")
    return 0
