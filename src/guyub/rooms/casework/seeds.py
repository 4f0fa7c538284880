"""Put rows into the routing table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from guyub.rooms.casework.models import Route


def seed_routes(*, rows: Iterable[tuple[str, str, str]], effective_from: date, legal_basis: str) -> int:
    """Add rows of (category, level, agency key) that are not there yet; returns the table's size."""
    Route.objects.bulk_create(
        [
            Route(
                category=category,
                level=level,
                organisation_key=agency if level == Route.Level.AGENCY else "",
                backing_key="" if level == Route.Level.AGENCY else agency,
                effective_from=effective_from,
                legal_basis=legal_basis,
            )
            for category, level, agency in rows
        ],
        ignore_conflicts=True,
    )
    return Route.objects.count()
