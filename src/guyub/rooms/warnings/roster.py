"""Who is asked to approve, in which order and in which hours of the city's day."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from guyub.events import warnings as events
from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.rooms.warnings.acting import Refused, holders
from guyub.rooms.warnings.models import Approver, Ask, Message
from guyub.rooms.warnings.rules import may_approve

SUBJECT = "warnings.roster:1"


def standing() -> list[Approver]:
    """The roster in its order. One query."""
    return list(Approver.objects.filter(removed_at__isnull=True))


def is_on_duty(one: Approver, *, at: datetime) -> bool:
    """Whether a place on the roster is meant for this hour; hours may run over midnight."""
    hour = at.astimezone(get_city().tz).hour
    if one.from_hour < one.until_hour:
        return one.from_hour <= hour < one.until_hour
    return hour >= one.from_hour or hour < one.until_hour


def candidates(message: Message, *, at: datetime) -> list[Approver]:
    """Who may still be asked about a message: first those on duty in the roster's order, then the others.

    Left out: who wrote or asked, who holds no authority today, who was asked about these very words.
    """
    able = set(holders(roles.APPROVE_WARNING, at=at))
    asked = Ask.objects.filter(message=message, text_version=message.text_version)
    before = set(asked.filter(asked_at__gte=message.asked_at or at).values_list("account", flat=True))
    hands = [one for one in (message.touched_by, message.asked_by) if one is not None]
    found = [
        one
        for one in standing()
        if one.account in able
        and one.account not in before
        and may_approve(approver=one.account, author=message.author, others=hands)
    ]
    return sorted(found, key=lambda one: not is_on_duty(one, at=at))


def _must_run(by: Person) -> int:
    if not by.can(roles.APPROVE_WARNING):
        raise NotAllowed("Who may approve keeps the roster.")
    return by.acting


@transaction.atomic
def put(*, account: int, from_hour: int, until_hour: int, by: Person, at: datetime) -> Approver:
    """Put somebody at the end of the roster. Raises `NotAllowed`, `Refused`."""
    mine = _must_run(by)
    if account not in holders(roles.APPROVE_WARNING, at=at):
        raise Refused(_("Orang ini belum berwenang menyetujui peringatan."), field="account")
    if not (0 <= from_hour <= 23 and 0 <= until_hour <= 24 and from_hour != until_hour):
        raise Refused(_("Jamnya tidak benar."), field="until_hour")
    last = Approver.objects.filter(removed_at__isnull=True).aggregate(last=Max("position"))["last"] or 0
    try:
        with transaction.atomic():
            row = Approver.objects.create(
                position=last + 1,
                account=account,
                from_hour=from_hour,
                until_hour=until_hour,
                added_at=at,
                added_by=mine,
            )
    except IntegrityError:
        raise Refused(_("Orang ini sudah ada di daftar."), field="account") from None
    _record(row.account, row.position, by=mine, at=at)
    return row


@transaction.atomic
def remove(*, approver: int, by: Person, at: datetime) -> None:
    """Take somebody off the roster; a second time changes nothing. Raises `NotAllowed`."""
    mine = _must_run(by)
    row = Approver.objects.select_for_update().get(pk=approver)
    if row.removed_at is None:
        row.removed_at, row.removed_by = at, mine
        row.save(update_fields=["removed_at", "removed_by"])
        _record(row.account, 0, by=mine, at=at)


@transaction.atomic
def raise_up(*, approver: int, by: Person, at: datetime) -> None:
    """Let somebody be asked before who is now before them. Raises `NotAllowed`."""
    mine = _must_run(by)
    rows = list(Approver.objects.select_for_update().filter(removed_at__isnull=True))
    place = next((n for n, row in enumerate(rows) if row.pk == approver), 0)
    if place == 0:
        return
    rows[place - 1], rows[place] = rows[place], rows[place - 1]
    for position, row in enumerate(rows, start=1):
        Approver.objects.filter(pk=row.pk).update(position=position)
    _record(rows[place - 1].account, place, by=mine, at=at)


def _record(account: int, position: int, *, by: int, at: datetime) -> None:
    ledger.record(
        events.RosterChanged(account=account, position=position),
        subject=SUBJECT,
        at=at,
        by=by,
        place=get_city().code,
    )
