"""The inbox as a map."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guyub.rooms.casework.models import Case
from tests import factories

pytestmark = pytest.mark.django_db

PAGE, DATA = "/petugas/peta/", "/petugas/peta.json"


@pytest.fixture
def crew(city):
    return factories.add_people()


@pytest.fixture
def sit(client, crew):
    def at(slug: str):
        client.force_login(crew.account(slug), backend=factories.BACKEND)
        return lambda url: client.get(url, headers=factories.HOST)

    return at


def numbers(get, query="") -> set[str]:
    return {one["n"] for one in get(DATA + query).json()["reports"]}


def test_what_waits_lies_where_it_was_pointed_at_before_it_is_verified(sit, crew, now):
    report, case = factories.send(at=now, place=crew.place, lat=-6.90123, lon=107.61234)
    factories.send(at=now, place=crew.place)
    factories.send(at=now, place="32.73.01.1001", lat=-6.8, lon=107.6)
    get = sit("lurah")
    (pin,) = get(DATA).json()["reports"]
    assert (pin["n"], pin["lat"], pin["lon"]) == (report.number, -6.90123, 107.61234)
    assert pin["u"] == f"/petugas/laporan/{report.number}/"
    assert numbers(get, "?bahaya=1") == set()
    Case.objects.filter(pk=case.pk).update(is_hazard=True)
    assert numbers(get, "?bahaya=1") == {report.number}
    assert get("/en" + DATA).json()["reports"][0]["u"].startswith("/en/petugas/")


def test_conduct_is_on_the_inspektorats_map_alone(sit, crew, now):
    report, _ = factories.send(at=now, place=crew.place, about_conduct=True, lat=-6.9, lon=107.6)
    Case.objects.update(is_hazard=True)
    seen = {slug for slug in factories.SLUGS if report.number in sit(slug)(DATA).text}
    assert seen == {"inspektorat"}


def test_the_page_carries_the_filters_and_the_list_beside_it(sit, crew, now):
    report, _ = factories.send(at=now, place=crew.place)
    get = sit("lurah")
    html = get(PAGE + "?keadaan=RECEIVED").text
    assert 'data-source="/petugas/peta.json?keadaan=RECEIVED"' in html
    assert report.number in html
    assert 'href="/petugas/peta/?keadaan=RECEIVED"' in get("/petugas/?keadaan=RECEIVED").text


def test_the_data_costs_few_queries(sit, crew, now):
    for _ in range(5):
        factories.send(at=now, place=crew.place, lat=-6.9, lon=107.6)
    get = sit("lurah")
    get(DATA)
    with CaptureQueriesContext(connection) as seen:
        get(DATA)
    assert len(seen) <= 4, [q["sql"][:90] for q in seen]
