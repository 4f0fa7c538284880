"""Digests: what somebody did not want at once goes out together, at the hour of their city."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from guyub.kernel import tasks
from guyub.kernel.cities.api import get_city
from guyub.kernel.notices import mailing
from guyub.kernel.notices.models import Digest, Notice

AT_ONE_SWEEP = 500
ASK_AGAIN_AFTER = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=7)


def next_digest(*, at: datetime, tz: ZoneInfo, hour: int, weekday: int | None = None) -> datetime:
    """The first such hour after a moment, by the clock of the city; on one weekday (Monday is 0) if one is named."""
    day = at.astimezone(tz).date()
    while True:
        moment = datetime.combine(day, time(hour), tzinfo=tz)
        if moment > at and weekday in (None, day.weekday()):
            return moment
        day += timedelta(days=1)


def gather_digests(*, at: datetime) -> int:
    """Make a digest for each recipient whose held notices are due, and ask again for those that were not sent.

    Each notice goes into one digest; returns how many digests were made.
    """
    due = Notice.objects.filter(held_until__lte=at, digest__isnull=True)
    recipients = sorted(set(due.values_list("recipient", flat=True)[: AT_ONE_SWEEP * 10]))[:AT_ONE_SWEEP]
    made = sum(_gather(recipient, at) for recipient in recipients)
    _ask_again(at)
    return made


@transaction.atomic
def _gather(recipient: str, at: datetime) -> bool:
    rows = Notice.objects.filter(recipient=recipient, held_until__lte=at, digest__isnull=True)
    ids = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True))
    if not ids:
        return False
    digest = Digest.objects.create(recipient=recipient, made_at=at, asked_at=at)
    Notice.objects.filter(pk__in=ids).update(digest=digest)
    tasks.enqueue("notices.deliver_digest", digest=digest.pk)
    return True


def _ask_again(at: datetime) -> None:
    """An emptied queue loses no digest."""
    left = Digest.objects.filter(
        sent_at__isnull=True, asked_at__lte=at - ASK_AGAIN_AFTER, made_at__gt=at - GIVE_UP_AFTER
    )
    for pk in left.values_list("pk", flat=True)[:AT_ONE_SWEEP]:
        with transaction.atomic():
            if Digest.objects.filter(pk=pk, asked_at__lte=at - ASK_AGAIN_AFTER).update(asked_at=at):
                tasks.enqueue("notices.deliver_digest", digest=pk)


@tasks.task("notices.deliver_digest")
def deliver_digest(*, digest: int) -> None:
    """Send a digest under a Message-ID that stays; a digest that was sent is not sent again."""
    row = Digest.objects.filter(pk=digest, sent_at__isnull=True).first()
    if row is None:
        return
    notices = list(Notice.objects.filter(digest=row).order_by("created_at", "pk"))
    address = mailing.address_of(row.recipient) if notices else None
    if address:
        _send(row, notices, address)
    now = timezone.now()
    problem = "" if address else "tanpa alamat"
    with transaction.atomic():
        Digest.objects.filter(pk=row.pk).update(sent_at=now, problem=problem)
        Notice.objects.filter(digest=row).update(sent_at=now, problem=problem)


def _send(row: Digest, notices: list[Notice], address: str) -> None:
    count = len(notices)
    with override(notices[-1].language):
        subject = ngettext("%(n)d kabar dari %(city)s", "%(n)d kabar dari %(city)s", count)
        parts = [_("Sejak ringkasan yang lalu:")]
        parts += [f"• {one.subject}\n  {mailing.absolute(one.link)}" for one in notices]
        mailing.send(
            to=address,
            subject=subject % {"n": count, "city": get_city().name},
            parts=parts,
            leave=notices[-1].leave,
            key=row.uuid,
        )


@tasks.task("notices.sweep")
def sweep() -> None:
    gather_digests(at=timezone.now())
