"""What happens to sensors and what they say."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("sensing.sensor_silent")
@dataclass(frozen=True, kw_only=True)
class SensorSilent(Event):
    """A datastream that should speak has said nothing for longer than it may; `since` is its last value's time."""

    datastream: int
    kind: str
    since: str


@event("sensing.sensor_back")
@dataclass(frozen=True, kw_only=True)
class SensorBack(Event):
    """A silent datastream speaks again, after so many minutes."""

    datastream: int
    kind: str
    minutes: int


@event("sensing.sensor_added")
@dataclass(frozen=True, kw_only=True)
class SensorAdded(Event):
    datastream: int
    kind: str


@event("sensing.sensor_changed")
@dataclass(frozen=True, kw_only=True)
class SensorChanged(Event):
    """How often it speaks, how long its values are kept, whether everyone may read them, or what it is held against."""

    datastream: int
    is_public: bool


@event("sensing.value_judged")
@dataclass(frozen=True, kw_only=True)
class ValueJudged(Event):
    """An officer said of a value that it is bad or good, or left it to the tests again; `time` is the value's."""

    datastream: int
    time: str
    verdict: str


@event("sensing.writer_added")
@dataclass(frozen=True, kw_only=True)
class WriterAdded(Event):
    """A program may send values of a thing."""

    thing: int
    client: int


@event("sensing.writer_removed")
@dataclass(frozen=True, kw_only=True)
class WriterRemoved(Event):
    thing: int
    client: int


@event("sensing.entity_added")
@dataclass(frozen=True, kw_only=True)
class EntityAdded(Event):
    """A program of an office described something: a thing, a place, a datastream. `kind` is the standard's set."""

    kind: str
    entity: int
    client: int


@event("sensing.entity_changed")
@dataclass(frozen=True, kw_only=True)
class EntityChanged(Event):
    """A program of its office changed a description."""

    kind: str
    entity: int
    client: int


@event("sensing.entity_removed")
@dataclass(frozen=True, kw_only=True)
class EntityRemoved(Event):
    """A program of its office removed it, with everything that hung on it."""

    kind: str
    entity: int
    client: int
