"""Two at once: one wins, the other is told; nothing is counted twice and no number is lost."""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from guyub.demo.people import DOMAIN, add_demo_people
from guyub.kernel.cities import api as cities
from guyub.kernel.ledger import api as ledger
from guyub.rooms.areafunds import api as areafunds
from guyub.rooms.areafunds.models import Activity, Ceiling, Step
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.decision_table import Row
from guyub.rooms.casework.models import Case, CrewProof, HandOver, Route
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account
from guyub.rooms.places import api as places
from guyub.rooms.reports import actions, merging
from guyub.rooms.reports.models import Merge, Report, Support
from tests.factories import BACKEND, finished, picture, send
from tests.security.conftest import Browser


def at_once(city, deeds: list[Callable[[], Any]]) -> list[Any]:
    """Each deed in a thread and connection of its own, let go together; what it returned or raised."""
    start, found = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int) -> None:
        try:
            with cities.inside(city):
                start.wait(10)
                found[place] = deeds[place]()
        except Exception as problem:
            found[place] = problem
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.fixture
def scene(committing_city):
    cache.clear()
    add_demo_people()
    today = timezone.localdate()
    ids = dict(Account.objects.filter(email__endswith=DOMAIN).values_list("email", "pk"))
    persons = {email.partition("@")[0]: people.person(pk, on=today) for email, pk in ids.items()}
    return committing_city, persons, persons["lurah"].grants[0].place


def browsers(city, *slugs: str) -> list[Browser]:
    made = []
    for slug in slugs:
        browser = Browser(host=city.hosts[0])
        if slug:
            browser.force_login(Account.objects.get(email=f"{slug}@{DOMAIN}"), backend=BACKEND)
        made.append(browser)
    return made


def reported(place: str, **changes: Any) -> tuple[Report, Case]:
    return send(at=timezone.now() - timedelta(hours=1), place=place, **changes)


def names_of(report: Report) -> list[str]:
    return [fact.name for fact in ledger.facts_about(actions.subject_of(report))]


def test_two_at_once(scene):
    """One scene for all pairs, because a city that commits costs seconds to make."""
    city, persons, place = scene
    two_officers_verify(city, place)
    two_officers_hand_over(city, persons, place)
    two_officers_split(city, persons, place)
    two_officers_merge_into_each_other(city, persons, place)
    two_merge_the_same(city, persons, place)
    four_sweeps_at_once(city, place)
    two_approvals(city, persons)
    two_confirmations(city, persons, place)
    confirm_and_dispute(city, persons, place)
    crews_officers_and_links(city, persons, place)
    one_device_supports_many_times(city, place)
    eight_reports_at_once(city, place)
    one_report_sent_eight_times(city)
    a_kelurahan_spends_at_once(city, persons, place)
    at_the_end_the_ledger_stands(city)


def two_officers_verify(city, place):
    report, case = reported(place)
    sent = {"stamp": case.updated_at.isoformat(), "public_body": report.body}
    path = f"/petugas/laporan/{report.number}/verifikasi/"
    answers = at_once(
        city, [lambda b=b: b.post(path, sent).status_code for b in browsers(city, "lurah", "kasi")]
    )
    assert sorted(answers) == [303, 409]
    assert names_of(report).count("casework.case_verified") == 1
    assert names_of(report).count("reports.report_published") == 1


def two_officers_hand_over(city, persons, place):
    report, case = reported(place)
    offices = people.directory()
    targets = [office.id for office in casework.queries.hand_over_targets(case).agencies[:2]]
    deeds = []
    for browser, target in zip(browsers(city, "lurah", "koordinator"), targets, strict=True):
        sent = {"stamp": case.updated_at.isoformat(), "office": target, "reason": "Kewenangan dinas ini."}
        sent["code"] = "bukan-wewenang"
        path = f"/petugas/laporan/{report.number}/teruskan/"
        deeds.append(lambda b=browser, s=sent, p=path: b.post(p, s).status_code)
    assert sorted(at_once(city, deeds)) == [303, 409]
    given = HandOver.objects.get(case=case)
    assert Case.objects.get(pk=case.pk).office_id == given.to_office_id
    assert offices.get(given.to_office_id).id in targets


def two_officers_split(city, persons, place):
    report, case = reported(place)
    actions.verify_report(
        case=case.uuid, public_body=report.body, photos=[], by=persons["lurah"], at=timezone.now()
    )
    case.refresh_from_db()
    targets = [office.id for office in casework.queries.hand_over_targets(case).agencies[:2]]
    deeds = []
    for browser, target in zip(browsers(city, "lurah", "koordinator"), targets, strict=True):
        sent = {"stamp": case.updated_at.isoformat(), "office": target, "instruction": "Kerjakan bagiannya."}
        path = f"/petugas/laporan/{report.number}/bagi/"
        deeds.append(lambda b=browser, s=sent, p=path: b.post(p, s).status_code)
    assert sorted(at_once(city, deeds)) == [303, 409]
    assert list(
        Case.objects.filter(subject=case.subject).order_by("part").values_list("part", flat=True)
    ) == [
        1,
        2,
    ]


def verified_pair(persons, place: str) -> list[tuple[Report, Case]]:
    pair = [reported(place), reported(place)]
    for report, case in pair:
        actions.verify_report(
            case=case.uuid, public_body=report.body, photos=[], by=persons["lurah"], at=timezone.now()
        )
    return pair


def two_officers_merge_into_each_other(city, persons, place) -> None:
    """A into B and B into A through the desk: one stands for the other, never both or neither; no deadlock."""
    pairs = [verified_pair(persons, place) for _ in range(3)]
    browser = dict(zip("ab", browsers(city, "lurah", "kasi"), strict=True))

    def merge(who: str, report: Report, into: Report) -> int:
        stamp = Case.objects.get(number=report.number).updated_at.isoformat()
        said = {"stamp": stamp, "other": into.number, "reason": "hal-yang-sama"}
        return browser[who].post(f"/petugas/laporan/{report.number}/gabung/", said).status_code

    for (a, _a), (b, _b) in pairs:
        answers = at_once(city, [partial(merge, "a", a, b), partial(merge, "b", b, a)])
        assert sorted(answers) in ([303, 409], [303, 422]), answers
        states = sorted(Report.objects.filter(pk__in=[a.pk, b.pk]).values_list("state", flat=True))
        assert states == ["FORWARDED", "MERGED"]
        assert Merge.objects.filter(report__in=[a, b], undone_at=None).count() == 1


def two_merge_the_same(city, persons, place) -> None:
    """Two officers at once, into different reports: it goes into one."""
    (a, _a), (b, _b) = verified_pair(persons, place)
    third, _case = reported(place)
    reason = casework.MergeReason.SAME_THING

    def merge(into: Report) -> Any:
        return merging.merge_report(
            report=third, into=into, reason=reason, by=persons["lurah"], at=timezone.now()
        )

    found = at_once(city, [lambda: merge(a), lambda: merge(b)])
    assert sum(isinstance(one, Merge) for one in found) == 1, found
    assert Merge.objects.filter(report=third, undone_at=None).count() == 1
    assert names_of(third).count("casework.case_merged") == 1


def four_sweeps_at_once(city, place):
    report, case = reported(place)
    due = case.escalate_at
    at_once(city, [lambda: casework.escalation.escalate_due(at=due)] * 4)
    assert names_of(report).count("casework.case_escalated") == 1


def two_approvals(city, persons):
    by, now = persons["koordinator"], timezone.now()
    change = casework.changes.draft_change(
        title="Sampah ke kecamatan",
        legal_basis="Perwal percontohan",
        legal_date=now.date(),
        effective_from=now.date() + timedelta(days=30),
        by=by,
        at=now,
    )
    row = Row("sampah", "", "", "KECAMATAN", "")
    casework.changes.put_row(change=change.uuid, row=row, by=by, at=now)
    casework.changes.submit_change(change=change.uuid, by=by, at=now)
    path = f"/petugas/kewenangan/usul/{change.uuid}/setujui/"
    answers = at_once(city, [lambda b=b: b.post(path).status_code for b in browsers(city, "tapem", "tapem")])
    assert sorted(answers) == [303, 409]
    assert Route.objects.filter(change=change).count() == 1


def two_confirmations(city, persons, place):
    report, _ = done_work(persons, place)
    path = f"/laporan/ikuti/{actions.follow_key(report.uuid)}/"
    answers = at_once(
        city, [lambda b=b: b.post(path, {"verb": "confirm"}).status_code for b in browsers(city, "", "", "")]
    )
    assert sorted(answers) == [303, 409, 409]
    assert names_of(report).count("casework.fix_confirmed") == 1


def confirm_and_dispute(city, persons, place):
    report, case = done_work(persons, place)
    path = f"/laporan/ikuti/{actions.follow_key(report.uuid)}/"
    one, other = browsers(city, "", "")
    answers = at_once(
        city,
        [
            lambda: one.post(path, {"verb": "confirm"}).status_code,
            lambda: other.post(path, {"verb": "dispute", "words": "Belum selesai."}).status_code,
        ],
    )
    assert sorted(answers) == [303, 409]
    case = Case.objects.get(pk=case.pk)
    assert Report.objects.get(pk=report.pk).state == case.state


def done_work(persons, place):
    report, case = reported(place)
    lurah = persons["lurah"]
    actions.verify_report(case=case.uuid, public_body=report.body, photos=[], by=lurah, at=timezone.now())
    finished(case, by=lurah, at=timezone.now())
    return report, case


def crews_officers_and_links(city, persons, place):
    """One proof sent six times is one; it is accepted or sent back, not both; a link is changed once."""
    report, case = reported(place)
    lurah = persons["lurah"]
    actions.verify_report(case=case.uuid, public_body=report.body, photos=[], by=lurah, at=timezone.now())
    link = casework.crew.make_link(
        case=case.uuid, crew="Regu contoh", instruction="Angkut.", by=lurah, at=timezone.now()
    )
    path, sent = f"/tugas/{casework.crew.key_of(link.uuid)}/", str(uuid.uuid4())
    deeds = [
        lambda b=b: (
            b.post(path, {"kiriman": sent, "words": "Sudah diangkut.", "camera": picture()}).status_code
        )
        for b in browsers(city, *[""] * 6)
    ]
    assert at_once(city, deeds) == [303] * 6
    (proof,) = CrewProof.objects.filter(case=case)
    assert names_of(report).count("casework.crew_proof_sent") == 1
    desk = f"/petugas/laporan/{report.number}/regu/"
    answers = [
        lambda b=b, verb=verb: (
            b.post(desk, {"lakukan": verb, "id": str(proof.uuid), "words": "Sudah kami periksa."}).status_code
        )
        for b, verb in zip(browsers(city, "lurah", "kasi"), ("terima", "kembalikan"), strict=True)
    ]
    at_once(city, answers)
    told = names_of(report)
    assert told.count("casework.work_completed") + told.count("casework.crew_proof_returned") == 1
    follow, asked = f"/laporan/ikuti/{actions.follow_key(report.uuid)}/", str(uuid.uuid4())
    moved = at_once(
        city,
        [
            lambda b=b: b.post(follow, {"verb": "relink", "kiriman": asked}).headers.get("Location")
            for b in browsers(city, "", "", "", "")
        ],
    )
    assert len(set(moved)) == 1
    assert moved[0]
    assert Report.objects.get(pk=report.pk).link_issue == 1


def one_device_supports_many_times(city, place):
    report, _ = reported(place)
    path = f"/laporan/{report.number}/dukung/"
    first = browsers(city, "")[0]
    first.post(path)
    same = browsers(city, "", "", "", "")
    for browser in same:
        browser.cookies["guyub_perangkat"] = first.cookies["guyub_perangkat"].value
    assert set(at_once(city, [lambda b=b: b.post(path).status_code for b in same])) == {302}
    new = browsers(city, "", "", "")
    at_once(city, [lambda b=b: b.post(path) for b in new])
    assert Support.objects.filter(report=report).count() == Report.objects.get(pk=report.pk).supporters == 4


def sent_form(**changes: Any) -> dict[str, Any]:
    return {
        "submission": str(uuid.uuid4()),
        "report_class": "PENGADUAN",
        "category": "taman",
        "body": "Lampu taman mati sejak tiga hari yang lalu.",
        "place": places.gazetteer().settlements[-1].code,
        **changes,
    }


def eight_reports_at_once(city, place):
    before = sorted(int(number[-6:]) for number in Report.objects.values_list("number", flat=True))
    # Eight kinds, so that none is shown another as similar; the last is refused and must leave no gap.
    kinds = ("taman", "halte", "sampah", "limbah", "pkl", "ternak", "kebisingan", "tidak-ada")
    deeds = [
        lambda b=b, c=category: b.post("/laporan/baru/", sent_form(category=c)).status_code
        for b, category in zip(browsers(city, *[""] * 8), kinds, strict=True)
    ]
    assert sorted(at_once(city, deeds)) == [303] * 7 + [422]
    after = sorted(int(number[-6:]) for number in Report.objects.values_list("number", flat=True))
    assert after == list(range(1, len(before) + 8))


def one_report_sent_eight_times(city):
    sent, before = sent_form(category="parkir-liar"), Report.objects.count()
    deeds = [
        lambda b=b: b.post("/laporan/baru/", sent).headers.get("Location") for b in browsers(city, *[""] * 8)
    ]
    found = at_once(city, deeds)
    assert len(set(found)) == 1
    assert found[0]
    assert Report.objects.count() == before + 1
    row = Report.objects.latest("pk")
    assert Case.objects.filter(subject=actions.subject_of(row)).count() == 1
    assert names_of(row).count("reports.report_submitted") == 1
    numbers = sorted(int(number[-6:]) for number in Report.objects.values_list("number", flat=True))
    assert numbers == list(range(1, before + 2))  # those that lost took no number with them


def a_kelurahan_spends_at_once(city, persons, place):
    """Plans, changes, stops, revisions and steps interleave; ceiling ≥ planned ≥ spent, each the sum of its parts."""
    today, year = timezone.localdate(), timezone.localdate().year
    lurah, tapem, at = persons["lurah"], persons["tapem"], timezone.now()

    def ceiling(body: str) -> int:
        said = {"scheme": "DANA_KELURAHAN", "year": year, "basis": "SK uji", "by": tapem, "at": at}
        return areafunds.set_ceiling(place=place, body=body, amount=100, **said).pk

    bodies = [ceiling("SARANA"), ceiling("PEMBERDAYAAN")]

    def plan(body: int, amount: int) -> Any:
        said = areafunds.Plan(
            name="Uji", volume=Decimal(1), unit_word="m", amount=amount, begins_on=today, ends_on=today
        )
        return areafunds.plan(ceiling=body, said=said, by=lurah, at=at)

    def show(activity: int, percent: int, amount: int) -> Any:
        said = areafunds.Shown(
            percent=percent, amount=amount, on=today, photos=[picture()], receipts=[picture(colour="white")]
        )
        return areafunds.show_step(activity=activity, said=said, by=lurah, at=at)

    for seed in range(3):
        chance = random.Random(seed)
        live = list(Activity.objects.filter(state__in=["PLANNED", "RUNNING"]).values_list("pk", flat=True))
        live = live or [plan(bodies[0], 10).pk, plan(bodies[1], 10).pk]
        deeds: list[Callable[[], Any]] = [partial(plan, chance.choice(bodies), 35) for _ in range(3)]
        deeds += [partial(show, chance.choice(live), chance.choice((0, 50)), 5) for _ in range(2)]
        deeds += [partial(areafunds.stop, activity=live[0], reason="Uji henti.", by=lurah, at=at)]
        moved = {"source": bodies[0], "target": bodies[1], "amount": 20, "basis": "SK", "by": tapem, "at": at}
        deeds += [partial(areafunds.revise, **moved)]
        found = at_once(city, deeds)
        strange = [
            one for one in found if isinstance(one, Exception) and not isinstance(one, areafunds.Refused)
        ]
        assert strange == []
        assert any(not isinstance(one, Exception) for one in found)
    rows = list(Ceiling.objects.filter(pk__in=bodies))
    assert sum(row.amount for row in rows) == 200
    for row in rows:
        doing = list(Activity.objects.filter(ceiling=row))
        assert row.planned == sum(a.spent if a.state == "STOPPED" else a.amount for a in doing) <= row.amount
        assert row.spent == sum(activity.spent for activity in doing) <= row.planned
        for activity in doing:
            steps = Step.objects.filter(activity=activity, withdrawn_at=None)
            assert activity.spent == sum(step.amount for step in steps) <= activity.amount


def at_the_end_the_ledger_stands(city):
    ledger.drain()
    while ledger.seal(at=timezone.now()):
        pass
    assert ledger.verify().broken is None
