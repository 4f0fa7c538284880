"""What Open311 reads: services with their questions, and reports as everyone may see them, written by PostgreSQL.

The rule is that of the public page: what no officer has verified, and what is *rahasia*, has only number, category,
kelurahan and status. Its time, point and words take part in no filter either, because an answer that comes or stays
away would tell them (docs/decisions/0023).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from django.db import connection
from django.db.models import F
from django.utils.translation import get_language

from guyub.events import reports as events
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import Remembered, absolute, get_city
from guyub.kernel.compiled import ask_prepared
from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import ENDED, Case, State
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.rooms.reports.access import public
from guyub.rooms.reports.map import Box
from guyub.rooms.reports.models import Answer, Attribute, Category, Changeset, Report
from guyub.rooms.reports.queries import name_of, published, where
from guyub.rooms.reports.timeline import Reader, timeline

DAYS = 90  # the specification's own: a window without dates, and the longest with both
MOST = 1000
LISTS = (Attribute.Datatype.ONE, Attribute.Datatype.SEVERAL)
# No XML can hold these, in whatever way they are written.
NOT_IN_XML = "[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"

type_of_row = dict[str, Any]


# ── Services ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Services:
    """What may be reported today and what is asked for it. `changed_at` changes whenever these do."""

    changed_at: datetime
    categories: list[Category]
    attributes: dict[int, list[Attribute]]

    def find(self, code: str) -> Category | None:
        return next((row for row in self.categories if row.code == code), None)


def read_services() -> Services:
    """Straight from the tables: programs keep services under the changeset that they read. Three queries.

    Reports on conduct go to the Inspektorat by the city's own form alone, with nobody between.
    """
    changed_at = Changeset.objects.values_list("at", flat=True).get()
    rows = Category.objects.filter(is_active=True, is_conduct=False).order_by("position", "id")
    asked: dict[int, list[Attribute]] = {}
    for attribute in Attribute.objects.filter(is_active=True).order_by("position"):
        asked.setdefault(attribute.category_id, []).append(attribute)
    return Services(changed_at, list(rows), asked)


services = Remembered(read_services, seconds=60)


def moment(at: datetime) -> str:
    """A moment as W3C writes it, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# ── Reports ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which reports a program asks for; numbers override all else. Moments in UTC, both ends included."""

    numbers: tuple[str, ...] = ()
    categories: tuple[int, ...] | None = None
    is_closed: bool | None = None
    since: datetime | None = None
    until: datetime | None = None
    changed_since: datetime | None = None
    changed_until: datetime | None = None
    box: Box | None = None
    limit: int = MOST
    offset: int = 0

    @property
    def is_plain(self) -> bool:
        """By time alone, which has one good plan whatever the values: it may be kept."""
        return not (self.numbers or self.categories is not None or self.is_closed is not None or self.box)


_SHOWN = "(published_at IS NOT NULL AND NOT is_confidential)"
_PICKED = """
WITH picked AS MATERIALIZED (
  SELECT id, number, state, category_id, place_id, submitted_at, changed_at, supporters,
    public_body, public_landmark, lat, lon, {shown} AS shown
  FROM reports_report WHERE NOT about_conduct AND {conditions}
  ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
),
x AS (
  SELECT number AS service_request_id,
    CASE WHEN state = ANY(%(ended)s) THEN 'closed' ELSE 'open' END AS status,
    %(states)s::jsonb ->> state AS status_notes,
    c.{name} AS service_name, c.code AS service_code,
    CASE WHEN shown THEN public_body END AS description,
    %(offices)s::jsonb ->> k.office_id::text AS agency_responsible,
    CASE WHEN shown THEN {submitted} END AS requested_datetime,
    CASE WHEN shown THEN {changed} END AS updated_datetime,
    CASE WHEN shown AND public_landmark <> '' THEN {landmark} || ', ' ELSE '' END
      || coalesce(%(places)s::jsonb ->> l.code, l.code) AS address,
    l.code AS address_id, NULL AS zipcode,
    CASE WHEN shown THEN picked.lat END AS lat, CASE WHEN shown THEN picked.lon END AS long,
    %(photos)s || f.uuid || '.jpg' AS media_url{extended}
  FROM picked
  JOIN reports_category c ON c.id = category_id
  JOIN {place_table} l ON l.id = place_id
  LEFT JOIN (SELECT DISTINCT ON (number) number AS of_report, office_id FROM {case_table} WHERE kind = 'report'
    AND number = ANY(ARRAY(SELECT number FROM picked WHERE shown)) ORDER BY number, is_open DESC, part) k
    ON of_report = picked.number
  LEFT JOIN (SELECT DISTINCT ON (subject) subject, uuid FROM {photo_table} WHERE is_public
    AND subject = ANY(ARRAY(SELECT 'reports.report:' || id FROM picked WHERE shown)) ORDER BY subject, position, id) f
    ON f.subject = 'reports.report:' || picked.id
  ORDER BY {picked_order}
)
"""
_EXTENDED = """,
    json_build_object('state', state, 'place_code', l.code, 'url', %(pages)s || number || '/',
      'supporters', CASE WHEN shown THEN supporters END) AS extended_attributes"""
_JSON = "SELECT coalesce(json_agg(x), '[]')::text FROM x"
_CLEAN = "CASE WHEN {0} ~ %(not_in_xml)s THEN regexp_replace({0}, %(not_in_xml)s, '', 'g') ELSE {0} END"
_ESCAPED = "replace(replace(replace({0}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
COLUMNS = [
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "requested_datetime",
    "updated_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
]
# Only these can hold signs that XML reserves; the words of state, office and place are escaped before they are sent.
_WRITTEN_BY_PEOPLE = ("description", "service_name")


def requests_json(asked: Asked, *, at: datetime, extended: bool = False) -> str:
    """The reports as JSON text in the specification's form: a bare array. One query."""
    return _ask(asked, _JSON, at=at, written=str, extended=extended)


def requests_xml(asked: Asked, *, at: datetime) -> str:
    """The same as XML, without its first line. One query."""
    parts = ", ".join(f"'<{name}>', {_xml(name)}, '</{name}>'" for name in COLUMNS)
    rows = f"coalesce(string_agg(concat('<request>', {parts}, '</request>'), ''), '')"
    select = f"SELECT '<service_requests>' || {rows} || '</service_requests>' FROM x"  # noqa: S608
    return _ask(asked, select, at=at, written=escape, extended=False)


def _xml(name: str) -> str:
    return _ESCAPED.format(_CLEAN.format(name)) if name in _WRITTEN_BY_PEOPLE else name


def _ask(asked: Asked, select: str, *, at: datetime, written: Callable[[str], str], extended: bool) -> str:
    conditions, values = _conditions(asked, at)
    by_change = not asked.numbers and (asked.changed_since or asked.changed_until)
    order = "changed_at DESC, id DESC" if by_change else "submitted_at DESC, id DESC"
    landmark = "public_landmark" if written is str else _ESCAPED.format(_CLEAN.format("public_landmark"))
    statement = _PICKED.format(
        shown=_SHOWN,
        conditions=" AND ".join(conditions),
        order=order,
        picked_order=order.replace("id DESC", "picked.id DESC"),
        name="name_en" if get_language() == "en" else "name_id",
        submitted=_moment("submitted_at"),
        changed=_moment("changed_at"),
        landmark=landmark,
        extended=_EXTENDED if extended else "",
        place_table=Report._meta.get_field("place").related_model._meta.db_table,  # type: ignore[union-attr]
        case_table=Case._meta.db_table,
        photo_table=Photo._meta.db_table,
    )
    values |= _words(written) | {
        "ended": sorted(ENDED),
        "limit": asked.limit,
        "offset": asked.offset,
        "photos": absolute("/berkas/"),
        "pages": absolute("/laporan/"),
        "not_in_xml": NOT_IN_XML,
    }
    if asked.is_plain:
        return ask_prepared(connection, statement + select, values)[0][0]
    with connection.cursor() as cursor:
        cursor.execute(statement + select, values)
        return cursor.fetchone()[0]


def _moment(column: str) -> str:
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""


def _conditions(asked: Asked, at: datetime) -> tuple[list[str], dict[str, Any]]:
    """What a program asks for as conditions of ours with their values."""
    if asked.numbers:
        return ["number = ANY(%(numbers)s)"], {"numbers": list(asked.numbers)}
    found: list[str] = []
    values: dict[str, Any] = {}
    if asked.categories is not None:
        found.append("category_id = ANY(%(categories)s)")
        values["categories"] = list(asked.categories)
    if asked.is_closed is not None:
        found.append(("" if asked.is_closed else "NOT ") + "state = ANY(%(ended)s)")
    found += _window(asked, at, values)
    if asked.box:
        found += [_SHOWN, "lat BETWEEN %(south)s AND %(north)s", "lon BETWEEN %(west)s AND %(east)s"]
        values |= {side: getattr(asked.box, side) for side in ("south", "north", "west", "east")}
    return found, values


def _window(asked: Asked, at: datetime, values: dict[str, Any]) -> list[str]:
    """By moments only what is shown can be found. Without any, the last 90 days, which for what is not shown begin
    with their month: to the second they would tell when it was sent."""
    found = []
    limits = {
        "submitted_at >=": asked.since,
        "submitted_at <": asked.until and asked.until + timedelta(seconds=1),
        "changed_at >=": asked.changed_since,
        "changed_at <": asked.changed_until and asked.changed_until + timedelta(seconds=1),
    }
    for n, (said, limit) in enumerate(limits.items()):
        if limit:
            found.append(f"{said} %(limit{n})s")
            values[f"limit{n}"] = limit
    if found:
        return [_SHOWN, *found]
    first = at - timedelta(days=DAYS)
    month = local_date(first, get_city().tz).replace(day=1)
    values |= {"first": first, "month": datetime(month.year, month.month, 1, tzinfo=get_city().tz)}
    return [
        "submitted_at >= %(month)s",
        f"(submitted_at >= %(first)s OR NOT {_SHOWN})",
    ]


_kept: Remembered[dict[tuple[str, bool], dict[str, str]]] = Remembered(dict, seconds=60)


def _words(written: Callable[[str], str]) -> dict[str, str]:
    """The words for states, offices and places in the language of the request, made once a minute."""
    kept, key = _kept(), (get_language() or "id", written is escape)
    if key not in kept:
        labels = {state.value: str(label) for state, label in casework.wording.STATE_LABELS.items()}
        offices = {str(one.id): one.name for one in people.directory().offices}
        wards = {row.code: where(row.code) for row in places.gazetteer().rows}
        found = {"states": labels, "offices": offices, "places": wards}
        kept[key] = {
            name: json.dumps({code: written(text) for code, text in words.items()})
            for name, words in found.items()
        }
    return kept[key]


# ── Extensions ─────────────────────────────────────────────────────────────────────────────────────────────


def extended_rows(asked: Asked, *, at: datetime, notes: bool = False) -> list[type_of_row]:
    """The reports with `extended_attributes`, their answers, and, for one report, its public story as `notes`."""
    rows: list[type_of_row] = json.loads(requests_json(asked, at=at, extended=True))
    answers = _answers([row["service_request_id"] for row in rows])
    for row in rows:
        row["attributes"] = answers.get(row["service_request_id"], [])
        if notes:
            row["notes"] = _notes(row["service_request_id"])
    return rows


def _answers(numbers: list[str]) -> dict[str, list[type_of_row]]:
    """Answers that were chosen from a list, where the question says that they are public; what somebody wrote freely is read by an officer first. One query."""
    shown = published(Report.objects.filter(number__in=numbers))
    rows = Answer.objects.filter(
        report__in=shown,
        attribute__is_public=True,
        attribute__datatype__in=LISTS,
        attribute__category=F("report__category"),
    ).order_by("attribute__position", "pk")
    found: dict[str, dict[str, type_of_row]] = {}
    for number, code, values, value in rows.values_list(
        "report__number", "attribute__code", "attribute__values", "value"
    ):
        names = {one["key"]: name_of(name_id=one["name_id"], name_en=one["name_en"]) for one in values}
        answer = found.setdefault(number, {}).setdefault(code, {"code": code, "values": []})
        answer["values"].append({"key": value, "name": names.get(value, value)})
    return {number: list(answers.values()) for number, answers in found.items()}


def _notes(number: str) -> list[type_of_row]:
    report = published(public()).filter(number=number).first()
    if report is None:
        return []
    return [
        {
            "datetime": moment(entry.at),
            "description": f"{entry.text}: {entry.words}" if entry.words else entry.text,
            "type": entry.tone,
        }
        for entry in timeline(report=report, reader=Reader.PUBLIC).entries
    ]


# ── Updates ────────────────────────────────────────────────────────────────────────────────────────────────

# The words that programs know for a state; closed is what is over for good.
UPDATE_STATUS = {
    State.IN_PROGRESS: "IN_PROGRESS",
    State.SCHEDULED: "ACTION_SCHEDULED",
    State.EXTERNAL: "INTERNAL_REFERRAL",
    State.WORK_DONE: "FIXED",
    **dict.fromkeys(ENDED, "CLOSED"),
}


def updates(*, since: datetime, until: datetime) -> list[type_of_row]:
    """How the state of shown reports changed between two moments, oldest first, since each was published.

    Two queries. A report that changed in the window has its last change in it or after it. At most 1000 reports, those
    whose last change is oldest: whoever asks goes on from there.
    """
    rows = published(public()).filter(changed_at__gte=since).order_by("changed_at", "pk")
    known = {
        f"reports.report:{pk}": (number, published_at)
        for pk, number, published_at in rows.values_list("pk", "number", "published_at")[:MOST]
    }
    facts = ledger.facts_among(subjects=known, name=events.ReportStateChanged.name, since=since, until=until)
    found = []
    for fact in facts:
        number, published_at = known[fact.subject]
        state = State(fact.payload["to_state"])
        if fact.occurred_at >= published_at:
            found.append(
                {
                    "update_id": str(fact.id),
                    "service_request_id": number,
                    "status": UPDATE_STATUS.get(state, "OPEN"),
                    "updated_datetime": moment(fact.occurred_at),
                    "description": str(casework.wording.STATE_LABELS[state]),
                }
            )
    return found
