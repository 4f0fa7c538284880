"""Background entries of casework."""

from __future__ import annotations

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.casework import actions, escalation


@tasks.task("casework.sweep")
def sweep() -> None:
    """Do what has become due: end cases without an answer, let late ones rise, make deadlines firm."""
    now = timezone.now()
    while actions.expire_due(at=now):
        pass
    while escalation.escalate_due(at=now):
        pass
    actions.recompute_provisional(at=now)
