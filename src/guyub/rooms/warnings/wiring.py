"""Plug warnings into the sockets below them."""

from guyub.rooms.warnings import checks, keeping, subscribers, tasks, wording  # noqa: F401
