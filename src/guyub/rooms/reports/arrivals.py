"""How many reports come in, and how many end: what moves the figures on the wall. Conduct is in none of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from guyub.rooms.casework.api import ENDED
from guyub.rooms.reports.models import Report

DAYS = 7

_TODAY = """
SELECT floor(extract(epoch FROM submitted_at - %(first)s) / 86400)::int AS day, c.code, count(*)
FROM reports_report JOIN reports_category c ON c.id = category_id
WHERE NOT about_conduct AND submitted_at >= %(first)s AND submitted_at <= %(at)s
  AND extract(epoch FROM submitted_at - %(first)s)::bigint %% 86400 <= %(elapsed)s
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Today's reports until an hour, how many there are by that hour on the mean of the days before, and what about."""

    today: int
    usual: float
    categories: tuple[tuple[str, int], ...]


def arrivals(*, midnight: datetime, at: datetime) -> Arrivals:
    """What came in since the city's midnight, beside the seven days before until the same hour. One query.

    The zones of Indonesia know no summer time: a day has 24 hours.
    """
    values: dict[str, Any] = {
        "first": midnight - timedelta(days=DAYS),
        "at": at,
        "elapsed": int((at - midnight).total_seconds()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TODAY, values)
        rows = cursor.fetchall()
    now = {category: n for day, category, n in rows if day == DAYS}
    before = sum(n for day, _category, n in rows if day < DAYS)
    most = sorted(now.items(), key=lambda row: (-row[1], row[0]))
    return Arrivals(sum(now.values()), before / DAYS, tuple(most))


def moved(*, since: datetime, until: datetime) -> tuple[int, int]:
    """How many came in and how many ended between two moments. Two queries, each by an index."""
    came = Report.objects.filter(about_conduct=False, submitted_at__gt=since, submitted_at__lte=until)
    ended = Q(state__in=sorted(ENDED), ended_at__gt=since, ended_at__lte=until, about_conduct=False)
    return (
        came.aggregate(n=Count("pk"))["n"],
        Report.objects.filter(ended).aggregate(n=Count("pk"))["n"],
    )


def kept_back(subjects: Iterable[str]) -> set[str]:
    """Which of the subjects are *rahasia* or about conduct: no screen shows them. One query."""
    keys = [int(one.partition(":")[2]) for one in subjects if one.startswith("reports.report:")]
    rows = Report.objects.filter(Q(is_confidential=True) | Q(about_conduct=True), pk__in=keys)
    return {f"reports.report:{pk}" for pk in rows.values_list("pk", flat=True)}
