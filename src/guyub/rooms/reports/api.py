"""The door to reports."""

from __future__ import annotations

from guyub.rooms.reports.actions import Receipt, Submission, submit_report
from guyub.rooms.reports.seeds import seed_categories

__all__ = ["Receipt", "Submission", "seed_categories", "submit_report"]
