"""Plug needs into the sockets below them."""

from guyub.rooms.needs import belonging, keeping, subscribers, tasks, wording  # noqa: F401
