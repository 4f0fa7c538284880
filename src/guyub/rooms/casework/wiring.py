"""Make the sentences and background work of casework known."""

from guyub.rooms.casework import morning, subscribers, tasks, wording  # noqa: F401
