"""The door to casework."""

from __future__ import annotations

from guyub.rooms.casework.actions import CannotHandOver, CaseChanged, NothingToDecide
from guyub.rooms.casework.kinds import CaseKind, register_kind
from guyub.rooms.casework.models import Case
from guyub.rooms.casework.rules import (
    ENDED,
    Classification,
    HandOverReason,
    Mode,
    Move,
    NotPossible,
    State,
    Verb,
    derive,
)
from guyub.rooms.casework.seeds import seed_routes

__all__ = [
    "ENDED",
    "CannotHandOver",
    "Case",
    "CaseChanged",
    "CaseKind",
    "Classification",
    "HandOverReason",
    "Mode",
    "Move",
    "NotPossible",
    "NothingToDecide",
    "State",
    "Verb",
    "access",
    "actions",
    "derive",
    "queries",
    "register_kind",
    "routing",
    "seed_routes",
    "transitions",
    "wording",
]

from guyub.rooms.casework import access, actions, queries, routing, transitions, wording
