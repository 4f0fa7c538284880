"""The door to reports."""

from __future__ import annotations

from guyub.rooms.reports.actions import Receipt, Submission, submit_report
from guyub.rooms.reports.lapor import count_not_copied
from guyub.rooms.reports.of_places import Counted, PlaceFigures, open_by_place, place_figures
from guyub.rooms.reports.queries import (
    COUNTED_UP_TO,
    Recent,
    Row,
    Week,
    newest_published,
    recent_figures,
    weeks,
    where,
)
from guyub.rooms.reports.seeds import seed_categories
from guyub.rooms.reports.training import TooFew, train

__all__ = [
    "COUNTED_UP_TO",
    "Counted",
    "PlaceFigures",
    "Receipt",
    "Recent",
    "Row",
    "Submission",
    "TooFew",
    "Week",
    "count_not_copied",
    "newest_published",
    "open_by_place",
    "place_figures",
    "recent_figures",
    "seed_categories",
    "submit_report",
    "train",
    "weeks",
    "where",
]
