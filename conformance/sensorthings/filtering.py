"""Level 3 of the official suite: what is asked of a set. Unlike there, a filter must find all it should, not only
nothing else: an empty answer passes nowhere."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from conformance.sensorthings.asking import NotTried, Row, Server, check, ids
from conformance.sensorthings.model import BY_NAME, KINDS, Kind, is_many
from conformance.sensorthings.scene import COUNTS

TOPS, SKIPS = (1, 2, 3, 4, 5, 12, 13), (1, 2, 3, 4, 12)
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "le": operator.le,
    "eq": operator.eq,
    "ne": operator.ne,
    "ge": operator.ge,
    "gt": operator.gt,
}
MORE = {"Observations": ("resultQuality", "validTime"), "Things": ("properties",)}


def must_be_built(server: Server) -> None:
    if not server.wipe:
        raise NotTried("needs --wipe: it counts what was made")


def sets(server: Server) -> Iterator[tuple[str, Kind, list[Row]]]:
    """Each set, and each set below an entity, with all its rows as they come without options."""
    for kind in KINDS.values():
        rows = server.rows(kind.set)
        yield kind.set, kind, rows
        for relation in kind.relations:
            if is_many(relation):
                path = f"{kind.set}({rows[0]['@iot.id']})/{relation}"
                yield path, KINDS[relation], server.rows(path)


@check("filter")
def top(server: Server) -> None:
    must_be_built(server)
    for path, _, rows in sets(server):
        for n in TOPS:
            found = server.ok(path, top=str(n))
            server.see(ids(found["value"]) == ids(rows)[:n], f"{path}?$top={n}: other rows than first")
            more = "@iot.nextLink" in found
            server.see(more == (len(rows) > n), f"{path}?$top={n}: nextLink {more} of {len(rows)} rows")
            if more and n == 1:
                nxt = server.ok(found["@iot.nextLink"])
                server.see(ids(nxt["value"]) == ids(rows)[1:2], f"{path}: its nextLink leads elsewhere")
        found = server.ok(path, top="0")
        server.see(found["value"] == [], f"{path}?$top=0: {len(found['value'])} rows")


@check("filter")
def skip(server: Server) -> None:
    must_be_built(server)
    for path, _, rows in sets(server):
        for n in SKIPS:
            found = server.ok(path, skip=str(n))
            server.see(ids(found["value"]) == ids(rows)[n:], f"{path}?$skip={n}: {len(found['value'])} rows")
            server.see("@iot.nextLink" not in found, f"{path}?$skip={n}: a nextLink")


@check("filter")
def count(server: Server) -> None:
    must_be_built(server)
    for path, kind, rows in sets(server):
        found = server.ok(path, count="true")
        server.see(
            found.get("@iot.count") == len(rows), f"{path}: count {found.get('@iot.count')}, not {len(rows)}"
        )
        if path == kind.set:
            server.see(len(rows) == COUNTS[path], f"{path}: {len(rows)}, not {COUNTS[path]}")
        server.see(
            server.ok(path, count="true", top="1").get("@iot.count") == len(rows), f"{path}: count of a page"
        )
        server.see("@iot.count" not in server.ok(path, count="false"), f"{path}?$count=false: counted")
        server.see("@iot.count" not in server.ok(path), f"{path}: counted without being asked")


@check("filter")
def select(server: Server) -> None:
    must_be_built(server)
    for path, kind, rows in sets(server):
        names = ("id", *kind.properties)
        for chosen in (*((name,) for name in names), *(names[:n] for n in range(2, len(names) + 1))):
            found = server.ok(path, select=",".join(chosen))["value"]
            for row, whole in zip(found, rows, strict=True):
                wanted = {name: whole[name] for name in chosen if name != "id"}
                said = {name: value for name, value in row.items() if not name.startswith("@iot.")}
                server.see(said == wanted, f"{path}?$select={','.join(chosen)}: {list(said)}")
        relation = kind.relations[0]
        row = server.ok(path, select=f"{kind.properties[0]},{relation}")["value"][0]
        links = [name for name in row if name.endswith("@iot.navigationLink")]
        server.see(links == [f"{relation}@iot.navigationLink"], f"{path}?$select={relation}: {links}")
        one = (
            server.ok(f"{kind.set}({rows[0]['@iot.id']})", select=kind.properties[0])
            if path == kind.set
            else {}
        )
        if one:
            said = [name for name in one if not name.startswith("@iot.")]
            server.see(said == [kind.properties[0]], f"{kind.set}(id)?$select: {said}")


# ── Order ──────────────────────────────────────────────────────────────────────────────────────────────────


def plain(kind: Kind, name: str, row: Row) -> Any:
    """A value as it is compared: a time as an instant."""
    value = row.get(name)
    if value is None or name not in (*kind.times, "validTime"):
        return value
    return tuple(datetime.fromisoformat(part.replace("Z", "+00:00")) for part in value.split("/"))


@check("filter")
def orderby(server: Server) -> None:
    must_be_built(server)
    for path, kind, rows in sets(server):
        names = [name for name in kind.properties if name != "unitOfMeasurement"]
        for name in names:
            for word in ("", " asc", " desc"):
                found = server.ok(path, orderby=name + word)["value"]
                server.see(
                    sorted(ids(found)) == sorted(ids(rows)), f"{path}?$orderby={name}{word}: rows are lost"
                )
                if name in kind.json:
                    continue
                values = [plain(kind, name, row) for row in found]
                wanted = sorted(values, reverse=word == " desc")
                server.see(values == wanted, f"{path}?$orderby={name}{word}: {values}")
        for n in range(2, len(names) + 1):
            for word in ("", " asc", " desc"):
                found = server.ok(path, orderby=",".join(name + word for name in names[:n]))["value"]
                server.see(
                    sorted(ids(found)) == sorted(ids(rows)), f"{path}: rows are lost in a growing order"
                )
                if names[0] not in kind.json:
                    values = [plain(kind, names[0], row) for row in found]
                    server.see(values == sorted(values, reverse=word == " desc"), f"{path}: a growing order")
    found = server.ok("Observations", orderby="Datastream/name desc,result asc", expand="Datastream")["value"]
    said = [(row["Datastream"]["name"], row["result"]) for row in found]
    wanted = sorted(sorted(said, key=lambda one: one[1]), key=lambda one: one[0], reverse=True)
    server.see(said == wanted, "Observations?$orderby=Datastream/name: not in order")


# ── Filter ─────────────────────────────────────────────────────────────────────────────────────────────────


def literal(kind: Kind, name: str, value: Any) -> str:
    if name in kind.times:
        return str(value).split("/")[0]
    return str(value) if isinstance(value, int | float) else "'" + str(value).replace("'", "''") + "'"


@check("filter")
def filters_compare_every_property(server: Server) -> None:
    must_be_built(server)
    for path, kind, rows in sets(server):
        for name in kind.properties:
            if name in kind.json:
                continue
            middle = sorted(rows, key=lambda row: plain(kind, name, row))[len(rows) // 2]
            for word, compare in COMPARED.items():
                said = f"{name} {word} {literal(kind, name, middle[name])}"
                wanted = [
                    row["@iot.id"]
                    for row in rows
                    if compare(plain(kind, name, row), plain(kind, name, middle))
                ]
                found = ids(server.ok(path, filter=said)["value"])
                server.see(found == wanted, f"{path}?$filter={said}: {len(found)} rows, not {len(wanted)}")
        middle = rows[len(rows) // 2]["@iot.id"]
        for name in ("id", "@iot.id"):
            found = ids(server.ok(path, filter=f"{name} eq {middle}")["value"])
            server.see(found == [middle], f"{path}?$filter={name} eq {middle}: {found}")


@check("filter")
def results_are_compared_by_the_type_asked(server: Server) -> None:
    """A number with a number; with a text as a text: '10' comes before '3'."""
    must_be_built(server)
    for said, wanted in (
        ("result gt 3", range(4, 13)),
        ("result gt '3'", range(4, 10)),
        ("result eq '12'", [12]),
        ("result eq 12.0", [12]),
        ("result lt '2'", [1, 10, 11, 12]),
    ):
        found = sorted(row["result"] for row in server.ok("Observations", filter=said)["value"])
        server.see(found == list(wanted), f"$filter={said}: {found}")


@check("filter")
def order_of_the_options(server: Server) -> None:
    must_be_built(server)
    asked = {
        "count": "true",
        "top": "1",
        "skip": "2",
        "orderby": "phenomenonTime asc",
        "filter": "result gt '3'",
    }
    found = server.ok("Observations", **asked)
    server.see(
        found.get("@iot.count") == 6, f"count {found.get('@iot.count')}, not 6: the filter comes first"
    )
    server.see(
        [row["result"] for row in found["value"]] == [6],
        f"{[row['result'] for row in found['value']]}, not 6",
    )
    asked["expand"], asked["select"] = "Datastream", "result"
    row = server.ok("Observations", **asked)["value"][0]
    server.see({"result", "Datastream"} <= set(row), f"select and expand together: {list(row)}")


# ── Expand ─────────────────────────────────────────────────────────────────────────────────────────────────


@check("filter")
def expand(server: Server) -> None:
    must_be_built(server)
    for path, kind, rows in sets(server):
        for relation in kind.relations:
            _expanded(server, path, kind, rows, [relation])
        for n in range(2, len(kind.relations) + 1):
            _expanded(server, path, kind, rows, list(kind.relations[:n]))
        one = f"{kind.set}({rows[0]['@iot.id']})"
        found = server.ok(one, expand=",".join(kind.relations))
        for relation in kind.relations:
            _right(server, found, kind, [relation], f"{one}?$expand")


@check("filter")
def expand_to_two_levels(server: Server) -> None:
    must_be_built(server)
    for path, kind, rows in sets(server):
        pairs = [f"{one}/{other}" for one in kind.relations for other in BY_NAME[one].relations]
        for pair in pairs:
            _expanded(server, path, kind, rows, [pair])
        _expanded(server, path, kind, rows, pairs)


def _expanded(server: Server, path: str, kind: Kind, rows: list[Row], asked: list[str]) -> None:
    said = ",".join(asked)
    found = server.ok(path, expand=said)["value"]
    if not server.see(ids(found) == ids(rows), f"{path}?$expand={said}: other rows"):
        return
    for row in found[:2]:
        for one in asked:
            _right(server, row, kind, one.split("/"), f"{path}?$expand={said}")


def _right(server: Server, row: Row, kind: Kind, way: list[str], where: str) -> None:
    """What was put in is what the path leads to."""
    relation, below = way[0], BY_NAME[way[0]]
    inside = row.get(relation)
    wanted = _reached(server, f"{kind.set}({row['@iot.id']})/{relation}")
    if is_many(relation):
        if not server.see(isinstance(inside, list) and inside, f"{where}: no list of {relation}"):
            return
        server.see(ids(inside)[: len(wanted)] == wanted, f"{where}: {relation} {ids(inside)}, not {wanted}")
        for one in inside[:2]:
            for name in below.properties:
                server.see(name in one, f"{where}: {relation} without {name}")
        inside = inside[0]
    else:
        if not server.see(isinstance(inside, dict), f"{where}: no {relation}"):
            return
        server.see([inside["@iot.id"]] == wanted, f"{where}: another {relation}")
        for name in below.properties:
            server.see(name in inside, f"{where}: {relation} without {name}")
    if way[1:]:
        _right(server, inside, below, way[1:], where)


def _reached(server: Server, path: str) -> list[int]:
    kept = server.kept.setdefault("reached", {})
    key = (json.dumps(server.kept["scene"].ids), path)
    if key not in kept:
        found = server.ok(path)
        kept[key] = ids(found["value"]) if "value" in found else [found["@iot.id"]]
    return kept[key]


@check("filter")
def expand_takes_options_of_its_own(server: Server) -> None:
    must_be_built(server)
    said = "Observations($top=1;$orderby=result desc;$select=result)"
    for row in server.ok("Datastreams", expand=said)["value"]:
        wanted = max(one["result"] for one in server.rows(f"Datastreams({row['@iot.id']})/Observations"))
        inside = [one.get("result") for one in row["Observations"]]
        server.see(inside == [wanted], f"$expand={said}: {inside}, not [{wanted}]")
        server.see("phenomenonTime" not in row["Observations"][0], f"$expand={said}: more than selected")
    said = "Datastreams($expand=Observations($filter=result gt 6;$count=true);$count=true)"
    seen = []
    for row in server.ok("Things", expand=said)["value"]:
        server.see(row.get("Datastreams@iot.count") == 2, f"$expand={said}: no count of Datastreams")
        for stream in row["Datastreams"]:
            seen += [one["result"] for one in stream["Observations"]]
            server.see(
                stream.get("Observations@iot.count") == len(stream["Observations"]),
                f"$expand={said}: counts differ",
            )
    server.see(sorted(seen) == list(range(7, 13)), f"$expand={said}: {seen}")
    said = "Observations($top=2;$orderby=phenomenonTime asc)"
    for row in server.ok("Datastreams", expand=said)["value"]:
        link = row.get("Observations@iot.nextLink")
        if server.see(link, f"$expand={said}: two of three rows and no nextLink"):
            more = [one["result"] for one in server.ok(link)["value"]]
            inside = [one["result"] for one in row["Observations"]]
            server.see(more == [inside[-1] + 1], f"$expand={said}: its nextLink leads to {more}")


@check("filter")
def filters_go_over_relations(server: Server) -> None:
    must_be_built(server)
    stream = next(row for row in server.rows("Datastreams") if row["name"] == "datastream 2")
    said = f"Datastream/id eq {stream['@iot.id']}"
    found = sorted(row["result"] for row in server.ok("Observations", filter=said)["value"])
    server.see(found == [4, 5, 6], f"$filter={said}: {found}")
    said = "Datastream/Thing/name eq 'thing 2' and result lt 9"
    found = sorted(row["result"] for row in server.ok("Observations", filter=said)["value"])
    server.see(found == [7, 8], f"$filter={said}: {found}")
    said = "Datastreams/Observations/result gt 11"
    found = [row["name"] for row in server.ok("Things", filter=said)["value"]]
    server.see(found == ["thing 2"], f"$filter={said}: {found}")
    said = "properties/number eq 2"
    found = [row["name"] for row in server.ok("Things", filter=said)["value"]]
    server.see(found == ["thing 2"], f"$filter={said}: {found}")
    said = "unitOfMeasurement/symbol eq 'u3'"
    found = [row["name"] for row in server.ok("Datastreams", filter=said)["value"]]
    server.see(found == ["datastream 3"], f"$filter={said}: {found}")


@check("filter")
def what_cannot_be_asked_is_400(server: Server) -> None:
    for query in (
        {"top": "-1"}, {"top": "x"}, {"skip": "-1"}, {"filter": "result gt"}, {"filter": "nothing eq 1"},
        {"filter": "(((result eq 1)"}, {"filter": "result eq 'x"}, {"orderby": "nothing"}, {"expand": "Nothing"},
        {"select": "nothing"}, {"count": "perhaps"}, {"filter": "unknown(result) eq 1"}, {"nothing": "1"},
        {"expand": "Datastream($nothing=1)"}, {"filter": "phenomenonTime gt 2015-99-99T00:00:00Z"},
    ):  # fmt: skip
        found = server.get("Observations", **query)
        server.see(found.status == 400, f"{found.asked}: {found.status}, not 400")
