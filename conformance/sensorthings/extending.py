"""What the official suite leaves out: filter functions that must find something, data arrays, batches, pages."""

from __future__ import annotations

import json
from typing import Any

from conformance.sensorthings import model
from conformance.sensorthings.asking import NotTried, Server, check
from conformance.sensorthings.scene import empty, fill

ALL = set(range(1, 13))
EARTH = "geography'POLYGON((90 -20,150 -20,150 20,90 20,90 -20))'"
# What is asked of Observations, and which of the results 1 to 12 must come, no more and no less.
OF_OBSERVATIONS: tuple[tuple[str, set[int]], ...] = (
    ("result add 1 eq 4", {3}),
    ("result sub 1 eq 4", {5}),
    ("result mul 2 eq 8", {4}),
    ("result div 2 eq 3", {6}),
    ("result mod 5 eq 0", {5, 10}),
    ("not (result gt 3)", {1, 2, 3}),
    ("result lt 3 or result gt 11", {1, 2, 12}),
    ("result gt 3 and result lt 6 or result eq 9", {4, 5, 9}),
    ("result gt 3 and (result lt 6 or result eq 9)", {4, 5, 9}),
    ("-1 lt result and result le 1", {1}),
    ("result in (2,4,99)", {2, 4}),
    ("result eq 2.5 add 0.5", {3}),
    ("round(result div 4) eq 2", {6, 7, 8, 9}),
    ("floor(result div 4) eq 2", {8, 9, 10, 11}),
    ("ceiling(result div 4) eq 2", {5, 6, 7, 8}),
    ("phenomenonTime ge 2015-03-11T00:00:00Z", {11, 12}),
    ("phenomenonTime ge 2015-03-11T07:00:00+07:00", {11, 12}),
    ("phenomenonTime ge 2015-03-11T00:00:00.000Z and phenomenonTime lt 2015-03-12T00:00:00Z", {11}),
    ("2015-03-11T00:00:00Z le phenomenonTime", {11, 12}),
    ("phenomenonTime gt 2015-03-12T00:00:00Z sub duration'P2D'", {11, 12}),
    ("resultTime sub phenomenonTime eq duration'PT1H'", ALL),
    ("phenomenonTime lt now()", ALL),
    ("day(phenomenonTime) eq 4", {4}),
    ("month(phenomenonTime) eq 3 and year(phenomenonTime) eq 2015", ALL),
    ("hour(resultTime) eq 1 and minute(resultTime) eq 0 and second(resultTime) eq 0", ALL),
    ("date(phenomenonTime) eq date('2015-03-05')", {5}),
    ("date(phenomenonTime) eq 2015-03-05", {5}),
    ("before(phenomenonTime,2015-03-03T00:00:00Z)", {1, 2}),
    ("after(phenomenonTime,2015-03-10T00:00:00Z)", {11, 12}),
    ("during(phenomenonTime,2015-03-03T00:00:00Z/2015-03-05T00:00:00Z)", {3, 4}),
    ("overlaps(validTime,2015-06-01T00:00:00Z/2015-07-01T00:00:00Z)", ALL),
    ("meets(validTime,2016-01-01T00:00:00Z/2017-01-01T00:00:00Z)", ALL),
    ("starts(validTime,2015-01-01T00:00:00Z/2017-01-01T00:00:00Z)", ALL),
    ("finishes(validTime,2014-01-01T00:00:00Z/2016-01-01T00:00:00Z)", ALL),
    ("parameters/day eq 7", {7}),
    ("resultQuality eq 'good' and result eq 1", {1}),
    ("Datastream/name eq 'datastream 1'", {1, 2, 3}),
    ("startswith(Datastream/name,'datastream') and endswith(Datastream/name,'4')", {10, 11, 12}),
    ("Datastream/ObservedProperty/name eq 'property 3'", {7, 8, 9}),
    ("FeatureOfInterest/encodingType ne 'x' and result gt 11", {12}),
    (f"st_within(FeatureOfInterest/feature,{EARTH}) and result eq 2", {2}),
)
OF_THINGS: tuple[tuple[str, set[str]], ...] = (
    ("substringof('2',name)", {"thing 2"}),
    ("contains(name,'2')", {"thing 2"}),
    ("startswith(name,'thing')", {"thing 1", "thing 2"}),
    ("endswith(name,'1')", {"thing 1"}),
    ("length(name) eq 7", {"thing 1", "thing 2"}),
    ("indexof(name,'2') eq 6", {"thing 2"}),
    ("substring(name,6) eq '2'", {"thing 2"}),
    ("substring(name,0,5) eq 'thing'", {"thing 1", "thing 2"}),
    ("toupper(name) eq 'THING 2'", {"thing 2"}),
    ("tolower('THING 2') eq name", {"thing 2"}),
    ("trim(concat(name,' ')) eq 'thing 1'", {"thing 1"}),
    ("concat(concat(name,'-'),description) eq 'thing 1-thing of test 1'", {"thing 1"}),
    ("properties/reference eq 't2'", {"thing 2"}),
    ("properties/number gt 1", {"thing 2"}),
    ("name eq 'it''s' or name eq 'thing 1'", {"thing 1"}),
    ("Datastreams/unitOfMeasurement/symbol eq 'u3'", {"thing 2"}),
    ("Datastreams/Sensor/name eq 'sensor 1'", {"thing 1"}),
)
OF_LOCATIONS: tuple[tuple[str, set[str]], ...] = (
    ("st_equals(location,geography'POINT(107 -7)')", {"location 1"}),
    ("geo.distance(location,geography'POINT(107 -7)') lt 0.5", {"location 1"}),
    (
        "st_within(location,geography'POLYGON((107.5 -9,109 -9,109 -7.5,107.5 -7.5,107.5 -9))')",
        {"location 2"},
    ),
    (
        "geo.intersects(location,geography'POLYGON((106 -7.5,107.5 -7.5,107.5 -6,106 -6,106 -7.5))')",
        {"location 1"},
    ),
    (
        "st_disjoint(location,geography'POLYGON((106 -7.5,107.5 -7.5,107.5 -6,106 -6,106 -7.5))')",
        {"location 2"},
    ),
    ("st_intersects(location,geography'LINESTRING(107 -7,108 -8)')", {"location 1", "location 2"}),
)


def must_extend(server: Server) -> None:
    if not (server.wipe and server.extensions):
        raise NotTried("needs --wipe and --extensions")


@check("extension")
def filter_functions_find_what_they_should(server: Server) -> None:
    must_extend(server)
    for said, wanted in OF_OBSERVATIONS:
        answer = server.get("Observations", filter=said)
        if server.see(answer.status == 200, f"{said}: {answer.status}: {answer.text[:120]}"):
            found = {row["result"] for row in answer.json()["value"]}
            server.see(found == wanted, f"{said}: {sorted(found)}, not {sorted(wanted)}")
    for path, asked in (("Things", OF_THINGS), ("Locations", OF_LOCATIONS)):
        for said, names in asked:
            answer = server.get(path, filter=said)
            if server.see(answer.status == 200, f"{said}: {answer.status}: {answer.text[:120]}"):
                seen = {row["name"] for row in answer.json()["value"]}
                server.see(seen == names, f"{said}: {sorted(seen)}, not {sorted(names)}")


@check("extension")
def pages_show_every_row_once(server: Server) -> None:
    must_extend(server)
    for order in ("", "phenomenonTime asc", "result desc", "resultQuality asc", "Datastream/name desc"):
        for size in (1, 5):
            asked = {"top": str(size), **({"orderby": order} if order else {})}
            rows = server.rows("Observations", **asked)
            server.see(len(rows) == 12, f"$orderby={order}&$top={size}: {len(rows)} rows of 12")
            server.see({row["result"] for row in rows} == ALL, f"$orderby={order}: rows twice or never")
    rows = server.rows("Observations", top="4", filter="result gt 2", select="result")
    server.see({row["result"] for row in rows} == ALL - {1, 2}, "pages of a filter")
    server.see(all("phenomenonTime" not in row for row in rows), "later pages forget $select")
    rows = server.rows("Things", top="1", expand="Datastreams($select=name)")
    server.see(all(list(row["Datastreams"][0])[-1] == "name" for row in rows), "later pages forget $expand")


@check("extension")
def data_arrays_are_read(server: Server) -> None:
    must_extend(server)
    found = server.ok("Observations", resultFormat="dataArray", count="true")["value"]
    server.see(len(found) == 4, f"{len(found)} arrays of 4 Datastreams")
    seen = set()
    for one in found:
        server.see("Datastream@iot.navigationLink" in one, "an array without its Datastream")
        server.see(one.get("dataArray@iot.count") == len(one["dataArray"]), "an array without its count")
        seen |= {row[one["components"].index("result")] for row in one["dataArray"]}
    server.see(seen == ALL, f"results {sorted(seen)}")
    asked = {"resultFormat": "dataArray", "select": "result,phenomenonTime", "filter": "result gt 10"}
    one = server.ok("Observations", **asked)["value"][0]
    server.see(one["components"] == ["result", "phenomenonTime"], f"$select: components {one['components']}")
    server.see(sorted(row[0] for row in one["dataArray"]) == [11, 12], "$filter with dataArray")


@check("extension")
def data_arrays_are_made(server: Server) -> None:
    must_extend(server)
    streams = [row["@iot.id"] for row in server.rows("Datastreams")]
    names = ["phenomenonTime", "result", "resultQuality"]
    body = [
        {
            "Datastream": {"@iot.id": stream},
            "components": names,
            "dataArray@iot.count": 2,
            "dataArray": [[f"2016-01-0{day}T00:00:00Z", day * 1.5, "ok"] for day in (1, 2)],
        }
        for stream in streams[:2]
    ]
    found = server.post("CreateObservations", body)
    server.must(found.status == 201, f"{found.asked}: {found.status}: {found.text[:200]}")
    links = found.json()
    server.must(len(links) == 4, f"{len(links)} answers for 4 rows")
    for link, wanted in zip(links, (1.5, 3, 1.5, 3), strict=True):
        row = server.ok(link)
        server.see(row["result"] == wanted, f"{link}: {row['result']}, not {wanted}")
        server.see(row["resultQuality"] == "ok", f"{link}: resultQuality is lost")

    body = [
        {
            "Datastream": {"@iot.id": streams[2]},
            "components": ["phenomenonTime", "result"],
            "dataArray": [
                ["2016-02-01T00:00:00Z", 1],
                ["no time", 2],
                ["2016-02-03T00:00:00Z"],
                ["2016-02-04T00:00:00Z", 4],
            ],
        },
        {
            "Datastream": {"@iot.id": 9223372036854775807},
            "components": ["phenomenonTime", "result"],
            "dataArray": [["2016-02-01T00:00:00Z", 1]],
        },
    ]
    found = server.post("CreateObservations", body)
    server.see(found.status != 201, "201 although rows were refused")
    text = found.json()
    told = text if isinstance(text, list) else text.get("value", [])
    server.see(len(told) == 5, f"{len(told)} answers for 5 rows")
    rows = server.rows("Observations", filter="year(phenomenonTime) eq 2016 and month(phenomenonTime) eq 2")
    good = [one for one in told if isinstance(one, str) and one.startswith("http")]
    server.see(len(good) == len(rows), f"{len(good)} rows said to be stored, {len(rows)} are")
    empty(server)
    fill(server)


@check("extension")
def the_same_row_twice_is_said(server: Server) -> None:
    must_extend(server)
    stream = server.rows("Datastreams")[0]["@iot.id"]
    what = {"phenomenonTime": "2017-01-01T00:00:00Z", "result": 1}
    server.make(f"Datastreams({stream})/Observations", what)
    again = server.post(f"Datastreams({stream})/Observations", what)
    server.see(again.status == 409, f"the same Observation once more: {again.status}, not 409")
    rows = server.rows("Observations", filter="year(phenomenonTime) eq 2017")
    server.see(len(rows) == 1, f"{len(rows)} rows of one")
    empty(server)
    fill(server)


@check("extension")
def batches(server: Server) -> None:
    must_extend(server)
    stream = server.rows("Datastreams")[0]["@iot.id"]
    asked: list[dict[str, Any]] = [
        {"id": "0", "method": "get", "url": f"Datastreams({stream})?$select=name"},
        {"id": "1", "method": "get", "url": "Things(9223372036854775807)"},
        {
            "id": "2",
            "method": "post",
            "url": "Things",
            "body": model.thing(9),
        },
        {"id": "3", "method": "patch", "url": "$2", "body": {"name": "thing of a batch"}},
    ]  # fmt: skip
    found = server.ask("POST", "$batch", json.dumps({"requests": asked}).encode())
    server.must(found.status == 200, f"$batch: {found.status}: {found.text[:200]}")
    told = {one["id"]: one for one in found.json()["responses"]}
    server.see(
        [told[n]["status"] for n in "0123"] == [200, 404, 201, 200], f"{[told[n]['status'] for n in '0123']}"
    )
    server.see("name" in told["0"]["body"], "a read in a batch has no body")
    names = [row["name"] for row in server.rows("Things")]
    server.see("thing of a batch" in names, "what a batch made cannot be changed in it")
    asked = [
        {"id": "a", "atomicityGroup": "g", "method": "post", "url": "Things", "body": model.thing(10)},
        {
            "id": "b",
            "atomicityGroup": "g",
            "method": "post",
            "url": "Things",
            "body": {"name": "no description"},
        },
    ]
    found = server.ask("POST", "$batch", json.dumps({"requests": asked}).encode())
    statuses = {one["id"]: one["status"] for one in found.json()["responses"]}
    server.see(all(status >= 400 for status in statuses.values()), f"a group of which one fails: {statuses}")
    names = [row["name"] for row in server.rows("Things")]
    server.see("thing 10" not in names, "a group of which one fails leaves something behind")
    empty(server)
    fill(server)
