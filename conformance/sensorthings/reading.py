"""Level 1 of the official suite: the root, the sets, one entity, its properties, and paths to depth 4. Only reads."""

from __future__ import annotations

import json

from conformance.sensorthings.asking import MISSING, NotTried, Row, Server, check
from conformance.sensorthings.model import BY_NAME, KINDS, Kind, is_many

DEEPEST = 4


def first(server: Server, name: str) -> Row:
    rows = server.ok(name)["value"]
    if not rows:
        raise NotTried(f"{name} has no entity; needs data, or --wipe")
    return rows[0]


def whole(server: Server, kind: Kind, row: Row, where: str) -> None:
    """An entity says all that it must and leads to all its relations."""
    for name in ("@iot.id", "@iot.selfLink", *kind.properties):
        server.see(name in row, f"{where}: no {name}")
    server.see(isinstance(row.get("@iot.id"), int), f"{where}: its id is no number")
    for relation in kind.relations:
        link = f"{relation}@iot.navigationLink"
        server.see(link in row or relation in row, f"{where}: no {link}")


@check("core")
def root_lists_every_set(server: Server) -> None:
    for slash in ("", "/"):
        answer = server.ask("GET", server.root + slash)
        server.must(answer.status == 200, f"{answer.asked}: {answer.status}")
        listed = {one["name"]: one["url"] for one in answer.json()["value"]}
        for name in KINDS:
            server.see(listed.get(name) == f"{server.root}/{name}", f"root: {name} at {listed.get(name)}")
        for name in listed:
            server.see(name in KINDS or name == "MultiDatastreams", f"root: {name} is no set of the standard")


@check("core")
def root_says_what_it_conforms_to(server: Server) -> None:
    said = server.ok("")["serverSettings"]["conformance"]
    server.see(
        "http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel" in said,
        "root: the data model is not listed",
    )
    server.see(len(said) == len(set(said)), "root: a requirement is listed twice")


@check("core")
def sets_can_be_read(server: Server) -> None:
    for kind in KINDS.values():
        found = server.get(kind.set)
        server.must(found.status == 200, f"{found.asked}: {found.status}")
        server.see(
            found.headers.get("content-type", "").startswith("application/json"), f"{kind.set}: not as JSON"
        )
        for row in found.json()["value"][:2]:
            whole(server, kind, row, kind.set)


@check("core")
def entities_can_be_read(server: Server) -> None:
    for kind in KINDS.values():
        one = first(server, kind.set)
        found = server.ok(f"{kind.set}({one['@iot.id']})")
        whole(server, kind, found, kind.one)
        server.see(found == one, f"{kind.one}: read alone it is another than in its set")
        again = server.ok(found["@iot.selfLink"])
        server.see(again == found, f"{kind.one}: its selfLink leads elsewhere")


@check("core")
def missing_is_404(server: Server) -> None:
    for kind in KINDS.values():
        for path in (f"{kind.set}({MISSING})", f"{kind.set}({MISSING})/{kind.properties[0]}"):
            found = server.get(path)
            server.see(found.status == 404, f"{found.asked}: {found.status}, not 404")
        for relation in kind.relations:
            found = server.get(f"{kind.set}({MISSING})/{relation}")
            server.see(found.status == 404, f"{found.asked}: {found.status}, not 404")
    for path in ("Nothing", "Things(1)/nothing", "Things(x)", "Things(1", "Observations(1)/Things"):
        found = server.get(path)
        server.see(found.status in (400, 404), f"{found.asked}: {found.status}")


@check("core")
def properties_and_values(server: Server) -> None:
    for kind in KINDS.values():
        one = first(server, kind.set)
        for name in kind.properties:
            path = f"{kind.set}({one['@iot.id']})/{name}"
            if one[name] is None:
                found = server.get(path)
                server.see(found.status in (200, 204), f"{found.asked}: {found.status} for null")
                continue
            found = server.ok(path)
            server.see(list(found) == [name], f"{path}: its keys are {list(found)}")
            server.see(found.get(name) == one[name], f"{path}: another value than in the entity")
            raw = server.get(f"{path}/$value")
            server.see(raw.status == 200, f"{raw.asked}: {raw.status}")
            if name in kind.json:
                server.see(raw.text.startswith("{"), f"{path}/$value: no JSON")
                server.see(json.loads(raw.text or "null") == one[name], f"{path}/$value: another value")
            else:
                server.see("{" not in raw.text, f"{path}/$value: {raw.text[:60]}")
                server.see(raw.text == str(one[name]), f"{path}/$value: {raw.text[:60]}, not {one[name]}")


@check("core")
def paths_lead_everywhere_to_depth_4(server: Server) -> None:
    for kind in KINDS.values():
        one = first(server, kind.set)
        _walk(server, f"{kind.set}({one['@iot.id']})", kind, 1)


def _walk(server: Server, path: str, kind: Kind, depth: int) -> None:
    if depth == DEEPEST:
        return
    for relation in kind.relations:
        below, target = f"{path}/{relation}", BY_NAME[relation]
        found = server.get(below)
        if not server.see(found.status == 200, f"{found.asked}: {found.status}"):
            continue
        _refs(server, below, relation)
        if is_many(relation):
            rows = found.json()["value"]
            if server.see(rows, f"{below}: empty"):
                whole(server, target, rows[0], below)
                one = f"{below}({rows[0]['@iot.id']})"
                answer = server.get(one)
                server.see(answer.status == 200, f"{answer.asked}: {answer.status}")
                server.see(answer.json() == rows[0], f"{one}: another entity than in its set")
                _walk(server, one, target, depth + 1)
        else:
            whole(server, target, found.json(), below)
            _walk(server, below, target, depth + 1)


def _refs(server: Server, path: str, relation: str) -> None:
    found = server.ok(f"{path}/$ref")
    rows = found["value"] if is_many(relation) else [found]
    for row in rows[:3]:
        server.see(list(row) == ["@iot.selfLink"], f"{path}/$ref: an entry with {list(row)}")


@check("core")
def a_path_holds_only_what_hangs_together(server: Server) -> None:
    """An entity that exists but does not hang on the one before it in the path is not there."""
    things = server.ok("Things")["value"]
    if len(things) < 2:
        raise NotTried("needs two things")
    one, other = things[:2]
    for row in server.ok(f"Things({other['@iot.id']})/Datastreams")["value"]:
        path = f"Things({one['@iot.id']})/Datastreams({row['@iot.id']})"
        for more in ("", "/Observations", "/name", "/Sensor", "/$ref"):
            found = server.get(path + more)
            server.see(found.status == 404, f"{found.asked}: {found.status}, not 404")
