import csv
from collections import Counter
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from guyub.rooms.places import codes
from guyub.rooms.places.codes import UnknownRegion

TABLE = (files("guyub.rooms.places") / "data/centroids.csv").read_text(encoding="utf-8")
CENTROIDS = list(csv.DictReader(TABLE.splitlines()))

SEEDS = {  # kecamatan, kelurahan, desa
    "32.73": (30, 151, 0),
    "33.75": (4, 27, 0),
    "18.72": (5, 22, 0),
    "33.28": (18, 6, 281),
}


def villages(regency):
    return [village for district in codes.children(regency) for village in codes.children(district.code)]


@pytest.mark.parametrize("regency", SEEDS)
def test_the_demo_cities_are_whole(regency):
    kinds = Counter(village.kind for village in villages(regency))
    assert (len(codes.children(regency)), kinds["KELURAHAN"], kinds["DESA"]) == SEEDS[regency]


@pytest.mark.parametrize("regency", SEEDS)
def test_every_village_of_the_demo_cities_has_a_point(regency):
    with_point = {row["code"] for row in CENTROIDS if row["code"].startswith(f"{regency}.")}
    assert {village.code for village in villages(regency)} <= with_point


def test_centroids_agree_with_the_official_names_and_lie_in_indonesia():
    assert len({row["code"] for row in CENTROIDS}) == len(CENTROIDS)
    for row in CENTROIDS:
        assert (row["name"], row["kind"]) == (codes.region(row["code"]).name, codes.kind_of(row["code"]))
        assert -11 < float(row["lat"]) < 6
        assert 95 < float(row["lon"]) < 141


def test_there_are_514_regencies_and_each_can_be_listed():
    assert len(codes.children()) == 38
    kinds = Counter(codes.kind_of(code) for code in codes.regency_codes())
    assert kinds == {"KABUPATEN": 416, "KOTA": 98}
    for code in codes.regency_codes():
        districts = codes.children(code)
        assert districts
        assert {district.parent for district in districts} == {code}
        assert {district.kind for district in districts} == {"KECAMATAN"}


def test_the_whole_country_is_counted():
    kinds = Counter(village.kind for code in codes.regency_codes() for village in villages(code))
    assert (kinds["KELURAHAN"], kinds["DESA"] + kinds["DESA_ADAT"]) == (8496, 75266)


def test_a_kota_is_named_as_one():
    for code in codes.regency_codes():
        assert codes.region(code).name.startswith("Kota ") == (codes.kind_of(code) == "KOTA")


def test_the_kind_is_in_the_number():
    kinds = (
        {codes.kind_of(code) for code in ("32.01", "32.69")},
        {codes.kind_of(c) for c in ("32.71", "32.99")},
    )
    assert kinds == ({"KABUPATEN"}, {"KOTA"})


def test_a_region_knows_its_parent():
    dago = codes.region("32.73.02.1004")
    assert (dago.name, dago.kind, dago.parent) == ("Dago", "KELURAHAN", "32.73.02")
    assert codes.region("32").parent is None
    assert codes.region("18.72.04.1004").name == "Yosorejo"


@pytest.mark.parametrize(
    "code", ["", "3", "32.7", "32.73.02.4001", "32.00", "32.70", "32.73.00", "3273", "a2"]
)
def test_what_is_no_code(code):
    assert not codes.is_code(code)
    assert codes.find_region(code) is None
    with pytest.raises(UnknownRegion):
        codes.kind_of(code)


@pytest.mark.parametrize("code", ["39", "32.99", "32.73.99", "32.73.02.1999"])
def test_a_code_without_a_region(code):
    assert codes.is_code(code)
    for ask in (codes.region, codes.children):
        with pytest.raises(UnknownRegion):
            ask(code)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("32", "32"), ("3273", "32.73"), (" 327302 ", "32.73.02"), ("3273021004", "32.73.02.1004")],
)
def test_undotted_codes_are_accepted(given, kept):
    assert codes.dotted(given) == codes.dotted(kept) == kept
    with pytest.raises(UnknownRegion):
        codes.dotted(f"{given}1.")


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("32.73", "Kota Bandung"),
        ("33.28", "Kabupaten Tegal"),
        ("32.73.02", "Kecamatan Coblong"),
        ("32.73.02.1004", "Kelurahan Dago"),
        ("33.28.01.2001", "Desa Prupuk Selatan"),
        ("32", "Provinsi Jawa Barat"),
    ],
)
def test_labels(code, label):
    assert codes.region(code).label == label


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("13.02.03.2001", "Nagari"),
        ("13.77.01.2001", "Desa"),
        ("11.01.01.2001", "Gampong"),
        ("91.03.01", "Distrik"),
        ("91.03.01.3001", "Desa Adat"),
    ],
)
def test_labels_follow_the_region(code, word):
    assert codes.label_of_kind(code) == word


@pytest.mark.parametrize(
    ("code", "zone", "label"),
    [
        ("32.73", "Asia/Jakarta", "WIB"),
        ("61.71", "Asia/Jakarta", "WIB"),
        ("52.04.01", "Asia/Makassar", "WITA"),
        ("96.71", "Asia/Jayapura", "WIT"),
    ],
)
def test_time_zones(code, zone, label):
    assert (codes.time_zone(code), codes.time_zone_label(code)) == (ZoneInfo(zone), label)


def test_every_province_has_a_time_zone():
    assert {codes.time_zone_label(province.code) for province in codes.children()} == {"WIB", "WITA", "WIT"}
    with pytest.raises(UnknownRegion):
        codes.time_zone("99")
