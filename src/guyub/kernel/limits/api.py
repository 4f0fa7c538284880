"""The door to limits: how often something came within a window, counted for all processes in one statement.

What is counted is kept under a signature and never under an address or a cookie: the table tells nobody who came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from guyub.kernel import tasks
from guyub.kernel.cities.api import signature

__all__ = ["Counted", "count", "sweep"]

_COUNT = """
INSERT INTO limits_count AS c (key, n, until) VALUES {}
ON CONFLICT (key) DO UPDATE SET
    n = CASE WHEN c.until <= {} THEN 1 ELSE c.n + 1 END,
    until = CASE WHEN c.until <= {} THEN excluded.until ELSE c.until END
RETURNING key, n, until
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """How often it came in the window that is running, this time included, and when that window ends."""

    n: int
    until: datetime


def count(what: str, who: Mapping[str, str], *, window: timedelta, at: datetime) -> dict[str, Counted]:
    """Count one thing for each of those who sent it (kind → who), and say how often each has by now."""
    keys = {f"{what}:{kind}:{signature('limit', f'{kind}:{value}')}": kind for kind, value in who.items()}
    now = int(at.timestamp())
    until = now + int(window.total_seconds())
    # In the order of their keys, so that two requests that count the same two never wait in a circle.
    rows = ", ".join(f"(%s, 1, {until})" for _ in keys)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(rows, now, now), sorted(keys))
        found = cursor.fetchall()
    return {keys[key]: Counted(n, datetime.fromtimestamp(ends, UTC)) for key, n, ends in found}


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
