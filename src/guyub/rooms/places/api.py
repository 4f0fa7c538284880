"""The door to places."""

from __future__ import annotations

from guyub.rooms.places import codes
from guyub.rooms.places.actions import seed_places
from guyub.rooms.places.models import Kind
from guyub.rooms.places.outline import outline
from guyub.rooms.places.queries import FARTHEST_KM, Gazetteer, PlaceRow, UnknownPlace, forget, gazetteer

__all__ = [
    "FARTHEST_KM",
    "Gazetteer",
    "Kind",
    "PlaceRow",
    "UnknownPlace",
    "codes",
    "forget",
    "gazetteer",
    "outline",
    "seed_places",
]
