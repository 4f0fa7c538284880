"""The door to floods: what people say of water, and how it is taken in."""

from __future__ import annotations

from guyub.rooms.floods.queries import FloodCluster, FloodSighting, clusters, reports_since
from guyub.rooms.floods.receiving import Receipt, Said, submit
from guyub.rooms.floods.rules import State, Trust

__all__ = [
    "FloodCluster",
    "FloodSighting",
    "Receipt",
    "Said",
    "State",
    "Trust",
    "clusters",
    "reports_since",
    "submit",
]
