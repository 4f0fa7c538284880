"""The categories that a new city begins with, and their rows of the routing table."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources

from guyub.rooms.casework.api import seed_routes
from guyub.rooms.reports.models import Attribute, Category

OVERSIGHT_AGENCY = "inspektorat"
BASIS = "Tabel awal Guyub; diganti dengan Perwal/Perbup daerah"


def seed_categories(*, effective_from: date) -> int:
    """Add the packaged categories that are not there yet and route them; returns how many the city has."""
    data = json.loads(
        (resources.files("guyub.rooms.reports") / "data" / "categories.json").read_text("utf-8")
    )
    groups = {group["code"]: group for group in data["groups"]}
    rows = [
        Category(
            code=entry["code"],
            group=entry["group"],
            group_id=groups[entry["group"]]["name_id"],
            group_en=groups[entry["group"]]["name_en"],
            name_id=entry["name_id"],
            name_en=entry["name_en"],
            hint_id=entry["hint_id"],
            hint_en=entry["hint_en"],
            words_id="; ".join(entry["words_id"]),
            words_en="; ".join(entry["words_en"]),
            is_hazard=entry["hazard"],
            is_conduct=entry["agency"] == OVERSIGHT_AGENCY,
            emergency=entry["emergency"],
            external=entry.get("external", []),
            position=position,
        )
        for position, entry in enumerate(data["categories"])
    ]
    Category.objects.bulk_create(rows, ignore_conflicts=True)
    _add_words({row.code: row for row in rows})
    _add_attributes()
    seed_routes(
        rows=[(entry["code"], entry["level"], entry["agency"]) for entry in data["categories"]],
        effective_from=effective_from,
        legal_basis=BASIS,
    )
    return Category.objects.count()


def _add_words(packaged: dict[str, Category]) -> None:
    """A city from before there were words to find a category by gets them; words that are there are its own."""
    without = list(Category.objects.filter(code__in=packaged, words_id="", words_en=""))
    for row in without:
        row.words_id, row.words_en = packaged[row.code].words_id, packaged[row.code].words_en
    Category.objects.bulk_update(without, ["words_id", "words_en"])


def _add_attributes() -> None:
    """The packaged questions of categories that have none yet; what a city asks stays."""
    data = json.loads(
        (resources.files("guyub.rooms.reports") / "data" / "attributes.json").read_text("utf-8")
    )
    asked = set(Attribute.objects.values_list("category__code", flat=True))
    known = {row.code: row for row in Category.objects.all()}
    position: dict[str, int] = {}
    rows = []
    for entry in data:
        category = entry["category"]
        if category in asked or category not in known:
            continue
        position[category] = position.get(category, 0) + 1
        rows.append(
            Attribute(
                category=known[category],
                code=entry["code"],
                datatype=entry["datatype"],
                is_required=entry["required"],
                name_id=entry["name_id"],
                name_en=entry["name_en"],
                hint_id=entry["hint_id"],
                hint_en=entry["hint_en"],
                values=[{"key": k, "name_id": i, "name_en": e} for k, i, e in entry["values"]],
                position=position[category],
                is_public=bool(entry["values"]),
            )
        )
    Attribute.objects.bulk_create(rows, ignore_conflicts=True)
