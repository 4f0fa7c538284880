"""Reports that may be about the same thing, so that a neighbour can add a voice instead of a copy."""

from __future__ import annotations

from datetime import datetime, timedelta

import h3.api.basic_int as h3

from guyub.rooms.casework.api import State
from guyub.rooms.reports import access
from guyub.rooms.reports.actions import cell
from guyub.rooms.reports.models import Report

NEW_FOR = timedelta(days=30)
AT_MOST = 5
# Not WORK_DONE: whoever reports what an office calls finished tells us something new.
BEING_DEALT_WITH = (
    State.RECEIVED,
    State.FORWARDED,
    State.IN_PROGRESS,
    State.WAITING_REPORTER,
    State.SCHEDULED,
    State.EXTERNAL,
)


def similar_reports(
    *, category: str, place: str, lat: float | None = None, lon: float | None = None, at: datetime
) -> list[Report]:
    """Open reports of the last 30 days of the same category: in the H3 cell of the point and the six around it
    (some 500 m), or in the same kelurahan where no point is known. Newest first; one query.

    Reports on conduct are never among them. What a stranger may read of each, `rules.seen_by_public` says.
    """
    rows = access.public().filter(
        category__code=category, state__in=BEING_DEALT_WITH, submitted_at__gt=at - NEW_FOR
    )
    here = cell(lat, lon)
    rows = (
        rows.filter(place__code=place) if here is None else rows.filter(h3_9__in=list(h3.grid_disk(here, 1)))
    )
    return list(rows.order_by("-submitted_at", "-pk")[:AT_MOST])
