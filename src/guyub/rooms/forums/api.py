"""The door to forums: enter one, seat its members, see which there are."""

from __future__ import annotations

from guyub.rooms.forums.actions import Charter, Refused, found_forum, seat_member
from guyub.rooms.forums.queries import ForumCard, forums, forums_of
from guyub.rooms.forums.rules import Seat

__all__ = [
    "Charter",
    "ForumCard",
    "Refused",
    "Seat",
    "forums",
    "forums_of",
    "found_forum",
    "seat_member",
]
