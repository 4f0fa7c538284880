"""Lists kept under a name."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guyub.rooms.casework.models import Case, SavedView
from tests import factories

pytestmark = pytest.mark.django_db

INBOX, ALL, VIEWS = "/petugas/", "/petugas/semua/", "/petugas/tampilan/"


@pytest.fixture
def crew(city):
    return factories.add_people()


@pytest.fixture
def sit(client, crew):
    def at(slug: str):
        client.force_login(crew.account(slug), backend=factories.BACKEND)
        return client

    return at


def keep(client, name="Yang terlambat", query="terlambat=1", kind="masuk"):
    return client.post(VIEWS, {"nama": name, "saringan": query, "daftar": kind}, headers=factories.HOST)


def do(client, view, what):
    return client.post(f"{VIEWS}{view.pk}/", {"lakukan": what}, headers=factories.HOST)


def open_(client, url=INBOX):
    return client.get(url, headers=factories.HOST)


def tabs(html: str) -> list[tuple[str, str]]:
    part = html.split('class="tabs"')[1].split("</nav>")[0] if 'class="tabs"' in html else ""
    return re.findall(r'<a href="([^"]+)"[^>]*>([^<]+?) ?(?:<span|</a>)', part)


def test_a_list_is_kept_and_stands_as_a_tab_with_its_count(sit, crew):
    today = timezone.now()
    factories.send(at=today - timedelta(days=20), place=crew.place)
    factories.send(at=today, place=crew.place)
    lurah = sit("lurah")
    assert tabs(open_(lurah).text) == []
    assert keep(lurah)["Location"] == "/petugas/?terlambat=1"
    keep(lurah, name="Semua yang masuk", query="keadaan=RECEIVED&cari=rahasia", kind="semua")
    html = open_(lurah, INBOX + "?terlambat=1").text
    assert tabs(html) == [
        ("/petugas/?tampilan=semua", "Kotak masuk"),
        ("/petugas/?terlambat=1", "Yang terlambat"),
        ("/petugas/semua/?keadaan=RECEIVED", "Semua yang masuk"),
    ]
    assert re.findall(r'class="count">(\d+)<', html.split('class="tabs"')[1].split("</nav>")[0]) == ["1", "2"]
    assert 'href="/petugas/?terlambat=1" aria-current="page"' in html
    assert not SavedView.objects.filter(query__contains="rahasia").exists()


def test_counts_of_all_views_cost_one_query(sit, crew):
    lurah = sit("lurah")
    keep(lurah)
    open_(lurah)

    def cost() -> int:
        open_(lurah)  # says that it was saved
        with CaptureQueriesContext(connection) as seen:
            open_(lurah)
        return len(seen)

    one = cost()
    for n in range(6):
        keep(lurah, name=f"Tampilan {n}", query="bahaya=1", kind="semua" if n % 2 else "masuk")
    assert cost() == one


def test_one_begins_with_the_list_that_was_chosen_and_still_finds_the_plain_one(sit, crew):
    lurah = sit("lurah")
    keep(lurah)
    view = SavedView.objects.get()
    do(lurah, view, "bawaan")
    assert open_(lurah)["Location"] == "/petugas/?terlambat=1"
    assert open_(lurah, INBOX + "?tampilan=semua").status_code == 200
    do(lurah, view, "bukan-bawaan")
    assert open_(lurah).status_code == 200


def test_a_head_shares_with_the_office_and_nobody_else_does(sit, crew):
    keep(sit("lurah"))
    view = SavedView.objects.get()
    assert do(sit("kasi"), view, "bagikan").status_code == 404
    do(sit("lurah"), view, "bagikan")
    assert "Yang terlambat" in open_(sit("kasi")).text
    assert "Yang terlambat" not in open_(sit("penghubung")).text
    assert do(sit("kasi"), view, "hapus").status_code == 404
    keep(sit("kasi"), name="Milik kasi")
    assert do(sit("kasi"), SavedView.objects.get(name="Milik kasi"), "bagikan").status_code == 404
    do(sit("lurah"), view, "jangan-bagikan")
    assert "Yang terlambat" not in open_(sit("kasi")).text


def test_a_shared_view_shows_each_what_they_may_see(sit, crew, now):
    report, _ = factories.send(at=now, place=crew.place, about_conduct=True)
    keep(sit("inspektorat"), name="Perilaku", query="keadaan=RECEIVED", kind="semua")
    Case.objects.update(is_hazard=True)
    assert report.number in open_(sit("inspektorat"), ALL + "?keadaan=RECEIVED").text
    assert report.number not in open_(sit("koordinator"), ALL + "?keadaan=RECEIVED").text


@pytest.mark.parametrize("name", ["", "   ", "\0"])
def test_a_view_needs_a_name(sit, crew, name):
    assert keep(sit("lurah"), name=name).status_code == 302
    assert not SavedView.objects.exists()


def test_names_are_ones_own_and_there_are_not_too_many(sit, crew):
    lurah = sit("lurah")
    keep(lurah)
    keep(lurah, query="bahaya=1")
    keep(lurah)
    assert SavedView.objects.get().query == "terlambat=1"
    for n in range(20):
        keep(lurah, name=f"T{n}")
    assert SavedView.objects.count() == 12
    keep(sit("kasi"))
    assert SavedView.objects.filter(name="Yang terlambat").count() == 2
    assert open_(sit("lurah"), VIEWS).text.count('value="hapus"') == 12


@pytest.mark.parametrize("what", ["", "x", "hapus"])
def test_what_is_no_view_or_no_deed_is_no_page(sit, crew, what):
    client = sit("lurah")
    assert (
        client.post(f"{VIEWS}999999999999999999999/", {"lakukan": what}, headers=factories.HOST).status_code
        == 404
    )
    assert client.post(VIEWS, {"nama": "x", "daftar": what}, headers=factories.HOST).status_code == 404
