"""Many values at once: read as arrays by datastream, and sent so, with an answer for each row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from guyub.rooms.sensing.ingesting import Outcome, ingest
from guyub.rooms.sensing.rules import Row, State
from guyub.rooms.sensing.sta.asking import Asked
from guyub.rooms.sensing.sta.describing import OBSERVATION, reference_of, row_of
from guyub.rooms.sensing.sta.plans import Tree
from guyub.rooms.sensing.sta.reading import Place, Reader
from guyub.rooms.sensing.sta.refusing import NotServed, wrong
from guyub.rooms.sensing.sta.writing import Writer

COMPONENTS = ("id", "phenomenonTime", "result", "resultTime", "resultQuality", "validTime", "parameters")
FEATURE = "FeatureOfInterest/id"


# ── Read ───────────────────────────────────────────────────────────────────────────────────────────────────


def as_arrays(reader: Reader, place: Place, asked: Asked, *, path: str) -> Tree:
    """A page of values, each datastream's together in the order asked."""
    if place.entity.set != "Observations":
        raise wrong("$resultFormat=dataArray: for Observations only.")
    if asked.expand:
        raise wrong("$resultFormat=dataArray: nothing can be expanded in it.")
    known = tuple("id" if name == "@iot.id" else name for name in asked.select)
    components = known or COMPONENTS
    if lost := [name for name in components if name not in COMPONENTS]:
        raise wrong(f"$select: {lost[0]} is no component of a dataArray.")
    tree, rows = reader.values(place, replace(asked, select=components), path=path)
    by_stream: dict[int, list[list[Any]]] = {}
    for stream, row in rows:
        row["id"] = row.pop("@iot.id", None)
        by_stream.setdefault(stream, []).append([row.get(name) for name in components])
    tree["value"] = [
        {
            "Datastream@iot.navigationLink": f"{reader.root}/Datastreams({stream})",
            "components": components,
            "dataArray@iot.count": len(those),
            "dataArray": those,
        }
        for stream, those in by_stream.items()
    ]
    return tree


# ── Send ───────────────────────────────────────────────────────────────────────────────────────────────────


class Sent(NamedTuple):
    """A row of what was sent: the value, or why it is none."""

    row: Row | None
    refusal: str = ""


def create(writer: Writer, body: Any, *, most: int, root: str) -> tuple[int, list[Any]]:
    """Store the rows; the status and an answer for each row, in their order.

    201 only if all were stored. A row that was there already, or is refused, has an object that says so with its
    code; the others are stored all the same (207), or none was (400).
    """
    sent = list(_rows(writer, body, most=most, at=writer.at))
    good = [n for n, one in enumerate(sent) if one.row is not None]
    outcomes = ingest((one.row for one in sent if one.row is not None), at=writer.at)
    told: list[Any] = [one.row is None and _error("unreadable", one.refusal) for one in sent]
    base, stored, is_any = f"{root}/Observations(", 0, False
    for n, outcome in zip(good, outcomes, strict=True):
        if outcome.state is State.STORED:
            told[n] = f"{base}{outcome.id})"
            stored += 1
        else:
            told[n] = _told(outcome, base)
            is_any = is_any or outcome.state is State.THERE
    return 201 if stored == len(sent) else 207 if stored or is_any else 400, told


def _told(outcome: Outcome, base: str) -> Tree:
    if outcome.state is State.THERE:
        there = _error("there", "A value of this datastream and time is there already, and stays.")
        return {**there, "@iot.selfLink": f"{base}{outcome.id})"}
    return _error(outcome.code, outcome.reason)


def _error(code: str, words: str) -> Tree:
    return {"error": {"code": code, "message": words}}


def _rows(writer: Writer, body: Any, *, most: int, at: datetime) -> Iterator[Sent]:
    if not isinstance(body, list) or not all(isinstance(one, dict) for one in body):
        raise wrong("CreateObservations: a list of objects with Datastream, components and dataArray.")
    groups = [(_stream_of(one), _components_of(one), _array_of(one)) for one in body]
    total = sum(len(rows) for _, _, rows in groups)
    if not total:
        raise wrong("CreateObservations: no row in it.")
    if total > most:
        raise NotServed(413, f"CreateObservations: at most {most} rows at once; these are {total}.")
    may = writer.may_send(sorted({stream for stream, _, _ in groups if stream}))
    features = _features(writer, groups)
    for stream, components, rows in groups:
        where = f"Datastream {stream} is not there, or not this program's." if stream not in may else ""
        if where:
            yield from (Sent(None, where) for _ in rows)
        elif set(components) == {"phenomenonTime", "result"}:
            yield from _plain(stream, components, rows, at)
        else:
            yield from (_read(stream, components, row, features, at) for row in rows)


def _plain(stream: int, components: list[str], rows: list[Any], at: datetime) -> Iterator[Sent]:
    """Rows of a time and a result alone, which are nearly all: read without looking for what cannot be there."""
    when, what = components.index("phenomenonTime"), components.index("result")
    read = datetime.fromisoformat
    for row in rows:
        try:
            first, second = row
            said = first if when == 0 else second
            time = read(said)
            if time.tzinfo is None or type(row) is not list:
                raise ValueError
            yield Sent(Row(stream, time, second if what else first))
        except (ValueError, TypeError):  # an interval, a null, nonsense: the careful way says which
            yield _read(stream, components, row, set(), at)


def _read(stream: int, components: list[str], row: Any, features: set[int], at: datetime) -> Sent:
    if not isinstance(row, list) or len(row) != len(components):
        return Sent(None, f"A row has {len(components)} values, as its components.")
    said = dict(zip(components, row, strict=True))
    foi = said.pop(FEATURE, None)
    if foi is not None and foi not in features:
        return Sent(None, f"FeatureOfInterest {foi} is not there, or not your office's."[:200])
    try:
        return Sent(row_of(stream, said, foi=foi, at=at))
    except NotServed as problem:
        return Sent(None, problem.words)


def _stream_of(group: Tree) -> int:
    key = reference_of(group.get("Datastream"))
    if key is None:
        raise wrong("CreateObservations: Datastream is a reference such as {'@iot.id': 5}.")
    return key


def _components_of(group: Tree) -> list[str]:
    names = group.get("components")
    known = OBSERVATION | {FEATURE}
    if not isinstance(names, list) or not all(isinstance(one, str) and one in known for one in names):
        raise wrong(f"CreateObservations: components are some of {', '.join(sorted(known))}.")
    if len(set(names)) != len(names) or "result" not in names:
        raise wrong("CreateObservations: each component once, and result among them.")
    return names


def _array_of(group: Tree) -> list[Any]:
    rows = group.get("dataArray")
    if not isinstance(rows, list):
        raise wrong("CreateObservations: dataArray is a list of rows.")
    return rows


def _features(writer: Writer, groups: list[tuple[int, list[str], list[Any]]]) -> set[int]:
    """Those of the features that rows name which this program may name. One query, if any is named."""
    wanted = set()
    for _, components, rows in groups:
        if FEATURE in components:
            at = components.index(FEATURE)
            wanted |= {row[at] for row in rows if isinstance(row, list) and len(row) > at and type(row[at]) is int and 0 < row[at] < 2**63}  # fmt: skip
    return writer.known_features(wanted) if wanted else set()
