"""What a place's page tells of its reports: figures that the list behind them bears out, and what is most reported."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from guyub.rooms.places import api as places
from guyub.rooms.reports import queries
from guyub.rooms.reports.groups import GROUPS, LABELS, OPEN, OVERDUE
from guyub.rooms.reports.queries import (
    COUNTED_UP_TO,
    RECENT_DAYS,
    YEAR_DAYS,
    Wanted,
    chosen,
    days_before,
    late_cases,
    name_of,
)

MOST_REPORTED = 6


@dataclass(frozen=True, slots=True)
class Counted:
    """A number with the filter of the list that shows the very same reports: `status` or `kategori`."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class PlaceFigures:
    """A place's reports: what is open and late now, all by group, what came in of late and about what."""

    open: Counted
    overdue: Counted
    groups: list[Counted]
    received_30: int
    received_365: int
    categories: list[Counted]


def open_by_place() -> dict[str, int]:
    """How many reports no office has finished yet, by the code that stands today. One query."""
    return {code: queries.open_in(states) for code, states in queries.figures().items()}


def place_figures(*, place: str, at: datetime) -> PlaceFigures:
    """The figures of a kecamatan, kelurahan or desa. Three queries; reports on conduct are in none."""
    by_state: Counter[str] = Counter()
    for states in queries.figures(place=place).values():
        by_state.update(states)
    month, rows = _received(place, at)
    return PlaceFigures(
        open=Counted(OPEN, str(LABELS[OPEN]), queries.open_in(by_state)),
        overdue=Counted(OVERDUE, str(LABELS[OVERDUE]), _overdue(place, at)),
        groups=[
            Counted(key, str(LABELS[key]), sum(by_state[state] for state in states))
            for key, states in GROUPS.items()
        ],
        received_30=month,
        received_365=sum(row.count for row in rows),
        categories=rows[:MOST_REPORTED],
    )


def _overdue(place: str, at: datetime) -> int:
    codes = [row.code for row in places.gazetteer().counted_in(place)]
    late = late_cases(at).filter(place_code__in=codes)
    return late.values("number").distinct()[: COUNTED_UP_TO + 1].count()


def _received(place: str, at: datetime) -> tuple[int, list[Counted]]:
    """How many came in within the last month, and within the last year by category, most first. One query."""
    recent = Count("pk", filter=Q(submitted_at__gte=days_before(at, RECENT_DAYS)))
    wanted = Wanted(place=place, submitted_since=days_before(at, YEAR_DAYS))
    found = (
        chosen(wanted)
        .order_by()
        .values_list("category__code", "category__name_id", "category__name_en")
        .annotate(n=Count("pk"), recent=recent)
        .order_by("-n", "category__code")
    )
    rows = list(found)
    counted = [Counted(code, name_of(name_id=own, name_en=en), n) for code, own, en, n, _ in rows]
    return sum(row[4] for row in rows), counted
