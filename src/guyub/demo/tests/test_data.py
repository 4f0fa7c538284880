"""The starter data of the rooms and the demo fit each other and the people who read them."""

import json
import re
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from guyub.rooms.reports.rules import classification_of


def read(path):
    return json.loads((files("guyub") / path).read_text(encoding="utf-8"))


BOOK = read("rooms/reports/data/categories.json")
CATEGORIES, GROUPS = BOOK["categories"], BOOK["groups"]
ORGANISATIONS = read("rooms/people/data/organisations.json")
CITIES = read("demo/data/cities.json")
SEEDS = "kernel/rulebook/seeds"
ENTRIES = {
    name: read(f"{SEEDS}/{name}.json")
    for name in ("holidays", "complaint_clocks", "emergency_numbers", "personal_data")
}
ENTRIES |= {name: read(f"rooms/places/data/{name}.json") for name in ("time_zones", "kind_labels")}


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ENTRIES)
def test_rulebook_entries_are_dated_and_have_a_basis(name):
    for entry in ENTRIES[name]:
        assert set(entry) == {
            "key",
            "value",
            "effective_from",
            "effective_until",
            "legal_basis",
            "confidence",
        }
        assert entry["legal_basis"]
        assert entry["confidence"] in {"C", "C2", "M", "V", "U"}
        assert entry["effective_until"] is None or entry["effective_from"] < entry["effective_until"]
    versions = [(entry["key"], entry["effective_from"]) for entry in ENTRIES[name]]
    assert len(set(versions)) == len(versions)
    current = [entry["key"] for entry in ENTRIES[name] if entry["effective_until"] is None]
    assert len(set(current)) == len(current)


def test_the_clocks_are_those_of_the_law():
    clocks = {entry["key"]: entry["value"]["amount"] for entry in ENTRIES["complaint_clocks"]}
    assert (clocks["verify"], clocks["respond"], clocks["auto_close"], clocks["reporter_reply_window"]) == (
        3,
        5,
        10,
        10,
    )
    assert clocks["resolve.PENGADUAN_BERKADAR_PENGAWASAN"] == 60
    assert clocks["resolve.PENGADUAN_TIDAK_BERKADAR_PENGAWASAN"] == 14
    assert clocks["resolve.PERMINTAAN_INFORMASI"] == 5
    assert clocks["kelurahan_first_action"] is None


def test_categories_are_enough_for_a_first_day_and_few_enough_to_choose_from():
    assert 60 <= len(CATEGORIES) <= 72
    assert 12 <= len(GROUPS) <= 18
    sizes = [sum(category["group"] == group["code"] for category in CATEGORIES) for group in GROUPS]
    assert (min(sizes), max(sizes)) >= (2, 4)
    assert max(sizes) <= 7
    codes = [category["code"] for category in CATEGORIES]
    assert len(set(codes)) == len(codes)
    assert {category["group"] for category in CATEGORIES} == {group["code"] for group in GROUPS}


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda category: category["code"])
def test_a_category_is_whole(category):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", category["code"])
    assert category["level"] in {"KELURAHAN", "KECAMATAN", "AGENCY"}
    assert category["default_class"] in {"PENGADUAN", "ASPIRASI", "PERMINTAAN_INFORMASI", None}
    assert category["agency"] in {office["key"] for office in ORGANISATIONS}
    assert set(category["emergency"]) <= {entry["key"] for entry in ENTRIES["emergency_numbers"]}
    assert set(category.get("external", [])) <= {body["code"] for body in BOOK["external"]}
    for language in ("id", "en"):
        assert 0 < len(category[f"name_{language}"]) <= 50  # an option of a phone's list
        assert 0 < len(category[f"hint_{language}"]) <= 120
        assert 2 <= len(category[f"words_{language}"]) <= 12
        assert len("; ".join(category[f"words_{language}"])) <= 200


@pytest.mark.parametrize("category", CATEGORIES, ids=lambda category: category["code"])
def test_a_category_has_a_clock_of_the_rulebook(category):
    classification = classification_of(
        report_class=category["default_class"] or "PENGADUAN",
        about_conduct=category["agency"] == "inspektorat",
    )
    clocks = {entry["key"]: entry["value"] for entry in ENTRIES["complaint_clocks"]}
    assert clocks[f"resolve.{classification}"]["amount"] in (5, 14, 60)


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_word_finds_one_category(language):
    """Two categories under one word leave the choice to somebody who has read neither."""
    words = [word.lower() for category in CATEGORIES for word in category[f"words_{language}"]]
    assert sorted(words) == sorted(set(words))
    assert all(word == word.strip() and ";" not in word and len(word) >= 2 for word in words)


def test_the_demo_speaks_of_every_category():
    weights = read("demo/data/life.json")["category_weights"]
    assert set(weights) == {category["code"] for category in CATEGORIES}


def test_danger_names_a_number_to_call_and_never_waits_at_the_kelurahan():
    for category in CATEGORIES:
        if category["hazard"]:
            assert category["emergency"]
            assert category["level"] == "AGENCY"


def test_no_desk_judges_itself():
    by_code = {category["code"]: category for category in CATEGORIES}
    assert by_code["pelayanan-kelurahan"]["level"] != "KELURAHAN"
    assert by_code["pungutan-liar"]["agency"] == "inspektorat"


def test_every_city_has_one_coordinator_and_whole_names():
    assert [office["key"] for office in ORGANISATIONS if office["role"] == "COORDINATOR"] == ["kominfo"]
    for office in ORGANISATIONS:
        if office["level"] == "REGENCY":
            assert "{region}" in office["name_id"]
        for name in office["names"].values():
            assert name["name_id"]
            assert len(name["short_name"]) <= 20


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city["slug"])
def test_a_citys_colours_can_be_read(city):
    colours = city["colours"]
    for colour in (colours["primary"], colours["primary_dark"]):
        assert contrast(colour, "#FFFFFF") >= 4.5
        assert contrast(colour, colours["surface"]) >= 4.5


def test_the_demo_cities():
    assert {city["slug"]: city["code"] for city in CITIES} == {
        "bandung": "32.73",
        "pekalongan": "33.75",
        "metro": "18.72",
        "tegal": "33.28",
    }
    assert (
        len({city["colours"]["primary"] for city in CITIES})
        == len({city["loopback"] for city in CITIES})
        == 4
    )
    assert [city["slug"] for city in CITIES if city["default"]] == ["bandung"]
    assert sum(city["demo_share"] for city in CITIES) == pytest.approx(1)
    for city in CITIES:
        assert city["hosts"] == [f"{city['slug']}.localhost"]
        assert ZoneInfo(city["time_zone"])
