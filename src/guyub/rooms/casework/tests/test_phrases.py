"""Fields in prepared answers."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.rooms.casework.phrases import FIELDS, fill, unfilled, unknown_fields

VALUES = dict(zip(FIELDS, ("LAP-1", "Dago", "Sampah", "3 Des", "Dinas"), strict=True))


def test_what_is_known_is_filled_and_the_rest_stands():
    text = "Laporan {nomor} di {Kelurahan}: {isi: tanggal}."
    assert fill(text, VALUES) == "Laporan LAP-1 di Dago: {isi: tanggal}."
    assert unfilled(fill(text, VALUES)) == ["{isi: tanggal}"]
    assert unfilled(fill("{tenggat}", {"tenggat": ""})) == ["{tenggat}"]


@pytest.mark.parametrize("text", ["{nama_pelapor}", "{telepon}", "{}", "{isi:}", "{nomor }{x}"])
def test_unknown_fields_are_found(text):
    assert len(unknown_fields(text)) == 1


@pytest.mark.parametrize("text", ["", "tanpa isian", "{nomor}", "{ Kantor }", "{isi: nama jalan}", "}{"])
def test_known_fields_and_plain_words_are_good(text):
    assert unknown_fields(text) == []


@given(st.text(max_size=200))
def test_no_text_breaks_it(text):
    assert isinstance(fill(text, VALUES), str)
    assert set(unfilled(text)) & {f"{{{name}}}" for name in unknown_fields(text)} == set()


def test_the_starter_set_is_good():
    raw = (resources.files("guyub.rooms.casework") / "data" / "answer_templates.json").read_text("utf-8")
    rows = json.loads(raw)
    assert len(rows) >= 12
    assert len({row["title"] for row in rows}) == len(rows)
    for row in rows:
        assert row["verb"] in ("jawab", "tanya", "tolak", "jadwalkan", "selesaikan")
        assert unknown_fields(row["body"]) == []
        assert 40 < len(row["body"]) < 700
