"""The sheets that an office prints."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guyub.rooms.casework.models import Case
from guyub.rooms.casework.rules import State
from tests import factories

pytestmark = pytest.mark.django_db

APEL = "/petugas/lembar/apel/"


@pytest.fixture
def crew(city):
    return factories.add_people()


@pytest.fixture
def sit(client, crew):
    def at(slug: str):
        client.force_login(crew.account(slug), backend=factories.BACKEND)
        return lambda url, **data: client.get(url, data, headers=factories.HOST)

    return at


@pytest.fixture
def today():
    return timezone.now()


def part(html: str, title: str) -> str:
    """The section of a sheet below a heading."""
    return html.split(f"<h2>{title}", 1)[1].split("</section>", 1)[0] if f"<h2>{title}" in html else ""


def test_each_case_stands_once_in_its_most_pressing_group(sit, crew, today):
    made = {name: factories.send(at=today, place=crew.place) for name in ("new", "hazard", "waits")}
    made["late"] = factories.send(at=today - timedelta(days=20), place=crew.place)
    Case.objects.filter(pk=made["hazard"][1].pk).update(is_hazard=True)
    Case.objects.filter(pk=made["new"][1].pk).update(due_at=today + timedelta(days=20))
    factories.bring_to(State.WAITING_REPORTER, *made["waits"], by=crew["lurah"], at=today)
    html = sit("lurah")(APEL).text
    for name, title in (
        ("new", "Baru"),
        ("hazard", "Bahaya"),
        ("late", "Terlambat"),
        ("waits", "Menunggu pelapor"),
    ):
        assert made[name][0].number in part(html, title), name
        assert html.count(f'class="number" href="/petugas/laporan/{made[name][0].number}/"') == 1
    assert "hari kerja" in part(html, "Terlambat")


def test_what_is_due_by_the_next_working_day_is_said_before_it_is_late(sit, crew, today):
    due, case = factories.send(at=today - timedelta(days=9), place=crew.place)
    Case.objects.filter(pk=case.pk).update(due_at=today + timedelta(hours=1))
    assert due.number in part(sit("lurah")(APEL).text, "Jatuh tempo")


def test_a_sheet_of_paper_holds_no_word_of_a_reporter(sit, crew, today):
    factories.send(at=today, place=crew.place, landmark="rumah Pak Anu", body="Kata rahasia pelapor.", name="Anu")
    html = sit("lurah")(APEL).text
    assert "Anu" not in html
    assert "rahasia" not in html


def test_a_quiet_morning_says_so(sit, crew):
    assert "Tidak ada yang mendesak pagi ini" in sit("lurah")(APEL).text


def test_the_camat_sees_the_kelurahan_summed_and_the_coordinator_the_city(sit, crew, today):
    factories.send(at=today - timedelta(days=20), place=crew.place)
    camat, all_ = sit("camat")(APEL).text, sit("koordinator")(APEL).text
    assert "Kelurahan dan desa di kecamatan ini" in camat
    assert "Seluruh kota menurut kantor" in all_
    assert '<td class="amount">1</td>' in part(camat, "Kelurahan dan desa")
    assert "Kelurahan dan desa" not in sit("lurah")(APEL).text


def test_a_report_on_conduct_is_on_the_inspektorats_sheet_alone(sit, crew, today):
    report, _ = factories.send(at=today, place=crew.place, about_conduct=True)
    assert report.number in sit("inspektorat")(APEL).text
    for slug in ("lurah", "camat", "koordinator", "sekda", "pusdalops"):
        html = sit(slug)(APEL).text
        assert report.number not in html
        assert '<td class="amount">1</td>' not in html


def test_the_code_leads_to_the_inbox(sit, crew):
    html = sit("lurah")(APEL).text
    assert 'aria-label="Kode QR menuju daftar ini"' in html
    assert "bandung.localhost/petugas/" in html


def test_queries_of_the_morning(sit, crew, today):
    for n in range(8):
        factories.send(at=today - timedelta(days=n), place=crew.place)
    for slug in ("lurah", "koordinator"):
        get = sit(slug)
        with CaptureQueriesContext(connection) as seen:
            get(APEL)
        assert len(seen) <= 12, [q["sql"][:90] for q in seen]
