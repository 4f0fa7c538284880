"""Background entries of areafunds."""

from __future__ import annotations

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.areafunds import importing, realising


@tasks.task(realising.COMPARE, slow=True)
def compare(step: int) -> None:
    realising.compare(step, at=timezone.now())


@tasks.task("areafunds.sweep")
def sweep() -> None:
    """Photos that no job has compared, and lists that nobody applied."""
    now = timezone.now()
    realising.compare_forgotten(at=now)
    importing.forget_drafts(at=now)
