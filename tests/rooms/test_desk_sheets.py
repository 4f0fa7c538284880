"""The sheets that an office prints."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guyub.kernel.ledger.models import Fact
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework.models import Case, DelayNote
from guyub.rooms.casework.rules import State
from guyub.rooms.people.models import Organisation
from guyub.rooms.places import api as places
from guyub.rooms.reports import actions as reports
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
def today(now):
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
    factories.send(
        at=today, place=crew.place, landmark="rumah Pak Anu", body="Kata rahasia pelapor.", name="Anu"
    )
    html = sit("lurah")(APEL).text
    assert "Anu" not in html
    assert "rahasia" not in html


def test_a_quiet_morning_says_so(sit, crew):
    assert "Tidak ada yang mendesak pagi ini" in sit("lurah")(APEL).text


def test_the_camat_sees_the_kelurahan_summed_and_the_coordinator_the_city(sit, crew, today):
    factories.send(at=today - timedelta(days=20), place=crew.place)
    camat, all_ = sit("camat")(APEL).text, sit("koordinator")(APEL).text
    assert "Laporan di kecamatan ini menurut kantor" in camat
    assert "Seluruh kota menurut kantor" in all_
    assert '<td class="amount">1</td>' in part(camat, "Laporan di kecamatan ini")
    assert "Laporan di kecamatan ini" not in sit("lurah")(APEL).text


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


RAPAT, RAPIM, KINERJA = "/petugas/lembar/rapat/", "/petugas/lembar/rapim/", "/petugas/lembar/kinerja/"


def test_the_index_names_what_a_person_can_print(sit, crew):
    links = {
        slug: sit(slug)("/petugas/lembar/").text.count('class="card-title"')
        for slug in ("lurah", "camat", "sekda")
    }
    assert links == {"lurah": 2, "camat": 3, "sekda": 4}


def test_a_kecamatans_material_stands_by_code_and_counts(sit, crew, today):
    made = [factories.send(at=today - timedelta(days=1), place=crew.place) for _ in range(3)]
    factories.bring_to(State.CONFIRMED, *made[0], by=crew["lurah"], at=today)
    html = sit("camat")(RAPAT).text
    place = places.gazetteer().get(crew.place)
    row = html.split(f'<th scope="row">{place.label}</th>')[1].split("</tr>")[0]
    assert re.findall(r">(\d+)<", row) == ["3", "1", "0", "0", "0", "2"]
    names = re.findall(r'<th scope="row">((?:Kelurahan|Desa) [^<]+)', html)
    wards = sorted(places.gazetteer().within(crew["camat"].grants[0].place), key=lambda w: w.code)
    assert names == [ward.label for ward in wards]
    assert "(+3)" in html


def test_material_says_the_offices_last_words_and_what_waits_for_a_decision(sit, crew, today):
    report, case = factories.send(at=today, place=crew.place)
    other, handed = factories.send(at=today, place=crew.place, landmark="rumah Pak Anu")
    reports.note_inside(case=case.uuid, words="Menunggu alat berat.", by=crew["lurah"], at=today)
    Case.objects.filter(pk=handed.pk).update(hand_overs=3)
    html = sit("camat")(RAPAT).text
    assert "Menunggu alat berat." in part(html, "Sepuluh")
    assert other.number in part(html, "Perlu diputuskan")
    assert report.number not in part(html, "Perlu diputuskan")
    assert "Anu" not in html


def test_who_has_no_kecamatan_has_no_material(sit, crew):
    assert sit("lurah")(RAPAT).status_code == 404
    assert sit("kasi")(RAPAT).status_code == 404
    other = next(d.code for d in places.gazetteer().districts if d.code != crew["camat"].grants[0].place)
    assert sit("camat")(RAPAT, kecamatan=other).status_code == 404
    assert sit("koordinator")(RAPAT, kecamatan=other).status_code == 200


@pytest.mark.parametrize("asked", ["2026-13", "9999-01", "x", "", "2026-W99", "%00", "2020-02"])
def test_any_month_or_week_that_is_asked_for_gives_a_page(sit, crew, asked):
    for slug, address in (("camat", RAPAT), ("lurah", KINERJA)):
        assert sit(slug)(address, bulan=asked, minggu=asked).status_code == 200


def test_conduct_is_on_no_meetings_paper(sit, crew, today):
    report, _ = factories.send(at=today - timedelta(days=90), place=crew.place, about_conduct=True)
    Case.objects.update(hand_overs=3, is_hazard=True)
    for slug, address in (("camat", RAPAT), ("koordinator", RAPAT), ("sekda", RAPIM)):
        html = sit(slug)(address).text
        assert report.number not in html
        assert '<td class="amount">1</td>' not in html


def test_the_leaders_page_names_offices_and_causes(sit, crew, today):
    factories.send(at=today - timedelta(days=20), place=crew.place)
    hazard, danger = factories.send(at=today - timedelta(days=9), place=crew.place)
    moved, often = factories.send(at=today, place=crew.place)
    Case.objects.filter(pk=danger.pk).update(is_hazard=True)
    Case.objects.filter(pk=often.pk).update(hand_overs=4)
    html = sit("sekda")(RAPIM).text
    assert hazard.number in part(html, "Bahaya yang")
    assert moved.number in part(html, "Tiga kali")
    district = crew["camat"].grants[0].organisation
    name = Organisation.objects.get(pk=district).short_name
    row = html.split(f'<th scope="row">{name}</th>')[1].split("</tr>")[0]
    assert re.findall(r">(\d+)<", row)[:7] == ["3", "2", "0", "2", "0", "0", "0"]
    assert "terlalu sedikit" in row
    for person in crew.values():
        assert person.name not in html


def test_the_leaders_page_says_why_in_the_offices_own_words(sit, crew, today):
    _report, case = factories.send(at=today - timedelta(days=20), place=crew.place)
    factories.send(at=today - timedelta(days=20), place=crew.place)
    Case.objects.filter(pk=case.pk).update(is_hazard=True)
    for code in ("menunggu-anggaran", "cuaca"):
        DelayNote.objects.create(
            case=case, office_id=case.office_id, code=code, words="Rahasia kantor.", by=1, at=today
        )
    other = Organisation.objects.exclude(pk=case.office_id).first()
    DelayNote.objects.create(case=case, office=other, code="terlewat", words="x", by=1, at=today)
    html = sit("sekda")(RAPIM).text
    reasons = part(html, "Mengapa terlambat")
    assert re.findall(r"<dt>(.*?)</dt><dd>(\d+)</dd>", reasons) == [
        ("Cuaca", "1"),
        ("Belum dijelaskan kantornya", "1"),
    ]
    assert ": cuaca" in part(html, "Bahaya yang")
    assert "Rahasia kantor" not in html


def test_half_finished_counts_what_is_open(sit, crew, today):
    rule = rulebook.family("desk", on=today.date())["median_least_cases"]
    rulebook.publish(
        key="desk.median_least_cases",
        value={**rule.value, "amount": 2},
        effective_from=today.date() - timedelta(days=30),
        legal_basis="uji",
        confidence="V",
        at=today,
    )
    for n in range(3):
        sent = factories.send(at=today - timedelta(days=14), place=crew.place)
        if n < 2:
            factories.bring_to(State.WORK_DONE, *sent, by=crew["lurah"], at=today - timedelta(days=7))
    figures = part("<h2>x" + sit("sekda")(RAPIM).text.replace("</dl>", "</section>", 1), "x")
    said = re.search(r"Separuh selesai dalam.*?<dd>(.*?)</dd>", figures, re.S)[1]
    assert said.isdigit()
    assert 4 <= int(said) <= 6


def test_only_who_sees_the_whole_city_opens_the_leaders_page(sit, crew):
    allowed = {slug for slug in factories.SLUGS if sit(slug)(RAPIM).status_code == 200}
    assert allowed == {"koordinator", "sekda"}


def test_an_officers_month_is_counted_from_the_ledger_and_can_be_checked(sit, crew, today):
    sent = factories.send(at=today, place=crew.place)
    secret, conduct = factories.send(at=today, place=crew.place, about_conduct=True)
    factories.bring_to(State.WORK_DONE, *sent, by=crew["lurah"], at=today)
    factories.bring_to(State.FORWARDED, secret, conduct, by=crew["inspektorat"], at=today)
    html = sit("lurah")(KINERJA).text
    assert html.count(sent[0].number) == 4  # verified and completed, as address and as words
    assert "Memverifikasi" in html
    assert "Menyelesaikan dengan bukti foto" in html
    assert sent[0].number not in sit("kasi")(KINERJA).text
    inspector = sit("inspektorat")(KINERJA).text
    assert "tidak dicantumkan" in inspector
    assert secret.number not in inspector


def test_a_head_sees_one_officer_of_their_own_office_and_that_is_recorded(client, sit, crew, today):
    kasi, penghubung = crew["kasi"].account, crew["penghubung"].account
    sent = factories.send(at=today, place=crew.place)
    reports.verify_report(case=sent[1].uuid, public_body="x", photos=[], by=crew["kasi"], at=today)
    html = sit("lurah")(KINERJA).text
    assert crew["kasi"].name in html
    assert crew["penghubung"].name not in html
    shown = client.post(KINERJA, {"petugas": kasi}, headers=factories.HOST)
    assert sent[0].number in shown.text
    fact = Fact.objects.get(name="casework.officer_month_viewed")
    assert (fact.actor, fact.subject) == (crew["lurah"].account, f"people.account:{kasi}")
    for wrong in (penghubung, "x", "", "9" * 30, crew["lurah"].account):
        answer = client.post(KINERJA, {"petugas": wrong}, headers=factories.HOST)
        assert answer.status_code == 404
    sit("kasi")(KINERJA)
    assert client.post(KINERJA, {"petugas": crew["lurah"].account}, headers=factories.HOST).status_code == 404
    assert Fact.objects.filter(name="casework.officer_month_viewed").count() == 1


@pytest.mark.parametrize(("slug", "address"), [("camat", RAPAT), ("sekda", RAPIM), ("lurah", KINERJA)])
def test_queries_of_the_sheets(sit, crew, today, slug, address):
    for n in range(6):
        factories.send(at=today - timedelta(days=n * 5), place=crew.place)
    get = sit(slug)
    with CaptureQueriesContext(connection) as seen:
        get(address)
    assert len(seen) <= 22, [q["sql"][:90] for q in seen]
