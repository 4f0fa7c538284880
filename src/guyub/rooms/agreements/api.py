"""The door to agreements."""

from __future__ import annotations

from guyub.rooms.agreements.acting import Refused
from guyub.rooms.agreements.carrying_out import add_duty, deliver, evaluate
from guyub.rooms.agreements.drafting import (
    Side,
    Terms,
    begin,
    draft,
    reach_next,
    set_party,
    set_terms,
    write,
)
from guyub.rooms.agreements.signing import end, sign

__all__ = [
    "Refused",
    "Side",
    "Terms",
    "add_duty",
    "begin",
    "deliver",
    "draft",
    "end",
    "evaluate",
    "reach_next",
    "set_party",
    "set_terms",
    "sign",
    "write",
]
