"""The list by groups of categories, addresses that were cut short, and the desk in English."""

from __future__ import annotations

import pytest

from guyub.rooms.casework import second_look
from guyub.rooms.casework.models import Evidence
from guyub.rooms.casework.rules import State
from guyub.rooms.reports.models import Category
from guyub.rooms.reports.queries import category_filters, label_said
from tests import factories
from tests.factories import HOST

pytestmark = pytest.mark.django_db


@pytest.fixture
def crew(city):
    return factories.add_people()


@pytest.fixture
def sit(client, crew):
    def at(slug: str):
        client.force_login(crew.account(slug), backend=factories.BACKEND)
        return client

    return at


def test_a_whole_group_is_a_choice_and_shows_its_categories_alone(city, client, now):
    group = Category.objects.get(code="jalan-berlubang").group
    one, _case = factories.send(at=now, category="jalan-berlubang")
    rows = Category.objects.filter(group=group, is_active=True, is_conduct=False)
    two, _case = factories.send(at=now, category=rows.exclude(code="jalan-berlubang").first().code)
    other, _case = factories.send(at=now, category="sampah")
    page = client.get(f"/laporan/?kategori=kelompok:{group}", headers=HOST)
    assert page.status_code == 200
    for report, shown in ((one, True), (two, True), (other, False)):
        assert (report.number in page.text) is shown
    assert f'<option value="kelompok:{group}" selected>' in page.text
    assert "Jalan dan jembatan" in page.text.split('id="hasil"')[1].split("</h2>")[0]
    assert client.get(f"/laporan/unduh.csv?kategori=kelompok:{group}", headers=HOST).status_code == 200
    assert client.get(f"/laporan/peta.json?kategori=kelompok:{group}", headers=HOST).status_code == 200


def test_groups_of_one_have_no_choice_of_their_own_and_conduct_none(city, client, now):
    factories.send(at=now, about_conduct=True, category="pungutan-liar")
    groups = dict(category_filters())
    for pairs in groups.values():
        assert (len(pairs) > 2) is pairs[0][0].startswith("kelompok:")
    assert "kelompok:petugas" not in str(groups)
    assert (
        "LAP-" not in client.get("/laporan/?kategori=kelompok:petugas", headers=HOST).text.split("<main")[1]
    )


@pytest.mark.parametrize(
    "query",
    [
        "status=salah",
        "kategori=%00",
        "wilayah=99",
        "waktu=kapan",
        "tampil=x",
        "sebelum=LAP",
        "sesudah=LAP-2026-999999",
    ],
)
def test_a_wrong_filter_shows_the_list_with_a_sentence_and_a_way_back(city, client, now, query):
    report, _case = factories.send(at=now)
    page = client.get(f"/laporan/?{query}", headers=HOST)
    assert page.status_code == 400
    assert report.number in page.text
    assert "Sebagian alamat ini tidak dikenal" in page.text
    assert '<a href="/laporan/">' in page.text


def test_what_is_good_beside_a_wrong_filter_still_holds(city, client, now):
    report, _case = factories.send(at=now)
    page = client.get("/laporan/?status=salah&kategori=rob", headers=HOST)
    assert report.number not in page.text


@pytest.mark.parametrize(
    ("slug", "address", "to"),
    [
        ("lurah", "/petugas/laporan/", "/petugas/semua/"),
        ("lurah", "/en/petugas/laporan/", "/en/petugas/semua/"),
        ("lurah", "/petugas/kewenangan/riwayat/", "/petugas/kewenangan/"),
        ("admin", "/petugas/wewenang/akun/", "/petugas/wewenang/"),
    ],
)
def test_an_address_of_the_desk_that_was_cut_short_leads_to_the_list(sit, slug, address, to):
    assert sit(slug).get(address, headers=HOST)["Location"] == to


def test_the_english_desk_says_categories_in_english(sit, crew, now):
    report, _case = factories.send(at=now, place=crew.place, category="sampah", landmark="Sampah lama")
    category = Category.objects.get(code="sampah")
    lurah = sit("lurah")
    for address in ("/en/petugas/", "/en/petugas/semua/", f"/en/petugas/laporan/{report.number}/"):
        html = lurah.get(address, headers=HOST).text
        assert f"{category.name_en} · Sampah lama" in html
        assert f"{category.name_id} · " not in html
    assert f"{category.name_id} · Sampah lama" in lurah.get("/petugas/", headers=HOST).text
    chosen = {"lakukan": "verifikasi", "pilih": report.number}
    assert category.name_en in lurah.post("/en/petugas/sekaligus/", chosen, headers=HOST).text


def test_only_the_category_of_a_label_is_said_in_english(city):
    from django.utils import translation

    row = Category.objects.get(code="sampah")
    with translation.override("en"):
        assert (
            label_said(f"LAPOR! · {row.name_id} · {row.name_id}") == f"LAPOR! · {row.name_en} · {row.name_id}"
        )
        assert label_said("Nama lama · gang") == "Nama lama · gang"


@pytest.mark.parametrize(
    "page", ["/en/petugas/putaran/", "/en/petugas/tinjauan/", "/en/petugas/laporan/{}/regu/"]
)
def test_the_pages_of_the_field_name_categories_in_english(sit, crew, now, page):
    report, case = factories.send(at=now, place=crew.place)
    factories.bring_to(State.IN_PROGRESS, report, case, by=crew["lurah"], at=now)
    if "tinjauan" in page:
        factories.finished(case, by=crew["kasi"], at=now)
        Evidence.objects.filter(case=case).update(flagged=True)
        assert second_look.consider(evidence=Evidence.objects.get(case=case).pk, at=now)
    row = Category.objects.get(code="sampah")
    html = sit("lurah").get(page.format(report.number), headers=HOST).text
    assert row.name_en in html
    assert row.name_id not in html
