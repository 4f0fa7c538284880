"""Before the first day: the categories as a table, whom they reach, and a report that is taken back."""

from __future__ import annotations

import re

import pytest

from guyub.demo.people import DOMAIN
from guyub.rooms.casework.models import Case, Route
from guyub.rooms.people import api as people
from guyub.rooms.people import importing
from guyub.rooms.people.models import Account
from guyub.rooms.people.tables import TABLES, read, sample_csv, sample_xlsx
from guyub.rooms.reports import first_day
from guyub.rooms.reports.category_table import present
from guyub.rooms.reports.models import Category, Report
from tests.factories import BACKEND, HOST, add_people, send
from tests.security.conftest import count_rows

pytestmark = pytest.mark.django_db
TABLE = TABLES["kategori"]


@pytest.fixture
def persons(city):
    return add_people()


@pytest.fixture
def page(client, persons):
    def ask(slug, address, data=None):
        client.force_login(Account.objects.get(email=f"{slug}@{DOMAIN}"), backend=BACKEND)
        return client.get(address, headers=HOST) if data is None else client.post(address, data, headers=HOST)

    return ask


def take(rows, now, *, apply=True):
    content = sample_csv(TABLE, rows=rows)
    return importing.run(read(content, table=TABLE), table=TABLE, by=None, at=now, apply=apply)


def written(now, category, **changes):
    return {**next(row for row in present(now) if row["code"] == category), **changes}


def test_the_present_table_read_back_changes_nothing(city, now):
    for content in (
        sample_csv(TABLE, rows=present(now)),
        sample_xlsx(TABLE, choices={"Dipakai": ["ya"]}, rows=present(now)),
    ):
        found = importing.run(read(content, table=TABLE), table=TABLE, by=None, at=now, apply=True)
        assert (found.problems, found.added, found.changed) == ([], 0, 0)
        assert found.unchanged == Category.objects.count()


def test_names_words_and_office_change_and_the_code_stays(city, now):
    changed = written(now, "sampah", name_id="Sampah kota", words_id="resik", level="kecamatan")
    dry = take([changed], now, apply=False)
    assert (dry.changed, dry.problems) == (1, [])
    assert Category.objects.get(code="sampah").name_id != "Sampah kota", "a dry run is taken back"
    assert take([changed], now).changed == 1
    row = Category.objects.get(code="sampah")
    assert (row.name_id, row.words_id) == ("Sampah kota", "resik")
    assert Route.objects.get(category="sampah").level == "KECAMATAN"


def test_a_new_category_is_added_with_its_row_and_offered(city, now):
    new = written(now, "sampah", code="jalan-gang", name_id="Gang rusak", level="kelurahan", agency="pu")
    found = take([new], now)
    assert (found.added, found.problems) == (1, [])
    report, case = send(at=now, category="jalan-gang")
    assert case.route == Route.objects.get(category="jalan-gang")
    assert report.category.name_id == "Gang rusak"


def test_a_row_by_which_a_case_was_sent_changes_by_an_approved_change_alone(city, now):
    send(at=now, category="sampah")
    found = take([written(now, "sampah", level="kecamatan")], now)
    assert [(p.column, "usul perubahan" in p.words) for p in found.problems] == [("Perangkat daerah", True)]
    assert take([written(now, "sampah", name_id="Sampah kota")], now).changed == 1, "its name may change"


def test_errors_are_said_by_row_and_column(city, now):
    rows = [
        written(now, "sampah", code="Sampah Kota!"),
        written(now, "sampah", group="Jalan dan jembatam"),
        written(now, "makam", kind="gawat"),
        written(now, "rob", agency="tidak-ada-sama-sekali"),
        written(now, "puskesmas", active="mungkin"),
    ]
    found = take(rows, now)
    assert [(p.line, p.column) for p in found.problems] == [
        (2, "Kode"),
        (3, "Kelompok"),
        (4, "Golongan"),
        (5, "Perangkat daerah"),
        (6, "Dipakai"),
    ]
    assert "Jalan dan jembatan" in found.problems[1].words


def test_conduct_is_neither_added_to_nor_taken_from_a_category_with_reports(city, now):
    send(at=now, category="sampah")
    found = take([written(now, "sampah", kind="perilaku")], now)
    assert [p.column for p in found.problems] == ["Golongan"]


def test_a_category_switched_off_is_not_offered_and_stays_on_old_reports(city, now, client):
    report, _case = send(at=now, category="sampah")
    assert take([written(now, "sampah", active="tidak")], now).changed == 1
    form = client.get("/laporan/baru/", headers=HOST).content.decode()
    assert 'value="sampah"' not in form
    with pytest.raises(Category.DoesNotExist):
        send(at=now, category="sampah")
    name = Category.objects.get(code="sampah").name_id
    assert name in client.get(f"/laporan/{report.number}/", headers=HOST).content.decode()


def test_an_admin_fills_the_table_in_by_the_pages(page, now):
    text = page("admin", "/petugas/persiapan/kategori/").content.decode()
    assert "sekarang.csv" in text
    answer = page("admin", "/petugas/persiapan/kategori/sekarang.csv")
    assert "sampah" in answer.content.decode("utf-8-sig")
    assert page("admin", "/petugas/persiapan/kategori/sekarang.pdf").status_code == 404
    assert page("admin", "/petugas/persiapan/petugas/sekarang.csv").status_code == 404


# ── Whom the table reaches ──────────────────────────────────────────────────────────────────────────────────


def test_the_share_that_reaches_an_officer_is_counted_pair_by_pair(persons, now):
    before = first_day.reach(at=now)
    assert 0 < before.reached < before.pairs, "the demo has people in some offices"
    Account.objects.update(is_active=False)
    after = first_day.reach(at=now)
    assert (after.reached, after.pairs) == (0, before.pairs)
    assert len(after.unreached) > len(before.unreached)


def test_a_place_with_its_own_row_is_asked_by_it(persons, now):
    sent = dict(
        kind="report", category="sampah", level="AGENCY", effective_from=now.date(), legal_basis="uji"
    )
    before = first_day.reach(at=now)
    inspected = next(o for o, _codes in before.unreached if o.kind == people.OrganisationKind.AGENCY)
    Route.objects.create(**sent, place_code=persons.place, organisation_key=inspected.key)
    assert first_day.reach(at=now).reached == before.reached - 1, "the lurah's own office had people"


def test_the_set_up_page_says_what_is_lacking(page):
    text = page("admin", "/petugas/persiapan/").content.decode()
    for words in ("Kategori laporan", "Tabel kewenangan", "Laporan uji", "pasangan kategori dan wilayah"):
        assert words in text


# ── The report for a trial ──────────────────────────────────────────────────────────────────────────────────


def test_a_trial_says_office_clocks_and_people_and_leaves_nothing(page, persons):
    page("admin", "/petugas/persiapan/uji/")
    before = count_rows()
    said = {"category": "sampah", "place": persons.place, "report_class": "PENGADUAN"}
    text = page("admin", "/petugas/persiapan/uji/", said).content.decode()
    office = people.directory().of_settlement(persons.place)
    for words in (office.name, "Verifikasi paling lambat", "hari kerja", "Lurah Contoh", "kotak masuk"):
        assert words in text
    assert count_rows() == before
    assert not Report.objects.exists()
    assert not Case.objects.exists()


def test_the_trial_goes_where_a_residents_report_goes(persons, now):
    for row in Category.objects.filter(is_active=True)[:20]:
        tried = first_day.try_report(category=row.code, place=persons.place, report_class="PENGADUAN", at=now)
        _report, case = send(at=now, category=row.code, place=persons.place)
        assert tried.office == people.directory().get(case.office_id).name


def test_a_hazard_names_who_is_told_at_once_and_conduct_goes_to_the_inspectorate(persons, now):
    hazard = Category.objects.filter(is_hazard=True, is_active=True).first()
    tried = first_day.try_report(category=hazard.code, place=persons.place, report_class="PENGADUAN", at=now)
    assert any(re.search("siang dan malam: .*Operator Contoh", line) for line in tried.told), tried.told
    conduct = Category.objects.filter(is_conduct=True).first()
    tried = first_day.try_report(category=conduct.code, place=persons.place, report_class="PENGADUAN", at=now)
    assert "Inspektorat" in tried.office
    assert "apa pun isi tabel" in tried.why


def test_bad_input_of_a_trial_is_said_at_the_field(page):
    for said in ({}, {"category": "x", "place": "99", "report_class": "LAIN"}, {"category": "\0"}):
        assert page("admin", "/petugas/persiapan/uji/", said).status_code == 422
