"""The door to casework."""

from __future__ import annotations

from guyub.rooms.casework.acting import CaseChanged
from guyub.rooms.casework.actions import CannotHandOver, NothingToDecide
from guyub.rooms.casework.kinds import CaseKind, Category, register_kind
from guyub.rooms.casework.models import Case
from guyub.rooms.casework.rules import (
    ENDED,
    Classification,
    DelayReason,
    HandOverReason,
    Mode,
    Move,
    NotPossible,
    State,
    Verb,
    derive,
)
from guyub.rooms.casework.seeds import seed_answer_templates, seed_external, seed_routes

__all__ = [
    "ENDED",
    "CannotHandOver",
    "Case",
    "CaseChanged",
    "CaseKind",
    "Category",
    "Classification",
    "DelayReason",
    "HandOverReason",
    "Mode",
    "Move",
    "NotPossible",
    "NothingToDecide",
    "State",
    "Verb",
    "access",
    "actions",
    "answer_templates",
    "bulk",
    "changes",
    "derive",
    "dispositions",
    "escalation",
    "ladder",
    "morning",
    "past",
    "queries",
    "reach",
    "referring",
    "register_kind",
    "routing",
    "seed_answer_templates",
    "seed_external",
    "seed_routes",
    "splitting",
    "survival",
    "table",
    "transitions",
    "wording",
]

from guyub.rooms.casework import (
    access,
    actions,
    answer_templates,
    bulk,
    changes,
    dispositions,
    escalation,
    ladder,
    morning,
    past,
    queries,
    reach,
    referring,
    routing,
    splitting,
    survival,
    table,
    transitions,
    wording,
)
