"""An event step by step, with what the wall showed after each; and the same moments told afterwards, from the record."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guyub.kernel import parties, wall
from guyub.kernel.ledger import api as ledger
from guyub.kernel.wall import Asked, Audience
from guyub.rooms.casework.api import State
from guyub.rooms.command.parts import cases, sensors
from guyub.rooms.floods import clustering, moderating, own
from guyub.rooms.floods.models import Cluster
from guyub.rooms.floods.rules import HideReason
from guyub.rooms.incidents import caring, opening, playing, tasking
from guyub.rooms.incidents.rules import Move
from guyub.rooms.people import api as people
from guyub.rooms.reports import merging
from guyub.rooms.sensing import api as sensing
from guyub.rooms.sensing.models import Silence
from guyub.rooms.sensing.tests.factories import a_datastream
from guyub.rooms.tides import duties, harmonics, stations
from guyub.rooms.warnings import drafting, issuing
from guyub.rooms.warnings.tests.conftest import Scene as Warned
from tests import factories
from tests.rooms.test_floods import Scene as Water
from tests.rooms.test_incidents import Scene as Duty
from tests.rooms.test_tides import SEA
from tests.rooms.test_tides import Scene as Sea

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LOOK = timedelta(seconds=20)
MOST_QUERIES = 60
NOWHERE = {"kamera"}  # no fact tells where a camera's page was


class Event:
    """A wet day in a city by the sea. Each method is a step; what the wall shows is noted after it."""

    def __init__(self, now, monkeypatch) -> None:
        known = factories.add_people()
        monkeypatch.setattr(factories, "add_people", lambda **_on: known)
        self.people, self.began = known, now
        self.water = Water(now, monkeypatch)
        self.sea, self.duty, self.warned = Sea(now), Duty(), Warned(now)
        self.warned.people["sari"] = self.duty.person("operator")
        for name in ("rini", "budi"):
            self.warned.people[name] = self.warned.person(f"{name}-peringatan", "peringatan")
        self.warned.roster()
        self.by, self.lurah = self.duty.person("darurat"), known["lurah"]
        self.rain = a_datastream(kind="rain", name="Hujan uji", is_public=True)
        self.pump = a_datastream(kind="pump_state", name="Pompa uji", at=(-6.9, 107.6), cadence=600)
        self.noted: list[tuple[str, Asked, object]] = []

    @property
    def now(self):
        return self.water.now

    @now.setter
    def now(self, moment) -> None:
        self.water.now = self.warned.now = self.duty.at = self.sea.at = moment

    def look(self) -> None:
        at = self.now + LOOK
        for remembered in (cases._counts, sensors._streams, stations.coastal):
            remembered.forget()
        for audience in Audience:
            asked = Asked(audience, at)
            self.noted += [(kind, asked, part.make(asked)) for kind, part in every_part(audience)]

    def value(self, stream, result, *, old: timedelta = MINUTE) -> None:
        sensing.ingest([sensing.Row(stream.pk, self.now - old, result)], at=self.now)

    # ── What happens, one after the other ────────────────────────────────────────────────────────────────

    def before(self) -> None:
        self.sea.measure(40)
        self.top = max(harmonics.predict([self.began + HOUR * n for n in range(1, 37)], SEA))
        self.sea.set(0, self.top + 0.1)
        duties.fit(self.sea.station.pk, at=self.now)
        self.old = factories.send(at=self.now - 1400 * HOUR, place=self.people.place)
        self.value(self.rain, 2.5)
        self.value(self.pump, "OFF")

    def reported(self) -> None:
        where = {"lat": -6.885, "lon": 107.613, "place": self.people.place}
        self.pile = factories.send(at=self.now, **where)
        self.wire = factories.send(at=self.now, category="kabel-listrik", **where)
        self.twin = factories.send(at=self.now, **where)
        self.secret = factories.send(at=self.now, is_confidential=True, **where)

    def first_water(self) -> None:
        self.first = self.water.tell(1, depth=30)

    def verified(self) -> None:
        factories.verify(*self.twin, by=self.lurah, at=self.now)
        factories.verify(*self.wire, by=self.people["koordinator"], at=self.now)
        factories.bring_to(State.IN_PROGRESS, *self.pile, by=self.lurah, at=self.now)

    def more_water(self) -> None:
        self.water.tell(2, metres=90, depth=50)
        self.third = self.water.tell(3, metres=180, depth=70, in_need=4)

    def drafted(self) -> None:
        self.message = self.warned.draft(source="uji:rob")
        moderating.hide(report=self.first.pk, reason=HideReason.FALSE, by=self.lurah, at=self.now)

    def warned_of(self) -> None:
        self.warned.issue(self.message)
        moderating.show_again(report=self.first.pk, by=self.lurah, at=self.now)

    def opened(self) -> None:
        self.row = self.duty.opened(level="WASPADA", title="Rob pesisir uji")
        self.hall = caring.open_shelter(
            incident=self.row.pk,
            name="Aula uji",
            place=self.duty.places[0],
            address="Jalan Uji",
            capacity=50,
            by=self.by,
            at=self.now,
        )
        self.drill = self.duty.opened(by="pengganti", title="Latihan uji", mode="LATIHAN")

    def counted(self, many: int = 38) -> None:
        said = caring.Counted(families=many // 4, people=many, vulnerable={"elderly": many // 7})
        caring.count(
            incident=self.row.pk,
            shelter=self.hall.pk,
            said=said,
            counted_at=self.now,
            by=self.by,
            at=self.now,
        )

    def shown(self) -> None:
        opening.show(
            incident=self.row.pk, is_public=True, words="Air naik.", contact="Posko", by=self.by, at=self.now
        )
        office = parties.party("office", people.directory().by_key["pu"].id)
        self.task = tasking.set_task(
            incident=self.row.pk,
            party=office,
            what="Pompa",
            due_at=self.now + 9 * MINUTE,
            by=self.by,
            at=self.now,
        )

    def rising(self) -> None:
        self.value(self.rain, 41.0)
        self.value(self.pump, "FAULT")
        for minutes in range(5):
            self.value(self.sea.gauge, self.top + 0.12 + minutes / 100, old=minutes * MINUTE)

    def hour_after(self) -> None:
        duties.forecast(self.sea.station.pk, at=self.now)
        self.sea.set(1, self.top + 0.02)

    def raised(self) -> None:
        playing.raise_level(incident=self.row.pk, level="AWAS", by=self.by, at=self.now)
        self.counted(46)
        chain = self.message.chain_id
        content = self.warned.content(level="AWAS", areas=self.duty.places)
        made = drafting.draft_update(
            warning=chain, content=content, by=self.duty.person("operator"), at=self.now
        )
        self.warned.issue(made)

    def deeper(self) -> None:
        self.water.tell(1, depth=100)
        factories.bring_to(State.REJECTED, *self.old, by=self.lurah, at=self.now)
        moderating.correct_depth(report=self.third.pk, depth=60, by=self.lurah, at=self.now)

    def beside(self) -> None:
        far = self.water.tell(9, metres=700, depth=20, in_need=2)
        moderating.confirm(cluster=far.cluster_id, by=self.lurah, at=self.now)
        factories.merge(self.twin[0], self.pile[0], by=self.lurah, at=self.now)

    def joined(self) -> None:
        self.water.tell(10, metres=440, depth=40)
        facts = ledger.facts_about(Cluster.objects.get(closed_at=None).subject)
        confirmed = [fact.payload for fact in facts if fact.name == "floods.cluster_confirmed"]
        assert confirmed[-1]["by_officer"]  # an officer's word about one holds for both, and is told

    def came_late(self) -> None:
        for minutes in (50, 200):
            self.value(self.sea.gauge, 0.1, old=minutes * MINUTE)
        self.value(self.rain, 99.0, old=20 * MINUTE)

    def silent(self) -> None:
        merging.separate_report(report=self.twin[0], by=self.lurah, at=self.now)
        Silence.objects.create(datastream=self.pump, since=self.now - HOUR, opened_at=self.now)

    def finished(self) -> None:
        tasking.finish(task=self.task.pk, proof="Dua pompa hidup", by=self.by, at=self.now)
        factories.finished(self.pile[1], by=self.lurah, at=self.now)
        moderating.hide(report=self.first.pk, reason=HideReason.FALSE, by=self.lurah, at=self.now)

    def disputed(self) -> None:
        factories.actions.dispute(report=self.pile[0], words="Belum.", at=self.now)

    def contained(self) -> None:
        opening.move(incident=self.row.pk, to=Move.CONTAIN, reason="Surut", by=self.by, at=self.now)
        opening.move(incident=self.drill.pk, to=Move.CONTAIN, reason="Selesai", by=self.by, at=self.now)
        own.say_gone(report=self.third.pk, at=self.now)
        moderating.settle_dry(cluster=Cluster.objects.get(closed_at=None).pk, by=self.lurah, at=self.now)
        silence = Silence.objects.get()
        silence.closed_at = self.now
        silence.save()

    def closed(self) -> None:
        self.counted(0)
        caring.close_shelter(incident=self.row.pk, shelter=self.hall.pk, by=self.by, at=self.now)
        for row in (self.row, self.drill):
            opening.move(incident=row.pk, to=Move.CLOSE, reason="Selesai", by=self.by, at=self.now)

    def again(self) -> None:
        opening.move(incident=self.row.pk, to=Move.REOPEN, reason="Air naik", by=self.by, at=self.now)
        self.water.tell(11, metres=440, depth=60)
        factories.bring_to(
            State.REJECTED, *factories.send(at=self.now, place=self.people.place), by=self.lurah, at=self.now
        )

    def over(self) -> None:
        """Afterwards all is over, and nothing of today's rows says what stood then."""
        for to in (Move.CONTAIN, Move.CLOSE):
            opening.move(incident=self.row.pk, to=to, reason="Selesai", by=self.by, at=self.now)
        warning = drafting.draft_cancel(
            warning=self.message.chain_id, reason="Surut", by=self.duty.person("operator"), at=self.now
        )
        self.warned.issue(warning)
        factories.finished(self.pile[1], by=self.lurah, at=self.now)
        factories.actions.confirm(report=self.pile[0], at=self.now)
        issuing.expire_due(at=self.now)

    def long_after(self) -> None:
        for _hours in (4, 8):
            self.now += 8 * HOUR
            clustering.sweep(at=self.now)
        duties.forecast(self.sea.station.pk, at=self.now)
        assert not Cluster.objects.filter(closed_at=None).exists()

    STEPS = (
        before, reported, first_water, verified, more_water, drafted, warned_of, opened, counted, shown, rising, hour_after,
        raised, deeper, beside, joined, came_late, silent, finished, disputed, contained, closed, again, over, long_after,
    )  # fmt: skip

    def happens(self, *, looked_at: bool = False) -> None:
        for step in self.STEPS:
            step(self)
            if looked_at:
                self.look()
            self.now += 7 * MINUTE
        ledger.drain(settled_only=False)
        for remembered in (cases._counts, stations.coastal):
            remembered.forget()


def every_part(audience: Audience) -> list[tuple[str, wall.Part]]:
    found = [(kind, part) for kind in ("panel", "figures", "layer") for part in wall.parts(kind, audience)]
    return [(f"{kind} {part.key}", part) for kind, part in found if part.key not in NOWHERE]


@pytest.fixture
def event(city, now, monkeypatch) -> Event:
    return Event(now, monkeypatch)


def test_what_stood_on_the_wall_is_told_from_the_record(event):
    """Each part of each moment, for whom it was; but for what is said not to be replayed."""
    event.happens(looked_at=True)
    past = {(one, key): part for one in Audience for key, part in every_part(one)}
    seen: dict[str, set[str]] = {}
    for key, asked, stood in event.noted:
        told = past[asked.audience, key].past(asked)
        where = (key, asked.audience, asked.at - event.began)
        assert plain(key, asked, told) == plain(key, asked, stood), where
        seen.setdefault(key, set()).add(repr(plain(key, asked, stood)))
    # Every part moved while the event went on: what never changes proves nothing.
    assert {key for key, many in seen.items() if len(many) < 2} <= {"panel lampu"}
    assert len(seen) == 15, sorted(seen)


def plain(key: str, asked: Asked, made):
    """A part without what is not replayed: addresses, what officers alone see of chances and points, what is counted
    of deadlines that passed."""
    if made is None:
        return None
    if key.startswith("panel"):
        lines = [replace(line, url="") for line in made.lines]
        return lines, str(made.none), made.more, [course(key, asked, one) for one in made.courses]
    if key.startswith("figures"):
        return [(str(one.label), one.value, one.tone) for one in made[:3]]
    return layer(key, asked, made)


def course(key: str, asked: Asked, one: wall.Course):
    note = re.sub(r"( · )?(Waspada|Siaga|Awas) \d+%", "", one.note)  # chances stay with the day's last word
    seen = [(at, round(height, 6)) for at, height in one.seen]
    return replace(one, url="", note=note, seen=()), seen


def layer(key: str, asked: Asked, made: wall.Layer):
    marks, explained = list(made.marks), set(made.key)
    if key == "layer banjir" and not asked.for_visitors:
        # Points are as visitors have them: in the middle of the kelurahan, the deepest of each.
        marks = [(mark.label.split(" · ")[0], mark.tone) for mark in marks]
        marks = sorted(set(marks))
    if key == "layer laporan" and asked.audience is Audience.OFFICERS:
        marks, explained = [], set()  # officers also had what nobody else could read; screens had the rest
    return marks, dict(made.counts), dict(made.areas), explained


def test_nothing_is_told_of_before_and_the_page_leads_on(event):
    event.happens()
    _before(event)
    _withdrawn(event)
    _leads_on(event)
    _a_level_without_steps(event)


def part_of(kind: str, key: str, audience: Audience) -> wall.Part:
    return next(part for part in wall.parts(kind, audience) if part.key == key)


def _before(event: Event) -> None:
    early = Asked(Audience.OFFICERS, event.began - HOUR)
    past = {key: part.past(early) for key, part in every_part(Audience.OFFICERS)}
    assert [past[f"panel {key}"] for key in ("banjir", "insiden", "laut")] == [None, None, None]
    assert past["panel peringatan"].lines == ()


def _withdrawn(event: Event) -> None:
    """Nobody is shown again what was taken back, nor ever what only officers read."""
    asked = Asked(Audience.VISITORS, event.began + 70 * MINUTE)
    shown = part_of("panel", "insiden", Audience.VISITORS).past
    assert len(shown(asked).lines) == 1
    opening.show(incident=event.row.pk, is_public=False, words="", contact="", by=event.by, at=event.now)
    assert shown(asked).lines == ()
    many = {}
    for audience in Audience:
        drawn = part_of("layer", "laporan", audience).past(Asked(audience, event.began + 30 * MINUTE)).marks
        many[audience] = " ".join(mark.label for mark in drawn)
        assert event.secret[0].number not in many[audience]
    assert event.wire[0].number in many[Audience.OFFICERS]
    assert many == {
        Audience.OFFICERS: many[Audience.SCREEN],
        Audience.SCREEN: many[Audience.SCREEN],
        Audience.VISITORS: "",
    }


def _leads_on(event: Event) -> None:
    client, address = Client(headers=factories.HOST), "/pantau/ulang/"
    client.force_login(event.people.account("pusdalops"), backend=factories.BACKEND)
    asked = {"saat": (event.began + 100 * MINUTE).isoformat()}
    client.get(address, asked)
    cases._then.forget()
    with CaptureQueriesContext(connection) as seen:
        page = client.get(address, asked).content.decode()
    assert len(seen) <= MOST_QUERIES, len(seen)
    links = re.findall(r'href="/pantau/ulang/\?saat=([^"]*)"[^>]*>([^<]*)<', page)
    words = [one for _when, one in links]
    assert words[:4] == ["Mundur satu jam", "Mundur 10 menit", "Maju 10 menit", "Maju satu jam"]
    assert {"Rob pesisir uji", "LATIHAN · Latihan uji"} <= set(words)
    # What has no room beside the form is counted, not hidden.
    late = re.search(r'id="judul-sensor">.*?</section>', page, re.S)
    assert late
    assert late[0].count('class="line tone') + int((re.search(r"dan (\d+) lain", late[0]) or [0, 0])[1]) == 2
    began = next(when for when, one in links if one == "Rob pesisir uji")
    assert "Waspada · Rob pesisir uji" in client.get(address, {"saat": began}).content.decode()
    last = client.get(address, {"saat": event.now.isoformat()}).content.decode()
    assert "Mundur 10 menit" in last
    assert "Maju" not in last


def _a_level_without_steps(event: Event) -> None:
    row = event.duty.opened(level="WASPADA", title="Kosong", places=event.duty.places[:1])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(playing, "steps_for", lambda *_args, **_more: [])
        playing.raise_level(incident=row.pk, level="SIAGA", by=event.by, at=event.now)
    assert ledger.facts_about(row.subject)[-1].payload["level"] == "SIAGA"
