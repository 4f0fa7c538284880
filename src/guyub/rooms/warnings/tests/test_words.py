"""The words: every ready text fits its channel, says what it must, and nothing that it may not."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.kernel.cities import api as cities
from guyub.rooms.places import api as places
from guyub.rooms.warnings import reference, rules, words
from guyub.rooms.warnings.models import Chain, Message
from guyub.rooms.warnings.rules import Fault, Level, Limits, Outcome

WIB = ZoneInfo("Asia/Jakarta")
LIMITS = Limits(sms=160, radio_seconds=20, words_per_minute=150)


@pytest.mark.django_db
def test_every_ready_text_may_go_out(city, javanese, now):
    """Each hazard, level, kind and mode; one kelurahan, a few, all; within a day and over midnight; BMKG's data or not."""
    codes = [row.code for row in places.gazetteer().settlements]
    areas = (codes[:1], codes[:9], codes)
    onset = datetime(2026, 12, 29, 22, 30, tzinfo=WIB)
    ends = (onset + timedelta(hours=1), onset + timedelta(hours=9))
    wrong, seen = [], set()
    for hazard, level, kind, mode in product(
        reference.hazards(at=now), rules.WARNED, ("ALERT", "UPDATE", "CANCEL"), ("ACTUAL", "EXERCISE")
    ):
        chain = Chain(pk=123456, year=2026, hazard=hazard, mode=mode)
        for where, until, sources in product(areas, ends, ("BMKG GAUGE", "")):
            row = Message(
                chain=chain,
                kind=kind,
                level=level,
                areas=where,
                onset=onset,
                expires=until,
                facts={"sources": sources},
                probability=0.7,
            )
            for (channel, language), text in words.ready(chain, row, reason="Sudah aman.", at=now).items():
                seen.add((channel, language))
                if found := words.faults(chain, row, channel, text, at=now):
                    wrong.append((hazard, level, kind, mode, len(where), channel, language, found, text))
                assert level in text or kind == "CANCEL"
                assert ("BMKG" in text) == bool(sources)
                assert "{" not in text
    assert wrong == []
    assert seen == {*product(rules.Channel, ("id", "jv")), ("WEB", "en")}


@pytest.mark.django_db
def test_an_area_is_said_in_the_language_of_its_text(city, javanese, now):
    known = places.gazetteer()
    codes = [row.code for row in known.within(known.districts[0].code)[:3]]
    said = {"id": (" dan ", " di "), "jv": (" lan ", " ing "), "en": (" and ", " in ")}
    for language, (both, within) in said.items():
        names, counted, *_rest = words.area_ways(codes, language)
        assert names.count(both) == 1
        assert counted == f"3 kelurahan{within}Kec. {known.districts[0].name}"
    row = Message(
        chain=Chain(pk=1, year=2026, hazard="rob", mode="ACTUAL"),
        kind="ALERT",
        level="SIAGA",
        areas=codes,
        onset=now,
        expires=now + timedelta(hours=3),
        facts={},
    )
    texts = words.ready(row.chain, row, at=now)
    for language in said:
        assert words.area_ways(codes, language)[0] in texts["WEB", language]


@pytest.mark.django_db
def test_a_short_message_names_the_place_and_not_the_whole_city(city, javanese, now):
    """Also where the marks of what is made up take the room that the advice needs."""
    (row,) = (one for one in places.gazetteer().settlements if one.code == "32.73.02.1004")
    message = Message(
        chain=Chain(pk=1, year=2026, hazard="rob", mode="ACTUAL"),
        kind="ALERT",
        level="WASPADA",
        areas=[row.code],
        onset=now,
        expires=now + timedelta(hours=6),
        facts={"simulated": True},
    )
    texts = words.ready(message.chain, message, at=now)
    for channel, language in product(("SMS", "RADIO"), ("id", "jv")):
        text = texts[channel, language]
        assert row.name in text, text
        assert words.faults(message.chain, message, channel, text, at=now) == []


@pytest.mark.django_db
def test_templates_ask_only_for_what_there_is_and_advice_is_whole(city, now):
    for text in reference.templates(at=now).values():
        assert rules.placeholders(text)
    for hazard in reference.hazards(at=now).values():
        for level in rules.WARNED:
            assert set(hazard.advice[level]) == {"id", "short_id", "jv", "short_jv", "en"}
        assert len(hazard.label("id")) <= 35
    with pytest.raises(rules.UnknownPlaceholder):
        rules.fill("{naga}", {})


def test_times_are_the_citys(city_of_wib, monkeypatch):
    onset = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("UTC"))
    assert (
        words.when(onset, onset + timedelta(hours=4), "id")
        == "Senin 23 November pukul 17.00 sampai 21.00 WIB"
    )
    assert words.when(onset, onset + timedelta(hours=9), "jv") == (
        "Senèn 23 November tabuh 17.00 dumugi Selasa 24 November tabuh 02.00 WIB"
    )
    assert words.when(onset, onset + timedelta(hours=9), "en") == (
        "Monday 23 November from 17.00 until Tuesday 24 November at 02.00 WIB"
    )
    assert words.when_short(onset, onset + timedelta(hours=9)) == "23/11 17.00-24/11 02.00 WIB"


@pytest.fixture
def city_of_wib(monkeypatch):
    class City:
        tz = WIB

    monkeypatch.setattr(words, "get_city", lambda: City)


def faults(text, **changes):
    given = {
        "channel": "WEB",
        "is_exercise": False,
        "is_simulated": False,
        "must_cite": False,
        "may_tell_probability": False,
        "limits": LIMITS,
    }
    return rules.faults_of(text, **{**given, **changes})


@pytest.mark.parametrize(
    ("text", "changes", "fault"),
    [
        ("  ", {}, Fault.EMPTY),
        ("SIAGA rob", {"is_exercise": True}, Fault.NO_EXERCISE),
        ("LATIHAN. SIAGA rob", {}, Fault.EXERCISE_IN_EARNEST),
        ("SIAGA rob", {"is_simulated": True}, Fault.NO_SIMULATION),
        ("SIAGA rob", {"must_cite": True}, Fault.NO_CITATION),
        ("SIAGA rob, peluang 61 %", {}, Fault.PROBABILITY),
        ("SIAGA rob, peluang 61,5 persen", {}, Fault.PROBABILITY),
        ("x" * 161, {"channel": "SMS"}, Fault.SMS_TOO_LONG),
        ("é" * 161, {"channel": "SMS"}, Fault.SMS_TOO_LONG),
        ("ṣ" * 71, {"channel": "SMS"}, Fault.SMS_TOO_LONG),
        ("kata " * 51, {"channel": "RADIO"}, Fault.RADIO_TOO_LONG),
        ("1234567890 " * 6, {"channel": "RADIO"}, Fault.RADIO_TOO_LONG),
    ],
)
def test_what_keeps_a_text_back(text, changes, fault):
    assert faults(text, **changes) == [fault]


def test_what_does_not():
    assert faults("é" * 160, channel="SMS") == []
    assert faults("SIAGA rob, peluang 61 %", may_tell_probability=True) == []
    assert faults("LATIHAN. rob", is_exercise=True) == []
    assert rules.sms_room("€" * 80, limit=160) == 0


@given(st.text(max_size=300))
def test_measures_never_break(text):
    assert rules.seconds_to_read(text, words_per_minute=150) >= 0
    assert isinstance(rules.sms_room(text, limit=160), int)
    faults(text, channel="SMS", is_exercise=True, is_simulated=True, must_cite=True)


def test_levels_states_and_skill():
    assert Level.NORMAL.rank < Level.WASPADA.rank < Level.SIAGA.rank < Level.AWAS.rank
    assert not rules.may_issue_alone(level="AWAS", is_observed=True, kind="CANCEL")
    with pytest.raises(ValueError, match="not possible"):
        rules.after(rules.Move.ISSUE, "DRAFT")
    assert rules.read_number("prg-2026-000012 ") == (2026, 12)
    assert rules.read_number("PRG-2026-12'; --") is None
    few = rules.skill([Outcome.HIT, Outcome.MISS], least=10)
    assert (few.pod, few.far) == (None, None)
    assert rules.skill([], least=0).pod is None
    many = rules.skill([*["HIT"] * 6, *["MISS"] * 4, *["FALSE_ALARM"] * 6, *["NEAR"] * 5], least=10)
    assert (many.pod, many.far, many.near) == (0.6, 0.5, 5)


@pytest.mark.django_db
def test_a_regional_language_is_written_where_it_is_at_home(bandung, pekalongan, now):
    for city, expected in ((bandung, ("id", "en")), (pekalongan, ("id", "jv", "en"))):
        with cities.inside(city):
            assert reference.languages(at=now) == expected
