"""What stands around the journey of an initiative, set by the actions themselves in a process beside the server's.

    python -m tests.journeys.scene_of_initiative reports            34 reports that were read, of one kelurahan
    python -m tests.journeys.scene_of_initiative partners <slug>    three more partners promise; two of them bring it
    python -m tests.journeys.scene_of_initiative confirm            every reporter but three says that it is done

Each prints what the journey needs to know as JSON.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections import Counter
from datetime import timedelta
from typing import Any

import django

HOW_MANY, BY_HAND = 34, 3
CATEGORY = "sampah"
WORDS = "Gang uji tergenang: saluran nomor {} dari mulut gang penuh sampah."


def reports(at: Any) -> dict[str, Any]:
    """Sent by residents without an account, and read by the kelurahan."""
    from guyub.demo.initiatives import _person
    from guyub.rooms.casework.models import Case
    from guyub.rooms.reports import actions
    from guyub.rooms.reports.actions import Submission
    from guyub.rooms.reports.models import Report

    lurah = _person("lurah", at)
    place = lurah.grants[0].place
    links = []
    for n in range(1, HOW_MANY + 1):
        sent = at - timedelta(minutes=10 * n)
        what = Submission(
            submission=uuid.uuid4(), report_class="PENGADUAN", category=CATEGORY, body=WORDS.format(n),
            place=place, landmark="pos ronda uji",
        )  # fmt: skip
        number = actions.submit_report(what=what, at=sent).number
        row, case = Report.objects.get(number=number), Case.objects.get(number=number)
        actions.verify_report(
            case=case.uuid, public_body=row.body, public_landmark="", photos=[], by=lurah, at=sent
        )
        links.append((number, f"/laporan/ikuti/{actions.follow_key(row.uuid)}/"))
    return {"place": place, "reports": links}


def partners(at: Any, slug: str) -> dict[str, Any]:
    """A company and two more promise; the company and a university bring it, a radio station withdraws."""
    from guyub.demo.initiatives import Stage as Around
    from guyub.demo.initiatives import _bring, _drawn, _line, _person, _pledge
    from guyub.kernel.files.api import Photo
    from guyub.rooms.initiatives import pledging
    from guyub.rooms.initiatives.models import Initiative, Proof
    from guyub.rooms.partners.models import Partner

    row = Initiative.objects.get(slug=slug)
    lurah, second = _person("lurah", at), _person("seklur", at)
    stage = Around(at, lurah, second, row.places[0], row.office_id or 0, [], _drawn())
    found: dict[str, tuple[Partner, Any]] = {}
    for one in Partner.objects.verified().filter(kind__in=["COMPANY", "UNIVERSITY", "MEDIA"]):
        founder = one.founded_by_id
        found[one.kind] = (one, _by_id(founder, at))
    money, hours = _line(row, "MONEY"), _line(row, "HOURS")
    paid = _pledge(stage, money, 5_000_000, found["COMPANY"], ago=0, due=5, accept=False)
    taught = _pledge(stage, hours, 30, found["UNIVERSITY"], ago=0, due=5, accept=False)
    failed = _pledge(stage, hours, 20, found["MEDIA"], ago=0, due=5, accept=False)
    for key in (paid, taught, failed):
        pledging.accept(pledge=key, by=lurah, at=at)
    pledging.withdraw(pledge=failed, words="Studio kami pindah bulan ini.", by=found["MEDIA"][1], at=at)
    _bring(stage, paid, 5_000_000, found["COMPANY"][1], ago=0)
    _bring(stage, taught, 30, found["UNIVERSITY"][1], ago=0)
    # Drawn pictures are not looked at, as in the demo: the worker has the people's own to look at.
    Proof.objects.filter(flagged=None).update(flagged=False, findings=[{"code": "NEW"}])
    Photo.objects.filter(subject__startswith="initiatives.").update(is_marked=True)
    company, who = found["COMPANY"]
    return {"company": company.slug, "name": company.name, "email": who.email}


def _by_id(account: int, at: Any) -> Any:
    from guyub.kernel.calendar import local_date
    from guyub.kernel.cities.api import get_city
    from guyub.rooms.people import api as people

    return people.person(account, on=local_date(at, get_city().tz))


def confirm(at: Any) -> dict[str, Any]:
    from guyub.rooms.reports import actions
    from guyub.rooms.reports.models import Report

    rows = list(Report.objects.filter(body__startswith=WORDS.partition(" nomor")[0]).order_by("pk"))
    for row in rows[BY_HAND:]:
        actions.confirm(report=row, at=at)
    again = Report.objects.filter(pk__in=[row.pk for row in rows])
    return {"states": Counter(again.values_list("state", flat=True))}


def main(what: str, *more: str) -> None:
    django.setup()
    from django.utils import timezone

    from guyub.kernel.cities import api as cities

    doing = {"reports": reports, "partners": partners, "confirm": confirm}[what]
    with cities.inside(cities.get_city_by_slug("bandung")):
        print(json.dumps(doing(timezone.now(), *more)))


if __name__ == "__main__":
    main(*sys.argv[1:])
