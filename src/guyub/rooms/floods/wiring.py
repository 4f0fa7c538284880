"""Plug floods into the sockets below them."""

from guyub.rooms.floods import keeping, on_the_wall, subscribers, tasks, wording  # noqa: F401
