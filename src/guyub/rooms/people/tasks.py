"""Background entries of people."""

from __future__ import annotations

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.people import support, sweeping


@tasks.task("people.sweep")
def sweep() -> None:
    """Tell of what began and ended; forget tables that were never applied."""
    now = timezone.now()
    while sweeping.tell_of_grants(at=now):
        pass
    support.tell_of_support(at=now)
    sweeping.forget_uploads(at=now)
