"""`guyub check`: everything an operator should know, and what to do about it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from itertools import groupby

import django

MARKS = {"ok": "  ok ", "warning": "  ?  ", "fault": "  !  "}


def run(args: list[str]) -> int:
    from guyub.launch.arguments import parser

    options = parser("check", "Look at this installation and its cities. Ends with 1 if there is a fault.")
    options.add_argument("--city", help="slug or code; without it the installation and all cities")
    options.add_argument("--json", action="store_true", help="for machines")
    options.add_argument("--quiet", action="store_true", help="only what is not right")
    options.add_argument("--language", choices=["id", "en"], default=_language(), help="of the words")
    options.add_argument("--send", metavar="ADDRESS", help="also send a test mail to this address")
    chosen = options.parse_args(args)
    django.setup()
    from django.utils import translation

    with translation.override(chosen.language):
        if chosen.send and not _send(chosen.send):
            return 1
        try:
            found = list(_outcomes(chosen.city))
        except LookupError as unknown:
            print(unknown, file=sys.stderr)
            return 2
        _print_json(found) if chosen.json else _print(found, quiet=chosen.quiet)
    return 1 if any(one.result.level == "fault" for one in found) else 0


def _language() -> str:
    """Of the operator's shell; English like the other commands if it says nothing."""
    return "id" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("id") else "en"


def _outcomes(slug: str | None) -> Iterator:
    from django.utils import timezone

    from guyub.kernel.checks import api as checks
    from guyub.kernel.cities import api as cities

    at = timezone.now()
    if not slug:
        first = checks.run_checks(at=at, only=frozenset({"database.reachable"}))
        if first[0].result.level == "fault":
            yield from first  # without a database there is nothing else to look at
            return
        yield from checks.run_checks(at=at)
    for city in [cities.get_city_by_slug(slug)] if slug else cities.cities():
        yield from checks.run_checks(at=at, city=city)


def _print(found: list, *, quiet: bool) -> None:
    from guyub.kernel.checks.api import summary

    for city, group in groupby(found, key=lambda one: one.city):
        shown = [one for one in group if not (quiet and one.result.level == "ok")]
        if not shown:
            continue
        print(f"\n{city or 'guyub'}")
        for one in shown:
            print(f"{MARKS[one.result.level]} {one.title}: {one.result.says}")
            if one.result.do:
                print(f"        → {one.result.do}")
    print(f"\n{summary(found)}")


def _print_json(found: list) -> None:
    rows = [
        {
            "name": one.name,
            "city": one.city,
            "title": one.title,
            "level": one.result.level,
            "says": one.result.says,
            "do": one.result.do,
            "seconds": round(one.seconds, 4),
        }
        for one in found
    ]
    print(json.dumps(rows, ensure_ascii=False, indent=1))


def _send(address: str) -> bool:
    """A mail that says it is a test. What goes wrong is told by its kind: its text may hold an account."""
    from django.core.mail import send_mail
    from django.utils.translation import gettext as _

    words = _("Surel uji dari `guyub check`. Bila Anda membacanya, pengiriman surel berjalan.")
    try:
        send_mail(_("Surel uji Guyub"), words, None, [address])
    except (OSError, ValueError) as problem:
        print(f"{type(problem).__name__}: {problem}", file=sys.stderr)
        return False
    return True
