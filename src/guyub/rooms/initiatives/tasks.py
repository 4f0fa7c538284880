"""Background work of initiatives."""

from __future__ import annotations

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.initiatives import joining, pledging, proving


@tasks.task("initiatives.check_proof", slow=True)
def check_proof(*, proof: int) -> None:
    proving.check(proof, at=timezone.now())


@tasks.task("initiatives.complete_cases")
def complete_cases(*, task: int) -> None:
    joining.complete_cases(task=task, at=timezone.now())


@tasks.task("initiatives.sweep")
def sweep() -> None:
    """Ask who is late, and do what an empty queue would have forgotten: proof unchecked, cases of finished tasks."""
    at = timezone.now()
    proving.check_forgotten(at=at)
    joining.complete_forgotten(at=at)
    pledging.remind_late(at=at)
