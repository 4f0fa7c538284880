"""Background entries of casework."""

from __future__ import annotations

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.casework import (
    actions,
    appeals,
    bulk,
    escalation,
    proving,
    referring,
    second_look,
    successions,
)


@tasks.task("casework.sweep")
def sweep() -> None:
    """Do what has become due: end cases without an answer, let late ones rise, remind of what lies outside."""
    now = timezone.now()
    while actions.expire_due(at=now):
        pass
    while escalation.escalate_due(at=now):
        pass
    appeals.raise_due(at=now)
    successions.follow_places(at=now)
    second_look.draw_due(at=now)
    referring.remind_coordinators(at=now)
    actions.recompute_provisional(at=now)
    bulk.forget_before(at=now)
    proving.check_forgotten(at=now)


@tasks.task("casework.check_evidence", slow=True)
def check_evidence(evidence: int) -> None:
    """Look at the photos of one proof."""
    proving.check(evidence, at=timezone.now())
