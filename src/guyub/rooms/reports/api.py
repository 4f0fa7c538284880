"""The door to reports."""

from __future__ import annotations

from guyub.rooms.reports.actions import Receipt, Submission, submit_report
from guyub.rooms.reports.lapor import count_not_copied
from guyub.rooms.reports.queries import COUNTED_UP_TO, Recent, Row, newest_published, recent_figures
from guyub.rooms.reports.seeds import seed_categories

__all__ = [
    "COUNTED_UP_TO",
    "Receipt",
    "Recent",
    "Row",
    "Submission",
    "count_not_copied",
    "newest_published",
    "recent_figures",
    "seed_categories",
    "submit_report",
]
