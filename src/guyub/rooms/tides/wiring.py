"""Plug tides into the sockets below it."""

from guyub.rooms.tides import checks, on_the_wall, tasks, wording  # noqa: F401
