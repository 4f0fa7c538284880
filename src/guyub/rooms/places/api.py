"""The door to places."""

from __future__ import annotations

from guyub.rooms.places import codes
from guyub.rooms.places.actions import seed_places
from guyub.rooms.places.changes import WrongRows, add_aliases, succeed
from guyub.rooms.places.importing import CannotImport, Outcome, import_boundaries
from guyub.rooms.places.locating import How, Located, locate
from guyub.rooms.places.models import Kind
from guyub.rooms.places.outline import Atlas, atlas, outline
from guyub.rooms.places.queries import FARTHEST_KM, Gazetteer, PlaceRow, UnknownPlace, forget, gazetteer

__all__ = [
    "FARTHEST_KM",
    "Atlas",
    "CannotImport",
    "Gazetteer",
    "How",
    "Kind",
    "Located",
    "Outcome",
    "PlaceRow",
    "UnknownPlace",
    "WrongRows",
    "add_aliases",
    "atlas",
    "codes",
    "forget",
    "gazetteer",
    "import_boundaries",
    "locate",
    "outline",
    "seed_places",
    "succeed",
]
