"""Lembar apel: what an office should know before the day begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from guyub.kernel.access import roles
from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import access
from guyub.rooms.casework.models import Case
from guyub.rooms.casework.rules import State
from guyub.rooms.casework.sheets.days import OfficeDays
from guyub.rooms.people import api as people

WAITING = (State.WAITING_REPORTER, State.WORK_DONE)
PER_GROUP = 40


@dataclass(frozen=True, slots=True)
class Item:
    """A case on paper: nothing that a reporter wrote."""

    number: str
    category: str
    place_code: str
    office: int
    state: str
    is_hazard: bool
    received_at: datetime
    due_at: datetime | None
    reporter_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the sheet. `more` counts what did not fit."""

    key: str
    items: list[Item]
    more: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many open cases of an office (or of several together) stand where."""

    new: int = 0
    due: int = 0
    late: int = 0
    waiting: int = 0
    hazards: int = 0
    open: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Tally)))


@dataclass(frozen=True, slots=True)
class Sheet:
    groups: list[Group]
    own: Tally
    others: list[tuple[str, Tally]]
    next_day: date
    last_day: date


def sheet(*, person: Person, at: datetime) -> Sheet:
    """The morning of one person: what waits on their offices, line by line, and the offices below them summed.

    Each case stands in one group, the most pressing. Two queries.
    """
    days = OfficeDays(at, get_city().tz, rulebook.calendar())
    rows = access.inbox(person)
    columns = [f.name if f.name != "office" else "office_id" for f in fields(Item)]
    found = [Item(*row) for row in rows.order_by("due_at", "reporter_due_at", "id").values_list(*columns)]
    groups = _grouped(found, days)
    return Sheet(
        groups=[Group(key, items[:PER_GROUP], max(0, len(items) - PER_GROUP)) for key, items in groups],
        own=_tally_of(found, days),
        others=_others(person, days),
        next_day=days.next_working_day,
        last_day=days.last_working_day,
    )


def _grouped(items: Iterable[Item], days: OfficeDays) -> list[tuple[str, list[Item]]]:
    found: dict[str, list[Item]] = {key: [] for key in ("hazard", "late", "due", "new", "waiting")}
    for item in items:
        key = _group_of(item, days)
        if key:
            found[key].append(item)
    return list(found.items())


def _group_of(item: Item, days: OfficeDays) -> str:
    if item.is_hazard and item.state not in WAITING:
        return "hazard"
    if item.due_at is not None and item.due_at < days.at:
        return "late"
    if item.due_at is not None and item.due_at <= days.until_next_working_day():
        return "due"
    if item.state in WAITING:
        return "waiting"
    return "new" if item.received_at >= days.since_last_working_day() else ""


def _tally_of(items: list[Item], days: OfficeDays) -> Tally:
    def count(holds: Callable[[Item], bool]) -> int:
        return sum(map(holds, items))

    until = days.until_next_working_day()
    return Tally(
        new=count(lambda i: i.received_at >= days.since_last_working_day()),
        due=count(lambda i: i.due_at is not None and days.at <= i.due_at <= until),
        late=count(lambda i: i.due_at is not None and i.due_at < days.at),
        waiting=count(lambda i: i.state in WAITING),
        hazards=count(lambda i: i.is_hazard),
        open=len(items),
    )


def _others(person: Person, days: OfficeDays) -> list[tuple[str, Tally]]:
    """The offices whose cases this person oversees: for a camat those with cases in the kecamatan, for the whole
    city agencies and kecamatan, each with its kelurahan; by name, never by rank.
    """
    own = person.offices(roles.VIEW)
    if person.can(roles.VIEW_ALL):
        return _by_name(_tallies(access.visible(person), days), _with_their_kecamatan)
    if person.can(roles.VIEW_AREA):
        rows = access.visible(person).exclude(office__in=own)
        return _by_name(_tallies(rows, days), lambda office: office.short_name)
    return []


def _tallies(rows: QuerySet[Case], days: OfficeDays) -> dict[int, Tally]:
    now, until = days.at, days.until_next_working_day()
    counted = (
        rows.filter(is_open=True)
        .values("office_id")
        .annotate(
            new=Count("id", filter=Q(received_at__gte=days.since_last_working_day())),
            due=Count("id", filter=Q(due_at__gte=now, due_at__lte=until)),
            late=Count("id", filter=Q(due_at__lt=now)),
            waiting=Count("id", filter=Q(state__in=WAITING)),
            hazards=Count("id", filter=Q(is_hazard=True)),
            open=Count("id"),
        )
        .order_by()
    )
    names = [f.name for f in fields(Tally)]
    return {office: Tally(*numbers) for office, *numbers in counted.values_list("office_id", *names)}


def _by_name(tallies: dict[int, Tally], name_of: Callable[[people.Office], str]) -> list[tuple[str, Tally]]:
    offices, found = people.directory().by_id, dict[str, Tally]()
    for office, tally in tallies.items():
        if office in offices:
            name = name_of(offices[office])
            found[name] = found.get(name, Tally()) + tally
    return sorted(found.items())


def _with_their_kecamatan(office: people.Office) -> str:
    above = people.directory().of_district(office.place) if office.place.count(".") > 1 else None
    return (above or office).short_name
