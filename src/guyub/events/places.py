"""What happens to places: their boundaries, their codes, their names."""

from __future__ import annotations

from dataclasses import dataclass

from guyub.events import Event, event


@event("places.boundaries_imported")
@dataclass(frozen=True, kw_only=True)
class BoundariesImported(Event):
    """Boundaries were taken in from a file, whose SHA-256 is kept; `changed` places got a new version."""

    boundaries: int
    digest: str
    changed: int
    valid_from: str


@event("places.place_succeeded")
@dataclass(frozen=True, kw_only=True)
class PlaceSucceeded(Event):
    """From a day on `new_code` stands, alone or with others, where `old_code` stood."""

    succession: int
    old_code: str
    new_code: str
    effective_on: str


@event("places.alias_added")
@dataclass(frozen=True, kw_only=True)
class AliasAdded(Event):
    """A place is also found by another name."""

    alias: int


@event("places.assets_imported")
@dataclass(frozen=True, kw_only=True)
class AssetsImported(Event):
    """Things on the ground were taken in from a file of a layer, whose SHA-256 is kept."""

    assets: int
    layer: str
    digest: str
    new: int
    replaced: int
