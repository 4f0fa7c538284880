"""What happens with the sea: what is known of it, and at which level a place stands."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("tides.station_added")
@dataclass(frozen=True, kw_only=True)
class StationAdded(Event):
    """A gauge's numbers are read as the sea of a port from now on."""

    station: int
    datastream: int


@event("tides.datum_set")
@dataclass(frozen=True, kw_only=True)
class DatumSet(Event):
    """A levelling says how high a datum lies above a gauge's zero: `millimetres`."""

    station: int
    datum: int
    millimetres: int


@event("tides.constants_published")
@dataclass(frozen=True, kw_only=True)
class ConstantsPublished(Event):
    """Constants that others published for this port are in use until the gauge's own are known."""

    station: int
    fit: int
    number: int


@event("tides.threshold_set")
@dataclass(frozen=True, kw_only=True)
class ThresholdSet(Event):
    """From `effective_from` on (ISO date) water above so many millimetres over the datum means a level."""

    threshold: int
    level: str
    millimetres: int
    effective_from: str


@event("tides.level_changed")
@dataclass(frozen=True, kw_only=True)
class LevelChanged(Event):
    """A place went to another level. `source`: OBSERVED by the gauge, or FORECAST."""

    station: int
    level: str
    before: str
    source: str
