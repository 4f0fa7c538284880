"""The door to notices."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from guyub.kernel import tasks, telemetry
from guyub.kernel.cities.api import get_city
from guyub.kernel.notices import mailing, push
from guyub.kernel.notices.carrying import Carried, Carry, find_carrier, provide_carrier
from guyub.kernel.notices.digests import gather_digests, next_digest
from guyub.kernel.notices.mailing import CouldNotSend, address_of, provide_addresses, to_be_signed
from guyub.kernel.notices.models import Notice, Silence

__all__ = [
    "Carried",
    "CouldNotSend",
    "MailUnavailable",
    "Notice",
    "address_of",
    "count_notices",
    "deliver",
    "forget_recipient",
    "gather_digests",
    "is_silent",
    "latest",
    "next_digest",
    "notify",
    "provide_addresses",
    "provide_carrier",
    "push",
    "redrive",
    "set_silence",
    "to_be_signed",
]


GIVE_UP_AFTER = timedelta(days=7)


class MailUnavailable(Exception):
    """The mail server does not answer, and somebody waits for a mail of this very moment."""


def notify(
    *,
    key: str,
    recipient: str,
    subject: str,
    body: str,
    at: datetime,
    link: str = "",
    leave: str = "",
    push: dict[str, str] | None = None,
    language: str = "id",
    held_until: datetime | None = None,
) -> bool:
    """Tell one person once. Call it inside the transaction of its cause; returns whether it is new.

    With `held_until` it waits for the recipient's digest. `push` goes to their devices, if they have any, instead
    of a mail.
    """
    row = Notice(
        key=key,
        recipient=recipient,
        subject=subject[:160],
        body=body,
        link=link,
        leave=leave,
        push=push,
        language=language,
        held_until=held_until,
        created_at=at,
    )
    made = Notice.objects.bulk_create([row], ignore_conflicts=True)
    new = Notice.objects.filter(uuid=made[0].uuid).values_list("pk", flat=True).first()
    if new is None:
        return False
    if held_until is None:
        tasks.enqueue("notices.deliver", notice=new)
    return True


def latest(*, recipient: str, limit: int = 20) -> list[Notice]:
    """A person's newest notices."""
    return list(Notice.objects.filter(recipient=recipient).order_by("-created_at")[:limit])


def was_told(*, key: str) -> bool:
    """Whether a notice of this key was ever written."""
    return Notice.objects.filter(key=key).exists()


def count_notices(*, recipient: str, key: str, since: datetime) -> int:
    """How many notices whose keys begin so were written to a recipient since a moment."""
    return Notice.objects.filter(recipient=recipient, key__startswith=key, created_at__gt=since).count()


def set_silence(*, recipient: str, topic: str, wanted: bool, at: datetime) -> None:
    """Somebody chooses to be told of a topic no more, or again."""
    if wanted:
        Silence.objects.get_or_create(recipient=recipient, topic=topic, defaults={"at": at})
    else:
        Silence.objects.filter(recipient=recipient, topic=topic).delete()


def is_silent(*, recipient: str, topic: str) -> bool:
    return Silence.objects.filter(recipient=recipient, topic=topic).exists()


def forget_recipient(recipient: str, *, only_held: bool = False) -> None:
    """Drop what waits for a recipient; without `only_held` also their devices and all that was written to them."""
    rows = Notice.objects.filter(recipient=recipient)
    if only_held:
        rows.filter(held_until__isnull=False, digest__isnull=True).delete()
        return
    rows.delete()
    push.forget_devices(recipient)


def redrive(*, at: datetime, older_than: timedelta = timedelta(minutes=15), limit: int = 500) -> int:
    """Ask again for notices that were not sent and for which no job waits: the queue was emptied, or the city came
    back from a backup or from another database. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.id FROM notices_notice n WHERE sent_at IS NULL AND held_until IS NULL AND created_at BETWEEN %s AND %s AND NOT EXISTS "
            "(SELECT FROM procrastinate_jobs j WHERE j.status IN ('todo', 'doing') AND j.args->>'city' = %s "
            "AND j.args->>'name' = 'notices.deliver' AND (j.args->'values'->>'notice')::bigint = n.id) "
            "ORDER BY created_at LIMIT %s",
            [at - GIVE_UP_AFTER, at - older_than, get_city().slug, limit],
        )
        waiting = [notice for (notice,) in cursor.fetchall()]
    for notice in waiting:
        tasks.enqueue("notices.deliver", notice=notice)
    return len(waiting)


@tasks.task("notices.deliver")
def deliver(*, notice: int) -> None:
    """Send a notice, to the recipient's devices or else by mail. It may go out twice if the process dies between
    sending and noting; its Message-ID stays the same, so that a mail program shows it once."""
    row = Notice.objects.filter(pk=notice).first()
    if row is None or row.sent_at or row.held_until:
        return
    problem = ""
    if carry := find_carrier(row.recipient):
        problem = _carry(row, carry)
    elif not (row.push and push.send(recipient=row.recipient, payload=row.push, key=row.uuid.hex)):
        problem = _mail(row)
    telemetry.NOTICES.labels(get_city().slug, "no_address" if problem else "sent").inc()
    Notice.objects.filter(pk=row.pk).update(
        sent_at=timezone.now(), attempts=row.attempts + 1, problem=problem
    )


def _carry(row: Any, carry: Carry) -> str:
    with override(row.language):
        link = mailing.absolute(row.link) if row.link else ""
        return carry(row.recipient, Carried(row.subject, row.body, link))


def _mail(row: Any) -> str:
    """Returns what kept it from being sent for good."""
    address = address_of(row.recipient)
    if not address:
        return "tanpa alamat"
    with override(row.language):
        link = mailing.absolute(row.link) if row.link else ""
        mailing.send(to=address, subject=row.subject, parts=[row.body, link], leave=row.leave, key=row.uuid)
    return ""
