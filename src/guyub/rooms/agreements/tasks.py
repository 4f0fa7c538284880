"""Background entries of agreements."""

from __future__ import annotations

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.agreements import carrying_out


@tasks.task("agreements.sweep")
def sweep() -> None:
    """Documents that run out."""
    carrying_out.remind(at=timezone.now())
