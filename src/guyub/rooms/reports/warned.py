"""Who follows a place hears of warnings there: at once, however seldom they want to hear of reports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import warnings as events
from guyub.kernel.ledger.api import RecordedFact, subscribe
from guyub.kernel.notices import api as notices
from guyub.rooms.reports.following import FOLLOWER, recipient_of
from guyub.rooms.reports.models import Follow, Follower, Frequency
from guyub.rooms.warnings import api as warnings


@subscribe(
    events.WarningIssued, events.WarningUpdated, events.WarningCancelled, consumer="reports.tell_of_warnings"
)
def tell_of_warnings(fact: RecordedFact) -> None:
    """Tell each follower of a place in the area once. An exercise only if somebody chose so; what is over, nobody."""
    said, now = warnings.told(message=fact.payload["message"]), timezone.now()
    if not said.tell_public or said.expires <= now:
        return
    for row in _followers(said.areas, said.hazard):
        _tell(row, fact.id, said, now)


def _followers(areas: Iterable[str], hazard: str) -> Iterable[Follower]:
    """Those who follow a kelurahan of the area or what it lies in: all of it, or what bears the hazard's name."""
    parts = [code.split(".") for code in areas]
    codes = {".".join(one[:n]) for one in parts for n in range(2, len(one) + 1)}
    wanted = Q(report__isnull=True, place_code__in=codes, category_code__in=["", hazard])
    rows = Follow.objects.filter(wanted, confirmed_at__isnull=False).values("follower")
    people = Follower.objects.filter(pk__in=rows).exclude(frequency=Frequency.NEVER)
    return people.order_by("pk").iterator()


def _tell(row: Follower, fact: int, said: warnings.Told, now: datetime) -> None:
    language = "en" if row.language == "en" else "id"
    prefix = "/en" if language == "en" else ""
    with override(language):
        notices.notify(
            key=f"warning:{fact}:{row.pk}",
            recipient=recipient_of(row),
            subject=said.headlines[language],
            body=_("Peringatan untuk wilayah yang Anda ikuti:") + "\n\n" + said.bodies[language],
            link=f"{prefix}/peringatan/{said.number}/",
            leave=f"{prefix}/mengikuti/berhenti/{notices.to_be_signed(FOLLOWER, row.uuid.hex)}/",
            push={"number": said.number, "state": said.headlines[language]},
            language=row.language,
            at=now,
        )
