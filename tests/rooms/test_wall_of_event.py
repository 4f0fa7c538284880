"""The sea, residents' floods and incidents on the wall: who reads what of them, what they cost, what the feed tells."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import override

from guyub.kernel import wall
from guyub.kernel.ledger import api as ledger
from guyub.kernel.live import api as live
from guyub.kernel.wall import Asked, Audience
from guyub.rooms.command import feed, making, rules
from guyub.rooms.command.parts import sensors
from guyub.rooms.command.web import parts
from guyub.rooms.incidents import caring, opening
from guyub.rooms.places import api as places
from guyub.rooms.sensing import api as sensing
from guyub.rooms.tides import duties, harmonics, standing, stations
from guyub.rooms.tides.ladder import Level
from guyub.rooms.tides.wording import level_tone
from tests.rooms.test_floods import Scene as Water
from tests.rooms.test_incidents import Scene as Duty
from tests.rooms.test_tides import HOUR, SEA
from tests.rooms.test_tides import Scene as Sea

pytestmark = pytest.mark.django_db
EVERYBODY = tuple(Audience)


def panel(key: str, audience: Audience, at):
    found = making.panel(key, Asked(audience, at))
    return found.panel if found else None


def layer(shape: str, audience: Audience, at) -> list:
    marks = [mark for one in making.layers(Asked(audience, at)) for mark in one.marks]
    return [mark for mark in marks if mark.shape == shape]


def asks(key: str, at) -> int:
    """How many questions a part asks once rules and places are remembered."""
    parts.part(key, Asked(Audience.OFFICERS, at))
    making._kept.forget()
    with CaptureQueriesContext(connection) as seen:
        parts.part(key, Asked(Audience.OFFICERS, at))
    return len(seen)


def told(channel: str) -> str:
    ledger.drain(settled_only=False)
    return json.dumps(live.recent(channel, kind=feed.KIND, limit=100), ensure_ascii=False)


def test_a_city_that_has_none_shows_none_of_it(city, now):
    stations.coastal.forget()
    for audience in EVERYBODY:
        assert [panel(key, audience, now) for key in ("laut", "banjir", "insiden")] == [None] * 3


def test_the_sea_with_its_band_and_chances_for_whom_they_are(city):
    at = timezone.now()
    scene = Sea(at)
    scene.measure(40)
    top = max(harmonics.predict([scene.at + HOUR * n for n in range(1, 37)], SEA)) + 0.04
    scene.set(0, top - 0.02)
    duties.fit(scene.station.pk, at=scene.at)
    stations.coastal.forget()
    officers, room, guests = (panel("laut", one, scene.at).courses[0] for one in EVERYBODY)
    for one in (officers, room, guests):
        assert one.title == "Contoh"
        assert "m" in one.value
        assert "simulasi" in one.note
        assert [words for _height, words, _tone in one.marks] == ["Waspada", "Siaga", "Awas"]
        assert [when for when, _height in one.seen] == sorted(when for when, _height in one.seen)
        assert len(one.seen) > 9
    assert "%" in officers.note
    assert officers.url
    assert "%" not in room.note + guests.note
    assert "puncak" in room.note
    assert all(low < middle < high for _at, middle, low, high in room.expected)
    # What is expected is said to residents by a warning that people sent, not by a screen.
    assert guests.expected == ()
    assert "puncak" not in guests.note
    assert not room.url + guests.url
    drawn = parts.part("laut", Asked(Audience.SCREEN, scene.at))
    assert "course-band" in drawn
    assert "Waspada" in drawn
    assert asks("laut", scene.at) <= 10
    # A level by the forecast is for those inside; what the gauge measures everyone reads.
    standing.assess(at=scene.at)
    assert "menurut prakiraan" in told(feed.INSIDE)
    assert "menurut prakiraan" not in told(feed.CHANNEL)
    later = scene.at + timedelta(minutes=30)
    rows = [sensing.Row(scene.gauge.pk, later - timedelta(minutes=n), top + 0.15) for n in range(9)]
    sensing.ingest(rows, at=later)
    standing.assess(at=later)
    assert "Rob: Tingkat rob menurut alat ukur" in told(feed.CHANNEL)
    sensing.ingest([sensing.Row(scene.gauge.pk, later + timedelta(seconds=9), top + 2)], at=later)
    room = panel("laut", Audience.SCREEN, later).courses[0]
    assert "melebihi prakiraan" in room.note  # no peak is told that lies below the water
    assert "puncak" not in room.note
    assert "%" not in panel("laut", Audience.OFFICERS, later).courses[0].note


def test_the_sea_and_the_sensors_say_the_same_height_of_the_same_moment(city):
    """Also while it rises quickly, and when it is told afterwards. A level still waits for a second value."""
    scene = Sea(timezone.now())
    base = scene.measure(2)[0]
    scene.set(0, base + 0.35)
    for remembered in (sensors._streams, stations.coastal):
        remembered.forget()
    later = scene.at + timedelta(minutes=6)
    rows = [
        sensing.Row(scene.gauge.pk, scene.at + timedelta(minutes=n), base + 0.08 * n) for n in range(1, 6)
    ]
    sensing.ingest(rows, at=later)
    for audience in (Audience.OFFICERS, Audience.SCREEN):
        asked = Asked(audience, later)
        parts_ = {one.key: one for one in wall.parts("panel", audience)}
        for sea, found in (
            (parts_["laut"].make(asked), parts_["sensor"].make(asked)),
            (parts_["laut"].past(asked), parts_["sensor"].past(asked)),
        ):
            (course,) = sea.courses
            line = next(one for one in found.lines if one.text == scene.gauge.name)
            assert course.value == f"{line.value} ▲"
            assert course.when == f"{localtime(rows[-1].time, city.tz):%H.%M}"
            assert "1 menit lalu" in line.note
            assert course.tone == ""
    sensing.ingest([sensing.Row(scene.gauge.pk, later, base + 0.4)], at=later)
    assert panel("laut", Audience.SCREEN, later).courses[0].tone == level_tone(Level.WASPADA)
    # A gauge whose clock is a little fast has measured now; of one that is far ahead that is said.
    for ahead, height in ((timedelta(seconds=50), base + 0.41), (timedelta(minutes=40), base + 0.6)):
        sensing.ingest([sensing.Row(scene.gauge.pk, later + ahead, height)], at=later)
        course = panel("laut", Audience.SCREEN, later).courses[0]
        line = next(
            one for one in panel("sensor", Audience.SCREEN, later).lines if one.text == scene.gauge.name
        )
        if ahead < timedelta(minutes=2):
            assert course.value == f"{line.value} ▲"
        else:
            assert "jam alat ini 40 menit terlalu maju" in line.note


def test_floods_and_who_needs_help(city, now, monkeypatch):
    scene = Water(now, monkeypatch)
    scene.confirmed()
    scene.tell(7, metres=90, depth=80, in_need=4, needs=("EVAKUASI",))
    officers, room, guests = (panel("banjir", one, now).lines for one in EVERYBODY)
    assert "4 perlu pertolongan" in officers[0].note
    assert "4 perlu pertolongan" in room[0].note
    assert officers[0].url
    assert not room[0].url
    assert "pertolongan" not in guests[0].note
    assert (guests[0].value, guests[0].text) == (officers[0].value, officers[0].text)
    for audience in EVERYBODY:
        marks = layer("drop", audience, now)
        assert len(marks) == 1
        assert ("pertolongan" in marks[0].label) == (audience is Audience.OFFICERS)
    row = places.gazetteer().get(scene.place)
    guest = layer("drop", Audience.VISITORS, now)[0]
    assert (guest.lat, guest.lon) == (row.lat, row.lon)
    assert asks("banjir", now) <= 1
    assert "Banjir: Dipastikan" in told(feed.CHANNEL)
    for n in range(9):
        scene.tell(20 + n, metres=5000, depth=30)  # far away and one voice each time: never confirmed
    assert len(panel("banjir", Audience.VISITORS, now).lines) == 1


def test_incidents_inside_and_what_the_city_shows_of_them(city):
    duty = Duty()
    row = duty.opened(title="Rob pesisir uji")
    drill = duty.opened(by="pengganti", title="Latihan uji", mode="LATIHAN", places=duty.places[:1])
    by, at = duty.person("darurat"), duty.at
    made = caring.open_shelter(
        incident=row.pk,
        name="Aula uji",
        place=duty.places[0],
        address="Jalan Uji",
        capacity=50,
        by=by,
        at=at,
    )
    assert [one.label for one in layer("house", Audience.SCREEN, at)] == ["Aula uji · daya tampung 50"]
    said = caring.Counted(families=9, people=38, vulnerable={"babies": 2, "elderly": 5})
    caring.count(incident=row.pk, shelter=made.pk, said=said, counted_at=at, by=by, at=at)
    officers, room, guests = (panel("insiden", one, at) for one in EVERYBODY)
    assert [line.text for line in room.lines] == ["Siaga · Rob pesisir uji", "LATIHAN · Siaga · Latihan uji"]
    first = room.lines[0]
    assert first.value == "38 orang"
    with override("en"):
        assert panel("insiden", Audience.SCREEN, at).lines[0].value == "38 people"
    for words in (row.number, "tugas terbuka", "9 keluarga mengungsi", "bayi 2", "lansia 5"):
        assert words in first.note
    assert not officers.lines[0].url  # there is nothing that everybody who watches may open
    assert not first.url
    assert guests.lines == ()
    assert str(guests.none) == "Tidak ada insiden yang diumumkan."
    assert [one.label for one in layer("house", Audience.SCREEN, at)] == ["Aula uji · sisa 12 tempat"]
    assert layer("house", Audience.VISITORS, at) == []
    assert asks("insiden", at) <= 7
    opening.show(incident=row.pk, is_public=True, words="Air naik.", contact="Posko", by=by, at=at)
    assert panel("insiden", Audience.OFFICERS, at).lines[0].url == f"/insiden/{row.number}/"
    shown = panel("insiden", Audience.VISITORS, at).lines
    assert [line.text for line in shown] == ["Siaga · Rob pesisir uji"]
    assert row.number not in shown[0].note
    assert "tugas" not in shown[0].note
    assert shown[0].note == "9 keluarga mengungsi"  # of whom needs care first guests read nothing
    assert layer("house", Audience.VISITORS, at)
    # The feed tells of them inside alone, and an exercise says so in each line.
    inside = told(feed.INSIDE)
    assert f"{row.number}: Insiden dibuka" in inside
    assert f"LATIHAN · {drill.number}: Insiden dibuka" in inside
    assert "Insiden" not in told(feed.CHANNEL)
    assert feed.channel_of(Audience.VISITORS) == feed.CHANNEL
    after = at + HOUR / 2  # and so does what is told of a past moment
    assert f"{row.number}: Insiden dibuka" in str(feed.then(Asked(Audience.SCREEN, after), limit=40))
    assert "Insiden" not in str(feed.then(Asked(Audience.VISITORS, after), limit=40))


def test_every_number_of_lists_fills_its_grid():
    for widths in ([1] * n for n in range(1, 13)):
        for wide in (False, True):
            given = [2, *widths[1:]] if wide else widths
            grid = rules.layout(sum(given))
            spans = grid.spans(given)
            assert sum(spans) % grid.columns == 0
            assert all(one <= grid.columns for one in spans)
            assert spans[:-1] == given[:-1]
