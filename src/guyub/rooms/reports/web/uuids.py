"""Ids as people's browsers send them back."""

from __future__ import annotations

from uuid import UUID


def uuid_or_none(text: str) -> UUID | None:
    """The id in a text, or None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None
