"""Which place a feature means: codes however they are spelt, names within their parent, and why one is not known."""

from __future__ import annotations

import pytest

from guyub.rooms.places.matching import Known, Matcher, fold, read_code

KNOWN = [
    Known("32.73.12", frozenset({"batununggal"}), frozenset({"kotabandung"}), False),
    Known("32.73.21", frozenset({"bandungkidul"}), frozenset({"kotabandung"}), False),
    Known("32.73.21.1001", frozenset({"batununggal"}), frozenset({"bandungkidul"}), True),
    Known("32.73.18.1001", frozenset({"cihaurgeulis", "cihaur"}), frozenset({"cibeunyingkaler"}), True),
    Known("32.73.01.1003", frozenset({"isola"}), frozenset({"sukasari"}), True),
    Known("32.73.02.1003", frozenset({"isola"}), frozenset({"coblong"}), True),
]
AFTER = {"32.73.18.1009": ("32.73.18.1001",), "32.73.01.1009": ("32.73.01.1003", "32.73.02.1003")}
MATCHER = Matcher(KNOWN, AFTER, "32.73")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("32.73.02.1004", "32.73.02.1004"),
        ("3273021004", "32.73.02.1004"),
        (3273021004, "32.73.02.1004"),
        (3273021004.0, "32.73.02.1004"),
        (" 32 73 02 1004 ", "32.73.02.1004"),
        ("32-73-02", "32.73.02"),
        ("327302", "32.73.02"),
        ("3273010", ""),  # BPS
        ("3273010001", ""),  # BPS
        (True, ""),
        (None, ""),
        ([], ""),
        ("٣٢٧٣٠٢", ""),
        (1e300, ""),
        ("x" * 10_000, ""),
    ],
)
def test_codes_are_read_however_they_are_spelt(value, code):
    assert read_code(value) == code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kel. Cihaur Geulis", "CIHAURGEULIS"),
        ("Kecamatan Bandung Kidul", "bandung-kidul"),
        ("Désa Sukamaju", "Sukamaju"),
        ("Kelurahan", "kelurahan"),
    ],
)
def test_names_are_compared_without_their_dress(one, other):
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"kode": "32.73.18.1001", "kode_kecamatan": "32.73.18"}, "32.73.18.1001"),
        ({"KODE_KEL": 3273181001}, "32.73.18.1001"),
        ({"KDCPUM": "32.73.12"}, "32.73.12"),
        ({"nama": "Cihaurgeulis", "kecamatan": "Cibeunying Kaler"}, "32.73.18.1001"),
        ({"WADMKD": "Cihaur", "WADMKC": "Cibeunying Kaler"}, "32.73.18.1001"),
        ({"kelurahan": "Isola", "kecamatan": "Coblong"}, "32.73.02.1003"),
        ({"kecamatan": "Batununggal"}, "32.73.12"),
        ({"kelurahan": "Batununggal"}, "32.73.21.1001"),
        ({"kode": "32.73.18.1009"}, "32.73.18.1001"),
    ],
)
def test_a_feature_finds_its_place(properties, code):
    assert MATCHER.meant(properties).code == code


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"kode": "32.04.05.2001"}, "does not belong to this city"),
        ({"kode": "32.73"}, "no kecamatan"),
        ({"kode": "32.73.99"}, "not among the official codes"),
        ({"kode": "3273010001"}, "BPS"),
        ({"kode": "abc"}, "not written like a code"),
        ({"kode": "32.73.01.1009"}, "which of them"),
        ({"nama": "Isola"}, "no place here|may be"),
        ({"kelurahan": "Isola"}, "give a code or the kecamatan"),
        ({"nama": "Batununggal"}, "give a code or the kecamatan"),
        ({"nama": "Atlantis"}, "add it as an alias"),
        ({"luas": 3}, "neither a code nor a name"),
        ({}, "neither a code nor a name"),
        ({1: 2}, "neither a code nor a name"),
    ],
)
def test_what_is_not_known_is_said_with_its_reason(properties, said):
    import re

    meant = MATCHER.meant(properties)
    assert not meant.code
    assert re.search(said, meant.problem)


def test_a_property_can_be_named_and_a_strange_name_is_noted():
    assert MATCHER.meant({"id": "327312", "kode": "x"}, code_property="ID").code == "32.73.12"
    assert "no property" in MATCHER.meant({"kode": "32.73.12"}, code_property="id").problem
    assert "calls" in MATCHER.meant({"kode": "32.73.12", "nama": "Batu Api"}).note
    assert MATCHER.meant({"kode": "32.73.12", "nama": "BATU NUNGGAL"}).note == ""
