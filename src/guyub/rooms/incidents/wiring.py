"""Plug incidents into the sockets below them."""

from guyub.rooms.incidents import keeping, on_the_wall, subscribers, wording  # noqa: F401
