"""A place is split or merged: what its office had open goes to whom follows it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import successions
from guyub.rooms.casework.models import Case, HandOver
from guyub.rooms.casework.rules import State
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.places.models import Place
from tests import factories

pytestmark = pytest.mark.django_db
BASIS = "Perda Kota Bandung 1/2026"
OLD, KULON, WETAN = "32.73.02.1004", "32.73.02.1095", "32.73.02.1096"


@pytest.fixture(autouse=True)
def on_that_day(monkeypatch, now):
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def crew(city):
    return factories.add_people()


def follow(now, *pairs, on="2026-11-19"):
    rows = [
        {"old_code": old, "new_code": new, "new_name": name, "on": on, "basis": BASIS}
        for old, new, name in pairs
    ]
    places.succeed(rows=rows, at=now)
    for _old, new, name in pairs:
        people.add_organisation(
            key=f"ward:{new}", kind="WARD", name=f"Kelurahan {name}", short_name=name, place=new
        )


def split(now):
    follow(now, (OLD, KULON, "Kulon"), (OLD, WETAN, "Wetan"))
    Place.objects.filter(code=KULON).update(lat=-6.885, lon=107.600)
    Place.objects.filter(code=WETAN).update(lat=-6.885, lon=107.620)
    places.forget()


def office_of(case) -> str:
    return people.directory().get(Case.objects.get(pk=case.pk).office_id).key


def test_after_a_merger_the_case_goes_to_the_office_that_follows_and_says_so(crew, now):
    _report, case = factories.send(at=now, place=OLD)
    follow(now, (OLD, KULON, "Kulon"))
    assert successions.follow_places(at=now) == 1
    assert office_of(case) == f"ward:{KULON}"
    moved = Case.objects.get(pk=case.pk)
    assert (moved.place_code, moved.state) == (KULON, State.RECEIVED)
    given = HandOver.objects.get(case=case)
    assert given.by is None
    assert OLD in given.reason
    assert ledger.facts_about(case.subject)[-1].name == "casework.case_handed_over"
    assert successions.follow_places(at=now) == 0, "once is enough"


def test_after_a_split_the_point_decides_and_without_one_the_coordinator(crew, now, client):
    _report, west = factories.send(at=now, place=OLD, lat=-6.885, lon=107.601)
    _report, east = factories.send(at=now, place=OLD, lat=-6.885, lon=107.619)
    unsaid, nowhere = factories.send(at=now, place=OLD)
    split(now)
    assert successions.follow_places(at=now) == 3
    assert office_of(west) == f"ward:{KULON}"
    assert office_of(east) == f"ward:{WETAN}"
    assert people.directory().get(Case.objects.get(pk=nowhere.pk).office_id).kind == "COORDINATOR"
    client.force_login(crew.account("koordinator"), backend=factories.BACKEND)
    assert unsaid.number in client.get("/petugas/", headers=factories.HOST).text
    assert successions.follow_places(at=now) == 0


def test_what_lies_with_an_agency_or_the_inspectorate_or_is_over_stays(crew, now):
    _report, agency = factories.send(at=now, place=OLD, category="jalan-berlubang")
    _report, conduct = factories.send(at=now, place=OLD, about_conduct=True)
    sent = factories.send(at=now, place=OLD)
    factories.bring_to(State.REJECTED, *sent, by=crew["koordinator"], at=now)
    before = [office_of(case) for case in (agency, conduct, sent[1])]
    split(now)
    assert successions.follow_places(at=now) == 0
    assert [office_of(case) for case in (agency, conduct, sent[1])] == before


def test_what_waits_for_the_reporter_moves_when_it_is_the_offices_again(crew, now):
    _report, case = factories.send(at=now, place=OLD)
    Case.objects.filter(pk=case.pk).update(state=State.WORK_DONE)
    follow(now, (OLD, KULON, "Kulon"))
    assert successions.follow_places(at=now) == 0
    Case.objects.filter(pk=case.pk).update(state=State.IN_PROGRESS)
    assert successions.follow_places(at=now) == 1


def test_a_place_that_goes_on_keeps_what_no_point_takes_away(crew, now):
    _report, gone = factories.send(at=now, place=OLD, lat=-6.885, lon=107.620)
    _report, stays = factories.send(at=now, place=OLD)
    follow(now, (OLD, OLD, ""), (OLD, WETAN, "Wetan"))
    Place.objects.filter(code=OLD).update(lat=-6.885, lon=107.600)
    Place.objects.filter(code=WETAN).update(lat=-6.885, lon=107.620)
    places.forget()
    before = office_of(stays)
    assert successions.follow_places(at=now) == 1
    assert (office_of(gone), office_of(stays)) == (f"ward:{WETAN}", before)


def test_without_an_office_that_follows_the_coordinator_decides(crew, now):
    _report, case = factories.send(at=now, place=OLD)
    places.succeed(
        rows=[{"old_code": OLD, "new_code": KULON, "new_name": "Kulon", "on": "2026-11-19", "basis": BASIS}],
        at=now,
    )
    assert successions.follow_places(at=now) == 1
    assert people.directory().get(Case.objects.get(pk=case.pk).office_id).kind == "COORDINATOR"
