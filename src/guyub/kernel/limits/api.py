"""The door to limits: how often something came within a window, counted for all processes in one statement.

What is counted is kept under a signature and never under an address or a cookie: the table tells nobody who came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock

from django.db import connection
from django.utils import timezone

from guyub.kernel import tasks
from guyub.kernel.cities.api import get_city, signature
from guyub.kernel.compiled import ask_prepared

__all__ = ["Counted", "count", "full_until", "sweep"]

_COUNT = """
INSERT INTO limits_count AS c (key, n, until) VALUES {}
ON CONFLICT (key) DO UPDATE SET
    n = CASE WHEN c.until <= %s THEN excluded.n ELSE c.n + excluded.n END,
    until = CASE WHEN c.until <= %s THEN excluded.until ELSE c.until END
RETURNING key, n, until
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """How often it came in the window that is running, this time included, and when that window ends."""

    n: int
    until: datetime


def count(
    what: str, who: Mapping[str, str], *, window: timedelta, at: datetime, n: int = 1
) -> dict[str, Counted]:
    """Count one thing, or `n`, for each of those who sent it (kind → who), and say how often each has by now."""
    keys = {f"{what}:{kind}:{signature('limit', f'{kind}:{value}')}": kind for kind, value in who.items()}
    now = int(at.timestamp())
    until = now + int(window.total_seconds())
    # In the order of their keys, so that two requests that count the same two never wait in a circle.
    rows = ", ".join("(%s, %s, %s)" for _ in keys)
    values = [value for key in sorted(keys) for value in (key, n, until)]
    found = ask_prepared(connection, _COUNT.format(rows), [*values, now, now])
    return {keys[key]: Counted(n, datetime.fromtimestamp(ends, UTC)) for key, n, ends in found}


# Of a limit so wide that counting one by one would cost more than what is counted, a process takes a lot at a time.
LOTS = 500
_lots: dict[tuple[str, str, str, str, int], tuple[int, datetime]] = {}
_lots_lock = Lock()
_LOTS_KEPT = 2000


def full_until(
    what: str, kind: str, who: str, *, most: int, window: timedelta, at: datetime
) -> datetime | None:
    """Count one more; None if it is within `most`, else until when nothing more is.

    Never lets more through than `most` in a window. What a process took and did not use by the window's end is lost:
    where several processes share a limit, up to one lot of each may be refused that would have had room.
    """
    slot = (get_city().schema, what, kind, who, most)
    with _lots_lock:
        left, until = _lots.get(slot, (0, at))
        if left and at < until:
            _lots[slot] = (left - 1, until)
            return None
    lot = max(1, most // LOTS)
    counted = count(what, {kind: who}, window=window, at=at, n=lot)[kind]
    free = min(lot, most - (counted.n - lot))
    if free <= 0:
        return counted.until
    with _lots_lock:
        if len(_lots) >= _LOTS_KEPT:
            _lots.clear()
        left, until = _lots.get(slot, (0, at))
        before = left if until == counted.until else 0
        _lots[slot] = (before + free - 1, counted.until)
    return None


def sweep(*, at: datetime) -> int:
    """Forget what has ended; returns how many counters that were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM limits_count WHERE until < %s", [int(at.timestamp())])
        gone = cursor.rowcount
        cursor.execute("DELETE FROM limits_cache WHERE expires < %s", [at])
        return gone + cursor.rowcount


@tasks.task("limits.sweep")
def _sweep() -> None:
    sweep(at=timezone.now())
