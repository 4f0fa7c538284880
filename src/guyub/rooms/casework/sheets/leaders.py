"""Satu halaman rapim: what needs a decision at the level of the city. Offices are named, officers never."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncWeek

from guyub.kernel.access.api import Person
from guyub.kernel.calendar import local_date, start_of_local_day
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import access
from guyub.rooms.casework.models import Case, DelayNote
from guyub.rooms.casework.rules import OPEN, State
from guyub.rooms.casework.sheets.days import OfficeDays
from guyub.rooms.casework.sheets.meeting import OFTEN_HANDED_OVER
from guyub.rooms.casework.survival import DayCounter, Watched, median
from guyub.rooms.people import api as people

WEEKS = 8
MOST_OFFICES = 14
MOST_CASES = 6
# Where a late case stands, which is why it is late as far as the record can tell.
STEPS = {
    State.RECEIVED: "verify",
    State.FORWARDED: "answer",
    State.IN_PROGRESS: "finish",
    State.SCHEDULED: "month",
}


@dataclass(slots=True)
class OfficeRow:
    """An agency, or a kecamatan with its kelurahan. `half` is None if it cannot be said, for `few` cases too."""

    name: str
    open: int = 0
    late: int = 0
    escalated: int = 0
    oldest: int = 0
    steps: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STEPS.values(), 0))
    half: int | None = None
    few: bool = False


@dataclass(frozen=True, slots=True)
class CaseLine:
    number: str
    category: str
    place_code: str
    office: int
    late: int
    hand_overs: int
    reason: str


@dataclass(frozen=True, slots=True)
class Overview:
    """`offices` are those with something late, by name; `more` counts what was left off each list."""

    offices: list[OfficeRow]
    offices_more: int
    city: OfficeRow
    hazards: list[CaseLine]
    hazards_more: int
    passed: list[CaseLine]
    passed_more: int
    moved: list[CaseLine]
    moved_more: int
    reasons: list[tuple[str, int]]
    weeks: list[tuple[date, int, int]]
    watched_days: int
    least_cases: int


def overview(*, person: Person, at: datetime) -> Overview:
    """The one page, from what this person may see of the whole city. Nine queries."""
    days = OfficeDays(at, get_city().tz, rulebook.calendar())
    rules = rulebook.family("desk", on=days.today)
    window, least = rules["median_window"].value["amount"], rules["median_least_cases"].value["amount"]
    rows = access.visible(person).filter(is_restricted=False)
    offices, city = _offices(rows, days)
    _add_halves(offices, city, rows, days, window=window, least=least)
    late = sorted((row for row in offices.values() if row.late), key=lambda row: row.name)
    hazards = _lines(rows.filter(is_hazard=True, is_open=True, due_at__lt=at), days)
    passed = _lines(rows.filter(state=State.SCHEDULED, due_at__lt=at), days)
    moved = _lines(rows.filter(state__in=OPEN, hand_overs__gte=OFTEN_HANDED_OVER), days)
    return Overview(
        late[:MOST_OFFICES],
        max(0, len(late) - MOST_OFFICES),
        city,
        *hazards,
        *passed,
        *moved,
        reasons=_reasons(rows.filter(state__in=OPEN, due_at__lt=at)),
        weeks=_weeks(rows, days),
        watched_days=window,
        least_cases=least,
    )


def _name_of(office: int) -> str | None:
    """The agency's name, or the kecamatan's for its kelurahan too."""
    directory = people.directory()
    found = directory.by_id.get(office)
    if found is None:
        return None
    above = directory.of_district(found.place) if found.place.count(".") > 1 else None
    return (above or found).short_name


def _offices(rows: QuerySet[Case], days: OfficeDays) -> tuple[dict[str, OfficeRow], OfficeRow]:
    counted = (
        rows.filter(state__in=OPEN)
        .values("office_id", "state")
        .annotate(n=Count("id"), late=Count("id", filter=Q(due_at__lt=days.at)))
        .annotate(escalated=Count("id", filter=Q(escalated_to__isnull=False)))
        .order_by()
    )
    found: dict[str, OfficeRow] = {}
    city = OfficeRow("")
    for row in counted:
        name = _name_of(row["office_id"])
        own = found.setdefault(name, OfficeRow(name)) if name else OfficeRow("")
        for one in (own, city):
            one.open += row["n"]
            one.late += row["late"]
            one.escalated += row["escalated"]
            if row["late"]:
                one.steps[STEPS.get(State(row["state"]), "finish")] += row["late"]
    late_now = rows.filter(state__in=OPEN, due_at__lt=days.at).values("office_id")
    oldest = late_now.annotate(first=Min("due_at")).order_by().values_list("office_id", "first")
    for office, due_at in oldest:
        own = found.get(_name_of(office) or "", city)
        late = days.late(due_at)
        own.oldest, city.oldest = max(own.oldest, late), max(city.oldest, late)
    return found, city


def _add_halves(
    offices: dict[str, OfficeRow],
    city: OfficeRow,
    rows: QuerySet[Case],
    days: OfficeDays,
    *,
    window: int,
    least: int,
) -> None:
    """By which working day half of the cases of the last days were finished; nothing where there were few."""
    first = days.today - timedelta(days=window)
    counter = DayCounter(first, days.today, days.calendar)
    watched: dict[str, list[Watched]] = defaultdict(list)
    recent = rows.filter(received_at__gte=start_of_local_day(first, days.tz))
    columns = ("office_id", "received_at", "completed_at", "ended_at")
    for office, received, completed, ended in recent.values_list(*columns).iterator():
        until = min(local_date(completed or ended or days.at, days.tz), days.today)
        one = Watched(counter.between(local_date(received, days.tz), until), completed is not None)
        watched[""].append(one)
        name = _name_of(office)
        if name in offices:
            watched[name].append(one)
    for name, row in {**offices, "": city}.items():
        row.few = len(watched[name]) < least
        row.half = None if row.few else median(watched[name])


def _lines(rows: QuerySet[Case], days: OfficeDays) -> tuple[list[CaseLine], int]:
    """The first of a list, the longest due first, and how many were left off."""
    columns = ("number", "category", "place_code", "office_id", "due_at", "hand_overs", "reason")
    every = list(rows.annotate(reason=_REASON).order_by("due_at", "id").values_list(*columns))
    found = [
        CaseLine(number, category, place, office, days.late(due) if due and due < days.at else 0, moves, said)
        for number, category, place, office, due, moves, said in every[:MOST_CASES]
    ]
    return found, max(0, len(every) - MOST_CASES)


# What the office that has a case said last of why it is late; what an office before it said is not its reason.
_REASON = Coalesce(
    Subquery(
        DelayNote.objects.filter(case=OuterRef("pk"), office=OuterRef("office"))
        .order_by("-at", "-pk")
        .values("code")[:1]
    ),
    Value(""),
)


def _reasons(late: QuerySet[Case]) -> list[tuple[str, int]]:
    """How many late cases have each reason, the most first; those without a word ('') last. One query."""
    counted = late.annotate(reason=_REASON).order_by().values("reason").annotate(n=Count("pk"))
    return sorted(
        ((row["reason"], row["n"]) for row in counted), key=lambda row: (not row[0], -row[1], row[0])
    )


def _weeks(rows: QuerySet[Case], days: OfficeDays) -> list[tuple[date, int, int]]:
    """Monday, received, declared finished, for the last weeks; the present one is not over."""
    monday = days.today - timedelta(days=days.today.weekday())
    mondays = [monday - timedelta(weeks=n) for n in reversed(range(WEEKS))]
    since = start_of_local_day(mondays[0], days.tz)
    received, finished = (_by_week(rows, field, since, days) for field in ("received_at", "completed_at"))
    return [(day, received.get(day, 0), finished.get(day, 0)) for day in mondays]


def _by_week(rows: QuerySet[Case], field: str, since: datetime, days: OfficeDays) -> dict[date, int]:
    counted: Iterable[tuple[datetime, int]] = (
        rows.filter(**{f"{field}__gte": since})
        .annotate(week=TruncWeek(field, tzinfo=days.tz))
        .values("week")
        .annotate(n=Count("id"))
        .order_by()
        .values_list("week", "n")
    )
    return {local_date(week, days.tz): n for week, n in counted}
