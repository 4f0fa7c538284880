"""Create, change and remove entities as the standard has it: all of a request or nothing of it.

An office's program writes what is its office's. It may lean on what everyone sees or what is the platform's own (a
sensor's model, an observed property), and may change only its own. Every change is a fact in the ledger, by ids;
values are no facts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import Model, Q

from guyub.events.sensing import EntityAdded, EntityChanged, EntityRemoved
from guyub.kernel.compiled import prepared_cursor
from guyub.kernel.ledger import api as ledger
from guyub.rooms.people.api import Client
from guyub.rooms.sensing import observations
from guyub.rooms.sensing.ingesting import Outcome, ingest
from guyub.rooms.sensing.models import (
    Datastream,
    FeatureOfInterest,
    HistoricalLocation,
    Latest,
    Location,
    ObservedProperty,
    Sensor,
    Thing,
)
from guyub.rooms.sensing.placing import place_thing, relocated
from guyub.rooms.sensing.rules import Row, State
from guyub.rooms.sensing.sta.describing import (
    OBSERVATION,
    OWN,
    WORDS,
    Body,
    body_of,
    check_words,
    columns_of,
    reference_of,
    row_of,
    span_of,
)
from guyub.rooms.sensing.sta.entities import BY_ONE, ENTITIES, Entity, Relation
from guyub.rooms.sensing.sta.kinds import MAKERS, REMOVERS, STREAMS_OF
from guyub.rooms.sensing.sta.refusing import NotServed, wrong

MODELS: dict[str, type[Model]] = {
    "Things": Thing,
    "Locations": Location,
    "HistoricalLocations": HistoricalLocation,
    "Datastreams": Datastream,
    "Sensors": Sensor,
    "ObservedProperties": ObservedProperty,
    "FeaturesOfInterest": FeatureOfInterest,
}
_WORD = {"Things": "thing", "Locations": "location", "HistoricalLocations": "historical_location",
         "Datastreams": "datastream", "Sensors": "sensor", "ObservedProperties": "observed_property",
         "FeaturesOfInterest": "feature"}  # fmt: skip
DEEPEST = 6
# Who looks on a shared thing: what is everyone's to see, or the platform's own.
_SHARED = ("Sensors", "ObservedProperties")


@dataclass(slots=True)
class Writer:
    """A program while it writes, in a transaction of the caller's. `most` is how many entities one request may make."""

    client: Client
    at: datetime
    most: int
    removed_most: int
    made: int = field(default=0)

    # ── Create ─────────────────────────────────────────────────────────────────────────────────────────────

    def create(self, entity: Entity, body: Any, given: dict[str, int] | None = None) -> int:
        """Make an entity with everything inside it; returns its id. `given` are relations that the path says.

        Raises `NotServed`: 400, 403, 404, 409; nothing is left behind then.
        """
        with transaction.atomic(savepoint=False):
            return self._create(entity, body_of(body), given or {}, deep=0)

    def _create(self, entity: Entity, body: Body, given: dict[str, int], *, deep: int) -> int:
        self.made += 1
        if deep > DEEPEST or self.made > self.most:
            raise wrong(f"Too much inside: at most {DEEPEST} levels and {self.most} entities.")
        if entity.set == "Observations":
            return self._observe(body, given, deep=deep)
        office = self._office()
        known = frozenset([*WORDS[entity.set], *OWN.get(entity.set, {}), *entity.relations])
        check_words(entity.set, body, known)
        columns = columns_of(entity.set, body, is_new=True)
        made = MAKERS[entity.set](self, body, columns, given, office, deep)
        self._record(EntityAdded, entity.set, made.pk)
        return int(made.pk)

    def _office(self) -> int:
        if self.client.office is None:
            raise NotServed(403, "Only a program of an office may describe things; this key may send values.")
        return self.client.office

    def _record(self, fact: type[EntityAdded | EntityChanged | EntityRemoved], kind: str, key: int) -> None:
        ledger.record(
            fact(kind=kind, entity=key, client=self.client.id),
            subject=f"sensing.{_WORD[kind]}:{key}",
            at=self.at,
            on_behalf_of=self.client.office,
        )

    # ── What belongs to what ───────────────────────────────────────────────────────────────────────────────

    def one(self, relation: str, body: Body, given: dict[str, int], *, deep: int) -> int:
        """The id of what an entity belongs to: said by the path, by reference, or made with it."""
        entity = BY_ONE[relation]
        if relation in given:
            return self.leaned(entity, given[relation])
        if relation not in body:
            raise wrong(f"{relation} is missing.")
        return self.leaned_or_made(entity, body[relation], deep=deep)

    def leaned_or_made(self, entity: Entity, said: Any, *, deep: int) -> int:
        key = reference_of(said)
        if key is not None:
            return self.leaned(entity, key)
        return self._create(entity, body_of(said), {}, deep=deep + 1)

    def leaned(self, entity: Entity, key: int) -> int:
        """May this program hang something on it? On things and places of its own office; models are shared."""
        rows = MODELS[entity.set]._default_manager.filter(pk=key)
        mine = (
            Q(thing__owner=self.client.office)
            if entity.set == "HistoricalLocations"
            else Q(owner=self.client.office)
        )
        if rows.filter(mine).exists():
            return key
        if entity.set in _SHARED and rows.filter(Q(owner=None) | Q(datastreams__is_public=True)).exists():
            return key
        raise wrong(f"{entity.one} {key} is not there, or not your office's.")

    def many(self, name: str, body: Body) -> list[Any]:
        said = body.get(name)
        if said is None:
            return []
        if not isinstance(said, list):
            raise wrong(f"{name}: a list.")
        return said

    def below(self, name: str, body: Body, given: dict[str, int], *, deep: int) -> None:
        """Entities inside another, which belong to it."""
        for one in self.many(name, body):
            self._create(ENTITIES[name], body_of(one), given, deep=deep + 1)

    # ── Observations ───────────────────────────────────────────────────────────────────────────────────────

    def _observe(self, body: Body, given: dict[str, int], *, deep: int) -> int:
        check_words("Observations", body, OBSERVATION | {"Datastream", "FeatureOfInterest"})
        if "Datastream" in given and given.get("new"):
            stream = given["Datastream"]
        else:
            stream = self._stream(body, given, deep=deep)
        foi = self._feature(body, given, deep=deep)
        (outcome,) = ingest([row_of(stream, body, foi=foi, at=self.at)], at=self.at)
        return stored(outcome)

    def _stream(self, body: Body, given: dict[str, int], *, deep: int) -> int:
        if "Datastream" in given:
            key: int | None = given["Datastream"]
        elif "Datastream" not in body:
            raise wrong("Observations: Datastream is missing.")
        else:
            key = reference_of(body["Datastream"])
        if key is None:
            return self._create(ENTITIES["Datastreams"], body_of(body["Datastream"]), {}, deep=deep + 1)
        if key not in self.may_send([key]):
            raise wrong(f"Datastream {key} is not there, or not this program's.")
        return key

    def _feature(self, body: Body, given: dict[str, int], *, deep: int) -> int | None:
        if "FeatureOfInterest" in given:
            return self.features([given["FeatureOfInterest"]])[0]
        said = body.get("FeatureOfInterest")
        if said is None:
            return None
        key = reference_of(said)
        if key is None:
            return self._create(ENTITIES["FeaturesOfInterest"], body_of(said), {}, deep=deep + 1)
        return self.features([key])[0]

    def may_send(self, streams: Sequence[int]) -> set[int]:
        """Those of the datastreams to which this program may send: of its office, or let in at the desk."""
        with prepared_cursor(connection) as cursor:
            cursor.execute(
                "SELECT d.id FROM sensing_datastream d WHERE d.id = ANY(%s) AND (d.owner_id = %s OR EXISTS "
                "(SELECT FROM sensing_writer w WHERE w.client_id = %s AND (w.thing_id IS NULL OR w.thing_id = d.thing_id)))",
                [list(streams), self.client.office or 0, self.client.id],
            )
            return {key for (key,) in cursor.fetchall()}

    def features(self, keys: Sequence[int]) -> list[int]:
        """Features that this program may name: its office's, or those made of places. Raises `NotServed`."""
        found = self.known_features(set(keys))
        if lost := [key for key in keys if key not in found]:
            raise wrong(f"FeatureOfInterest {lost[0]} is not there, or not your office's.")
        return list(keys)

    def known_features(self, keys: set[int]) -> set[int]:
        rows = FeatureOfInterest.objects.filter(Q(owner=self.client.office) | Q(owner=None), pk__in=keys)
        return set(rows.values_list("pk", flat=True))

    # ── Change ─────────────────────────────────────────────────────────────────────────────────────────────

    def change(
        self, entity: Entity, key: int, body: Any, *, merge: bool = False, whole: bool = False
    ) -> None:
        """Change what is named and nothing else. `merge`: objects inside are merged, and null takes out (RFC 7396).
        `whole`: all that must be said is said, and what is not said of the rest is emptied; relations stay.

        Raises `NotServed`: 400 for entities inside, 403 for what is another's, 409 for a value's time that is taken.
        """
        with transaction.atomic(savepoint=False):
            if entity.set == "Observations":
                self._change_value(key, body_of(body), merge=merge, whole=whole)
                return
            row: Any = self._own(entity, key)
            said = body_of(body)
            known = frozenset([*WORDS[entity.set], *OWN.get(entity.set, {}), *entity.relations])
            check_words(entity.set, said, known)
            references = self._references(entity, said)
            if merge:
                said = _merged_words(entity, row, said)
            columns = columns_of(entity.set, said, is_new=whole)
            if whole:
                optional = [word.column for word in WORDS[entity.set].values() if not word.must]
                columns = {**dict.fromkeys(optional), **columns}
            for column, value in {**columns, **references}.items():
                setattr(row, column, value)
            if "thing_id" in references:
                row.feature = None
            if columns or references:
                row.save()
            if entity.set == "Locations" and "location" in columns:
                relocated(row)
            if "Locations" in said:
                self._replace(row, said["Locations"])
            self._record(EntityChanged, entity.set, key)

    def _own(self, entity: Entity, key: int) -> Any:
        """The row, locked. It was seen already: so whoever may not change it is told so."""
        rows = MODELS[entity.set]._default_manager.select_for_update(of=("self",))
        row: Any = rows.filter(pk=key).first()
        if row is None:
            raise NotServed(404, "There is nothing here.")
        owner = row.thing.owner_id if entity.set == "HistoricalLocations" else row.owner_id
        if owner is None or owner != self.client.office:
            raise NotServed(403, f"{entity.one} {key} is not your office's.")
        return row

    def _references(self, entity: Entity, said: Body) -> dict[str, int]:
        """Relations to one that a change names; to many only the places of a thing. By reference alone."""
        found = {}
        for name in said.keys() & entity.relations.keys():
            relation = entity.relations[name]
            if relation.is_many:
                self._only_places(entity, relation, said[name])
                continue
            key = reference_of(said[name])
            if key is None:
                raise wrong(f"{name}: only a reference such as {{'@iot.id': 5}}.")
            found[relation.column] = self.leaned(ENTITIES[relation.target], key)
        return found

    def _only_places(self, entity: Entity, relation: Relation, said: Any) -> None:
        is_reference = isinstance(said, list) and said and all(reference_of(one) is not None for one in said)
        if relation.target != "Locations" or not is_reference:
            raise wrong(f"{relation.name}: cannot be changed from here; make or change them by themselves.")

    def _replace(self, row: Thing | HistoricalLocation, said: list[Any]) -> None:
        places = self.places(said, deep=0)
        if isinstance(row, Thing):
            place_thing(row, places, at=self.at)
        else:
            row.locations.set(places)

    def places(self, said: list[Any], *, deep: int) -> list[Location]:
        keys = [self.leaned_or_made(ENTITIES["Locations"], one, deep=deep) for one in said]
        return list(Location.objects.filter(pk__in=keys).order_by("pk"))

    def _change_value(self, key: int, said: Body, *, merge: bool, whole: bool) -> None:
        check_words("Observations", said, OBSERVATION | {"Datastream", "FeatureOfInterest"})
        before = _value(key)
        if before.datastream not in self.may_send([before.datastream]):
            raise NotServed(403, f"Observation {key} is not this program's.")
        if whole:
            row_of(before.datastream, said, foi=None, at=self.at)  # as one that is new
            before = Row(before.datastream, before.time, None, foi=before.foi)
        outcome = observations.replace_observation(key, self._changed(before, said, merge=merge), at=self.at)
        stored(outcome)

    def _changed(self, before: Row, said: Body, *, merge: bool) -> Row:
        new: dict[str, Any] = {}
        if "Datastream" in said:
            new["datastream"] = (
                self._stream(said, {}, deep=0) if reference_of(said["Datastream"]) is not None else _no()
            )
        if "FeatureOfInterest" in said:
            new["foi"] = (
                self._feature(said, {}, deep=0)
                if reference_of(said["FeatureOfInterest"]) is not None
                else _no()
            )
        if "phenomenonTime" in said:
            new["time"], new["end"] = span_of("phenomenonTime", said["phenomenonTime"])
        if "validTime" in said:
            new["valid_from"], new["valid_until"] = span_of("validTime", said["validTime"])
        if "resultTime" in said:
            new["result_time"], _ = span_of("resultTime", said["resultTime"])
        for name, column in (
            ("result", "result"),
            ("resultQuality", "result_quality"),
            ("parameters", "parameters"),
        ):
            if name in said:
                old = getattr(before, column)
                new[column] = merged(old, said[name]) if merge else said[name]
        return before._replace(**new)

    # ── Remove ─────────────────────────────────────────────────────────────────────────────────────────────

    def remove(self, entity: Entity, key: int) -> None:
        """With everything that hangs on it. Raises `NotServed`: 403 for another's, 409 where others' data hangs on it."""
        with transaction.atomic(savepoint=False):
            if entity.set == "Observations":
                before = _value(key)
                if before.datastream not in self.may_send([before.datastream]):
                    raise NotServed(403, f"Observation {key} is not this program's.")
                observations.remove_observations([key])
                return
            self._own(entity, key)
            self._check_removal(entity, key)
            REMOVERS[entity.set](key)
            self._record(EntityRemoved, entity.set, key)

    def _check_removal(self, entity: Entity, key: int) -> None:
        streams = STREAMS_OF[entity.set](key)
        if streams is None:
            return
        if streams.exclude(owner=self.client.office).exists():
            raise NotServed(409, "Datastreams of another office hang on it.")
        counted = sum(Latest.objects.filter(datastream__in=streams).values_list("count", flat=True))
        if counted > self.removed_most:
            raise NotServed(
                409, f"{counted} values hang on it, more than are removed from here. Ask the city's admin."
            )


def _no() -> Any:
    raise wrong("Only a reference such as {'@iot.id': 5}.")


def stored(outcome: Outcome) -> int:
    """The id of a value that was stored. Raises `NotServed`: 409 if another stands there, 400 with the reason."""
    if outcome.state is State.THERE:
        raise NotServed(
            409, f"There is a value of this datastream and time already: Observations({outcome.id})."
        )
    if outcome.state is State.REFUSED:
        raise NotServed(400, f"{outcome.code}: {outcome.reason}")
    assert outcome.id is not None
    return outcome.id


def _value(key: int) -> Row:
    """A value as a row that could be sent. Raises `NotServed`."""
    with prepared_cursor(connection) as cursor:
        cursor.execute(
            "SELECT datastream_id, phenomenon_time, result_num, result_text, result_json::text, phenomenon_end, "
            "result_time, valid_from, valid_until, result_quality::text, parameters::text, foi_id "
            "FROM sensing_observation WHERE id = %s",
            [key],
        )
        found = cursor.fetchone()
    if found is None:
        raise NotServed(404, "There is nothing here.")
    stream, time, number, text, document, end, result_time, start, until, quality, parameters, foi = found
    result = number if number is not None else text if text is not None else orjson.loads(document)
    quality, parameters = (None if one is None else orjson.loads(one) for one in (quality, parameters))
    return Row(stream, time, result, end, result_time, start, until, quality, parameters, foi)


def merged(old: Any, new: Any) -> Any:
    """RFC 7396."""
    if not isinstance(new, dict):
        return new
    found = dict(old) if isinstance(old, dict) else {}
    for name, value in new.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), value)
    return found


def _merged_words(entity: Entity, row: Any, said: Body) -> Body:
    words = WORDS[entity.set]
    return {
        name: merged(getattr(row, words[name].column), value)
        if name in words and isinstance(value, dict)
        else value
        for name, value in said.items()
    }
