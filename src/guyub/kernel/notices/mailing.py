"""A notice as a mail: its address, its links, its headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from guyub.kernel import telemetry
from guyub.kernel.cities.api import get_city, signature

_TO_BE_SIGNED = re.compile(r"\{([a-z]+):([0-9a-f]+)\}")
Find = Callable[[str], str | None]
_finders: dict[str, Find] = {}


class CouldNotSend(Exception):
    """A notice was not taken. Says only how it failed: such errors are written to the log."""


def provide_addresses(find: Find, *, kinds: Iterable[str] = ("account", "contact")) -> None:
    """A room says here how to find the e-mail address of a recipient such as `account:12`."""
    _finders.update(dict.fromkeys(kinds, find))


def address_of(recipient: str) -> str | None:
    """Where a recipient's mail goes now; None if nobody knows."""
    find = _finders.get(recipient.partition(":")[0])
    return find(recipient) if find else None


def to_be_signed(purpose: str, value: str) -> str:
    """A secret part of a notice's link: it is kept as this and signed only when the notice goes out."""
    return f"{{{purpose}:{value}}}"


def absolute(link: str) -> str:
    """A notice's link as a mail carries it: signed, with the city's own host."""
    signed = _TO_BE_SIGNED.sub(lambda found: f"{found[2]}-{signature(found[1], found[2])}", link)
    return f"{settings.GUYUB_PUBLIC_SCHEME}://{host()}{settings.GUYUB_PUBLIC_PORT}{signed}"


def host() -> str:
    return next(iter(get_city().hosts), "guyub.invalid")


def send(*, to: str, subject: str, parts: Iterable[str], leave: str, key: object) -> None:
    """Send or raise `CouldNotSend`: the library's own errors carry the address, which belongs in no log.

    `leave` makes the mail one that a mail program can end by itself (RFC 8058). `key` is its stable Message-ID.
    """
    # No machine is to answer a machine (RFC 3834).
    headers = {"Message-ID": f"<{key}@{host()}>", "Auto-Submitted": "auto-generated"}
    said = [part for part in parts if part]
    if leave:
        address = absolute(leave)
        headers |= {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        said.append(_("Atur atau berhenti: %(address)s") % {"address": address})
    body = "\n\n".join([*said, get_city().government_name])
    try:
        EmailMessage(subject=subject, body=body, to=[to], headers=headers).send()
    except (OSError, ValueError) as problem:
        telemetry.NOTICES.labels(get_city().slug, "failed").inc()
        raise CouldNotSend(type(problem).__name__) from None
