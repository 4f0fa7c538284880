"""The door to the command centre. It stands on top of all rooms: only the sites come in, by its addresses."""

from __future__ import annotations

from guyub.rooms.command.models import Screen
from guyub.rooms.command.screens import find_screen, screens

__all__ = ["Screen", "find_screen", "screens"]
