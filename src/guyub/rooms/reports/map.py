"""The map: counts by cell from a projection, and the newest reports as points; PostgreSQL writes the JSON.

Only published reports that are not over stand on it. Seen from afar it shows counts; near by, or where there are
few, the newest `ON_THE_MAP` as points, and of the rest the counts.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import h3.api.basic_int as h3
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import get_language

from guyub.events import reports as events
from guyub.kernel.compiled import ask_prepared
from guyub.kernel.ledger import api as ledger
from guyub.kernel.ledger.api import RecordedFact, projection
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import State
from guyub.rooms.reports.models import MapCell, Report
from guyub.rooms.reports.queries import OPEN_STATES, Wanted, chosen, published

ON_THE_MAP = 300
SHOWN_STATES = (*OPEN_STATES, State.WORK_DONE)
RESOLUTIONS = (7, 8, 9)  # edges of 1.4 km, 531 m and 201 m
BY_POINT = 8  # of these the database keeps the newest at hand: reports_shown, migration 0003
NEAR_KM, CITY_KM = 5.0, 14.0
REACH_DEGREES = 0.006  # a cell of resolution 8 reaches so far beyond its middle


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of the map in degrees, WGS 84."""

    west: float
    south: float
    east: float
    north: float

    @property
    def km(self) -> float:
        """Its longer side."""
        across = (self.east - self.west) * math.cos(math.radians((self.south + self.north) / 2))
        return max(across, self.north - self.south) * 111.32


# ── What the projection counts ─────────────────────────────────────────────────────────────────────────────


_TOLD = (events.ReportPublished, events.ReportWithdrawn, events.ReportStateChanged, events.ReportHidden)


# Under this name since withdrawals count too: a city that counted without them counts its past anew.
@projection(*_TOLD, name="reports.map_cells_shown", table="reports_mapcell")
def count_by_cell(facts: Sequence[RecordedFact]) -> None:
    """Keep the number of shown reports by cell: a report counts while it is published and not over.

    It can be published more than once (by each of its cases) and be withdrawn between; so what a fact changes is read
    from all that happened to the report before it.
    """
    where = _cells(facts)
    change: Counter[int] = Counter()
    for fact, step in _steps(facts):
        if fact.payload["report"] in where:
            change[where[fact.payload["report"]]] += step
    _add({cell: n for cell, n in change.items() if n})


def _steps(facts: Sequence[RecordedFact]) -> Iterator[tuple[RecordedFact, int]]:
    """The facts of a batch, and what each adds to the count of its report's cell."""
    asked, standing = {fact.id for fact in facts}, dict[str, Standing]()
    for fact in ledger.facts_of(*_TOLD, subjects={fact.subject for fact in facts}):
        before = standing.get(fact.subject, Standing())
        after = standing[fact.subject] = before.after(fact)
        if fact.id in asked:
            yield fact, after.counts - before.counts


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a report's way decides whether the map counts it. Hidden is hidden for good."""

    is_published: bool = False
    is_hidden: bool = False
    state: str = State.RECEIVED

    @property
    def counts(self) -> bool:
        return self.is_published and not self.is_hidden and self.state in SHOWN_STATES

    def after(self, fact: RecordedFact) -> Standing:
        if fact.name == events.ReportStateChanged.name:
            return replace(self, state=fact.payload["to_state"])
        if fact.name == events.ReportHidden.name:
            return replace(self, is_hidden=True)
        return replace(self, is_published=fact.name == events.ReportPublished.name)


def _cells(facts: Sequence[RecordedFact]) -> dict[int, int]:
    """The cell of each report that has a point. What is *rahasia* from the first is never published."""
    rows = Report.objects.filter(pk__in={fact.payload["report"] for fact in facts}, h3_9__isnull=False)
    rows = rows.filter(about_conduct=False)
    return dict(rows.values_list("pk", "h3_9"))  # type: ignore[arg-type]


def _add(change: Mapping[int, int]) -> None:
    counts: Counter[tuple[int, int]] = Counter()
    for cell, n in change.items():
        for resolution in RESOLUTIONS:
            counts[resolution, h3.cell_to_parent(cell, resolution)] += n
    rows = [
        (resolution, cell, *h3.cell_to_latlng(cell), n) for (resolution, cell), n in sorted(counts.items())
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {MapCell._meta.db_table} AS c (resolution, cell, lat, lon, open) "  # noqa: S608
            "SELECT * FROM unnest(%s::int[], %s::bigint[], %s::float8[], %s::float8[], %s::int[]) "
            "ON CONFLICT (resolution, cell) DO UPDATE SET open = c.open + excluded.open",
            [list(column) for column in zip(*rows, strict=True)],
        )


# ── What the map asks ──────────────────────────────────────────────────────────────────────────────────────

_WRITTEN = """
SELECT json_build_object(
  'reports', coalesce((SELECT json_agg(json_build_object(
    'n', number, 'lat', round(lat::numeric, 5), 'lon', round(lon::numeric, 5), 't', name,
    's', %(tones)s::jsonb ->> state, 'w', %(labels)s::jsonb ->> state, 'u', %(address)s || number || '/')) FROM pins), '[]'),
  'cells', coalesce((SELECT json_agg(json_build_object(
    'lat', round(lat::numeric, 3), 'lon', round(lon::numeric, 3), 'n', n)) FROM others), '[]')
)::text
"""

# `newest` is read from the index reports_shown alone: its condition must stand here word by word, and a column
# that the index does not hold would fetch thousands of rows to show 300.
# {name} is one of two columns of ours.
_FROM_CELLS = """
WITH near AS MATERIALIZED (
  SELECT cell, open FROM reports_mapcell WHERE resolution = 8 AND open > 0
  AND lat BETWEEN %(south)s - %(reach)s AND %(north)s + %(reach)s
  AND lon BETWEEN %(west)s - %(reach)s AND %(east)s + %(reach)s
),
newest AS MATERIALIZED (
  SELECT r.id, r.submitted_at FROM near CROSS JOIN LATERAL (
    SELECT id, submitted_at FROM reports_report
    WHERE published_at IS NOT NULL AND NOT is_confidential AND NOT about_conduct AND h3_9 IS NOT NULL
    AND state IN ('RECEIVED', 'FORWARDED', 'IN_PROGRESS', 'WAITING_REPORTER', 'SCHEDULED', 'EXTERNAL', 'WORK_DONE')
    AND reports_cell_8(h3_9) = near.cell
    AND lat BETWEEN %(south)s AND %(north)s AND lon BETWEEN %(west)s AND %(east)s
    ORDER BY submitted_at DESC, id DESC LIMIT %(limit)s
  ) AS r
  WHERE %(is_near)s OR (SELECT sum(open) FROM near) <= %(limit)s
  ORDER BY r.submitted_at DESC, r.id DESC LIMIT %(limit)s
),
pins AS MATERIALIZED (
  SELECT number, lat, lon, state, h3_9, c.{name} AS name FROM newest JOIN reports_report r USING (id)
  JOIN reports_category c ON c.id = r.category_id ORDER BY newest.submitted_at DESC, r.id DESC
),
drawn AS (
  SELECT (h3_9 & ~(15::bigint << 52)) | (%(resolution)s::bigint << 52)
    | ((1::bigint << (3 * (15 - %(resolution)s::int))) - 1) AS cell, count(*) AS n FROM pins GROUP BY 1
),
others AS (
  SELECT lat, lon, open - coalesce(drawn.n, 0) AS n FROM reports_mapcell LEFT JOIN drawn USING (cell)
  WHERE resolution = %(resolution)s AND open > coalesce(drawn.n, 0)
  AND lat BETWEEN %(south)s AND %(north)s AND lon BETWEEN %(west)s AND %(east)s
  AND (SELECT count(*) FROM pins) IN (0, %(limit)s)
)
"""

_FROM_ROWS = """
WITH r (number, lat, lon, state, cell, name) AS MATERIALIZED ({rows}),
pins AS (SELECT * FROM r LIMIT %(limit)s),
others AS (
  SELECT avg(lat) AS lat, avg(lon) AS lon, count(*) AS n FROM (SELECT * FROM r OFFSET %(limit)s) AS o
  GROUP BY (cell & ~(15::bigint << 52)) | (7::bigint << 52) | ((1::bigint << 24) - 1)
)
"""
NOTHING = '{"reports" : [], "cells" : []}'
WORLD = Box(-180, -90, 180, 90)


def map_json(*, wanted: Wanted, address: str, box: Box | None = None, limit: int = ON_THE_MAP) -> str:
    """The map's data as JSON text: published reports only, the newest as points, the rest as counts. One query.

    `address` is what a report's own begins with. Without states in `wanted` only open reports are shown. What is
    narrowed down is counted as it is asked for; all of the city, which most people look at, comes from the projection.
    """
    box = box or WORLD
    values = _values(box, address=address, limit=limit)
    name = "name_en" if get_language() == "en" else "name_id"
    if wanted == Wanted():
        # Always the same statement, whose planning took as long as its answer.
        asked = _FROM_CELLS.format(name=name) + _WRITTEN
        return str(ask_prepared(connection, asked, values)[0][0])
    return _written(_rows(wanted, box), f"category__{name}", values)


def json_of_map(rows: QuerySet[Report], *, address: str, limit: int = ON_THE_MAP) -> str:
    """Reports with points as the map's JSON; the caller has chosen those that the reader may see. One query."""
    name = "name_en" if get_language() == "en" else "name_id"
    return _written(rows, f"category__{name}", _values(WORLD, address=address, limit=limit))


def _values(box: Box, *, address: str, limit: int) -> dict[str, Any]:
    return {
        "limit": limit,
        "address": address,
        "tones": json.dumps(casework.wording.STATE_TONES),
        "labels": json.dumps({state: str(label) for state, label in casework.wording.STATE_LABELS.items()}),
        **{side: getattr(box, side) for side in ("west", "south", "east", "north")},
        "reach": REACH_DEGREES,
        "is_near": box.km <= NEAR_KM,
        "resolution": 9 if box.km <= NEAR_KM else 8 if box.km <= CITY_KM else 7,
    }


def _rows(wanted: Wanted, box: Box) -> QuerySet[Report]:
    rows = published(chosen(wanted)).filter(lat__isnull=False)
    if not wanted.states:
        rows = rows.filter(state__in=SHOWN_STATES)
    if box != WORLD:
        rows = rows.filter(lat__range=(box.south, box.north), lon__range=(box.west, box.east))
    return rows


def _written(rows: QuerySet[Report], name: str, values: dict[str, Any]) -> str:
    """The rows as JSON; words that are in every text, or a category that nobody knows, leave none to ask for."""
    try:
        inner, params = _named(rows, name)
    except EmptyResultSet:
        return NOTHING
    return _text(_FROM_ROWS.format(rows=inner), values | params)


def _named(rows: QuerySet[Report], name: str) -> tuple[str, dict[str, Any]]:
    """Django's own statement for what is wanted, with its values by name."""
    columns = ("number", "lat", "lon", "state", "h3_9", name)
    inner, params = rows.order_by("-submitted_at", "-pk").values_list(*columns).query.sql_with_params()
    names = [f"p{n}" for n in range(len(params))]
    return inner % tuple(f"%({each})s" for each in names), dict(zip(names, params, strict=True))


def _text(statement: str, values: dict[str, Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement + _WRITTEN, values)
        return cursor.fetchone()[0]
