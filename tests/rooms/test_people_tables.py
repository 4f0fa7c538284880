"""Spreadsheets: read whatever comes, say errors by row and column, apply all or nothing, twice is once."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from guyub.kernel.ledger import api as ledger
from guyub.rooms.people import api as people
from guyub.rooms.people import importing
from guyub.rooms.people.models import Account, Grant, Organisation, Upload
from guyub.rooms.people.tables import (
    MAX_BYTES,
    TABLES,
    CannotRead,
    parsed_date,
    read,
    sample_csv,
    sample_xlsx,
)
from tests.factories import BACKEND, HOST, add_people

pytestmark = pytest.mark.django_db
OFFICERS = TABLES["petugas"]
HEAD = [column.heading for column in OFFICERS.columns]


def sheet(*rows, head=HEAD) -> bytes:
    book = Workbook()
    book.active.append(head)
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def officer(name="Nama Uji", email="nama@uji.test", role="lurah", office="Kelurahan Cijerah", **more):
    values = {"basis": "SK 1/2026", "on": "", "about": "", "since": date(2026, 1, 2), "last": "", **more}
    return [name, email, role, office, *values.values()]


def take(content: bytes, now, *, table=OFFICERS, apply=True, by=None):
    return importing.run(read(content, table=table), table=table, by=by, at=now, apply=apply)


@pytest.fixture
def ward(city):
    return next(office for office in people.directory().of_kind("WARD"))


def test_officers_are_taken_over_and_twice_is_once(ward, now):
    rows = sheet(officer(office=ward.name), officer("Dua", "dua@uji.test", "kasi", ward.key))
    dry = take(rows, now, apply=False)
    assert (dry.added, dry.problems) == (2, [])
    assert not Account.objects.filter(email="nama@uji.test").exists()
    done = take(rows, now)
    assert (done.added, done.problems) == (2, [])
    assert Grant.objects.get(account__email="nama@uji.test").place_code == ward.place
    again = take(rows, now)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    facts = ledger.facts_about("people.table:petugas")
    assert [fact.payload["added"] for fact in facts] == [2]


def test_errors_are_said_by_row_and_column_and_nothing_is_taken_over(ward, now):
    close = ward.name[:-1] + "x"
    found = take(
        sheet(
            officer(office=ward.name),
            officer("Dua", "dua@uji.test", "lurha", ward.name),
            officer("Tiga", "tiga@uji.test", "lurah", close),
            officer("Empat", "bukan surel", office=ward.name),
            officer("Lima", "lima@uji.test", office=ward.name, since="31/31/2026"),
            officer("Enam", "nama@uji.test", "kasi", ward.name),
            officer("Tujuh", "tujuh@uji.test", "camat", ward.name),
            officer("Delapan", "delapan@uji.test", "lurah", ward.name, last="2025-01-01"),
            officer("", "sembilan@uji.test", office=ward.name),
        ),
        now,
    )
    said = {(p.line, p.column): p.words for p in found.problems}
    assert set(said) == {
        (3, "Peran"),
        (4, "Kantor"),
        (5, "Surel"),
        (6, "Mulai"),
        (7, "Surel"),
        (8, "Peran"),
        (9, "Hari terakhir"),
        (10, "Nama"),
    }
    assert "Lurah" in said[3, "Peran"]
    assert ward.name in said[4, "Kantor"]
    assert not Account.objects.filter(email__endswith="@uji.test").exists()
    assert not ledger.facts_about("people.table:petugas")


def test_the_same_row_twice_is_pointed_out(ward, now):
    found = take(sheet(officer(office=ward.name), officer(office=ward.name)), now)
    assert [(p.line, "baris 2" in p.words) for p in found.problems] == [(3, True)]


def test_formulas_are_refused(ward, now):
    for cell in ("=1+1", '=HYPERLINK("http://x","y")'):
        found = take(sheet(officer(name=cell, office=ward.name)), now)
        assert "rumus" in found.problems[0].words
    text = f"Nama;Surel;Peran;Kantor;Nomor SK;Mulai\n=cmd|'/c calc'!A1;a@uji.test;lurah;{ward.name};SK;2026-01-01\n"
    assert "rumus" in take(text.encode(), now).problems[0].words


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_csv_as_every_excel_writes_it(ward, now, codec, mark):
    lines = [
        mark.join(["Nama", "Surel", "Peran", "Kantor", "Nomor SK", "Mulai"]),
        mark.join(["Zoé Uji", "zoe@uji.test", "lurah", ward.name, "SK 1", "02/01/2026"]),
    ]
    found = take("\r\n".join(lines).encode(codec), now)
    assert found.problems == []
    assert Account.objects.get(email="zoe@uji.test").name == "Zoé Uji"


@pytest.mark.parametrize("code", TABLES)
def test_the_samples_can_be_read_back(city, code):
    table = TABLES[code]
    for content in (sample_csv(table), sample_xlsx(table, choices={"Peran": ["lurah"]})):
        assert read(content, table=table)[0].line == 2


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"<x/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (40 * 1024 * 1024))
    return out.getvalue()


def laughing() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    return with_workbook(f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><x>&a8;</x>')


def with_workbook(text: str) -> bytes:
    source, out = zipfile.ZipFile(io.BytesIO(sheet(officer()))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in source.namelist():
            packed.writestr(name, text if name == "xl/workbook.xml" else source.read(name))
    return out.getvalue()


def other_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("foto.jpg", b"x")
    return out.getvalue()


HOSTILE = {
    "empty": b"",
    "spaces": b"   \n",
    "xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600,
    "bomb": bomb(),
    "entities": laughing(),
    "cut": sheet(officer())[:900],
    "no-zip": b"PK\x03\x04" + b"x" * 300,
    "other": other_zip(),
    "broken-workbook": with_workbook("<workbook><sheets><sheet name='x' r:id='no'/></sheets>"),
    "no-sheets": with_workbook(
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    ),
    "picture": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4,
    "nul": b"Nama;Surel\0;Peran;Kantor\n",
    "large": b"a;" * MAX_BYTES,
    "words": b"Halo, ini surat biasa.\nBukan tabel.",
    "quote": b'Nama;Surel;Peran;Kantor;Nomor SK;Mulai\n"' + b"x" * 200_000,
    "headings-only": ";".join(HEAD).encode(),
    "headings-twice": (";".join([*HEAD, "Nama"]) + "\n" + "a;" * 10).encode(),
    "many": (";".join(HEAD) + "\n" + "a;b;c;d;e;;;f\n" * 1500).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_cannot_be_read_is_said_in_words(city, name):
    with pytest.raises(CannotRead) as said:
        read(HOSTILE[name], table=OFFICERS)
    assert str(said.value).endswith(".")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", ";".join(HEAD).encode() + b"\n"]))
def test_no_bytes_crash_it(city, tail, head):
    with contextlib.suppress(CannotRead):
        read(head + tail, table=OFFICERS)


LIKELY = [
    "lurah",
    "ketua_rt",
    "2026-01-31",
    "2100-12-31",
    "a@uji.test",
    "003",
    "kominfo",
    "32.73.02.1004",
    "SK 1",
]
CELLS = st.one_of(st.text(max_size=40), st.sampled_from(LIKELY))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(CELLS, min_size=14, max_size=14), table=st.sampled_from(list(TABLES)))
def test_no_words_in_a_row_crash_it(city, now, cells, table):
    from guyub.rooms.people.tables import Row

    names = [column.name for column in TABLES[table].columns]
    row = Row(
        2, dict(zip(names, ["".join(c for c in cell if c.isprintable()) for cell in cells], strict=False))
    )
    importing.run([row], table=TABLES[table], by=None, at=now, apply=False)


def test_neighbourhoods_with_and_without_heads(ward, now):
    table = TABLES["rtrw"]
    text = "Kelurahan;RW;RT;Nama ketua;Surel ketua;Nomor SK;Mulai\n"
    text += f"{ward.name};3;;;;;\n{ward.place};003;2;Ketua Uji;ketua@uji.test;SK lurah 1;2026-01-02\n{ward.name};3;1;;;;\n"
    found = take(text.encode(), now, table=table)
    assert found.problems == []
    assert Organisation.objects.get(key=f"rt:{ward.place}:003:002").parent.key == f"rw:{ward.place}:003"
    assert Grant.objects.get(account__email="ketua@uji.test").role == "ketua_rt"
    assert take(text.encode(), now, table=table).unchanged == 3


def test_a_refused_row_takes_back_the_unit_it_made(ward, now):
    table = TABLES["rtrw"]
    text = "Kelurahan;RW;RT;Nama ketua;Surel ketua;Nomor SK;Mulai\n"
    text += f"{ward.name};7;1;Ketua Uji;ketua@uji.test;;2026-01-02\n{ward.name};7;2;;;;\n"
    found = take(text.encode(), now, table=table)
    assert [(p.line, p.column) for p in found.problems] == [(2, "Nomor SK")]
    assert not Organisation.objects.filter(key__startswith=f"rw:{ward.place}:007").exists()


def test_offices_are_added_and_renamed_but_no_kelurahan_is_invented(city, now):
    table = TABLES["kantor"]
    head = "Kode;Nama;Nama singkat;Jenis;Kantor induk\n"
    new = "disuji;Dinas Uji Coba;Disuji;Perangkat daerah;\n"
    assert take((head + new).encode(), now, table=table).added == 1
    assert take((head + new).encode(), now, table=table).unchanged == 1
    renamed = take((head + new.replace("Uji Coba", "Uji")).encode(), now, table=table)
    assert renamed.changed == 1
    wrong = take((head + "kel-x;Kelurahan X;Kel. X;Kelurahan;\n").encode(), now, table=table)
    assert [p.column for p in wrong.problems] == ["Jenis"]


def test_an_admin_uploads_checks_and_applies(client, city, now):
    persons = add_people()
    client.force_login(persons.account("admin"), backend=BACKEND)
    office = persons["lurah"].grants[0].organisation_name
    content = io.BytesIO(sheet(officer("Baru Uji", "baru@uji.test", "kasi", office)))
    content.name = "petugas.xlsx"
    page = client.post("/petugas/persiapan/petugas/", {"file": content}, headers=HOST)
    assert page.status_code == 200
    assert not Account.objects.filter(email="baru@uji.test").exists()
    where = re.search(r'action="(/petugas/persiapan/petugas/terapkan/[^"]+)"', page.content.decode())[1]
    assert client.post(where, headers=HOST).status_code == 302
    assert Account.objects.filter(email="baru@uji.test").exists()
    assert client.post(where, headers=HOST)["Location"] == "/petugas/persiapan/petugas/"
    assert not Upload.objects.exists()


def test_an_admin_cannot_import_power_for_themselves(client, city, now):
    persons = add_people()
    found = take(
        sheet(officer("Admin Contoh", "admin@demo.guyub.example", "koordinator", "kominfo")),
        now,
        by=persons["admin"].account,
    )
    assert [p.column for p in found.problems] == ["Surel"]


@pytest.mark.parametrize("name", ["xls", "bomb", "picture", "words"])
def test_a_hostile_file_on_the_page_is_said_in_words(client, city, name):
    client.force_login(add_people().account("admin"), backend=BACKEND)
    content = io.BytesIO(HOSTILE[name])
    content.name = "petugas.xlsx"
    page = client.post("/petugas/persiapan/petugas/", {"file": content}, headers=HOST)
    assert page.status_code == 422


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-31", 31),
        ("31/01/2026", 31),
        ("31-1-2026", 31),
        ("31.01.2026", 31),
        ("2026-02-30", 0),
        ("1/1/26", 0),
    ],
)
def test_days_as_people_write_them(text, day):
    found = parsed_date(text)
    assert (found.day if found else 0) == day
