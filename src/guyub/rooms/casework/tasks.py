"""Background entries of casework."""

from __future__ import annotations

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.casework import actions, bulk


@tasks.task("casework.sweep")
def sweep() -> None:
    """Do what has become due: end cases without an answer, make provisional deadlines firm, forget
    what batches no longer need."""
    now = timezone.now()
    while actions.expire_due(at=now):
        pass
    actions.recompute_provisional(at=now)
    bulk.forget_before(at=now)
