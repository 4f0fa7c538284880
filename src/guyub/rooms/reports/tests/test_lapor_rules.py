"""Reading what people paste: what is recognised, and that nothing they paste breaks it or is lost."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.rooms.reports import lapor_rules as rules

PASTED = """SP4N-LAPOR!
Tracking ID: #9876543
Judul: Lampu jalan mati di Jalan Contoh
Tanggal: Jumat, 20 November 2026 10:15 WIB
Kategori: Infrastruktur
Klasifikasi: Pengaduan Tidak Berkadar Pengawasan
Lokasi: Kelurahan Dago, Kecamatan Coblong
Nama Pelapor: Bu Rekaan
No HP: 0812-0000-0000
Rahasia: Ya
Isi Laporan: Lampu jalan mati sejak seminggu.
Mohon diperbaiki.
Catatan: gelap sekali
"""


def test_an_item_is_recognised_as_lapor_shows_it():
    item = rules.read_item(PASTED)
    assert (item.id, item.title) == ("9876543", "Lampu jalan mati di Jalan Contoh")
    assert item.when == datetime(2026, 11, 20, 10, 15)
    assert (item.report_class, item.is_conduct, item.is_confidential) == ("PENGADUAN", False, True)
    assert item.place == "Kelurahan Dago, Kecamatan Coblong"
    assert (
        item.body
        == "Lampu jalan mati sejak seminggu.\nMohon diperbaiki.\nCatatan: gelap sekali\n\nSP4N-LAPOR!"
    )


def test_who_reported_is_left_out():
    text = repr(rules.read_item(PASTED))
    assert "Rekaan" not in text
    assert "0812" not in text


def test_what_is_not_recognised_stays_in_the_body():
    item = rules.read_item("Ada lubang besar #1234567\nTanggal: kemarin sore")
    assert item.id == "1234567"
    assert item.when is None
    assert "Ada lubang besar" in item.body
    assert "kemarin sore" in item.body


def test_a_field_that_comes_again_is_not_lost():
    item = rules.read_item("Judul: Satu\nJudul: Dua\nID: 12345\nID: 67890")
    assert (item.title, item.id) == ("Satu", "12345")
    assert "Judul: Dua" in item.body
    assert "67890" in item.body


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-20T10:15:00+07:00", datetime(2026, 11, 20, 10, 15)),
        ("2026-11-20", datetime(2026, 11, 20, 8)),
        ("20/11/2026 8.30", datetime(2026, 11, 20, 8, 30)),
        ("3 Des 2025, 09:00", datetime(2025, 12, 3, 9)),
        ("20 Agustus 2026 23:59:59", datetime(2026, 8, 20, 23, 59)),
        ("31-02-2026", None),
        ("99/99/9999", None),
        ("kemarin", None),
        ("٢٠/١١/٢٠٢٦", None),
        ("", None),
    ],
)
def test_days_as_offices_write_them(text, wanted):
    assert rules.read_moment(text) == wanted


def test_conduct_is_told_from_its_opposite():
    assert rules.is_conduct("Pengaduan Berkadar Pengawasan")
    assert not rules.is_conduct("Pengaduan Tidak Berkadar Pengawasan")
    assert not rules.is_conduct("Aspirasi")


@given(st.text(max_size=400))
def test_no_pasted_text_breaks_the_reading(text):
    item = rules.read_item(text)
    assert "\0" not in repr(item)
    assert all(sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs") for sign in item.body)


words = st.text("abcdefghij klmno", min_size=1, max_size=30).map(str.strip).filter(bool)


@given(st.lists(words.filter(lambda w: not rules.field_of(w)), min_size=1, max_size=8))
def test_every_line_without_a_label_is_kept(lines):
    body = rules.read_item("\n".join(["Judul: X", *lines])).body
    assert all(line in body for line in lines)


@given(st.binary(max_size=600))
def test_no_file_breaks_the_reading(data):
    try:
        table = rules.read_table(data, most=50)
    except rules.NotATable:
        return
    assert {len(row) for row in table.rows} == {len(table.heading)}
    for row in table.rows:
        rules.read_fields(rules.row_values(row, rules.suggest_mapping(table.heading)))


FILE = "Tracking ID;Judul;Isi Laporan;Tanggal Laporan;Nama Pelapor;NIK\n1234567;Jalan rusak;Dekat sekolah;20/11/2026;Bu Rekaan;3273\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_files_as_spreadsheets_write_them(encoding, delimiter):
    data = FILE.replace(";", delimiter).replace("Dekat", "Dékat").encode(encoding)
    table = rules.read_table(data, most=5)
    mapping = rules.suggest_mapping(table.heading)
    values = rules.row_values(table.rows[0], mapping)
    assert values == {"id": "1234567", "title": "Jalan rusak", "body": "Dékat sekolah", "date": "20/11/2026"}


def test_a_file_that_is_too_long_or_none_is_refused():
    with pytest.raises(rules.NotATable, match="long"):
        rules.read_table(b"id,isi\n" + b"1,x\n" * 30, most=20)
    for data, code in ((b"PK\x03\x04abc", "spreadsheet"), (b"", "empty"), (b"satu kolom\nisi\n", "empty")):
        with pytest.raises(rules.NotATable, match=code):
            rules.read_table(data, most=20)
    with pytest.raises(rules.NotATable, match="broken"):
        rules.read_table(b'id,isi\n1,"' + b"x" * 200_000 + b'"\n', most=20)


@given(st.text(max_size=40))
def test_no_cell_begins_a_formula(text):
    out = io.StringIO()
    csv.writer(out).writerow([rules.safe_cell(text)])
    assert rules.safe_cell(text).lstrip()[:1] not in tuple("=+-@") or rules.safe_cell(text)[0] == "'"


PLACES = [
    ("32.73.02.1004", "Dago", "Coblong"),
    ("32.73.09.1002", "Sukamaju", "Cibeunying Kidul"),
    ("32.73.10.1002", "Sukamaju", "Andir"),
    ("32.73.02.1001", "Cipaganti", "Coblong"),
]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Jl. Contoh, Kel. Dago, Kota Bandung", "32.73.02.1004"),
        ("kelurahan dago dekat perbatasan cipaganti", "32.73.02.1004"),
        ("Sukamaju, Kecamatan Andir", "32.73.10.1002"),
        ("Sukamaju", ""),
        ("Dagol", ""),
        ("", ""),
    ],
)
def test_a_place_is_matched_or_left_open(text, wanted):
    assert rules.match_place([text], PLACES) == wanted


def test_a_category_is_suggested_by_its_words():
    known = {"lampu-jalan": ["lampu jalan", "pju"], "sampah": ["sampah"]}
    assert rules.suggest_category(["", "Lampu jalan mati", "dekat tumpukan sampah"], known) == "lampu-jalan"
    assert rules.suggest_category(["Apa saja"], known) == ""
