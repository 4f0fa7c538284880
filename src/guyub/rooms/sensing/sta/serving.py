"""One request answered: which of the ways to ask it is, for HTTP and for each part of a batch alike."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db import IntegrityError, transaction
from django.utils import timezone

from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.people.api import Client
from guyub.rooms.sensing.sta import arrays, buckets, tables
from guyub.rooms.sensing.sta.asking import Asked, Segment, read_options, read_path
from guyub.rooms.sensing.sta.entities import ENTITIES, Kind
from guyub.rooms.sensing.sta.phrasing import Viewer
from guyub.rooms.sensing.sta.plans import Tree, stamp
from guyub.rooms.sensing.sta.reading import Limits, Place, Reader
from guyub.rooms.sensing.sta.refusing import NotServed, wrong
from guyub.rooms.sensing.sta.writing import Writer

READS, WRITES = ("GET", "HEAD"), ("POST", "PATCH", "PUT", "DELETE")
CREATE = "CreateObservations"
_CORE = "http://www.opengis.net/spec/iot_sensing/1.1/req/"
CONFORMS = [
    *(_CORE + name for name in (
        "datamodel", "resource-path/resource-path-to-entities", "request-data", "create-update-delete/create-entity",
        "create-update-delete/link-to-existing-entities", "create-update-delete/deep-insert",
        "create-update-delete/deep-insert-status-code", "create-update-delete/update-entity",
        "create-update-delete/delete-entity", "create-update-delete/historical-location-auto-creation",
        "create-observations-via-data-array", "data-array/data-array", "batch-request/batch-request",
    )),
    "http://docs.oasis-open.org/odata/odata-json-format/v4.01/odata-json-format-v4.01.html#sec_BatchRequestsandResponses",
]  # fmt: skip


class Answered(NamedTuple):
    """What is sent back. `tree` is None for an answer without a body; a text is sent as it is."""

    status: int
    tree: Any = None
    location: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """The API for one asker at one moment."""

    root: str
    client: Client | None
    at: datetime

    # ── Reading ────────────────────────────────────────────────────────────────────────────────────────────

    def read(self, path: str, pairs: Iterable[tuple[str, str]]) -> Answered:
        """Raises `NotServed`."""
        with tables.words_of_the_database():
            path = path.strip("/")
            if not path:
                return Answered(200, self.listing())
            if path in buckets.CALLS:
                return Answered(200, buckets.CALLS[path](self.reader(), dict(pairs), self.at))
            segments = read_path(path)
            asked = read_options(pairs)
            reader = self.reader()
            heavy = reader.is_heavy(asked)
            with tables.at_most(reader.limits.seconds) if heavy else nullcontext():
                return self._read(reader, path, segments, asked)

    def _read(self, reader: Reader, path: str, segments: tuple[Segment, ...], asked: Asked) -> Answered:
        place, words = reader.follow(segments)
        if words == ["$ref"]:
            return Answered(200, self._refs(reader, place, asked, path))
        if words:
            return self._property(reader, place, words, asked)
        if place.key is not None:
            return Answered(200, reader.entity(place, asked))
        if asked.result_format:
            return Answered(200, arrays.as_arrays(reader, place, asked, path=path))
        return Answered(200, reader.page(place, asked, path=path))

    @staticmethod
    def _refs(reader: Reader, place: Place, asked: Asked, path: str) -> Tree:
        if asked.select or asked.expand or asked.result_format:
            raise wrong("$ref: only $filter, $orderby, $top, $skip and $count.")
        only_links = replace(asked, select=("@iot.selfLink",))
        if place.key is not None:
            return reader.entity(place, only_links)
        return reader.page(place, only_links, path=path)

    @staticmethod
    def _property(reader: Reader, place: Place, words: list[str], asked: Asked) -> Answered:
        """`/result`, `/result/$value`, and on into JSON: `/properties/depth`."""
        if asked.said:
            raise wrong("Of a property nothing can be asked.")
        name, *below = words
        is_raw = bool(below) and below[-1] == "$value"
        below = below[:-1] if is_raw else below
        if place.key is None or name not in place.entity.properties:
            raise NotServed(404, f"{place.entity.one} has no {name[:60]}.")
        tree = reader.entity(place, Asked(select=(name,)))
        value = orjson.loads(orjson.dumps(tree, option=orjson.OPT_UTC_Z)).get(name)
        if below and place.entity.properties[name].kind not in (Kind.JSON, Kind.RESULT):
            raise NotServed(404, f"{name} has nothing below it.")
        for step in below:
            if not isinstance(value, dict) or step not in value:
                raise NotServed(404, f"There is no {step[:60]} in it.")
            name, value = step, value[step]
        if value is None:
            return Answered(204)
        if is_raw:
            return Answered(200, value if isinstance(value, str) else orjson.dumps(value).decode())
        return Answered(200, {name: value})

    def listing(self) -> Tree:
        """The root: the sets, and what of the standard is served."""
        return {
            "serverSettings": {
                "conformance": CONFORMS,
                f"{_CORE}batch-request/batch-request": {"endpoints": [f"{self.root}/$batch"]},
                f"{_CORE}create-observations-via-data-array": {"endpoints": [f"{self.root}/{CREATE}"]},
                "guyub": {"endpoints": [f"{self.root}/{path}" for path in buckets.CALLS]},
            },
            "value": [{"name": name, "url": f"{self.root}/{name}"} for name in ENTITIES],
        }

    def reader(self) -> Reader:
        return Reader(self.root, Viewer(self.client.office if self.client else None), self.limits())

    # ── Writing ────────────────────────────────────────────────────────────────────────────────────────────

    def write(self, method: str, path: str, body: Any, *, merge: bool = False) -> Answered:
        """All of it or nothing. Raises `NotServed`."""
        if self.client is None:
            raise NotServed(401, "A key is needed.")
        try:
            with tables.words_of_the_database(), transaction.atomic():
                return self._write(self.client, method, path.strip("/"), body, merge=merge)
        except IntegrityError:
            raise NotServed(409, "It does not fit what is there.") from None

    def _write(self, client: Client, method: str, path: str, body: Any, *, merge: bool) -> Answered:
        limits = self._rule("writing")
        writer = Writer(client, self.at, limits["entities"], limits["removed_values"])
        if path == CREATE:
            if method != "POST":
                raise NotServed(405, "Only POST.")
            return Answered(*arrays.create(writer, body, most=limits["rows"], root=self.root))
        segments = read_path(path)
        if method == "POST":
            return self._create(writer, segments, body)
        place, words = self.reader().follow(segments)
        if words:
            raise NotServed(
                405, "Only a whole entity can be changed or removed; name its properties in the body."
            )
        if place.key is None:
            raise NotServed(405, "A whole set cannot be changed or removed.")
        if method in ("PATCH", "PUT"):
            writer.change(place.entity, place.key, body, merge=merge, whole=method == "PUT")
            return Answered(200, self.reader().entity(place, Asked()))
        writer.remove(place.entity, place.key)
        return Answered(200)

    def _create(self, writer: Writer, segments: tuple[Segment, ...], body: Any) -> Answered:
        place, given = self._target(segments)
        key = writer.create(place.entity, body, given)
        link = f"{self.root}/{place.entity.set}({key})"
        if (
            place.entity.set == "Observations"
        ):  # said without being read again: this is where most requests come
            return Answered(201, echo(body, key, link, self.at), link)
        return Answered(201, self.reader().entity(Place(place.entity, key), Asked()), link)

    def _target(self, segments: tuple[Segment, ...]) -> tuple[Place, dict[str, int]]:
        """The set in which something is to be made, and what the path says of it."""
        hot = (
            len(segments) == 2 and segments[0].name == "Datastreams" and segments[1] == ("Observations", None)
        )
        if (
            hot and segments[0].key is not None
        ):  # whether it is there is asked with whether this program may send
            return Place(ENTITIES["Observations"]), {"Datastream": segments[0].key}
        place, words = self.reader().follow(segments)
        if words or place.key is not None:
            raise NotServed(405, "POST is for sets.")
        if place.holder is None or place.parent is None:
            return place, {}
        back = next(one for one in place.entity.relations.values() if one.target == place.holder.set)
        return place, {back.name: place.parent}

    # ── The city's numbers ─────────────────────────────────────────────────────────────────────────────────

    def limits(self) -> Limits:
        return Limits(**self._rule("reading"))

    def _rule(self, name: str) -> dict[str, Any]:
        found = rulebook.rule(f"sensing_api.{name}", on=timezone.localdate(self.at)).value
        return dict(found)


_ECHOED = ("phenomenonTime", "result", "validTime", "resultQuality", "parameters")


def echo(body: Tree, key: int, link: str, at: datetime) -> Tree:
    """A value that was stored, as it was said."""
    found: Tree = {"@iot.id": key, "@iot.selfLink": link, "phenomenonTime": stamp(at)}
    found.update((name, body[name]) for name in _ECHOED if name in body)
    return {**found, "resultTime": body.get("resultTime")}
