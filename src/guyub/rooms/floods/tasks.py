"""Background entries of floods."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.floods import clustering, trusting
from guyub.rooms.floods.models import Cluster


@tasks.task("floods.sweep")
def sweep() -> None:
    """Water of which nobody speaks any more dries and closes; gauges are asked about what they could not say yet."""
    now = timezone.now()
    trusting.judge_due(at=now)
    for key in clustering.sweep(at=now):
        with transaction.atomic():
            trusting.doubt(Cluster.objects.get(pk=key), at=now)
