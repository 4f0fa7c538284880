"""Put rows into the routing table."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from importlib import resources

from guyub.rooms.casework.models import AnswerTemplate, Route


def seed_routes(*, rows: Iterable[tuple[str, str, str]], effective_from: date, legal_basis: str) -> int:
    """Add rows of (category, level, agency key) that are not there yet; returns the table's size."""
    Route.objects.bulk_create(
        [
            Route(
                category=category,
                level=level,
                organisation_key=agency if level == Route.Level.AGENCY else "",
                effective_from=effective_from,
                legal_basis=legal_basis,
            )
            for category, level, agency in rows
        ],
        ignore_conflicts=True,
    )
    return Route.objects.count()


def seed_answer_templates(*, at: datetime) -> int:
    """Add the prepared answers that the city began with, unless it has any of its own; returns how many."""
    if AnswerTemplate.objects.filter(office__isnull=True).exists():
        return 0
    text = (resources.files("guyub.rooms.casework") / "data" / "answer_templates.json").read_text("utf-8")
    made = AnswerTemplate.objects.bulk_create(
        AnswerTemplate(verb=row["verb"], title=row["title"], body=row["body"], changed_at=at)
        for row in json.loads(text)
    )
    return len(made)
