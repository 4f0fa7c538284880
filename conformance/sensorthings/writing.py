"""Level 2 of the official suite: create, update, delete. On a server that was emptied first."""

from __future__ import annotations

from typing import Any

from conformance.sensorthings import model
from conformance.sensorthings.asking import MISSING, Broken, Row, Server, check, ids
from conformance.sensorthings.model import KINDS
from conformance.sensorthings.scene import empty, must_wipe

NEW = {
    "Things": {"name": "new name", "description": "new description", "properties": {"new": True}},
    "Locations": {"name": "new name", "location": {"type": "Point", "coordinates": [110.0, -6.9]}},
    "HistoricalLocations": {"time": "2020-02-02T02:02:02Z"},
    "Datastreams": {"name": "new name", "description": "new description"},
    "Sensors": {"metadata": "https://example.org/new.pdf", "description": "new description"},
    "ObservedProperties": {"definition": "https://example.org/new", "name": "new name"},
    "Observations": {"result": 99, "phenomenonTime": "2020-02-02T02:02:02Z"},
    "FeaturesOfInterest": {"feature": {"type": "Point", "coordinates": [110.0, -6.9]}, "name": "new name"},
}


def counts(server: Server) -> dict[str, int]:
    return {name: len(server.rows(name)) for name in KINDS}


def refused(server: Server, path: str, what: Any, words: str) -> None:
    """400 or 409, and nothing at all is left behind."""
    before = counts(server)
    found = server.post(path, what)
    server.see(found.status in (400, 409), f"{words}: {found.status}, not 400 or 409")
    after = counts(server)
    server.see(
        before == after, f"{words}: left behind {[name for name in KINDS if before[name] != after[name]]}"
    )


def make_all(server: Server) -> dict[str, int]:
    """One entity of each kind, one by one, each by its own POST."""
    made = {"Things": server.make("Things", model.thing())}
    made["Locations"] = server.make(f"Things({made['Things']})/Locations", model.location())
    made["Sensors"] = server.make("Sensors", model.sensor())
    made["ObservedProperties"] = server.make("ObservedProperties", model.observed())
    made["FeaturesOfInterest"] = server.make("FeaturesOfInterest", model.feature())
    links = {"Thing": "Things", "Sensor": "Sensors", "ObservedProperty": "ObservedProperties"}
    made["Datastreams"] = server.make(
        "Datastreams", model.datastream(**{one: {"@iot.id": made[many]} for one, many in links.items()})
    )
    made["Observations"] = server.make(
        "Observations",
        model.observation(
            1,
            7,
            Datastream={"@iot.id": made["Datastreams"]},
            FeatureOfInterest={"@iot.id": made["FeaturesOfInterest"]},
        ),
    )
    made["HistoricalLocations"] = server.make(
        "HistoricalLocations",
        {
            "time": "2015-03-01T00:40:00Z",
            "Thing": {"@iot.id": made["Things"]},
            "Locations": [{"@iot.id": made["Locations"]}],
        },
    )
    return made


def read_back(server: Server, sent: Any, found: Any, where: str) -> None:
    for name, value in sent.items():
        if name in model.BY_NAME or name == "@iot.id":
            continue
        is_time = "ime" in name and isinstance(value, str)
        same = _instant(found.get(name)) == _instant(value) if is_time else found.get(name) == value
        server.see(same, f"{where}: {name} is {found.get(name)!r}, sent was {value!r}")


def _instant(text: str | None) -> str | None:
    return text and text.replace("+00:00", "Z").replace(".000Z", "Z")


@check("write")
def invalid_deep_inserts_leave_nothing(server: Server) -> None:
    must_wipe(server)
    stream = model.datastream
    for words, what in (
        ("Datastream without Sensor", stream(ObservedProperty=model.observed())),
        ("Datastream without ObservedProperty", stream(Sensor=model.sensor())),
        ("Datastream with a broken Sensor", stream(Sensor={"name": "x"}, ObservedProperty=model.observed())),
    ):
        refused(server, "Things", model.thing(Locations=[model.location()], Datastreams=[what]), words)
    lonely = stream(Sensor=model.sensor(), ObservedProperty=model.observed())
    refused(server, "Datastreams", lonely, "Datastream without Thing")
    refused(
        server,
        "Datastreams",
        stream(
            Thing=model.thing(),
            Sensor=model.sensor(),
            ObservedProperty=model.observed(),
            Observations=[model.observation(1, 1)],
        ),
        "Observation without FeatureOfInterest, its Thing without Location",
    )
    whole = stream(
        Thing=model.thing(Locations=[model.location()]),
        Sensor=model.sensor(),
        ObservedProperty=model.observed(),
    )
    broken = {name: value for name, value in model.feature().items() if name != "encodingType"}
    refused(
        server,
        "Datastreams",
        {**whole, "Observations": [model.observation(1, 1, FeatureOfInterest=broken)]},
        "FeatureOfInterest without encodingType",
    )
    refused(
        server,
        "Observations",
        model.observation(1, 1, Datastream=whole, FeatureOfInterest=broken),
        "the same, from the Observation",
    )


@check("write")
def each_entity_can_be_made(server: Server) -> None:
    must_wipe(server)
    empty(server)
    made = make_all(server)
    for name, one in made.items():
        found = server.ok(f"{name}({one})")
        server.see(found["@iot.id"] == one, f"{name}: another id than in its Location")
    answer = server.post("Things", model.thing(2))
    at = answer.headers.get("location", "")
    server.see(at.startswith(server.root), "Location: not below the root")
    read_back(server, model.thing(2), server.ok(at), "what Location leads to")


@check("write")
def an_observation_finds_its_feature(server: Server) -> None:
    """Without a FeatureOfInterest it gets one of its Thing's place, the next one the same; of another place another."""
    must_wipe(server)
    empty(server)
    thing = server.make("Things", model.thing(Locations=[model.location()]))
    stream = server.make(
        "Datastreams",
        model.datastream(Thing={"@iot.id": thing}, Sensor=model.sensor(), ObservedProperty=model.observed()),
    )
    found: list[Row] = []
    for day in (1, 2):
        one = server.make("Observations", model.observation(day, day, Datastream={"@iot.id": stream}))
        found.append(server.ok(f"Observations({one})/FeatureOfInterest"))
    server.see(
        found[0]["feature"] == model.location()["location"], "feature: not that of the Thing's Location"
    )
    server.see(found[0]["@iot.id"] == found[1]["@iot.id"], "the second Observation got another feature")
    moved = server.make(f"Things({thing})/Locations", model.location(2))
    one = server.make(f"Datastreams({stream})/Observations", model.observation(3, 3))
    third = server.ok(f"Observations({one})/FeatureOfInterest")
    server.see(third["feature"] == model.location(2)["location"], "the Thing moved, its feature did not")
    server.see(third["@iot.id"] != found[0]["@iot.id"], "a feature was moved under older Observations")
    server.see(
        ids(server.rows(f"Things({thing})/Locations")) == [moved], "a Thing stands at two places at once"
    )


@check("write")
def result_time_is_kept_or_null(server: Server) -> None:
    must_wipe(server)
    empty(server)
    made = make_all(server)
    stream = made["Datastreams"]
    plain = server.make(f"Datastreams({stream})/Observations", model.observation(2, 1))
    found = server.ok(f"Observations({plain})")
    server.see(
        "resultTime" in found and found["resultTime"] is None, f"resultTime: {found.get('resultTime')!r}"
    )
    sent = model.observation(3, 1, resultTime="2015-03-03T05:00:00.000Z")
    given = server.make(f"Datastreams({stream})/Observations", sent)
    read_back(server, sent, server.ok(f"Observations({given})"), "Observation")


@check("write")
def results_keep_their_type(server: Server) -> None:
    must_wipe(server)
    empty(server)
    stream = make_all(server)["Datastreams"]
    for day, result in enumerate((5, 5.25, "5", "text", True, {"a": [1]}, [1, 2], -0.125, 1e10), 2):
        one = server.make(f"Datastreams({stream})/Observations", model.observation(day, result))
        found = server.ok(f"Observations({one})")["result"]
        server.see(
            found == result and isinstance(found, bool) == isinstance(result, bool),
            f"{result!r} came back as {found!r}",
        )
    span = {"phenomenonTime": "2015-04-01T00:00:00Z/2015-04-01T01:00:00Z", "result": 1}
    one = server.make(f"Datastreams({stream})/Observations", span)
    found = server.ok(f"Observations({one})")["phenomenonTime"]
    parts = [_instant(part) for part in found.split("/")]
    server.see(parts == span["phenomenonTime"].split("/"), f"an interval came back as {found}")


@check("write")
def deep_inserts(server: Server) -> None:
    must_wipe(server)
    empty(server)
    sensor, prop, place = model.sensor(), model.observed(), model.location()
    stream = model.datastream(Sensor=sensor, ObservedProperty=prop)
    thing = server.make("Things", model.thing(Locations=[place], Datastreams=[stream]))
    made = server.ok(f"Things({thing})/Datastreams")["value"]
    server.must(len(made) == 1, f"{len(made)} Datastreams of one")
    read_back(server, stream, made[0], "Datastream below Thing")
    one = made[0]["@iot.id"]
    read_back(server, sensor, server.ok(f"Datastreams({one})/Sensor"), "Sensor below Datastream")
    read_back(
        server, prop, server.ok(f"Datastreams({one})/ObservedProperty"), "ObservedProperty below Datastream"
    )
    read_back(server, place, server.ok(f"Things({thing})/Locations")["value"][0], "Location below Thing")
    history = server.ok(f"Things({thing})/HistoricalLocations")["value"]
    server.see(len(history) == 1, f"{len(history)} HistoricalLocations after a Thing with a Location")

    second = model.datastream(2)
    parts = {"Sensor": model.sensor(2), "ObservedProperty": model.observed(2)}
    sent = [model.observation(1, 1), model.observation(2, 2, FeatureOfInterest=model.feature(3))]
    one = server.make(
        "Datastreams",
        {**second, **parts, "Thing": model.thing(2, Locations=[model.location(2)]), "Observations": sent},
    )
    found = server.ok(f"Datastreams({one})", expand="Thing,Sensor,ObservedProperty,Observations")
    for name, what in {**parts, "Thing": model.thing(2)}.items():
        read_back(server, what, found[name], f"{name} below Datastream")
    rows = sorted(found["Observations"], key=lambda row: row["result"])
    server.must(len(rows) == 2, f"{len(rows)} Observations of two")
    for what, row in zip(sent, rows, strict=True):
        read_back(server, what, row, "Observation below Datastream")
    at = server.ok(f"Observations({rows[1]['@iot.id']})/FeatureOfInterest")
    read_back(server, model.feature(3), at, "FeatureOfInterest below Observation")

    single = model.observation(5, 5, Datastream={"@iot.id": one}, FeatureOfInterest=model.feature(4))
    made_at = server.make("Observations", single)
    at = server.ok(f"Observations({made_at})/FeatureOfInterest")
    read_back(server, model.feature(4), at, "FeatureOfInterest of a single Observation")


@check("write")
def invalid_posts(server: Server) -> None:
    must_wipe(server)
    empty(server)
    made = make_all(server)
    link = {
        "Thing": {"@iot.id": made["Things"]},
        "Sensor": {"@iot.id": made["Sensors"]},
        "ObservedProperty": {"@iot.id": made["ObservedProperties"]},
    }
    for missing in link:
        refused(
            server,
            "Datastreams",
            model.datastream(**{name: one for name, one in link.items() if name != missing}),
            f"Datastream without {missing}",
        )
    refused(server, "Observations", model.observation(9, 9), "Observation without Datastream")
    refused(
        server,
        "Observations",
        model.observation(9, 9, Datastream={"@iot.id": MISSING}),
        "Observation of a Datastream that is not there",
    )
    lonely = server.make("Things", model.thing(3))
    stream = server.make("Datastreams", model.datastream(3, **{**link, "Thing": {"@iot.id": lonely}}))
    refused(
        server,
        "Observations",
        model.observation(9, 9, Datastream={"@iot.id": stream}),
        "Observation without FeatureOfInterest, its Thing without Location",
    )
    broken = {name: value for name, value in model.feature().items() if name != "encodingType"}
    refused(server, "FeaturesOfInterest", broken, "FeatureOfInterest without encodingType")
    refused(server, "Things", {"description": "no name"}, "Thing without name")
    for body in (b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"null"):
        found = server.ask("POST", "Things", body)
        server.see(found.status == 400, f"POST of {body!r}: {found.status}, not 400")


@check("write")
def patch_changes_only_what_it_names(server: Server) -> None:
    must_wipe(server)
    empty(server)
    made = make_all(server)
    for name, what in NEW.items():
        _patched(server, f"{name}({made[name]})", what)
    unit = {"unitOfMeasurement": {"name": "metre", "symbol": "m", "definition": "ucum:m"}}
    _patched(server, f"Datastreams({made['Datastreams']})", unit)


def _patched(server: Server, path: str, what: Any) -> None:
    before = server.ok(path)
    found = server.patch(path, what)
    server.must(found.status == 200, f"{found.asked}: {found.status}, not 200: {found.text[:200]}")
    after = server.ok(path)
    read_back(server, what, after, path)
    for name, value in before.items():
        if name not in what:
            server.see(after.get(name) == value, f"{path}: {name} changed, too")


@check("write")
def patch_with_entities_inside_is_400(server: Server) -> None:
    must_wipe(server)
    empty(server)
    made = make_all(server)
    stream = model.datastream(5)
    for name, inside in (
        ("Things", {"Locations": [model.location(5)]}),
        ("Things", {"Datastreams": [stream]}),
        ("Sensors", {"Datastreams": [stream]}),
        ("ObservedProperties", {"Datastreams": [stream]}),
        ("Datastreams", {"ObservedProperty": model.observed(5)}),
        ("Datastreams", {"Sensor": model.sensor(5)}),
        ("Datastreams", {"Thing": model.thing(5)}),
        ("Datastreams", {"Observations": [model.observation(5, 5)]}),
    ):
        path = f"{name}({made[name]})"
        before = server.ok(path), counts(server)
        found = server.patch(path, inside)
        server.see(found.status == 400, f"{found.asked} with {list(inside)}: {found.status}, not 400")
        server.see(
            (server.ok(path), counts(server)) == before, f"{path} with {list(inside)}: something changed"
        )


@check("write")
def patch_of_missing_is_404(server: Server) -> None:
    must_wipe(server)
    for name, what in NEW.items():
        found = server.patch(f"{name}({MISSING})", what)
        server.see(found.status == 404, f"{found.asked}: {found.status}, not 404")


@check("write")
def delete_takes_along_what_hangs_on_it(server: Server) -> None:
    must_wipe(server)
    gone = {
        "Things": {"Things", "Datastreams", "HistoricalLocations", "Observations"},
        "Locations": {"Locations", "HistoricalLocations"},
        "HistoricalLocations": {"HistoricalLocations"},
        "Datastreams": {"Datastreams", "Observations"},
        "Sensors": {"Sensors", "Datastreams", "Observations"},
        "ObservedProperties": {"ObservedProperties", "Datastreams", "Observations"},
        "FeaturesOfInterest": {"FeaturesOfInterest", "Observations"},
        "Observations": {"Observations"},
    }
    for name, leaves in gone.items():
        empty(server)
        whole = model.datastream(
            Sensor=model.sensor(),
            ObservedProperty=model.observed(),
            Observations=[model.observation(1, 1)],
        )
        server.make("Things", model.thing(Locations=[model.location()], Datastreams=[whole]))
        before = counts(server)
        server.must(set(before.values()) == {1}, f"one of each should be there: {before}")
        path = f"{name}({server.rows(name)[0]['@iot.id']})"
        found = server.delete(path)
        server.see(found.status == 200, f"{found.asked}: {found.status}, not 200")
        server.see(server.get(path).status == 404, f"{path}: still there")
        after = counts(server)
        for other in KINDS:
            left = after[other]
            server.see(left == (0 if other in leaves else 1), f"DELETE {name}: {left} of {other} left")


@check("write")
def delete_of_missing_is_404(server: Server) -> None:
    must_wipe(server)
    for name in KINDS:
        found = server.delete(f"{name}({MISSING})")
        server.see(found.status == 404, f"{found.asked}: {found.status}, not 404")


@check("write")
def sets_cannot_be_patched_or_deleted(server: Server) -> None:
    must_wipe(server)
    for name in KINDS:
        for method in ("PATCH", "DELETE", "PUT"):
            found = server.ask(method, name, b"{}")
            if 200 <= found.status < 300:
                raise Broken(f"{found.asked}: {found.status}: a whole set")
            server.see(found.status in (400, 404, 405, 501), f"{found.asked}: {found.status}")
