"""Nothing that a stranger or a program sends breaks the server: no answer of 500 or more, whatever comes.

A few hundred requests here; GUYUB_FUZZ=10000 makes as many as it says.
"""

from __future__ import annotations

import json
import os
import urllib.parse

import pytest
from conformance.sensorthings import model
from conformance.sensorthings.asking import Server
from conformance.sensorthings.scene import empty, fill
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.security.conftest import Browser
from tests.sensorthings.conftest import HOST

MANY = int(os.environ.get("GUYUB_FUZZ", "300"))
SETS = [*model.KINDS, "CreateObservations", "$batch", "Datastreams/latest", "Datastreams/buckets", "Nothing"]
ids = st.one_of(st.integers(0, 40), st.sampled_from([2**63 - 1, 2**63, 10**30, -1]))
paths = st.lists(
    st.one_of(
        st.sampled_from([*model.BY_NAME, *SETS, "$ref", "$value", "result", "location", "name", "properties", "a'b", "(", ")(", ""]),
        st.builds(lambda name, key: f"{name}({key})", st.sampled_from([*model.BY_NAME]), ids),
    ),
    max_size=6,
).map("/".join)  # fmt: skip
values = st.one_of(
    st.sampled_from([
        "result", "phenomenonTime", "name", "Datastream/Thing/name", "Datastreams/Observations/result", "id", "@iot.id",
        "properties/a/b", "location", "parameters/day", "result/x", "validTime", "null", "true", "now()", "maxdatetime()",
        "1e308", "-0", "99999999999999999999", "'x'", "''''", "'; DROP TABLE sensing_thing; --'", "'%s %(p0)s {0} {t}'",
        "2015-03-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "2015-03-01", "duration'P999999D'",
        "geography'POINT(1 2)'", "geography'POLYGON((0 0,1 1,0 0))'", "2015-01-01T00:00:00Z/2016-01-01T00:00:00Z", "12:30",
    ]),
    st.integers().map(str), st.floats(allow_nan=False).map(str),
    st.text(max_size=8).map(lambda text: "'" + text.replace("'", "''") + "'"),
)  # fmt: skip
words = st.recursive(
    values,
    lambda inner: st.one_of(
        st.builds(lambda a, w, b: f"{a} {w} {b}", inner, st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge", "and", "or", "add", "sub", "mul", "div", "mod", "in"]), inner),
        st.builds(lambda f, a: f"{f}({a})", st.sampled_from(["not", "year", "date", "time", "length", "round", "geo.length", "tolower", "-", ""]), inner),
        st.builds(lambda f, a, b: f"{f}({a},{b})", st.sampled_from(
            ["contains", "substring", "st_within", "geo.distance", "overlaps", "before", "concat", "indexof", "st_relate"]), inner, inner),
    ),
    max_leaves=6,
)  # fmt: skip
counts = st.one_of(st.integers(-2, 30).map(str), st.sampled_from(["10000000000000000000", "x", "", "1e3"]))
options = st.fixed_dictionaries({}, optional={
    "$filter": words, "$orderby": st.builds(lambda a, w: f"{a} {w}", words, st.sampled_from(["", "asc", "desc"])),
    "$top": counts, "$skip": counts, "$count": st.sampled_from(["true", "false", "x"]),
    "$select": st.sampled_from(["result", "id,name", "@iot.id", "Datastreams", "x,y", ""]),
    "$expand": st.one_of(
        st.sampled_from(["Datastreams", "Observations($top=1)", "Datastream/Thing/Locations", "Things", "x", "Datastreams($expand=Observations($top=1;$count=true))", "(" * 50]),
        st.builds(lambda w: f"Datastreams($filter={w})", words)),
    "$resultFormat": st.sampled_from(["dataArray", "csv"]), "$skiptoken": st.sampled_from(["", "x", "WyIxIl0", "WyJhIiwiMSJd", "bnVsbA"]),
    "api_key": st.just("x" * 30), "datastream": st.sampled_from(["1", "x", "9" * 30]), "from": values, "kind": st.text(max_size=5),
})  # fmt: skip
trees = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=10), st.sampled_from(
        ["2015-03-01T00:00:00Z", {"@iot.id": 1}, {"@iot.id": "$1"}, {"@iot.id": 10**30}, "\x00", "x" * 300])),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from([
        "name", "description", "properties", "location", "encodingType", "result", "phenomenonTime", "Datastream", "Datastreams",
        "Thing", "Sensor", "Locations", "ObservedProperty", "components", "dataArray", "requests", "method", "url", "id",
        "unitOfMeasurement", "observationType", "metadata", "definition", "time", "@iot.id", "feature", "Observations"]), inner, max_size=6)),
    max_leaves=12,
)  # fmt: skip
bodies = st.one_of(trees.map(lambda tree: json.dumps(tree).encode()), st.binary(max_size=40))


@pytest.fixture(scope="module")
def server(_running):
    made = _running.tested()
    empty(made)
    fill(made)
    yield made
    empty(made)


@settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(["GET"] * 5 + ["POST", "PATCH", "DELETE"]), paths, options, bodies)
def test_no_request_breaks_it(server, method, path, query, body):
    at = urllib.parse.quote(path, safe="/()$'") + "?" + urllib.parse.urlencode(query)
    if method == "DELETE":  # the scene is needed to the end
        at = at.replace("(", "(9")
    found = server.ask(method, at, body if method != "GET" else None)
    assert found.status < 500 or found.status == 503, (found.asked, found.status, body)


def test_what_is_known_to_break_servers(server: Server):
    point = "geography'POINT(1 2)'"
    for query in (
        {"filter": "(" * 5000}, {"filter": "not " * 5000 + "true"}, {"filter": " and ".join(["result eq 1"] * 700)},
        {"filter": " add ".join(["result"] * 2000) + " eq 1"}, {"filter": "-" * 5000 + "1 eq 1"}, {"filter": "name eq '\0'"},
        {"filter": "name eq '\ud7ff\U0010ffff'"}, {"filter": "Datastream/" * 500 + "name eq 'x'"}, {"filter": "result eq 1e400"},
        {"filter": "result mul 1e308 mul 1e308 gt 1"}, {"filter": "phenomenonTime add duration'P999999W' gt now()"},
        {"filter": "result div 0 eq 1"}, {"filter": f"st_within(FeatureOfInterest/feature,{point})"},
        {"filter": "st_relate(FeatureOfInterest/feature,geography'POINT(1 2)','" + "T" * 9 + "')"},
        {"filter": "round(1e308) eq 1"}, {"filter": "substring('x',99999999999999999999) eq ''"},
        {"filter": "substring('x',1,-5) eq ''"}, {"filter": "parameters/day/x/y eq 1"}, {"filter": "parameters eq 1"},
        {"expand": "Datastream($expand=Thing(" * 200}, {"expand": ",".join(["Datastream/Thing/Datastreams"] * 100)},
        {"expand": "Datastream/Thing/Datastreams/Observations/Datastream/Thing/Datastreams/Observations"},
        {"top": "9" * 18}, {"top": "9" * 400}, {"skip": "9" * 18}, {"orderby": ",".join(["result"] * 100)}, {"orderby": "true"},
        {"orderby": "geo.length(FeatureOfInterest/feature) desc"}, {"orderby": "date(phenomenonTime),time(resultTime) desc", "top": "2"},
        {"skiptoken": "W10"}, {"skiptoken": "WyJ4IiwieCJd"}, {"skiptoken": "WyIyMDE1LTAzLTAxVDAwOjAwOjAwWiIsIngiXQ"},
    ):  # fmt: skip
        found = server.get("Observations", **query)
        assert found.status in (200, 400), (found.asked[:200], found.status, found.text[:300])
    for raw in ("Things?$filter=name%20eq%20%27%FF%FE%27", "Things(1%00)", "Things?%00=1", "Things?$filter=%C3%28", "%FF", "Things/%2e%2e/"):  # fmt: skip
        assert server.ask("GET", raw).status in (200, 400, 404), raw
    for body in (
        b"[" * 100_000, b'{"a":' * 100_000, b"{" + b" " * 2_000_000 + b"}", b'"' + b"x" * 2_000_000 + b'"', b'{"name": "\xff"}',
        b'{"name": "\\ud800", "description": ""}', b'{"name": "a\\u0000", "description": ""}', b"NaN", b"1e999",
        b'{"name": "x", "description": "x", "properties": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}",
    ):  # fmt: skip
        for path in ("Things", "CreateObservations", "$batch", "Observations"):
            found = server.ask("POST", path, body)
            assert 400 <= found.status < 500 or found.status == 201, (path, body[:40], found.status)
    # In process: the test's server hangs up on what it does not read, before the client has sent it all.
    large = Browser(HOST).generic(
        "POST", "/sta/v1.1/CreateObservations", b" " * 5_000_000, HTTP_AUTHORIZATION=server.authorization
    )
    assert large.status_code == 413
    many = [{"Datastream": {"@iot.id": 1}, "components": ["result"], "dataArray": [[1]] * 20_001}]
    assert server.post("CreateObservations", many).status == 413
    assert (
        server.post(
            "$batch", {"requests": [{"id": str(n), "method": "get", "url": "Things"} for n in range(101)]}
        ).status
        == 413
    )
    for kind in ("multipart/mixed; boundary=x", "multipart/mixed", "multipart/mixed; boundary="):
        found = server.ask("POST", "$batch", b"--x\r\n\r\n\r\n--x--", kind=kind)
        assert found.status in (200, 400), kind
    for method in ("TRACE", "OPTIONS", "PROPFIND"):
        assert server.ask(method, "Things(1)").status in (204, 405), method


def test_a_batch_of_parts(server: Server):
    """The older form: parts of HTTP, and a change set that is done wholly or not at all."""
    thing = json.dumps(model.thing(50))
    lines = [
        "--b", "Content-Type: application/http", "", "GET Things?$top=1 HTTP/1.1", "", "",
        "--b", "Content-Type: multipart/mixed; boundary=c", "",
        "--c", "Content-Type: application/http", "Content-ID: 1", "", "POST Things HTTP/1.1", "Content-Type: application/json", "", thing,
        "--c", "Content-Type: application/http", "Content-ID: 2", "", "PATCH $1 HTTP/1.1", "", '{"name": "dari bagian"}',
        "--c--", "--b--", "",
    ]  # fmt: skip
    found = server.ask("POST", "$batch", "\r\n".join(lines).encode(), kind="multipart/mixed; boundary=b")
    assert found.status == 200
    assert found.headers["content-type"].startswith("multipart/mixed")
    assert [line[9:12] for line in found.text.split("\r\n") if line.startswith("HTTP/")] == [
        "200",
        "201",
        "200",
    ]
    assert [row["description"] for row in server.ok("Things", filter="name eq 'dari bagian'")["value"]] == [model.thing(50)["description"]]  # fmt: skip


def test_merged_and_replaced(server: Server):
    """PATCH replaces a property; as merge-patch objects are merged and null takes out."""
    one = server.make("Things", model.thing(60, properties={"a": 1, "b": {"c": 2, "d": 3}}))
    server.patch(f"Things({one})", {"properties": {"a": 2}})
    assert server.ok(f"Things({one})")["properties"] == {"a": 2}
    body = json.dumps({"properties": {"a": None, "b": {"c": 5}}}).encode()
    assert server.ask("PATCH", f"Things({one})", body, kind="application/merge-patch+json").status == 200
    assert server.ok(f"Things({one})")["properties"] == {"b": {"c": 5}}
    assert server.get(f"Things({one})/properties/b/c/$value").text == "5"


def test_put_says_all_of_it(server: Server):
    one = server.make("Things", model.thing(61))
    assert server.ask("PUT", f"Things({one})", b'{"name": "x"}').status == 400
    assert server.ask("PUT", f"Things({one})", b'{"name": "x", "description": "y"}').status == 200
    found = server.ok(f"Things({one})")
    assert (found["name"], found["description"], "properties" in found) == ("x", "y", False)
    stream = server.rows("Datastreams")[0]["@iot.id"]
    value = server.make(f"Datastreams({stream})/Observations", model.observation(20, 1, parameters={"a": 1}))
    assert (
        server.ask("PUT", f"Observations({value})", json.dumps(model.observation(20, 2)).encode()).status
        == 200
    )
    found = server.ok(f"Observations({value})")
    assert (found["result"], "parameters" in found) == (2, False)
    assert server.delete(f"Observations({value})").status == 200


def test_the_newest_and_figures_by_time(server: Server):
    stream = server.rows("Datastreams")[0]["@iot.id"]
    newest = next(
        one for one in server.ok("Datastreams/latest")["value"] if one["Datastream@iot.id"] == stream
    )
    assert newest["result"] == 3
    asked = f"Datastreams/buckets?datastream={stream}&from=2015-03-01T00:00:00Z&until=2015-03-05T00:00:00Z"
    hours = server.ok(asked)
    assert hours["components"] == ["from", "count", "min", "max", "avg"]
    assert [row[1:] for row in hours["value"]] == [[1, 1, 1, 1], [1, 2, 2, 2], [1, 3, 3, 3]]
    days = server.ok(asked + "&by=day")
    assert [row[0][:10] for row in days["value"]] == [
        "2015-02-28",
        "2015-03-01",
        "2015-03-02",
    ]  # midnight here, in UTC
    assert server.ask("GET", asked.replace("2015-03-05", "2025-03-05")).status == 400
