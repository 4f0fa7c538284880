"""`guyub client add|list|end`: keys for programs that send reports by Open311."""

from __future__ import annotations

import argparse

import django

from guyub.launch.arguments import parser


def run(args: list[str]) -> int:
    django.setup()
    options = parser("client", "Keys for programs of others, as on the pages of an admin.")
    options.add_argument("--city", required=True, help="slug or code")
    verbs = options.add_subparsers(dest="verb", required=True)
    adding = verbs.add_parser("add", help="give a program a key; it is printed once")
    adding.add_argument("name")
    owner = adding.add_mutually_exclusive_group(required=True)
    owner.add_argument("--office", default="", help="the key of an office, such as `pu`")
    owner.add_argument("--partner", default="", help="who answers for it outside the government")
    verbs.add_parser("list", help="all programs, those whose key holds first")
    ending = verbs.add_parser("end", help="let a key hold no more")
    ending.add_argument("id", type=int)
    chosen = options.parse_args(args)
    from guyub.kernel.cities import api as cities
    from guyub.rooms.people import api as people

    try:
        with cities.inside(cities.get_city_by_slug(chosen.city)):
            return {"add": _add, "list": _list, "end": _end}[chosen.verb](chosen)
    except (LookupError, people.GrantRefused) as problem:
        print(problem)
        return 1


def _add(chosen: argparse.Namespace) -> int:
    from django.utils import timezone

    from guyub.rooms.people import api as people

    made, key = people.add_client(
        name=chosen.name, office=chosen.office, partner=chosen.partner, by=None, at=timezone.now()
    )
    print(f"{made} {key}")
    return 0


def _list(chosen: argparse.Namespace) -> int:
    from guyub.rooms.people import api as people

    for row in people.clients():
        owner = row.organisation.name if row.organisation else row.partner
        state = f"ended {row.ended_at:%Y-%m-%d}" if row.ended_at else f"since {row.made_at:%Y-%m-%d}"
        print(f"{row.pk} {row.begins}… {row.name} ({owner}), {state}")
    return 0


def _end(chosen: argparse.Namespace) -> int:
    from django.core.exceptions import ObjectDoesNotExist
    from django.utils import timezone

    from guyub.rooms.people import api as people

    try:
        people.end_client(client=chosen.id, by=None, at=timezone.now())
    except (ObjectDoesNotExist, OverflowError):
        print(f"There is no client {chosen.id}.")
        return 1
    print("Ended.")
    return 0
