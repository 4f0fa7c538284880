"""*Putaran hari ini*: the work in the field on one page, and a proof that is taken once however often it is sent."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import rounds
from guyub.rooms.casework.models import Evidence
from guyub.rooms.casework.rules import State
from tests import factories

pytestmark = pytest.mark.django_db
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def staff(city):
    with override("id"):
        yield factories.add_people()


@pytest.fixture
def at():
    return timezone.now()


@pytest.fixture
def case(staff, at):
    report, found = factories.send(at=at - timedelta(days=1), place=staff.place, lat=-6.9, lon=107.6)
    return factories.bring_to(State.IN_PROGRESS, report, found, by=staff["lurah"], at=at)


def browser(staff, slug: str = "kasi") -> Client:
    made = Client(headers=factories.HOST)
    made.force_login(staff.account(slug), backend=factories.BACKEND)
    return made


def proof(case, staff, slug: str = "kasi", **changes):
    return {
        "kiriman": str(uuid.uuid4()),
        "case": str(case.uuid),
        "who": str(staff.account(slug).pk),
        "words": "Sampah sudah diangkut semua.",
        "camera": factories.picture(),
        **changes,
    }


def send(client, values):
    return client.post("/petugas/putaran/kirim/", values, headers=SCRIPT)


@pytest.mark.parametrize("state", list(State))
def test_the_round_is_what_the_office_can_work_on(staff, at, state):
    report, found = factories.send(at=at - timedelta(days=1), place=staff.place, lat=-6.9, lon=107.6)
    factories.bring_to(state, report, found, by=staff["lurah"], at=at)
    there = state in (State.FORWARDED, State.IN_PROGRESS, State.SCHEDULED)
    stops = [stop.case.pk for stop in rounds.stops(staff["kasi"]) if stop.case.number == report.number]
    assert stops == ([found.pk] if there else [])  # of a merged one the report that stands for it is there
    for slug in ("camat", "sekda", "penghubung", "warga", "inspektorat"):
        assert rounds.stops(staff[slug]) == [], slug


def test_the_page_has_each_stop_with_its_place_and_no_reporter(case, staff, at):
    factories.send(at=at, place=staff.place)  # not verified yet
    page = browser(staff).get("/petugas/putaran/").content.decode()
    assert page.count("data-queue") == 1
    assert 'data-lat="-6.900000"' in page
    assert case.number in page
    assert "openstreetmap" not in page


def test_it_asks_little_however_many_stops(staff, at):
    for n in range(12):
        report, one = factories.send(at=at - timedelta(hours=n + 1), place=staff.place, lat=-6.9, lon=107.6)
        factories.bring_to(State.FORWARDED, report, one, by=staff["lurah"], at=at)
    client = browser(staff)
    client.get("/petugas/putaran/")
    with CaptureQueriesContext(connection) as seen:
        answer = client.get("/petugas/putaran/")
    assert len(seen) <= 6, [one["sql"][:90] for one in seen]
    assert answer.content.decode().count("data-queue") == 12


def test_a_proof_that_waited_is_taken_once(case, staff):
    client, values = browser(staff), proof(case, staff)
    answers = [send(client, {**values, "camera": factories.picture()}) for _ in range(3)]
    assert [(one.status_code, "received" in one.json()) for one in answers] == [(200, True)] * 3
    shown = Evidence.objects.get(case=case)
    assert len(files.pictures(subject=f"casework.evidence:{shown.pk}", may_see=True)) == 1
    told = [fact.name for fact in ledger.facts_about(case.subject)]
    assert told.count("casework.work_completed") == 1
    case.refresh_from_db()
    assert case.state == State.WORK_DONE


def test_another_proof_for_what_is_done_already_is_refused(case, staff):
    client = browser(staff)
    send(client, proof(case, staff))
    assert send(client, proof(case, staff)).status_code == 409
    assert Evidence.objects.filter(case=case).count() == 1


def test_what_waited_on_a_shared_phone_is_not_sent_in_anothers_name(case, staff):
    assert send(browser(staff, "lurah"), proof(case, staff, "kasi")).status_code == 409
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("slug", factories.SLUGS)
def test_only_who_completes_cases_of_the_office_sends(case, staff, slug):
    answer = send(browser(staff, slug), proof(case, staff, slug))
    assert answer.status_code == (200 if slug in ("lurah", "kasi") else 404)
    assert Evidence.objects.exists() == (slug in ("lurah", "kasi"))


def test_without_the_script_it_works_too_and_what_was_typed_comes_back(case, staff):
    client = browser(staff)
    short = client.post("/petugas/putaran/kirim/", proof(case, staff, words="x"))
    assert short.status_code == 422
    assert ">x</textarea>" in short.content.decode()
    done = client.post("/petugas/putaran/kirim/", proof(case, staff))
    assert (done.status_code, done["Location"]) == (303, "/petugas/putaran/")


def test_bad_input_is_never_a_failure(case, staff):
    client = browser(staff)
    for odd, status in (
        ({"case": "x"}, 404),
        ({"who": "x"}, 422),
        ({"kiriman": "x"}, 422),
        ({"case": str(uuid.uuid4())}, 404),
    ):
        assert send(client, {**proof(case, staff), **odd}).status_code == status, odd
