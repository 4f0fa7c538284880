"""The door to places."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from guyub.rooms.places import codes
from guyub.rooms.places.actions import seed_places
from guyub.rooms.places.assets import NearAsset, near_assets
from guyub.rooms.places.changes import WrongRows, add_aliases, succeed
from guyub.rooms.places.choosing import place_choices
from guyub.rooms.places.locating import How, Located, locate
from guyub.rooms.places.models import Kind
from guyub.rooms.places.outline import Atlas, atlas, outline
from guyub.rooms.places.queries import (
    FARTHEST_KM,
    Gazetteer,
    PlaceRow,
    UnknownPlace,
    forget,
    gazetteer,
    split_since,
)

if TYPE_CHECKING:
    from guyub.rooms.places.asset_import import Fields, Taken, import_assets
    from guyub.rooms.places.boundary_files import CannotRead
    from guyub.rooms.places.importing import CannotImport, Outcome, import_boundaries

__all__ = [
    "FARTHEST_KM",
    "Atlas",
    "CannotImport",
    "CannotRead",
    "Fields",
    "Gazetteer",
    "How",
    "Kind",
    "Located",
    "NearAsset",
    "Outcome",
    "PlaceRow",
    "Taken",
    "UnknownPlace",
    "WrongRows",
    "add_aliases",
    "atlas",
    "codes",
    "forget",
    "gazetteer",
    "import_assets",
    "import_boundaries",
    "locate",
    "near_assets",
    "outline",
    "place_choices",
    "seed_places",
    "split_since",
    "succeed",
]

# They need shapely and numpy (28 MB), which only a process that brings areas in loads.
_WITH_AREAS = {
    "CannotImport": "importing",
    "CannotRead": "boundary_files",
    "Fields": "asset_import",
    "Taken": "asset_import",
    "import_assets": "asset_import",
    "Outcome": "importing",
    "import_boundaries": "importing",
}


def __getattr__(name: str) -> Any:
    if name not in _WITH_AREAS:
        raise AttributeError(name)
    return getattr(import_module(f"guyub.rooms.places.{_WITH_AREAS[name]}"), name)
