"""Counting what comes too often, for all processes of a city. The door is `guyub.kernel.limits.api`."""
