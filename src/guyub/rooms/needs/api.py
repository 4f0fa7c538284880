"""The door to needs."""

from __future__ import annotations

from guyub.rooms.needs.acting import Refused
from guyub.rooms.needs.boards import count_to_read, newest, open_by_place
from guyub.rooms.needs.models import Need
from guyub.rooms.needs.publishing import (
    LineSaid,
    Wish,
    close,
    draft,
    gave_back,
    met_through,
    publish,
    took_up,
)
from guyub.rooms.needs.queries import (
    LineCard,
    NeedCard,
    Willing,
    by_ids,
    card_of,
    cases,
    find,
    get,
    lines,
    of_place,
    willing,
)
from guyub.rooms.needs.rules import Resource, State, Withdrawal, unit_for, units
from guyub.rooms.needs.sockets import register_start
from guyub.rooms.needs.suggesting import Suggested
from guyub.rooms.needs.suggesting import offers_for as suggest
from guyub.rooms.needs.wording import RESOURCES, amount_said

__all__ = [
    "RESOURCES",
    "LineCard",
    "LineSaid",
    "Need",
    "NeedCard",
    "Refused",
    "Resource",
    "State",
    "Suggested",
    "Willing",
    "Wish",
    "Withdrawal",
    "amount_said",
    "by_ids",
    "card_of",
    "cases",
    "close",
    "count_to_read",
    "draft",
    "find",
    "gave_back",
    "get",
    "lines",
    "met_through",
    "newest",
    "of_place",
    "open_by_place",
    "publish",
    "register_start",
    "suggest",
    "took_up",
    "unit_for",
    "units",
    "willing",
]
