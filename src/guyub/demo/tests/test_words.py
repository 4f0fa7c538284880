import json
import re
from importlib.resources import files
from random import Random

import pytest

from guyub.demo import words

CATEGORIES = [
    category["code"]
    for category in json.loads(
        (files("guyub") / "rooms/reports/data/categories.json").read_text(encoding="utf-8")
    )["categories"]
]
PLACES = {"bandung": "Dago", "pekalongan": "Panjang Wetan", "metro": "Yosorejo", "tegal": "Prupuk Selatan"}


def many(count, seed=1):
    rng, cities = Random(seed), list(PLACES.items())
    for i in range(count):
        slug, place = cities[i % 4]
        yield words.report_text(rng, CATEGORIES[i % len(CATEGORIES)], place, slug)


def test_twenty_thousand_reports_are_hardly_ever_the_same():
    bodies = [said.body for said in many(20_000)]
    assert len(set(bodies)) > 0.9 * len(bodies)


def test_reports_are_as_long_as_people_write():
    lengths = [len(said.body.split()) for said in many(8_000, seed=2)]
    assert (min(lengths) >= words.SHORTEST, max(lengths) <= words.LONGEST) == (True, True)


def test_the_same_seed_says_the_same():
    assert list(many(500)) == list(many(500))
    assert list(many(500)) != list(many(500, seed=2))


def test_no_slot_is_left_open_and_nobody_can_be_called():
    for said in many(8_000, seed=3):
        everything = f"{said.title} {said.body} {said.landmark}"
        assert not re.search(r"[{}]|\s{2}|\d{6,}|\.\.", everything)
        assert said.title[0].isupper()
        assert len(said.title) <= 90
        assert said.landmark[0].isupper()


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_can_be_spoken_of_everywhere(category):
    rng = Random(4)
    for slug, place in PLACES.items():
        bodies = {words.report_text(rng, category, place, slug).body for _ in range(50)}
        assert len(bodies) > 40


def test_the_reporters_rt_and_hour_are_kept():
    rng = Random(5)
    for _ in range(300):
        said = words.report_text(rng, "sampah", "Dago", "bandung", rw="12", rt="34", hour=19)
        assert (said.rw, said.rt) == ("12", "34")
        assert set(re.findall(r"RT (\d\d)", said.body)) <= {"34"}
        assert not re.search(r"[Ss]elamat (pagi|siang|sore)", said.body)


@pytest.mark.parametrize("category", CATEGORIES)
def test_offices_can_always_answer(category):
    rng = Random(6)
    for _ in range(30):
        said = [
            words.verify_text(rng, "DLH"),
            words.answer_text(rng, category, "DLH"),
            *words.question_and_reply(rng, category, "Depan SD Negeri Dago", "02"),
            words.completion_text(rng, category, "05"),
            words.hand_over_text(rng, category, "DLH"),
            words.schedule_text(rng, "Maret 2027"),
            words.dispute_text(rng, category, "Depan SD Negeri Dago"),
            words.confirm_text(rng),
            *(words.reject_text(rng, reason) for reason in words.reject_reasons()),
        ]
        for text in said:
            assert text
            assert not re.search(r"[{}]|\s{2}", text)
    assert "DLH" in words.answer_text(rng, category, "DLH")


def test_danger_is_not_answered_with_working_days():
    rng = Random(7)
    assert not any("hari kerja" in words.answer_text(rng, "kabel-listrik", "BPBD") for _ in range(300))
