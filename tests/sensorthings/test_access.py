"""What is private does not exist for a stranger, whichever way they ask; an office's program writes its own alone."""

from __future__ import annotations

import base64
import json

import pytest
from conformance.sensorthings import model
from conformance.sensorthings.asking import Server
from django.utils import timezone

from guyub.kernel.cities import api as cities
from guyub.kernel.ledger import api as ledger
from guyub.rooms.people.clients import clients
from guyub.rooms.sensing.models import Datastream, Writer
from tests.sensorthings.conftest import Running

MARK = "kotak-tertutup"
SETS = ("Things", "Locations", "HistoricalLocations", "Datastreams", "Sensors", "ObservedProperties", "Observations",
        "FeaturesOfInterest")  # fmt: skip


class Scene:
    """One public thing, one of which nothing is public, and one of which half is."""

    def __init__(self, running: Running) -> None:
        self.server = running.tested()
        self.ids: dict[str, dict[str, int]] = {}
        for name in ("open", "half", MARK):
            self.add(name)

    def add(self, name: str) -> None:
        hidden = {"open": ("",), "half": ("", MARK), MARK: (MARK,)}[name]
        streams = [self.stream(name if not one else MARK) for one in hidden]
        place = model.location(1 if name == "open" else 3, name=f"tempat {name}")
        self.server.make("Things", model.thing(name=name, Locations=[place], Datastreams=streams))

    @staticmethod
    def stream(name: str) -> dict[str, object]:
        return model.datastream(
            name=f"deret {name}",
            Sensor=model.sensor(name=f"sensor {name}"),
            ObservedProperty=model.observed(name=f"sifat {name}"),
            Observations=[model.observation(1, f"nilai {name}"), model.observation(2, f"nilai {name}")],
            **{"@guyub.public": name != MARK},
        )


@pytest.fixture(scope="module")
def scene(_running):
    made = Scene(_running)
    yield made
    from conformance.sensorthings.scene import empty

    empty(made.server)


def hidden_ids(scene: Scene) -> dict[str, list[int]]:
    """By set, what only the owner sees."""
    found = {}
    for name in SETS:
        mine = {row["@iot.id"] for row in scene.server.rows(name)}
        theirs = {row["@iot.id"] for row in Server(scene.server.root).rows(name)}
        assert theirs < mine, name
        assert theirs, name
        found[name] = sorted(mine - theirs)
    return found


def test_a_stranger_meets_nothing_private(running, scene):
    stranger, owner = running.stranger(), scene.server
    hidden = hidden_ids(scene)
    relations = {row["name"]: model.KINDS[row["name"]].relations for row in stranger.ok("")["value"]}
    addresses = [""]
    for name, own in relations.items():
        addresses += [name, f"{name}/$ref", f"{name}?$count=true", f"{name}?$expand={','.join(own)}"]
        addresses += [f"{name}?$expand={one}/{two}" for one in own for two in model.BY_NAME[one].relations]
        for row in stranger.rows(name):
            at = f"{name}({row['@iot.id']})"
            addresses += [at, *(f"{at}/{one}" for one in own), *(f"{at}/{one}/$ref" for one in own)]
            addresses += [f"{at}?$expand={one}" for one in own]
        for key in hidden[name]:
            at = f"{name}({key})"
            for more in ("", "/$ref", *(f"/{one}" for one in own), f"/{model.KINDS[name].properties[0]}"):
                found = stranger.ask("GET", at + more)
                assert found.status == 404, found.asked
                assert owner.ask("GET", at + more).status == 200
    addresses += [
        "Datastreams/latest",
        "Observations?$resultFormat=dataArray",
        "Datastreams?$expand=Observations($top=1)",
    ]
    refs = {f"/{name}({key})" for name, keys in hidden.items() for key in keys}
    for at in addresses:
        found = stranger.ask("GET", at.replace(" ", "%20"))
        assert found.status == 200, (found.asked, found.text)
        assert MARK not in found.text, found.asked
        assert not [one for one in refs if one in found.text], found.asked
    assert owner.get("Datastreams/latest").text.count(f"deret {MARK}") == 2


def test_no_condition_count_or_order_tells_of_it(running, scene):
    stranger, owner = running.stranger(), scene.server
    hidden = hidden_ids(scene)
    asked = [
        ("Things", f"Datastreams/name eq 'deret {MARK}'"),
        ("Things", f"Datastreams/Sensor/name eq 'sensor {MARK}'"),
        ("Things", f"Datastreams/Observations/result eq 'nilai {MARK}'"),
        ("Things", f"not (Datastreams/name ne 'deret {MARK}')"),
        ("Locations", f"Things/Datastreams/name eq 'deret {MARK}'"),
        ("Locations", f"Things/name eq '{MARK}'"),
        ("Observations", f"result eq 'nilai {MARK}'"),
        ("Observations", f"Datastream/Thing/Datastreams/name eq 'deret {MARK}'"),
        ("Sensors", f"Datastreams/name eq 'deret {MARK}'"),
        ("FeaturesOfInterest", f"Observations/result eq 'nilai {MARK}'"),
        ("FeaturesOfInterest", f"Observations/Datastream/name eq 'deret {MARK}'"),
        *((name, f"id in ({','.join(map(str, keys))})") for name, keys in hidden.items()),
    ]
    for name, said in asked:
        found = stranger.ok(name, filter=said, count="true")
        assert (found["value"], found["@iot.count"]) == ([], 0), said
        assert owner.ok(name, filter=said, count="true")["@iot.count"] > 0, said
    for name in SETS:
        seen = stranger.ok(name, count="true")
        assert seen["@iot.count"] == len(seen["value"])
    stream = hidden["Datastreams"][0]
    assert stranger.ask("GET", f"Datastreams/buckets?datastream={stream}").status == 404
    assert owner.ask("GET", f"Datastreams/buckets?datastream={stream}").status == 200
    half = next(row for row in stranger.rows("Things") if row["name"] == "half")
    assert len(stranger.rows(f"Things({half['@iot.id']})/Datastreams")) == 1
    times = stranger.ok(f"Things({half['@iot.id']})", expand="Datastreams($count=true)")
    assert times["Datastreams@iot.count"] == 1


def test_who_may_write(running, scene):
    owner, stranger = scene.server, running.stranger()
    other = running.tested(authorization=f"Bearer {running.other}")
    partner = running.tested(authorization=f"Bearer {running.partner}")
    wrong = running.tested(authorization="Bearer 012345678901234567890123")
    thing = next(row for row in owner.rows("Things") if row["name"] == "open")["@iot.id"]
    stream = owner.rows(f"Things({thing})/Datastreams")[0]["@iot.id"]
    value = owner.rows(f"Datastreams({stream})/Observations")[0]["@iot.id"]
    hidden = hidden_ids(scene)["Things"][0]
    before = {name: len(owner.rows(name)) for name in SETS}
    for who, statuses in ((stranger, {401}), (wrong, {401}), (other, {400, 403}), (partner, {400, 403})):
        for method, path, body in (
            ("POST", f"Datastreams({stream})/Observations", model.observation(9, 9)),
            ("POST", f"Things({thing})/Locations", model.location(9)),
            ("POST", "Datastreams", model.datastream(9, Thing={"@iot.id": thing}, Sensor=model.sensor(9), ObservedProperty=model.observed(9))),
            ("PATCH", f"Things({thing})", {"name": "diambil"}),
            ("PATCH", f"Observations({value})", {"result": 1}),
            ("DELETE", f"Things({thing})", None),
            ("DELETE", f"Observations({value})", None),
        ):  # fmt: skip
            found = who.ask(method, path, json.dumps(body).encode())
            assert found.status in statuses, (found.asked, found.status, found.text)
        array = [{"Datastream": {"@iot.id": stream}, "components": ["result"], "dataArray": [[1]]}]
        assert who.post("CreateObservations", array).status in {*statuses, 400}
    for method in ("PATCH", "DELETE"):
        assert other.ask(method, f"Things({hidden})", b"{}").status == 404
    assert wrong.get("Things").status == 401
    assert before == {name: len(owner.rows(name)) for name in SETS}
    assert other.get("Things").status == 200
    assert MARK not in other.get("Things").text


def test_a_program_is_let_in_at_the_desk(running, scene):
    """A partner's key sends to the one thing for which it was let in, and describes nothing."""
    partner = running.tested(authorization=f"Bearer {running.partner}")
    with cities.inside(running.city):
        first, second = (
            Datastream.objects.filter(name="deret open").first(),
            Datastream.objects.exclude(name="deret open").first(),
        )
        client = clients().get(partner="Mitra uji")
        Writer.objects.create(client=client, thing=first.thing, made_at=timezone.now())
    assert partner.post(f"Datastreams({first.pk})/Observations", model.observation(20, 1)).status == 201
    assert partner.post(f"Datastreams({second.pk})/Observations", model.observation(20, 1)).status == 400
    assert partner.post("Things", model.thing(7)).status == 403


def test_a_key_comes_in_any_of_the_usual_ways(running, scene):
    basic = base64.b64encode(f"alat:{running.key}".encode()).decode()
    alone = base64.b64encode(f"{running.key}:".encode()).decode()
    for said in (f"Bearer {running.key}", f"bearer {running.key}", f"Basic {basic}", f"Basic {alone}"):
        assert MARK in running.tested(authorization=said).get("Things").text
    assert MARK in running.stranger().ask("GET", f"Things?api_key={running.key}").text
    assert running.stranger().ask("POST", f"Things?api_key={running.key}", b"{}").status == 400
    for said in ("Basic !", "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode()):
        found = running.tested(authorization=said).get("Things")
        assert found.status == 401
        assert "basic" in found.headers["www-authenticate"].lower()


def test_changes_are_facts_without_words(running):
    server = running.tested()
    thing = server.make("Things", model.thing(name="fakta"))
    server.patch(f"Things({thing})", {"name": "fakta lain"})
    server.delete(f"Things({thing})")
    with cities.inside(running.city):
        facts = ledger.facts_about(f"sensing.thing:{thing}")
    assert [one.name for one in facts] == [
        "sensing.entity_added",
        "sensing.entity_changed",
        "sensing.entity_removed",
    ]
    assert all(one.on_behalf_of for one in facts)
    assert "fakta" not in str([one.payload for one in facts])


def test_too_much_is_refused(running, monkeypatch):
    from guyub.rooms.sensing.sta import sender

    def narrow(key, *, on, rule=sender.rulebook.rule):
        found = rule(key, on=on)
        return found.__class__({**found.value, "client": 0}, 0, "") if key == "sensing_api.sending" else found

    monkeypatch.setattr(sender.rulebook, "rule", narrow)
    found = running.tested().post("Things", model.thing())
    assert found.status == 429
    assert int(found.headers["retry-after"]) > 0
