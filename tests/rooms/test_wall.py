"""The command centre's wall over all rooms: what each audience sees and does not, what it costs, what it replays."""

from __future__ import annotations

import gzip
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.timezone import localtime

from guyub.kernel import retention, wall
from guyub.kernel.access.api import NotAllowed
from guyub.kernel.ledger import api as ledger
from guyub.kernel.live import api as live
from guyub.kernel.wall import Asked, Audience
from guyub.rooms.casework.api import State, overview
from guyub.rooms.command import feed, making, screens
from guyub.rooms.command.models import Screen
from guyub.rooms.command.parts import cases
from guyub.rooms.command.web import parts
from guyub.rooms.sensing import api as sensing
from guyub.rooms.sensing.models import Silence
from guyub.rooms.sensing.tests.factories import a_datastream
from guyub.rooms.warnings.tests.conftest import Scene as Duty
from tests import factories

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVIL = '<script>alert("x")</script>'
SECRET_WORDS = "Tetangga Suharti menumpuk kasur bekas di gang"
LANDMARK = "rumah nomor 17 cat hijau"
PARTS = (
    "angka",
    "peta",
    "umpan",
    "bahaya",
    "terlambat",
    "peringatan",
    "sensor",
    "pompa",
)


class Wall:
    """A day in Bandung with something of each kind, and the screens that look on."""

    def __init__(self, now) -> None:
        self.now = now
        self.people = factories.add_people(on=now.date())
        lurah, place = self.people["lurah"], self.people.place
        at = {"lat": -6.885, "lon": 107.613, "landmark": LANDMARK, "place": place, "body": SECRET_WORDS}
        self.fresh = factories.send(at=now - 20 * DAY, **at)
        self.shown = factories.send(at=now - 2 * HOUR, **at)
        self.danger = factories.send(at=now - HOUR, category="kabel-listrik", **at)
        self.conduct = factories.send(at=now - HOUR, **{**at, "about_conduct": True})
        self.secret = factories.send(at=now - 3 * HOUR, is_confidential=True, **at)
        factories.bring_to(State.FORWARDED, *self.shown, by=lurah, at=now - HOUR)
        for kind, name in (("rain", f"Hujan {EVIL}"), ("pump_state", "Pompa Uji"), ("camera", "Kamera Uji")):
            more = {"is_public": kind == "pump_state", "is_simulated": kind == "rain"}
            row = a_datastream(kind=kind, name=name, **more)
            if kind == "camera":
                row.properties = {"url": "https://kamera.uji.test/1"}
                row.save()
            else:
                sensing.ingest([sensing.Row(datastream=row.pk, time=now - HOUR, result=7.25)], at=now)
        ledger.drain(settled_only=False)

    def numbers(self) -> set[str]:
        return {pair[0].number for pair in (self.fresh, self.shown, self.danger, self.conduct, self.secret)}

    def screen(self, shows: Audience, **more) -> str:
        given = {
            "name": f"Layar {EVIL}",
            "look": "otomatis",
            "ends_on": self.now.date() + timedelta(days=40),
            **more,
        }
        row, key = screens.register_screen(
            shows=shows.value, by=self.people["pusdalops"], at=self.now, **given
        )
        self.row = row
        return key

    def client(self, slug: str = "") -> Client:
        made = Client(headers=factories.HOST)
        if slug:
            made.force_login(self.people.account(slug), backend=factories.BACKEND)
        return made


@pytest.fixture
def scene(city) -> Wall:
    return Wall(timezone.now().replace(microsecond=0))


def everything(client: Client, base: str) -> dict[str, str]:
    """The page and each of its parts, as they leave the server."""
    found = {"": client.get(base)}
    found |= {part: client.get(f"{base}bagian/{part}/") for part in PARTS}
    assert {answer.status_code for answer in found.values()} == {200}
    return {part: answer.content.decode() for part, answer in found.items()}


def test_who_stands_before_a_screen_decides_what_leaves_the_server(scene):
    inside, visitors = (scene.screen(one) for one in (Audience.SCREEN, Audience.VISITORS))
    officers = everything(scene.client("pusdalops"), "/pantau/")
    room = everything(scene.client(), f"/pantau/layar/{inside}/")
    guests = everything(scene.client(), f"/pantau/layar/{visitors}/")
    said = "\n".join([*officers.values(), *room.values(), *guests.values()])
    # Nobody reads words, addresses, or anything of what is rahasia or about conduct; and no name is markup.
    for hidden in (
        SECRET_WORDS[:16],
        "Suharti",
        LANDMARK,
        scene.conduct[0].number,
        scene.secret[0].number,
        EVIL,
    ):
        assert hidden not in said
    assert "Hujan &lt;script&gt;" in room["sensor"]
    # Inside there are numbers; only officers have links.
    assert scene.danger[0].number in officers["bahaya"]
    assert scene.danger[0].number in room["bahaya"]
    assert "https://kamera.uji.test/1" in officers[""]
    for page in room.values():
        assert "kamera.uji" not in page
        assert re.findall(r'<a [^>]*href="(?!#main)', page) == []
    # A screen without a sign-in draws what everyone may read: the unread danger is a line, not a point.
    assert "Kabel" in room["bahaya"]
    assert scene.shown[0].number in room["peta"]
    assert scene.danger[0].number in officers["peta"]
    assert scene.danger[0].number not in room["peta"]
    # Visitors see counts: no number, no point of a report, no sensor that is not public.
    for page in guests.values():
        assert not re.search(r"LAP-\d{4}", page)
        assert 'class="spot dot' not in page
        assert "Hujan" not in page
    assert "Pompa Uji" in guests["pompa"]
    assert "simulasi" in room["sensor"]


def test_the_stream_tells_what_everyone_may_read(scene):
    told = live.recent(feed.CHANNEL, kind=feed.KIND, limit=100)
    text = json.dumps(told)
    assert "Laporan diterima" in text
    assert "Report received" in text
    for hidden in (*scene.numbers(), "Suharti", LANDMARK, "Inspektorat"):
        assert hidden not in text
    named = {line["f"] for batch in told for line in batch["lines"]}
    subjects = {fact.subject for fact in ledger.facts_by_id(named)}
    secret = {f"reports.report:{pair[0].pk}" for pair in (scene.conduct, scene.secret)}
    assert subjects
    assert not subjects & secret
    assert set(told[0]["lines"][0]) == {"f", "at", "id", "en", "w", "t"}


def test_a_thousand_facts_are_two_rows_and_six_questions(scene):
    facts = ledger.facts_by_id(
        line["f"] for line in live.recent(feed.CHANNEL, kind=feed.KIND, limit=1)[0]["lines"]
    )
    feed.show(facts)  # what a process remembers is read once
    with CaptureQueriesContext(connection) as seen:
        feed.show(facts * 1000)
    assert len(seen) <= 6  # hidden twice; for visitors and for those inside the publishers' turn and one row
    newest = live.recent(feed.CHANNEL, kind=feed.KIND, limit=1)[0]
    assert len(newest["lines"]) == feed.MOST_LINES
    assert newest["more"] == len(facts) * 1000 - feed.MOST_LINES


def test_a_sentence_that_fails_does_not_stop_the_pump(scene, monkeypatch):
    def broken(fact):
        raise KeyError("unknown")

    monkeypatch.setattr(ledger, "tell", broken)
    factories.send(at=scene.now)
    assert ledger.drain(settled_only=False) > 0


def test_an_address_opens_nothing_once_it_is_over(scene):
    key = scene.screen(Audience.SCREEN)
    client, address = scene.client(), f"/pantau/layar/{key}/"
    assert key not in json.dumps(list(Screen.objects.values()), default=str)
    assert client.get(address).status_code == 200
    assert client.get("/pantau/layar/" + key[:-1] + "x/").status_code == 404
    with pytest.raises(NotAllowed):
        screens.end_screen(screen=scene.row.pk, by=scene.people["lurah"], at=scene.now)
    assert scene.client("pusdalops").post(f"/petugas/pantau/layar/{scene.row.pk}/akhiri/").status_code == 302
    for part in ("", "bagian/angka/", "bagian/umpan/"):
        assert client.get(address + part).status_code == 404
    late = scene.screen(Audience.SCREEN, ends_on=scene.now.date() + 2 * DAY)
    assert screens.find_screen(late, at=scene.now) is not None
    assert screens.find_screen(late, at=scene.now + 3 * DAY) is None
    for day in (scene.now.date() - DAY, scene.now.date() + 800 * DAY):
        with pytest.raises(screens.TooLong):
            scene.screen(Audience.SCREEN, ends_on=day)
    assert "wall_screens" not in retention.sweep(at=scene.now + 364 * DAY)
    assert retention.sweep(at=scene.now + 370 * DAY)["wall_screens"] == 2
    assert not Screen.objects.exists()


def test_an_officer_registers_a_screen_and_sees_its_address_once(scene):
    client = scene.client("koordinator")
    form = {"name": "Pendopo", "shows": "tamu", "look": "malam", "ends_on": (scene.now + 30 * DAY).date()}
    page = client.post("/petugas/pantau/layar/", form).content.decode()
    address = re.search(r"/pantau/layar/[\w-]+/", page)[0]
    shown = scene.client().get(address).content.decode()
    assert "wall-malam" in shown
    assert "Tamu" in shown
    assert address not in client.get("/petugas/pantau/layar/").content.decode()
    wrong = client.post("/petugas/pantau/layar/", {**form, "ends_on": "2020-01-01"})
    assert wrong.status_code == 422
    assert "Pilih hari" in wrong.content.decode()
    assert {fact.name for fact in ledger.facts_about(Screen.objects.get().subject)} == {
        "command.screen_registered"
    }


def test_parts_ask_little_and_weigh_little_and_a_thousand_screens_share_them(scene):
    key = scene.screen(Audience.SCREEN)
    officer, screen = scene.client("pusdalops"), scene.client()
    most = {
        "angka": 8,
        "peta": 14,
        "umpan": 4,
        "bahaya": 5,
        "terlambat": 1,
        "peringatan": 1,
        "sensor": 4,
        "pompa": 3,
    }
    at = timezone.now()
    for part, queries in most.items():
        for audience in Audience:
            parts.part(part, parts.asked_for(audience, at=at))  # rules and places are remembered
            _forget()
            with CaptureQueriesContext(connection) as seen:
                parts.part(part, Asked(audience, at))
            assert len(seen) <= queries, (part, audience, [one["sql"][:90] for one in seen])
    weights = {"": 30, "angka": 1, "peta": 3, "umpan": 2, "bahaya": 1}
    for part, kilobytes in weights.items():
        path = f"bagian/{part}/" if part else ""
        for client, base in ((officer, "/pantau/"), (screen, f"/pantau/layar/{key}/")):
            client.get(base + path)
            with CaptureQueriesContext(connection) as seen:
                answer = client.get(base + path)
            assert len(gzip.compress(answer.content)) <= kilobytes * 1024, part
            # The screen's own row, or the officer's session, account and grants.
            assert len(seen) <= (1 if client is screen else 4), [one["sql"][:90] for one in seen]


def _forget() -> None:
    for remembered in (making._kept, _counts()):
        remembered.forget()


def _counts():
    from guyub.rooms.command.parts import cases

    return cases._counts


def test_a_room_shows_what_it_has_and_a_city_without_it_shows_nothing(scene, pekalongan, monkeypatch):
    from guyub.kernel.cities import api as cities

    monkeypatch.setattr(wall, "_parts", {kind: dict(found) for kind, found in wall._parts.items()})

    @wall.panel("pasang", title="Pasang laut", order=45, audiences=wall.INSIDE)
    def tide(asked):
        return wall.Panel((wall.Line(EVIL, value="1,2 m", url="https://uji.test/"),), more=2)

    with pytest.raises(ValueError, match="already"):
        wall.panel("pasang", title="Lagi", order=1)(tide)
    making._slots.forget()
    page = scene.client("pusdalops").get("/pantau/bagian/pasang/").content.decode()
    assert "Pasang laut" in page
    assert EVIL not in page
    key = scene.screen(Audience.VISITORS)
    assert scene.client().get(f"/pantau/layar/{key}/bagian/pasang/").status_code == 404
    assert (
        scene.client().get(f"/pantau/layar/{scene.screen(Audience.SCREEN)}/bagian/kamera/").status_code == 404
    )
    with cities.inside(pekalongan):
        found = [one.key for one in making.panels(Asked(Audience.SCREEN, scene.now))]
        assert found == ["peringatan", "bahaya", "terlambat", "pasang"]


def test_a_past_hour_is_told_by_the_facts_until_then(city):
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    people = factories.add_people(on=now.date())
    lurah, place = people["lurah"], people.place
    morning, noon, evening = now - 30 * HOUR, now - 25 * HOUR, now - 20 * HOUR
    first = factories.send(at=now - 60 * DAY, place=place)
    second = factories.send(at=morning + HOUR, place=place)
    factories.send(at=morning + HOUR, place=place, about_conduct=True)
    factories.verify(*first, by=lurah, at=morning - 10 * HOUR)
    factories.finished(first[1], by=lurah, at=morning + 2 * HOUR)
    factories.actions.dispute(report=first[0], words="Belum.", at=noon + HOUR)
    factories.bring_to(State.REJECTED, *second, by=lurah, at=evening - HOUR)
    rain = a_datastream(kind="rain", name="Hujan Dago")
    for time, value in ((morning - HOUR, 3.0), (noon - HOUR, 41.0)):
        sensing.ingest([sensing.Row(datastream=rain.pk, time=time, result=value)], at=time)
    late_row = sensing.Row(datastream=rain.pk, time=noon - timedelta(minutes=5), result=99.0)
    sensing.ingest([late_row], at=evening)  # it came hours afterwards: nobody knew it at noon

    # Late since long at the morning; declared done by noon; disputed and late again in the evening, the other refused.
    assert [_stood(at) for at in (morning, noon, evening)] == [(1, 1), (2, 0), (1, 1)]
    client = Client(headers=factories.HOST)
    client.force_login(people.account("sekda"), backend=factories.BACKEND)
    pages = [_replayed(client, at) for at in (morning, noon, evening)]
    figures = [re.findall(r'fig-value">(\d+)', page)[:3] for page in pages]
    assert [row[0] for row in figures] == ["1", "2", "1"]
    assert [row[2] for row in figures] == ["1", "0", "1"]
    assert "3,00 m" in pages[0]
    assert "41,0 m" in pages[1]
    assert "99" not in re.findall(r'line-value">([^<]*)', pages[1])[0]
    assert "99,0 m" in pages[2]
    assert "Pelapor menyatakan belum selesai" not in pages[1]
    with CaptureQueriesContext(connection) as seen:
        _replayed(client, noon)
    assert len(seen) <= 34, len(seen)
    back = re.search(r'href="([^"]*)" rel="prev"', pages[1])[1]
    assert client.get(back).status_code == 200
    for wrong in ("kemarin", "2026-13-01T00:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59"):
        assert client.get("/pantau/ulang/", {"saat": wrong}).status_code in (200, 400)


def _stood(at) -> tuple[int, int]:
    rows = overview.counted(overview.open_then(at=at), at=at)
    return sum(row.open for row in rows), sum(row.late for row in rows)


def _replayed(client: Client, at) -> str:
    answer = client.get("/pantau/ulang/", {"saat": at.isoformat()})
    assert answer.status_code == 200
    return answer.content.decode()


def test_during_a_trial_the_share_of_confirmed_stays_with_officers(city, now, monkeypatch):
    found = cases.performance.city_lately(at=now)
    for is_inside in (False, True):
        monkeypatch.setattr(
            cases.performance, "city_lately", lambda *, at, inside=is_inside: (*found[:2], inside)
        )
        labels = {
            audience: [str(one.label) for one in cases.figures(Asked(audience, now))] for audience in Audience
        }
        assert "Dikonfirmasi pelapor" in labels[Audience.OFFICERS]
        assert ("Dikonfirmasi pelapor" in labels[Audience.VISITORS]) is not is_inside


def test_silence_is_shown_first(scene):
    quiet = a_datastream(kind="sea_level", name="Zz Diam")
    sensing.ingest([sensing.Row(datastream=quiet.pk, time=scene.now - DAY, result=1.0)], at=scene.now - DAY)
    Silence.objects.create(datastream=quiet, since=scene.now - DAY, opened_at=scene.now)
    found = making.panel("sensor", Asked(Audience.SCREEN, scene.now))
    assert found is not None
    assert found.panel.lines[0].text == "Zz Diam"
    assert "diam sejak" in found.panel.lines[0].note


def test_warnings_say_what_is_left_of_them_and_an_exercise_that_it_is_one(city, now):
    duty = Duty(now)
    assert all((duty.sari, duty.rini, duty.budi))  # made in this order
    duty.roster()
    duty.issued(source="uji:1")
    duty.issued(source="uji:2", mode="EXERCISE", level="WASPADA")
    duty.draft(source="uji:3", level="AWAS")
    ledger.drain(settled_only=False)
    officers, guests = (
        making.panel("peringatan", Asked(one, now)) for one in (Audience.OFFICERS, Audience.VISITORS)
    )
    assert officers is not None
    assert guests is not None
    assert [(line.text, line.value) for line in guests.panel.lines] == [
        ("SIAGA · rob", "10 jam"),
        ("LATIHAN · WASPADA · rob", "10 jam"),
    ]
    assert officers.panel.lines[2].text == "1 rancangan"
    areas = next(one.areas for one in making.layers(Asked(Audience.VISITORS, now)) if one.areas)
    assert set(areas.values()) == {"overdue"}  # the highest level counts
    text = json.dumps(live.recent(feed.CHANNEL, kind=feed.KIND, limit=9))
    assert "LATIHAN" in text
    assert "disusun" not in text  # nobody outside reads a draft
    for at, many in ((now - HOUR, 0), (now + HOUR, 3), (now + 11 * HOUR, 0)):  # the draft, too
        then = next(
            one for one in making.panels(Asked(Audience.OFFICERS, at), past=True) if one.key == "peringatan"
        )
        assert len(then.panel.lines) == many


def test_the_feed_is_in_order_and_names_the_day_of_what_is_not_of_today(city, now):
    lines = [
        {"f": n, "at": (now - span).isoformat(), "id": str(n), "en": str(n), "w": "", "t": "info"}
        for n, span in enumerate((26 * HOUR, HOUR / 60, 3 * DAY))
    ]
    live.publish(feed.CHANNEL, feed.KIND, {"lines": lines, "more": 0}, at=now)
    said = feed.newest(Asked(Audience.VISITORS, now), limit=9)
    assert [line.text for line in said] == ["1", "0", "2"]
    local = localtime(now - 26 * HOUR, city.tz)
    assert [len(line.when) for line in said] == [5, 11, 11]
    assert said[1].when == f"{local:%d-%m %H.%M}"


def test_an_exercise_alone_is_drawn_on_the_map_by_its_name(city, now):
    duty = Duty(now)
    assert all((duty.sari, duty.rini, duty.budi))
    duty.roster()
    duty.issued(source="uji:1", mode="EXERCISE", level="AWAS")

    def key() -> list[str]:
        found = making.layers(Asked(Audience.VISITORS, now))
        return [words for one in found if one.areas for _shape, _tone, words in one.key]

    assert key() == ["LATIHAN · Awas"]
    duty.issued(source="uji:2", areas=("32.73.02.1004",))
    assert key() == ["Siaga"]
    found = making.panel("peringatan", Asked(Audience.VISITORS, now, rows=1))
    assert [line.text for line in found.panel.lines] == [
        "SIAGA · rob"
    ]  # and stands first, though it is lower
    (layer,) = (one for one in making.layers(Asked(Audience.VISITORS, now)) if one.areas)
    assert set(layer.areas) == {"32.73.02.1004"}
