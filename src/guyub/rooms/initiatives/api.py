"""The door to initiatives."""

from __future__ import annotations

from guyub.rooms.initiatives.acting import Refused
from guyub.rooms.initiatives.boards import (
    Lines,
    SumRow,
    Waits,
    by_place,
    lines_behind,
    live_subjects,
    newest,
    sums,
    waiting_for,
)
from guyub.rooms.initiatives.drafting import Plan, draft, open_from_template
from guyub.rooms.initiatives.models import Initiative
from guyub.rooms.initiatives.queries import InitiativeCard, by_ids, card_of, find, get, of_cause, of_place
from guyub.rooms.initiatives.reference import Template, templates

__all__ = [
    "Initiative",
    "InitiativeCard",
    "Lines",
    "Plan",
    "Refused",
    "SumRow",
    "Template",
    "Waits",
    "by_ids",
    "by_place",
    "card_of",
    "draft",
    "find",
    "get",
    "lines_behind",
    "live_subjects",
    "newest",
    "of_cause",
    "of_place",
    "open_from_template",
    "sums",
    "templates",
    "waiting_for",
]
