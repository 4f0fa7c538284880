"""The city's mailbox at somebody else's server, read by IMAP over TLS: each new mail once.

A mail is marked as read when what became of it is kept, and not before: whatever dies in between, it comes again and
is known by its Message-ID.
"""

from __future__ import annotations

import imaplib
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone

from guyub.kernel import tasks
from guyub.rooms.reports.door_settings import BadSettings, door
from guyub.rooms.reports.mail_in import MOST_BYTES, Outcome, receive

TIMEOUT_SECONDS = 30
MOST_AT_ONCE = 50
_log = logging.getLogger(__name__)


class MailboxUnavailable(Exception):
    """The server cannot be read now. Says only how: its own words may hold the account."""


def fetch(*, at: datetime, context: ssl.SSLContext | None = None) -> list[Outcome]:
    """Take in what is new; empty where the city has no such mailbox. Raises MailboxUnavailable, BadSettings."""
    said = door("imap")
    if not said:
        return []
    try:
        with _opened(said, context or ssl.create_default_context()) as box:
            return [_take(box, number, at) for number in _new(box)[:MOST_AT_ONCE]]
    except (OSError, imaplib.IMAP4.error) as problem:
        raise MailboxUnavailable(type(problem).__name__) from None


@contextmanager
def _opened(said: dict[str, str], context: ssl.SSLContext) -> Iterator[imaplib.IMAP4_SSL]:
    port = int(said.get("port", "993"))
    box = imaplib.IMAP4_SSL(said["host"], port, ssl_context=context, timeout=TIMEOUT_SECONDS)
    try:
        box.login(said["user"], said["password"])
        _asked(box.select(f'"{said.get("folder", "INBOX")}"'))
        yield box
    finally:
        try:
            box.logout()
        except (OSError, imaplib.IMAP4.error):
            _log.debug("the mailbox was not left politely")


def _new(box: imaplib.IMAP4_SSL) -> list[bytes]:
    found = _asked(box.uid("SEARCH", "UNSEEN"))
    return found[0].split() if found and isinstance(found[0], bytes) else []


def _take(box: imaplib.IMAP4_SSL, number: bytes, at: datetime) -> Outcome:
    """One mail. What must wait stays new; what is too large is not even fetched."""
    uid = number.decode("ascii")
    outcome = Outcome.UNREADABLE
    if _size(box, uid) <= MOST_BYTES:
        outcome = receive(raw=_body(box, uid), at=at)
    if outcome is not Outcome.TOO_MANY:
        _asked(box.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
    return outcome


def _size(box: imaplib.IMAP4_SSL, uid: str) -> int:
    said = b" ".join(one for one in _asked(box.uid("FETCH", uid, "(RFC822.SIZE)")) if isinstance(one, bytes))
    _, _, after = said.partition(b"RFC822.SIZE ")
    digits = after.split(b")")[0].split(b" ")[0]
    return int(digits) if digits.isdigit() else MOST_BYTES + 1


def _body(box: imaplib.IMAP4_SSL, uid: str) -> bytes:
    parts = [one for one in _asked(box.uid("FETCH", uid, "(BODY.PEEK[])")) if isinstance(one, tuple)]
    return parts[0][1] if parts else b""


def _asked(answer: tuple[str, list]) -> list:  # type: ignore[type-arg]
    kind, found = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(kind)
    return found or []


def ask_if_open() -> None:
    """With every sweep, for cities that have such a mailbox; settings that cannot be used are `guyub check`'s."""
    try:
        is_open = bool(door("imap"))
    except BadSettings:
        return
    if is_open:
        tasks.enqueue("reports.mailbox")


@tasks.task("reports.mailbox", slow=True)
def read_mailbox() -> None:
    """What cannot be read now is tried with the next sweep."""
    try:
        found = fetch(at=timezone.now())
    except MailboxUnavailable as problem:
        _log.warning("the mailbox cannot be read: %s", problem)
        return
    if found:
        _log.info("%s mails were read", len(found))
