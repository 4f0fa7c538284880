"""The inbox and the list of all cases, as officers open them."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework.models import Case
from guyub.rooms.casework.rules import State
from guyub.rooms.people import api as people
from guyub.rooms.people.api import OrganisationKind
from guyub.rooms.people.models import Organisation
from guyub.rooms.places import api as places
from tests import factories

pytestmark = pytest.mark.django_db

INBOX, ALL = "/petugas/", "/petugas/semua/"


@pytest.fixture
def crew(city):
    return factories.add_people()


@pytest.fixture
def sit(client, crew):
    """Somebody at their desk: `sit("lurah")` gives a function that opens addresses."""

    def at(slug: str):
        client.force_login(crew.account(slug), backend=factories.BACKEND)

        def get(url: str, **headers: str):
            response = client.get(url, headers={**factories.HOST, **headers})
            assert "⟦undefined" not in response.text
            return response

        return get

    return at


@pytest.fixture
def today():
    return timezone.now()


def numbers(response) -> list[str]:
    return re.findall(r'<span class="number">(LAP-[0-9-]+)</span>', response.text)


def listing(html: str) -> str:
    return re.search(r'<section id="daftar".*?</section>', html, re.S).group()


def test_what_is_overdue_comes_first(sit, crew, today):
    fresh, _ = factories.send(at=today, place=crew.place)
    late, _ = factories.send(at=today - timedelta(days=12), place=crew.place)
    done, case = factories.send(at=today, place=crew.place)
    factories.bring_to(State.WORK_DONE, done, case, by=crew["lurah"], at=today)
    response = sit("lurah")(INBOX)
    assert numbers(response) == [late.number, fresh.number, done.number]
    assert re.search(r'class="clock clock-late".*?terlambat \d hari kerja', response.text, re.S)
    assert "menunggu pelapor" in response.text


def test_a_row_says_everything_at_a_glance(sit, crew, today):
    report, case = factories.send(at=today, place=crew.place, category="kabel-listrik")
    Case.objects.filter(pk=case.pk).update(
        office=crew["lurah"].grants[0].organisation, mode="REQUEST", due_is_provisional=True
    )
    html = listing(sit("lurah")(INBOX).text)
    place = places.gazetteer().get(crew.place)
    for word in (report.number, f"{place.label}, Kec. {place.district}", "Pengaduan", "Menunggu verifikasi"):
        assert word in html
    for word in ("Bahaya", "Permohonan", "(perkiraan)", "diterima"):
        assert word in html
    assert f'href="/petugas/laporan/{report.number}/"' in html
    assert "Depan" not in html  # the label is the category and landmark, as the room gave it


def test_counts_stand_above(sit, crew, today):
    factories.send(at=today - timedelta(days=12), place=crew.place)
    _, hazard = factories.send(at=today, place=crew.place, category="kabel-listrik")
    Case.objects.filter(pk=hazard.pk).update(office=crew["lurah"].grants[0].organisation)
    html = sit("lurah")(INBOX).text
    found = re.findall(r'<p class="stat-value">(\d+)</p>\s*<p class="stat-label"><a[^>]*>(\w+)', html)
    assert found == [("1", "Terlambat"), ("1", "Bahaya"), ("2", "Terbuka")]


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("keadaan=RECEIVED", {"new", "late", "hazard"}),
        ("keadaan=FORWARDED", {"verified"}),
        ("bahaya=1", {"hazard"}),
        ("terlambat=1", {"late"}),
        ("keadaan=RECEIVED&terlambat=1", {"late"}),
        ("wilayah={place}", {"new", "late", "hazard", "verified"}),
        ("wilayah=32.73.02.1004", set()),
        ("keadaan=NONSENSE&wilayah=99&hal=-3", {"new", "late", "hazard", "verified"}),
    ],
)
def test_filters(sit, crew, today, query, kept):
    made = {name: factories.send(at=today, place=crew.place) for name in ("new", "hazard", "verified")}
    made["late"] = factories.send(at=today - timedelta(days=12), place=crew.place)
    factories.bring_to(State.FORWARDED, *made["verified"], by=crew["lurah"], at=today)
    Case.objects.filter(pk=made["hazard"][1].pk).update(is_hazard=True)
    response = sit("lurah")(f"{INBOX}?{query.format(place=crew.place)}")
    assert set(numbers(response)) == {made[name][0].number for name in kept}


def test_a_swap_equals_a_reload_and_nobody_keeps_it(sit, crew, today):
    factories.send(at=today - timedelta(days=12), place=crew.place)
    get = sit("lurah")
    for url in (INBOX, INBOX + "?terlambat=1", INBOX + "?keadaan=SCHEDULED", ALL, ALL + "?cari=1"):
        whole, part = get(url), get(url, **{"HX-Request": "true"})
        assert part.text.strip() == listing(whole.text).strip()
        for response in (whole, part):
            assert "HX-Request" in response["Vary"]
            assert "no-store" in response["Cache-Control"]


def test_thirty_rows_a_page(sit, crew, today):
    _, case = factories.send(at=today, place=crew.place)
    values = Case.objects.filter(pk=case.pk).values().get()
    own = {"id": None, "uuid": None, "number": None}
    Case.objects.bulk_create(
        Case(**{**values, **own, "uuid": uuid.uuid4(), "number": f"LAP-2026-9{n:05d}"}) for n in range(60)
    )
    get = sit("lurah")
    first, second = get(INBOX), get(INBOX + "?hal=2")
    assert (len(numbers(first)), len(numbers(second))) == (30, 30)
    assert not set(numbers(first)) & set(numbers(second))
    assert 'href="/petugas/?hal=2"' in first.text
    assert 'href="/petugas/"' in listing(second.text)
    assert "Halaman 2" in second.text
    assert numbers(get(INBOX + "?hal=99999")) == numbers(first)


def test_queries_of_the_lists(sit, crew, today):
    for n in range(12):
        factories.send(at=today - timedelta(days=n), place=crew.place)
    get = sit("lurah")
    get(INBOX)
    for forget in (places.forget, people.forget, rulebook.forget):
        forget()
    for url, most in ((INBOX, 10), (ALL, 10), (ALL + "?cari=3", 10)):
        with CaptureQueriesContext(connection) as seen:
            get(url)
        assert len(seen) <= most, [q["sql"][:90] for q in seen]


def test_an_empty_inbox_says_what_to_do(sit, crew):
    get = sit("lurah")
    assert "Kotak masuk kosong" in get(INBOX).text
    assert 'href="/petugas/semua/"' in listing(get(INBOX).text)
    assert "Hapus saringan" in listing(get(INBOX + "?terlambat=1").text)
    assert "Belum ada laporan" in get(ALL).text


def test_all_cases_have_the_newest_change_first_and_keep_what_ended(sit, crew, today):
    first, case = factories.send(at=today - timedelta(days=3), place=crew.place)
    second, _ = factories.send(at=today - timedelta(days=2), place=crew.place)
    factories.bring_to(State.REJECTED, first, case, by=crew["lurah"], at=today)
    get = sit("lurah")
    assert numbers(get(ALL)) == [first.number, second.number]
    assert numbers(get(INBOX)) == [second.number]


def test_search_by_number(sit, crew, today):
    reports = [factories.send(at=today, place=crew.place)[0] for _ in range(3)]
    get = sit("lurah")
    for said in (reports[1].number, reports[1].number.lower(), reports[1].number[-6:], "2"):
        assert numbers(get(f"{ALL}?cari={said}")) == [reports[1].number]
    assert "Tidak ditemukan" in get(f"{ALL}?cari=999").text
    assert "Tidak ditemukan" in get(f"{ALL}?cari=gajah").text


@pytest.mark.parametrize(
    "query",
    [
        "hal=x",
        "hal=0",
        "hal=1e9",
        "cari=%00",
        "cari=%27%3B--",
        "keadaan=%00",
        "wilayah=%00",
        "cari=" + "9" * 500,
        "hal=",
    ],
)
def test_bad_input_never_breaks_a_list(sit, crew, query):
    get = sit("koordinator")
    assert get(f"{INBOX}?{query}").status_code == 200
    assert get(f"{ALL}?{query}").status_code == 200


@pytest.mark.parametrize("slug", ["warga", "ketua-rt"])
def test_residents_have_no_desk(sit, crew, slug):
    get = sit(slug)
    assert get(INBOX).status_code == 404
    assert get(ALL).status_code == 404


def test_a_stranger_is_led_to_the_sign_in(client, city):
    response = client.get(INBOX, headers=factories.HOST)
    assert (response.status_code, response["Location"]) == (302, "/masuk/?next=%2Fpetugas%2F")


def test_the_desk_shows_office_and_role(sit, crew):
    html = sit("camat")(INBOX).text
    assert crew["camat"].grants[0].organisation_name in html
    assert "Camat" in html


def test_the_office_is_named_only_for_who_sees_several(sit, crew, today):
    factories.send(at=today, place=crew.place, category="kabel-listrik")
    short = Organisation.objects.get(pk=Case.objects.get().office_id).short_name
    assert short in listing(sit("pusdalops")(INBOX).text)


def test_the_camat_sees_the_kelurahan_below_in_all_cases(sit, crew, today):
    report, _ = factories.send(at=today, place=crew.place)
    get = sit("camat")
    assert numbers(get(INBOX)) == []
    assert numbers(get(ALL)) == [report.number]
    office = Organisation.objects.get(kind=OrganisationKind.WARD, place_code=crew.place).short_name
    assert office in listing(get(ALL).text)


@pytest.mark.parametrize(
    "slug", ["lurah", "kasi", "camat", "koordinator", "sekda", "penghubung", "kepala-dinas", "pusdalops"]
)
def test_conduct_is_in_nobodys_lists_but_the_inspektorats(sit, crew, today, slug):
    report, _ = factories.send(at=today - timedelta(days=20), place=crew.place, about_conduct=True)
    Case.objects.update(is_hazard=True)
    get = sit(slug)
    for url in (INBOX, ALL, f"{ALL}?cari={report.number}", f"{ALL}?cari=1", f"{INBOX}?terlambat=1"):
        assert report.number not in listing(get(url).text)
    assert re.findall(r'<p class="stat-value">(\d+)</p>', get(INBOX).text) == ["0", "0", "0"]


def test_the_inspektorat_finds_it(sit, crew, today):
    report, _ = factories.send(at=today, place=crew.place, about_conduct=True)
    ordinary, _ = factories.send(at=today, place=crew.place)
    get = sit("inspektorat")
    assert numbers(get(INBOX)) == [report.number]
    assert numbers(get(ALL)) == [report.number]
    assert ordinary.number not in listing(get(f"{ALL}?cari={ordinary.number}").text)


def test_the_same_in_english(sit, crew, today):
    report, _ = factories.send(at=today - timedelta(days=12), place=crew.place)
    html = sit("lurah")("/en" + INBOX).text
    assert f'href="/en/petugas/laporan/{report.number}/"' in html
    assert "working days overdue" in html
