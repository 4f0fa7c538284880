"""The decision table: which row decides, how a change is drafted, tried and approved, and that no past is edited."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.kernel.notices.models import Notice
from guyub.rooms.casework import changes, routing, table, table_file
from guyub.rooms.casework.decision_table import Row, Table
from guyub.rooms.casework.models import Case, Route, RouteChange
from guyub.rooms.casework.rules import Classification
from guyub.rooms.people.api import OrganisationKind
from tests import factories

pytestmark = pytest.mark.django_db

PLACE, DISTRICT = "32.73.02.1004", "32.73.02"
TODAY = date(2026, 11, 20)
SOON = date(2026, 12, 1)


@pytest.fixture
def crew(city):
    with override("id"):
        yield factories.add_people()


def drafted(crew, now, *rows: Row, by: str = "koordinator", **changed) -> RouteChange:
    said = {
        "title": "Sampah ke kecamatan",
        "legal_basis": "Perwal 12/2026",
        "legal_date": TODAY,
        "effective_from": SOON,
        **changed,
    }
    row = changes.draft_change(**said, by=crew[by], at=now)
    for one in rows:
        row = changes.put_row(change=row.uuid, row=one, by=crew[by], at=now)
    return row


def in_force(crew, now, *rows: Row, **changed) -> RouteChange:
    row = drafted(crew, now, *rows, **changed)
    changes.submit_change(change=row.uuid, by=crew["koordinator"], at=now)
    return changes.approve_change(change=row.uuid, by=crew["tapem"], at=now)


def office(category="sampah", *, place=PLACE, on=SOON, classification=Classification.COMPLAINT):
    return routing.route(kind="report", category=category, classification=classification, place=place, on=on)


WASTE = Row("sampah", "", "", "KECAMATAN", "", "lh")

# ── Which row decides ──────────────────────────────────────────────────────────────────────────────────────

codes = st.sampled_from(["sampah", "banjir", "*"])
kinds = st.sampled_from(["", Classification.COMPLAINT, Classification.ASPIRATION])
wheres = st.sampled_from(["", "32.73.02", "32.73.01", PLACE, "32.73.02.1005"])
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
rows = st.lists(
    st.builds(
        Row,
        category=codes,
        classification=kinds,
        place=wheres,
        level=st.sampled_from(["KELURAHAN", "KECAMATAN"]),
        agency=st.just(""),
        since=days,
        until=st.one_of(st.none(), days),
    ),
    max_size=12,
)


@given(rows, codes, kinds, wheres, days)
def test_the_most_specific_row_wins(found, category, classification, place, on):
    """Said once more, the slow way: of all rows that fit, the greatest by place, category, class and date."""
    fitting = [
        row
        for row in found
        if row.holds(on)
        and row.category in (category, "*")
        and row.classification in (classification, "")
        and (row.place in ("", place) or place.startswith(row.place + "."))
    ]
    rank = lambda r: (len(r.place), r.category != "*", r.classification != "", r.since)  # noqa: E731
    best = max(fitting, key=rank, default=None)
    chosen = Table(found).find(category=category, classification=classification, place=place, on=on)
    assert (chosen and rank(chosen)) == (best and rank(best))


@given(
    rows,
    codes,
    st.sampled_from(list(Classification)),
    st.sampled_from([PLACE, "32.73.99.9999", "32.73.02.1005"]),
    days,
)
def test_exactly_one_office_for_any_table_and_conduct_the_inspektorat(
    found, category, classification, place, on
):
    offices = routing.people.Directory(
        [
            routing.Office(1, "i", "INSPECTORATE", "I", "I", ""),
            routing.Office(2, "k", "COORDINATOR", "K", "K", ""),
            routing.Office(3, "d", "DISTRICT", "D", "D", DISTRICT),
            routing.Office(4, "w", "WARD", "W", "W", PLACE),
        ]
    )
    row = Table(found).find(category=category, classification=classification, place=place, on=on)
    got = routing.office_for(row, classification=classification, place=place, offices=offices)
    assert (got.id == 1) == (classification == Classification.OVERSIGHT)


def test_a_place_has_its_own_arrangement(crew, now):
    in_force(crew, now, Row("*", "", DISTRICT, "KECAMATAN", ""))
    assert office().kind == OrganisationKind.DISTRICT
    assert office("jalan-berlubang").kind == OrganisationKind.DISTRICT
    assert office("jalan-berlubang", place="32.73.01.1001").key == "pu"
    assert office(classification=Classification.OVERSIGHT).kind == OrganisationKind.INSPECTORATE


# ── A change comes into force ──────────────────────────────────────────────────────────────────────────────


def test_an_approved_change_holds_from_its_day_and_edits_no_past(crew, now):
    _, before = factories.send(at=now, place=PLACE)
    old = Route.objects.get(category="sampah", effective_until=None)
    change = in_force(crew, now, WASTE)
    assert office(on=SOON - timedelta(days=1)).kind == OrganisationKind.WARD
    assert office().kind == OrganisationKind.DISTRICT
    old.refresh_from_db()
    assert (old.level, old.effective_until) == ("KELURAHAN", SOON)
    new = Route.objects.get(category="sampah", effective_from=SOON)
    assert (new.legal_basis, new.change_id) == ("Perwal 12/2026 (20-11-2026)", change.pk)
    before.refresh_from_db()
    assert (before.office.kind, before.route_id) == (OrganisationKind.WARD, old.pk)
    _, after = factories.send(at=now + timedelta(days=20), place=PLACE)
    assert (after.office.kind, after.route_id) == (OrganisationKind.DISTRICT, new.pk)


def test_a_change_before_one_that_is_planned_ends_where_that_begins(crew, now):
    in_force(crew, now, WASTE, effective_from=date(2027, 3, 1))
    in_force(crew, now, Row("sampah", "", "", "AGENCY", "lh"), effective_from=SOON)
    assert [office(on=day).kind for day in (TODAY, SOON, date(2027, 3, 1))] == [
        OrganisationKind.WARD,
        OrganisationKind.AGENCY,
        OrganisationKind.DISTRICT,
    ]


def test_a_row_can_end(crew, now):
    in_force(crew, now, Row("*", "", DISTRICT, "KECAMATAN", ""))
    in_force(crew, now, Row("*", "", DISTRICT, "", ""), effective_from=date(2027, 1, 1))
    assert office(on=date(2026, 12, 31)).kind == OrganisationKind.DISTRICT
    assert office(on=date(2027, 1, 1)).kind == OrganisationKind.WARD


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1)])
def test_a_day_that_has_begun_keeps_its_table(crew, now, day):
    change = drafted(crew, now, WASTE, effective_from=day)
    with pytest.raises(changes.CannotChange, match="besok"):
        changes.submit_change(change=change.uuid, by=crew["koordinator"], at=now)


def test_a_change_that_waited_too_long_is_not_approved(crew, now):
    change = drafted(crew, now, WASTE)
    changes.submit_change(change=change.uuid, by=crew["koordinator"], at=now)
    with pytest.raises(changes.CannotChange, match="besok"):
        changes.approve_change(change=change.uuid, by=crew["tapem"], at=now + timedelta(days=30))


def test_two_changes_of_one_row_do_not_begin_on_one_day(crew, now):
    in_force(crew, now, WASTE)
    change = drafted(crew, now, Row("sampah", "", "", "AGENCY", "lh"))
    with pytest.raises(changes.CannotChange, match="tanggal yang sama"):
        changes.submit_change(change=change.uuid, by=crew["koordinator"], at=now)


def test_nobody_approves_what_they_wrote(crew, now):
    own = drafted(crew, now, WASTE, by="tapem")
    changes.submit_change(change=own.uuid, by=crew["tapem"], at=now)
    with pytest.raises(NotAllowed):
        changes.approve_change(change=own.uuid, by=crew["tapem"], at=now)
    touched = drafted(crew, now, WASTE)
    changes.put_row(change=touched.uuid, row=WASTE, by=crew["tapem"], at=now)
    changes.submit_change(change=touched.uuid, by=crew["koordinator"], at=now)
    with pytest.raises(NotAllowed):
        changes.approve_change(change=touched.uuid, by=crew["tapem"], at=now)


@pytest.mark.parametrize("slug", ["lurah", "camat", "kepala-dinas", "sekda", "inspektorat", "warga"])
def test_who_owns_no_table_changes_none(crew, now, slug):
    change = drafted(crew, now, WASTE)
    deeds = [
        lambda: drafted(crew, now, by=slug),
        lambda: changes.put_row(change=change.uuid, row=WASTE, by=crew[slug], at=now),
        lambda: changes.submit_change(change=change.uuid, by=crew[slug], at=now),
        lambda: changes.approve_change(change=change.uuid, by=crew[slug], at=now),
        lambda: changes.decline_change(change=change.uuid, words="x", by=crew[slug], at=now),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()


def test_the_coordinator_drafts_but_does_not_approve(crew, now):
    change = drafted(crew, now, WASTE, by="tapem")
    changes.submit_change(change=change.uuid, by=crew["tapem"], at=now)
    with pytest.raises(NotAllowed):
        changes.approve_change(change=change.uuid, by=crew["koordinator"], at=now)


def test_what_is_sent_back_can_be_mended(crew, now):
    change = drafted(crew, now, WASTE)
    changes.submit_change(change=change.uuid, by=crew["koordinator"], at=now)
    with pytest.raises(changes.CannotChange):
        changes.put_row(change=change.uuid, row=WASTE, by=crew["koordinator"], at=now)
    changes.decline_change(change=change.uuid, words="Dasar hukumnya keliru.", by=crew["tapem"], at=now)
    change = changes.submit_change(change=change.uuid, by=crew["koordinator"], at=now)
    assert change.status == "SUBMITTED"
    names = [fact.name for fact in ledger.facts_about(changes.subject_of(change))]
    assert names == [
        "casework.route_change_submitted",
        "casework.route_change_declined",
        "casework.route_change_submitted",
    ]


@pytest.mark.parametrize(
    "row",
    [
        Row("tidak-ada", "", "", "KELURAHAN", ""),
        Row("sampah", "X", "", "KELURAHAN", ""),
        Row("sampah", Classification.OVERSIGHT, "", "KELURAHAN", ""),
        Row("sampah", "", "99.99", "KELURAHAN", ""),
        Row("sampah", "", "", "RT", ""),
        Row("sampah", "", "", "AGENCY", ""),
        Row("sampah", "", "", "AGENCY", "inspektorat"),
        Row("sampah", "", "", "KELURAHAN", "pu"),
        Row("sampah", "", "", "KELURAHAN", "", "tidak-ada"),
    ],
)
def test_an_unsound_row_is_not_taken(crew, now, row):
    change = drafted(crew, now)
    with pytest.raises(changes.CannotChange):
        changes.put_row(change=change.uuid, row=row, by=crew["koordinator"], at=now)


def test_the_approver_is_told_and_then_the_author(crew, now, django_capture_on_commit_callbacks):
    from guyub.rooms.casework.subscribers import tell_of_change

    in_force(crew, now, WASTE)
    change = RouteChange.objects.get()
    for fact in ledger.facts_about(changes.subject_of(change)):
        tell_of_change(fact)
        tell_of_change(fact)
    told = Notice.objects.filter(link__contains=str(change.uuid)).values_list("recipient", flat=True)
    assert sorted(told) == sorted(f"account:{crew[slug].account}" for slug in ("tapem", "koordinator"))


# ── What would have happened ───────────────────────────────────────────────────────────────────────────────


def test_a_draft_is_tried_on_past_cases(crew, now):
    for _ in range(3):
        factories.send(at=now, place=PLACE)
    factories.send(at=now, place=PLACE, about_conduct=True)
    factories.send(at=now - timedelta(days=200), place=PLACE)
    ended_there = Case.objects.filter(is_restricted=False).first()
    change = drafted(crew, now, WASTE)
    district = routing.people.directory().of_district(PLACE)
    Case.objects.filter(pk=ended_there.pk).update(office_id=district.id)
    before = count_rows()
    found = table.try_on_past(change, days=90, at=now)
    assert (found.cases, found.moved, found.landed) == (3, 3, 1)
    (line,) = found.lines
    assert (line.category, line.count, line.to_office) == ("sampah", 3, district.id)
    assert table.try_on_past(change, days=90, at=now) == found
    assert count_rows() == before


def count_rows() -> tuple[int, int]:
    return Route.objects.count(), Case.objects.filter(route=None).count()


def test_twenty_thousand_cases_are_tried_in_seconds(crew, now, django_assert_max_num_queries):
    _, case = factories.send(at=now, place=PLACE)
    values = {f.attname: getattr(case, f.attname) for f in Case._meta.concrete_fields}
    del values["id"], values["uuid"]
    Case.objects.bulk_create([Case(**values) for _ in range(20_000)], batch_size=2000)
    change = drafted(crew, now, WASTE)
    begun = time.perf_counter()
    with django_assert_max_num_queries(3):
        found = table.try_on_past(change, days=30, at=now)
    assert found.moved == 20_001
    assert time.perf_counter() - begun < 3


# ── The file ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_table_goes_out_and_comes_back_unchanged(crew, now):
    change = drafted(crew, now)
    text = table_file.written(table.table_of().in_force(on=SOON))
    said = table_file.read(text.encode("utf-8-sig"), on=SOON)
    assert said.errors == []
    change = changes.take_table(change=change.uuid, rows=said.rows, by=crew["koordinator"], at=now)
    assert change.rows == []


def test_a_file_changes_adds_and_ends_rows(crew, now):
    change = drafted(crew, now)
    lines = table_file.written(table.table_of().in_force(on=SOON)).splitlines()
    kept = [line.replace("KELURAHAN", "KECAMATAN") if line.startswith("sampah,") else line for line in lines]
    kept = [line for line in kept if not line.startswith("taman,")] + [
        f"*,,{DISTRICT},KECAMATAN,,,2026-01-01,x"
    ]
    said = table_file.read("\r\n".join(kept).replace(",", ";").encode(), on=SOON)
    change = changes.take_table(change=change.uuid, rows=said.rows, by=crew["koordinator"], at=now)
    assert [(r["category"], r["place"], r["level"]) for r in change.rows] == [
        ("*", DISTRICT, "KECAMATAN"),
        ("sampah", "", "KECAMATAN"),
        ("taman", "", ""),
    ]


def test_errors_name_their_line(crew):
    text = "kategori,jenis,wilayah,tingkat,perangkat_daerah,pembina\nsampah,,,RT,,\nx,,,KELURAHAN,,\n"
    said = table_file.read(text.encode(), on=SOON)
    assert said.errors == [
        "Baris 2: Tingkat “RT” tidak dikenal.",
        "Baris 3: Kategori “x” tidak dikenal.",
    ]


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"a,b\n1,2", b'"kategori', b"\x00" * 50])
def test_a_file_that_is_none_says_so(crew, data):
    assert table_file.read(data, on=SOON).errors


# ── Pages ──────────────────────────────────────────────────────────────────────────────────────────────────


def ask(client, crew, slug, path, data=None):
    client.force_login(crew.account(slug), backend=factories.BACKEND)
    if data is None:
        return client.get(path, headers=factories.HOST)
    return client.post(path, data, headers=factories.HOST)


def test_the_table_is_read_by_every_officer_and_narrowed(client, crew, now):
    in_force(crew, now, Row("*", "", DISTRICT, "KECAMATAN", ""), effective_from=date(2099, 1, 1))
    html = ask(client, crew, "lurah", "/petugas/kewenangan/").text
    assert "Tabel awal Guyub" in html
    assert "akan berlaku" in html
    assert "Usulkan perubahan" not in html
    narrowed = ask(client, crew, "lurah", "/petugas/kewenangan/?kelompok=jalan&kantor=pu").text
    assert "Jalan berlubang" in narrowed
    assert "Lampu jalan" not in narrowed
    assert "Usulkan perubahan" in ask(client, crew, "tapem", "/petugas/kewenangan/").text
    assert ask(client, crew, "lurah", "/petugas/kewenangan/riwayat/semua/").status_code == 200
    assert ask(client, crew, "lurah", "/petugas/kewenangan/riwayat/x/").status_code == 404
    assert b"jalan-berlubang" in ask(client, crew, "lurah", "/petugas/kewenangan/tabel.csv").content


def test_a_basis_that_many_rows_share_is_printed_once(client, crew, now):
    html = ask(client, crew, "lurah", "/petugas/kewenangan/").text
    assert html.count("Tabel awal Guyub") == 1
    assert "Dasar lain" not in html
    in_force(crew, now, Row("sampah", "", DISTRICT, "KECAMATAN", ""), effective_from=date(2099, 1, 1))
    html = ask(client, crew, "lurah", "/petugas/kewenangan/").text
    assert html.count("Tabel awal Guyub") == 1
    assert "Dasar lain" in html
    row = next(one for one in html.split("<tr>") if "akan berlaku" in one)
    assert "1 Jan 2099" in row


def test_a_change_goes_its_whole_way_by_the_pages(client, crew, now):
    from django.utils import timezone

    factories.send(at=timezone.now() - timedelta(days=1), place=PLACE)
    soon = (timezone.now() + timedelta(days=30)).date()
    head = {
        "title": "Sampah ke kecamatan",
        "legal_basis": "Perwal 12/2026",
        "legal_date": "2026-11-01",
        "effective_from": soon.isoformat(),
    }
    assert ask(client, crew, "koordinator", "/petugas/kewenangan/usul/", {}).status_code == 422
    made = ask(client, crew, "koordinator", "/petugas/kewenangan/usul/", head)
    url = made["Location"]
    row = {"category": "sampah", "level": "KECAMATAN", "backing": "lh"}
    assert ask(client, crew, "koordinator", f"{url}tambah/", {**row, "level": "AGENCY"}).status_code == 422
    assert ask(client, crew, "koordinator", f"{url}tambah/", row).status_code == 303
    html = ask(client, crew, "koordinator", url).text
    assert "Dari 1 laporan 90 hari terakhir, 1 akan masuk ke kantor lain." in html
    sent = SimpleUploadedFile("t.csv", b"kategori\nx")
    assert ask(client, crew, "koordinator", f"{url}impor/", {"file": sent}).status_code == 409
    assert ask(client, crew, "koordinator", f"{url}ajukan/", {}).status_code == 303
    assert ask(client, crew, "koordinator", f"{url}ajukan/", {}).status_code == 409
    assert ask(client, crew, "koordinator", f"{url}setujui/", {}).status_code == 404
    assert ask(client, crew, "tapem", f"{url}kembalikan/", {"words": "x"}).status_code == 422
    assert ask(client, crew, "tapem", f"{url}setujui/", {}).status_code == 303
    assert office(on=soon).kind == OrganisationKind.DISTRICT
    assert ask(client, crew, "lurah", url).status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        {"posisi": "-1"},
        {"posisi": "9" * 30},
        {"posisi": "²"},
        {"posisi": "\0"},
        {"category": "\0", "level": "x"},
    ],
)
def test_bad_input_is_no_failure(client, crew, now, data):
    change = drafted(crew, now, WASTE)
    for verb in ("hapus", "tambah", "ubah", "impor", "kembalikan", "apa-saja"):
        answer = ask(client, crew, "koordinator", f"/petugas/kewenangan/usul/{change.uuid}/{verb}/", data)
        assert answer.status_code in (303, 404, 422), verb
