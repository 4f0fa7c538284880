"""Plug places into the sockets below them."""

from guyub.rooms.places import wording  # noqa: F401
