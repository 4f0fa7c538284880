"""Bahan rapat kecamatan: what happened in a kecamatan in a month or a week, and what must be decided.

Kelurahan stand by their code and are never ranked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from guyub.kernel.access import roles
from guyub.kernel.access.api import Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework import access
from guyub.rooms.casework.kinds import office_words
from guyub.rooms.casework.models import Case, HandOver, Schedule
from guyub.rooms.casework.rules import OPEN, Mode, State
from guyub.rooms.casework.sheets.days import Span, before
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places

_COUNTED = ("received", "confirmed", "no_response", "scheduled", "late", "open")
MOST_CATEGORIES = 8
OLDEST = 10
OFTEN_HANDED_OVER = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One kelurahan or desa: the first three in the period, the last three as they are now."""

    code: str
    name: str
    received: int = 0
    confirmed: int = 0
    no_response: int = 0
    scheduled: int = 0
    late: int = 0
    open: int = 0


@dataclass(frozen=True, slots=True)
class Trend:
    """How often a category was reported, and in the period before."""

    category: str
    now: int
    then: int


@dataclass(frozen=True, slots=True)
class Old:
    """One of the oldest open cases, with the last words that an office wrote."""

    number: str
    category: str
    place_code: str
    office: int
    state: str
    received_on: date
    words: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A case on which somebody must decide. `why` is 'jadwal', 'permohonan', 'berpindah' or 'bulan-lewat'."""

    why: str
    number: str
    category: str
    place_code: str
    office: int


@dataclass(frozen=True, slots=True)
class Material:
    district: str
    rows: list[Row]
    categories: list[Trend]
    oldest: list[Old]
    handed_out: list[tuple[str, int]]
    decisions: list[Decision]


def districts_of(person: Person) -> list[places.PlaceRow]:
    """The kecamatan whose material a person may print: a camat's own, all for who sees the whole city."""
    every = places.gazetteer().districts
    if person.can(roles.VIEW_ALL):
        return every
    own = person.places(roles.VIEW_AREA)
    return [row for row in every if any(row.code == place for place in own)]


def material(*, person: Person, district: str, period: Span, at: datetime) -> Material:
    """The material of one kecamatan. The caller has checked that it is one of `districts_of`. Seven queries."""
    inside = access.visible(person).filter(place_code__startswith=district + ".", is_restricted=False)
    return Material(
        district=places.gazetteer().get(district).label,
        rows=_rows(inside, district, period, at),
        categories=_categories(inside, period),
        oldest=_oldest(inside),
        handed_out=_handed_out(inside, district, period),
        decisions=_decisions(inside, at),
    )


def _in(field: str, period: Span) -> Q:
    return Q(**{f"{field}__gte": period.since, f"{field}__lt": period.until})


def _rows(inside: QuerySet[Case], district: str, period: Span, at: datetime) -> list[Row]:
    ended = _in("ended_at", period)
    counted = (
        inside.values("place_code")
        .annotate(
            received=Count("id", filter=_in("received_at", period)),
            confirmed=Count("id", filter=ended & Q(state=State.CONFIRMED)),
            no_response=Count("id", filter=ended & Q(state=State.NO_RESPONSE)),
            scheduled=Count("id", filter=Q(state=State.SCHEDULED)),
            late=Count("id", filter=Q(is_open=True, due_at__lt=at)),
            open=Count("id", filter=Q(state__in=OPEN)),
        )
        .order_by()
    )
    found: dict[str, dict[str, Any]] = {row["place_code"]: {**row} for row in counted}
    within = sorted(places.gazetteer().within(district), key=lambda row: row.code)
    return [
        Row(row.code, row.label, *(found.get(row.code, {}).get(key, 0) for key in _COUNTED)) for row in within
    ]


def _categories(inside: QuerySet[Case], period: Span) -> list[Trend]:
    earlier = before(period, get_city().tz)
    counted = (
        inside.values("category")
        .annotate(now=Count("id", filter=_in("received_at", period)))
        .annotate(then=Count("id", filter=_in("received_at", earlier)))
        .filter(now__gt=0)
        .order_by("-now", "category")
    )
    return [Trend(row["category"], row["now"], row["then"]) for row in counted[:MOST_CATEGORIES]]


def _oldest(inside: QuerySet[Case]) -> list[Old]:
    columns = ("number", "category", "place_code", "office_id", "state", "received_at", "subject")
    rows = list(inside.filter(state__in=OPEN).order_by("received_at", "id").values_list(*columns)[:OLDEST])
    words, tz = office_words(row[-1] for row in rows), get_city().tz
    return [
        Old(number, category, place, office, state, local_date(received, tz), words.get(subject, ""))
        for number, category, place, office, state, received, subject in rows
    ]


def _handed_out(inside: QuerySet[Case], district: str, period: Span) -> list[tuple[str, int]]:
    """Offices outside the kecamatan that were given cases in the period, by name."""
    offices = people.directory()
    own = [o.id for o in offices.offices if o.place == district or o.place.startswith(district + ".")]
    moved = HandOver.objects.filter(_in("at", period), case__in=inside, from_office__in=own)
    counted = moved.exclude(to_office__in=own).values("to_office").annotate(n=Count("id")).order_by()
    found = [(offices.by_id[r["to_office"]].name, r["n"]) for r in counted if r["to_office"] in offices.by_id]
    return sorted(found)


def _decisions(inside: QuerySet[Case], at: datetime) -> list[Decision]:
    """What waits for a decision, each case for its first reason."""
    proposed = Schedule.objects.filter(case=OuterRef("pk"), decision=Schedule.Decision.PROPOSED)
    asked = Q(mode=Mode.REQUEST, accepted_at__isnull=True)
    often = Q(hand_overs__gte=OFTEN_HANDED_OVER)
    passed = Q(state=State.SCHEDULED, due_at__lt=at)
    rows = (
        inside.filter(state__in=OPEN)
        .annotate(is_proposed=Exists(proposed))
        .filter(Q(is_proposed=True) | asked | often | passed)
        .order_by("received_at", "id")
    )
    return [_decision(row, at) for row in rows[: 2 * OLDEST]]


def _decision(case: Case, at: datetime) -> Decision:
    reasons: Iterable[tuple[str, bool]] = (
        ("jadwal", case.is_proposed),  # type: ignore[attr-defined]
        ("bulan-lewat", case.state == State.SCHEDULED and case.due_at is not None and case.due_at < at),
        ("permohonan", case.mode == Mode.REQUEST and case.accepted_at is None),
        ("berpindah", True),
    )
    why = next(key for key, holds in reasons if holds)
    return Decision(why, case.number, case.category, case.place_code, case.office_id)
