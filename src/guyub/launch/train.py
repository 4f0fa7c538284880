"""`guyub train`: learn from decided cases which words speak for which category; nothing leaves the machine."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

import django

from guyub.launch.arguments import parser


def run(args: list[str]) -> int:
    options = parser("train", "Learn from decided cases which words speak for which category.")
    options.add_argument("--city", help="slug or code; all cities if left out")
    options.add_argument("--dry-run", action="store_true", help="print the figures, and keep nothing")
    chosen = options.parse_args(args)
    django.setup()
    from guyub.kernel.cities import api as cities

    try:
        asked = [cities.get_city_by_slug(chosen.city)] if chosen.city else list(cities.cities())
    except LookupError as unknown:
        print(unknown)
        return 1
    failed = 0
    for city in asked:
        with cities.inside(city):
            failed += not _train(city.name, chosen)
    return 1 if failed and chosen.city else 0


def _train(name: str, chosen: argparse.Namespace) -> bool:
    from django.utils import timezone

    from guyub.rooms.reports import api as reports

    print(f"{name}:")
    try:
        trained = reports.train(at=timezone.now(), dry_run=chosen.dry_run)
    except reports.TooFew as few:
        print(f"  {few}")
        return False
    for line in lines_of(trained):
        print(f"  {line}")
    return True


def lines_of(trained) -> Iterable[str]:
    """The figures, as an operator reads them."""
    figures = trained.figures
    yield f"{trained.cases} decided cases, {len(trained.counts)} categories, {trained.bytes // 1024} KB."
    yield "  " + ", ".join(f"{code} {count}" for code, count in trained.counts.most_common())
    yield (
        f"On the newest {figures['cases']}, unseen: right at first {figures['first']:.0%}, "
        f"among three {figures['among_three']:.0%}."
    )
    for low, count, sure, right in figures["bins"]:
        yield f"  from {low:.0%} sure: {count} cases, said {sure:.0%}, true {right:.0%}"
    yield f"In use as model {trained.model}." if trained.model else "A trial: nothing was kept."
