"""The door to live screens: `publish` in a transaction, a signed token for who may listen, and the hub that streams.

What is published is read by everybody who holds a token of its channel: no personal data, and nothing that the
channel's audience may not see.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from guyub.kernel import bell, tasks
from guyub.kernel.cities.api import signature, signature_fits

__all__ = ["KEPT", "TOKEN_LASTS", "publish", "recent", "sweep", "token", "token_fits"]

KEPT = timedelta(hours=6)  # a screen that was away for longer loads its page anew
TOKEN_LASTS = timedelta(hours=12)  # a shift; the page renews it when it is loaded
_CHANNEL = re.compile(r"[a-z][a-z-]{0,19}")
_SIGN = "live"

# The lock makes the order of ids the order of commits: who reads "after the last one seen" then misses nothing.
_ORDER = "SELECT pg_advisory_xact_lock(7190, hashtext(current_schema()))"
_INSERT = "INSERT INTO live_event (channel, kind, payload, at) VALUES (%s, %s, %s, %s) RETURNING id"


class OutsideTransaction(RuntimeError):
    """What is shown commits together with what it shows."""


def publish(channel: str, kind: str, payload: Mapping[str, object], *, at: datetime) -> int:
    """Show something on every screen of a channel once the current transaction commits; returns its id.

    Holds back others who publish in this city until the commit: call it last, in a short transaction.
    Raises `OutsideTransaction`, `ValueError` for a channel that is no short word.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(f"{kind} was published outside a transaction.")
    if not _CHANNEL.fullmatch(channel):
        raise ValueError(f"{channel!r} is not a channel's name.")
    with connection.cursor() as cursor:
        cursor.execute(_ORDER)
        cursor.execute(
            _INSERT, [channel, kind, json.dumps(payload, ensure_ascii=False, separators=(",", ":")), at]
        )
        made = int(cursor.fetchone()[0])
    bell.ring(bell.LIVE)
    return made


def recent(channel: str, *, kind: str, limit: int) -> list[dict[str, Any]]:
    """The payloads of what was shown last in a channel, the newest first: for a page that is opened now. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT payload FROM live_event WHERE channel = %s AND kind = %s ORDER BY id DESC LIMIT %s",
            [channel, kind, limit],
        )
        return [json.loads(row[0]) for row in cursor.fetchall()]


def token(channel: str, *, at: datetime) -> str:
    """What lets a browser listen to a channel of the current city for `TOKEN_LASTS`; names nobody."""
    until = int((at + TOKEN_LASTS).timestamp())
    return f"{until}.{signature(_SIGN, f'{channel}:{until}')}"


def token_fits(channel: str, given: str, *, at: datetime) -> bool:
    """Whether a token is of this channel, this city and this time."""
    until, _, sign = given.partition(".")
    if not (until.isascii() and until.isdigit() and len(until) <= 12):
        return False
    return signature_fits(_SIGN, f"{channel}:{until}", sign) and at.timestamp() < int(until)


def sweep(*, at: datetime) -> int:
    """Forget what was shown long ago; returns how many events that were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM live_event WHERE at < %s", [at - KEPT])
        return int(cursor.rowcount)


@tasks.task("live.sweep")
def _sweep() -> None:
    sweep(at=timezone.now())
