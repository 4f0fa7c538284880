"""Plug areafunds into the sockets below it."""

from guyub.rooms.areafunds import keeping, tasks, wording  # noqa: F401
