"""Background entries of reports."""

from __future__ import annotations

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.reports import actions


@tasks.task("reports.sweep")
def sweep() -> None:
    """Remove drafts that were kept long enough."""
    while actions.drop_expired_drafts(at=timezone.now()):
        pass
