"""Background entries of casework."""

from __future__ import annotations

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.casework import actions, bulk, escalation, referring, second_look


@tasks.task("casework.sweep")
def sweep() -> None:
    """Do what has become due: end cases without an answer, let late ones rise, remind of what lies outside."""
    now = timezone.now()
    while actions.expire_due(at=now):
        pass
    while escalation.escalate_due(at=now):
        pass
    second_look.draw_due(at=now)
    referring.remind_coordinators(at=now)
    actions.recompute_provisional(at=now)
    bulk.forget_before(at=now)
