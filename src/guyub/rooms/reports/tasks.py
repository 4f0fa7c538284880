"""Background entries of reports."""

from __future__ import annotations

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.reports import actions, following


@tasks.task("reports.sweep")
def sweep() -> None:
    """Remove drafts that were kept long enough, and addresses that nobody confirmed."""
    now = timezone.now()
    while actions.drop_expired_drafts(at=now):
        pass
    following.drop_unconfirmed(at=now)
