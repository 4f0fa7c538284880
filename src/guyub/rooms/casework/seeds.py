"""Put rows into the routing table, and the bodies outside the city beside its offices."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from importlib import resources

from guyub.rooms.casework.models import AnswerTemplate, ExternalBody, Route
from guyub.rooms.people import api as people


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


def seed_external(*, region: str) -> int:
    """Add the bodies outside the city that are not there yet; returns how many there are. Addresses are the
    city's to fill in.
    """
    data = (resources.files("guyub.rooms.casework") / "data" / "external.json").read_text("utf-8")
    rows = []
    for entry in json.loads(data):
        office = people.add_organisation(
            key=f"luar:{entry['code']}",
            kind=people.OrganisationKind.EXTERNAL,
            name=entry["name"],
            short_name=entry["short_name"],
            place=region,
        )
        known = {name: entry[name] for name in ("address", "channel", "note")}
        rows.append(ExternalBody(office_id=office, **known))
    ExternalBody.objects.bulk_create(rows, ignore_conflicts=True)
    return ExternalBody.objects.count()
