"""`guyub ledger seal | verify | rebuild CITY`."""

from __future__ import annotations

import django

from guyub.launch.arguments import parser


def run(args: list[str]) -> int:
    options = parser("ledger", "Seal a city's ledger, check it, or count its projections anew.")
    options.add_argument("verb", choices=["seal", "verify", "rebuild"])
    options.add_argument("city", help="slug or code")
    chosen = options.parse_args(args)
    django.setup()
    from guyub.kernel.cities import api as cities

    try:
        city = cities.get_city_by_slug(chosen.city)
    except LookupError as unknown:
        print(unknown)
        return 1
    with cities.inside(city):
        return {"seal": _seal, "verify": _verify, "rebuild": _rebuild}[chosen.verb]()


def _seal() -> int:
    from django.utils import timezone

    from guyub.kernel.ledger import api as ledger

    made = 0
    while one := ledger.seal(at=timezone.now()):
        made += 1
        print(f"Seal {one.number}: {one.count} facts, {one.hash}")
    if not made:
        print("Nothing has happened since the last seal.")
    return 0


def _verify() -> int:
    from guyub.kernel.ledger import api as ledger

    verdict = ledger.verify()
    if verdict.broken is None:
        print(f"{verdict.seals} seals over {verdict.facts} facts: history stands as it was sealed.")
        return 0
    print(f"Seal {verdict.broken} does not fit: {verdict.reason}.")
    print(
        "Keep this database as it is, compare with the published seals, and restore from the last backup that fits."
    )
    return 1


def _rebuild() -> int:
    from guyub.kernel.ledger import api as ledger

    print(f"{ledger.rebuild()} facts were counted anew.")
    return 0
