"""Background entries of sensing."""

from __future__ import annotations

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.sensing import checking, partitions, retiring, silence
from guyub.rooms.sensing.sta import telling


@tasks.task("sensing.sweep")
def sweep() -> None:
    """Months to come, values beside their neighbours, sensors that have fallen silent, values that are due to go or to be told."""
    now = timezone.now()
    partitions.make_ahead(at=now)
    checking.check_new(at=now)
    silence.sweep_silence(at=now)
    retiring.retire_due(at=now)
    telling.close_forsaken(at=now)
