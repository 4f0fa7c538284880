"""Background entries of needs."""

from __future__ import annotations

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.needs import offering, publishing


@tasks.task("needs.sweep")
def sweep() -> None:
    """Needs and offers whose last day comes or has passed."""
    now = timezone.now()
    for due in (
        publishing.remind_due,
        publishing.expire_due,
        offering.remind_due,
        offering.expire_due,
    ):
        while due(at=now):
            pass
