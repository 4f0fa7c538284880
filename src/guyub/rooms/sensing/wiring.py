"""Plug sensing into the sockets below it."""

from guyub.rooms.sensing import checks, keeping, tasks, wording  # noqa: F401
