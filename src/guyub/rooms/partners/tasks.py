"""Background entries of partners."""

from __future__ import annotations

from django.core.cache import cache
from django.utils import timezone

from guyub.kernel import tasks
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.partners import documents, importing, membership, verifying

DAY = 24 * 60 * 60


@tasks.task("partners.sweep")
def sweep() -> None:
    """Papers that run out, requests and invitations whose time is over, lists that nobody took over."""
    now = timezone.now()
    # Asked each minute, looked at once a day; to look twice does no harm, for each is told once.
    done = f"partners.remind:{local_date(now, get_city().tz)}"
    if cache.get(done) is None:
        documents.remind(at=now)
        documents.remind_of_legal_form(at=now)
        cache.set(done, True, DAY)
    while verifying.lapse(at=now):
        pass
    while membership.expire_invitations(at=now):
        pass
    importing.forget_drafts(at=now)
