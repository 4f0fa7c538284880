"""All cases of the city at a glance, for the wall: how many where, which are the most urgent, and how it stood then.

Cases about officials' conduct are in none of it. What a report says, and who sent it, is nowhere asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, Min, Q

from guyub.events import casework as events
from guyub.rooms.casework.models import Case, CrewLink
from guyub.rooms.casework.rules import MOVES, Move


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """The open cases of a place; `newly_late` since `at` minus the time asked for, `late_since` the oldest deadline."""

    place: str
    open: int
    late: int
    hazards: int
    newly_late: int = 0
    late_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case as the wall may draw it. Of a past moment: `is_recategorised` since."""

    subject: str
    number: str
    category: str
    place: str
    state: str
    is_hazard: bool
    received_at: datetime
    due_at: datetime | None
    is_recategorised: bool = False


_SHOWN = ("subject", "number", "category", "place_code", "state", "is_hazard", "received_at", "due_at")


def by_place(*, since: datetime, at: datetime) -> list[PlaceCount]:
    """The open cases by place. One query."""
    late = Q(due_at__lt=at)
    rows = (
        Case.objects.filter(is_open=True, is_restricted=False)
        .order_by()
        .values("place_code")
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=late),
            hazards=Count("pk", filter=Q(is_hazard=True)),
            newly=Count("pk", filter=late & Q(due_at__gte=since)),
            oldest=Min("due_at", filter=late),
        )
    )
    return [
        PlaceCount(*row)
        for row in rows.values_list("place_code", "open", "late", "hazards", "newly", "oldest")
    ]


def hazards(*, limit: int) -> list[OpenCase]:
    """The open hazards, the newest first. One query."""
    rows = _open().filter(is_hazard=True).exclude(due_at=None).order_by("-received_at", "-pk")
    return [OpenCase(*row) for row in rows.values_list(*_SHOWN)[:limit]]


def most_urgent(*, limit: int) -> list[OpenCase]:
    """The cases on which an office must act, the nearest deadline first. One query."""
    rows = _open().filter(is_hazard=False).exclude(due_at=None).order_by("due_at", "pk")
    return [OpenCase(*row) for row in rows.values_list(*_SHOWN)[:limit]]


def errands(*, at: datetime, limit: int) -> list[OpenCase]:
    """The cases that a crew has gone out for, and that its office still has to finish. One query."""
    links = CrewLink.objects.filter(
        revoked_at=None,
        expires_at__gt=at,
        office=F("case__office"),
        case__is_open=True,
        case__is_restricted=False,
        case__state__in=sorted(state for state, move in MOVES if move is Move.COMPLETE),
    )
    columns = [f"case__{name}" for name in _SHOWN]
    return [OpenCase(*row) for row in links.order_by("-made_at").values_list(*columns).distinct()[:limit]]


def _open():  # type: ignore[no-untyped-def]
    return Case.objects.filter(is_open=True, is_restricted=False)


# What stood at a past moment is read from the facts until then; the deadlines are those on record today.
_FRESH = (events.CaseVerified, events.CaseHandedOver, events.CaseUnmerged)
_WORKED_ON = (
    events.CaseOpened,
    events.CaseAnswered,
    events.ReporterReplied,
    events.ScheduleLifted,
    events.CaseTakenBack,
    events.BodyReplied,
    events.FixDisputed,
)
_RESTING = (events.ReporterAsked, events.ScheduleDecided, events.CaseSentOut, events.WorkCompleted)
_OVER = (events.FixConfirmed, events.CaseExpired, events.CaseRejected, events.CaseMerged)

# What no fact has touched since is as it was then: the facts of the other cases alone are read.
_THEN = """
WITH touched AS MATERIALIZED (
  SELECT subject, bool_or(name = 'casework.case_recategorised') AS is_recategorised
  FROM ledger_fact WHERE occurred_at > %(at)s GROUP BY subject
),
told AS (
  SELECT c.*, l.*, is_recategorised FROM touched JOIN casework_case AS c USING (subject) CROSS JOIN LATERAL (
    SELECT
      (array_agg(f.name = 'casework.case_verified' ORDER BY f.id DESC) FILTER (
        WHERE f.name = 'casework.case_verified' OR f.payload->>'verb' = 'verifikasi'))[1] AS verified,
      (array_agg(f.name ORDER BY f.id DESC) FILTER (
        WHERE f.name = ANY(%(moves)s) AND coalesce(f.payload->>'is_approved', 'true') = 'true'
        OR f.payload->>'fits' = 'false' OR f.name = 'casework.appeal_judged'))[1] AS last,
      (array_agg(f.payload->>'redo' ORDER BY f.id DESC) FILTER (WHERE f.name = 'casework.appeal_judged'))[1] AS redo
    FROM ledger_fact f
    WHERE f.subject = c.subject AND f.occurred_at <= %(at)s AND f.payload->>'case' = c.id::text
  ) AS l
  WHERE c.received_at <= %(at)s AND NOT c.is_restricted AND (c.is_open OR c.ended_at > %(at)s)
)
SELECT subject, number, category, place_code, state, is_hazard, received_at, due_at, false
FROM casework_case
WHERE is_open AND NOT is_restricted AND received_at <= %(at)s
  AND NOT EXISTS (SELECT FROM touched WHERE touched.subject = casework_case.subject)
UNION ALL
SELECT subject, number, category, place_code,
  CASE
    WHEN verified IS NOT TRUE THEN 'RECEIVED'
    WHEN last = ANY(%(fresh)s) THEN 'FORWARDED'
    ELSE 'IN_PROGRESS' END,
  is_hazard, received_at,
  CASE
    WHEN last = ANY(%(resting)s) THEN NULL
    WHEN verified IS NOT TRUE AND is_hazard
      THEN least(verify_due_at, received_at + make_interval(hours => (terms->>'hazard_hours')::int))
    WHEN verified IS NOT TRUE THEN verify_due_at
    WHEN last = ANY(%(fresh)s) THEN least(respond_due_at, resolve_due_at)
    ELSE resolve_due_at END,
  is_recategorised
FROM told
WHERE NOT (coalesce(last, '') = ANY(%(over)s) OR coalesce(last, '') = 'casework.appeal_judged' AND redo = 'false')
"""


def open_then(*, at: datetime) -> list[OpenCase]:
    """The cases that were open at a past moment, in no order; those that rest have no deadline and, unless they rest
    still, no state of their own. One query."""
    values: dict[str, Any] = {
        "at": at,
        "moves": _names(*_FRESH, *_WORKED_ON, *_RESTING, *_OVER),
        "fresh": _names(*_FRESH),
        "resting": _names(*_RESTING),
        "over": _names(*_OVER),
    }
    with (
        connection.cursor() as cursor
    ):  # planned each time: a moment of today and one of last month are read otherwise
        cursor.execute(_THEN, values)
        return [OpenCase(*row) for row in cursor.fetchall()]


def counted(rows: Iterable[OpenCase], *, at: datetime) -> list[PlaceCount]:
    """How many of them there were, and how many were late, by place."""
    places: dict[str, list[OpenCase]] = {}
    for row in rows:
        places.setdefault(row.place, []).append(row)
    return [_count(place, found, at) for place, found in places.items()]


def _count(place: str, rows: list[OpenCase], at: datetime) -> PlaceCount:
    late = [row.due_at for row in rows if row.due_at is not None and row.due_at < at]
    hazards = sum(row.is_hazard for row in rows)
    return PlaceCount(place, len(rows), len(late), hazards, late_since=min(late, default=None))


def hazards_of(rows: Iterable[OpenCase], *, limit: int) -> list[OpenCase]:
    """The hazards among them on which somebody had to act, the newest first.

    What has been given another category since is left out: whether it was a hazard then is not told.
    """
    found = [row for row in rows if row.is_hazard and row.due_at and not row.is_recategorised]
    return sorted(found, key=lambda row: (row.received_at, row.subject), reverse=True)[:limit]


def most_urgent_of(rows: Iterable[OpenCase], *, limit: int) -> list[OpenCase]:
    """The others on which an office had to act, the nearest deadline first; the same left out."""
    found = [row for row in rows if row.due_at and not row.is_hazard and not row.is_recategorised]
    return sorted(found, key=lambda row: (row.due_at, row.subject))[:limit]


def _names(*kinds: type[events.Event]) -> list[str]:
    return [kind.name for kind in kinds]
