"""The door to notices."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone

from guyub.kernel import tasks, telemetry
from guyub.kernel.cities.api import get_city, signature
from guyub.kernel.notices.models import Notice

__all__ = [
    "MailUnavailable",
    "Notice",
    "deliver",
    "latest",
    "notify",
    "provide_addresses",
    "redrive",
    "to_be_signed",
]

GIVE_UP_AFTER = timedelta(days=7)

_TO_BE_SIGNED = re.compile(r"\{([a-z]+):([0-9a-f]+)\}")


class MailUnavailable(Exception):
    """The mail server does not answer, and somebody waits for a mail of this very moment."""


_address: Callable[[str], str | None] = lambda recipient: None  # noqa: E731


def provide_addresses(find: Callable[[str], str | None]) -> None:
    """`people` says here how to find the e-mail address of a recipient such as `account:12`."""
    global _address
    _address = find


def notify(*, key: str, recipient: str, subject: str, body: str, at: datetime, link: str = "") -> bool:
    """Tell one person once. Call it inside the transaction of its cause; returns whether it is new."""
    row = Notice(key=key, recipient=recipient, subject=subject, body=body, link=link, created_at=at)
    made = Notice.objects.bulk_create([row], ignore_conflicts=True)
    new = Notice.objects.filter(uuid=made[0].uuid).values_list("pk", flat=True).first()
    if new is None:
        return False
    tasks.enqueue("notices.deliver", notice=new)
    return True


def to_be_signed(purpose: str, value: str) -> str:
    """A secret part of a notice's link: it is kept as this and signed only when the notice goes out."""
    return f"{{{purpose}:{value}}}"


def _signed(link: str) -> str:
    return _TO_BE_SIGNED.sub(lambda found: f"{found[2]}-{signature(found[1], found[2])}", link)


def latest(*, recipient: str, limit: int = 20) -> list[Notice]:
    """A person's newest notices."""
    return list(Notice.objects.filter(recipient=recipient).order_by("-created_at")[:limit])


class CouldNotSend(Exception):
    """The mail server did not take a notice. Says only how it failed: such errors are written to the log."""


def _send(message: EmailMessage) -> None:
    """Send or raise `CouldNotSend`: the library's own errors carry the address, which belongs in no log."""
    try:
        message.send()
    except (OSError, ValueError) as problem:
        telemetry.NOTICES.labels(get_city().slug, "failed").inc()
        raise CouldNotSend(type(problem).__name__) from None


def redrive(*, at: datetime, older_than: timedelta = timedelta(minutes=15), limit: int = 500) -> int:
    """Ask again for notices that were not sent and for which no job waits: the queue was emptied, or the city came
    back from a backup or from another database. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.id FROM notices_notice n WHERE sent_at IS NULL AND created_at BETWEEN %s AND %s AND NOT EXISTS "
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
    """Send a notice by e-mail. It may go out twice if the process dies between sending and noting; its Message-ID
    stays the same, so that a mail program shows it once."""
    row = Notice.objects.get(pk=notice)
    if row.sent_at:
        return
    address = _address(row.recipient)
    if address:
        city = get_city()
        host = city.hosts[0] if city.hosts else "guyub.invalid"
        link = (
            f"\n\n{settings.GUYUB_PUBLIC_SCHEME}://{host}{settings.GUYUB_PUBLIC_PORT}{_signed(row.link)}"
            if row.link
            else ""
        )
        message = EmailMessage(
            subject=row.subject,
            body=row.body + link + f"\n\n{city.government_name}",
            to=[address],
            headers={"Message-ID": f"<{row.uuid}@{host}>"},
        )
        _send(message)
    telemetry.NOTICES.labels(get_city().slug, "sent" if address else "no_address").inc()
    Notice.objects.filter(pk=row.pk).update(
        sent_at=timezone.now(), attempts=row.attempts + 1, problem="" if address else "tanpa alamat"
    )
