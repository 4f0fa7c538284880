"""Screens: registered and ended by officers who may watch, found by the key in their address."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from guyub.events.command import ScreenEnded, ScreenRegistered
from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import fingerprint, get_city
from guyub.kernel.ledger import api as ledger
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.command.models import Screen
from guyub.rooms.command.rules import Look

PURPOSE = "screen"


class TooLong(ValueError):
    """The day lies behind, or farther ahead than the rulebook lets an address last."""


def latest_end(*, at: datetime) -> date:
    """The last day that may be said for an address made now."""
    today = local_date(at, get_city().tz)
    return today + timedelta(days=rulebook.rule("command.screen_days", on=today).value["amount"])


@transaction.atomic
def register_screen(
    *, name: str, shows: str, look: str, ends_on: date, by: Person, at: datetime
) -> tuple[Screen, str]:
    """Give a screen an address; returns it with its key, which is never to be seen again.

    Raises `NotAllowed`, `TooLong`.
    """
    if not by.can(roles.WATCH):
        raise NotAllowed("This person may not register a screen.")
    if not local_date(at, get_city().tz) < ends_on <= latest_end(at=at):
        raise TooLong(ends_on)
    key = secrets.token_urlsafe(24)
    row = Screen.objects.create(
        name=name,
        shows=Screen.Shows(shows),
        look=Look(look),
        fingerprint=fingerprint(PURPOSE, key),
        ends_on=ends_on,
        made_at=at,
        made_by_id=by.acting,
    )
    fact = ScreenRegistered(screen=row.pk, audience=row.shows, until=ends_on.isoformat())
    ledger.record(fact, subject=row.subject, at=at, by=by.acting)
    return row, key


@transaction.atomic
def end_screen(*, screen: int, by: Person, at: datetime) -> None:
    """Its address opens nothing any more; a second time changes nothing. Raises `NotAllowed`, `Screen.DoesNotExist`."""
    if not by.can(roles.WATCH):
        raise NotAllowed("This person may not end a screen.")
    row = Screen.objects.select_for_update(of=("self",)).get(pk=screen)
    if row.ended_at is None:
        row.ended_at, row.ended_by_id = at, by.acting
        row.save(update_fields=["ended_at", "ended_by"])
        ledger.record(ScreenEnded(screen=row.pk), subject=row.subject, at=at, by=by.acting)


def find_screen(key: str, *, at: datetime) -> Screen | None:
    """The screen whose address this is, if it still opens. One query; asked anew each time, so an end is an end."""
    if not 20 <= len(key) <= 60 or not key.isascii():
        return None
    today = local_date(at, get_city().tz)
    rows = Screen.objects.filter(fingerprint=fingerprint(PURPOSE, key), ended_at=None, ends_on__gt=today)
    return rows.first()


def screens() -> QuerySet[Screen]:
    """All screens that ever were, those that look on first."""
    rows = Screen.objects.select_related("made_by", "ended_by")
    return rows.order_by(F("ended_at").desc(nulls_first=True), "-made_at", "-pk")
