"""Cases that belong together: the same kind of trouble in the same place, of which a need can be made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from guyub.kernel.access.api import Person, roles
from guyub.rooms.casework import api as casework
from guyub.rooms.needs import reference
from guyub.rooms.needs.models import Ground
from guyub.rooms.needs.rules import ENDED
from guyub.rooms.places import api as places

GROUPS = 12


@dataclass(frozen=True, slots=True)
class Group:
    """So many open cases of a category in a place; `newest` is when the last came in."""

    place: str
    category: str
    count: int
    newest: datetime


def within_reach(person: Person) -> QuerySet[casework.Case]:
    """The cases in the places that a person collaborates in, whoever handles them; none about conduct.

    Of each only number, category, place and state are used here, which strangers may know as well.
    """
    inside = Q(pk__in=[])
    for place in person.places(roles.COLLABORATE):
        inside |= Q(place_code__startswith=place)
    return casework.Case.objects.filter(inside, is_restricted=False, part=1)


def behind_nothing(person: Person, *, since: datetime) -> QuerySet[casework.Case]:
    """Those that are open, came in since a moment, and lie behind no need that still stands."""
    tied = Ground.objects.filter(case=OuterRef("pk")).exclude(need__state__in=ENDED)
    return within_reach(person).filter(~Exists(tied), is_open=True, received_at__gte=since)


def since_days(days: int, *, at: datetime) -> datetime:
    return at - timedelta(days=days)


def groups(person: Person, *, at: datetime) -> list[Group]:
    """Where many report the same, most first, of the places that a person collaborates in. One query."""
    since = since_days(reference.amount("group_days", at=at), at=at)
    rows = behind_nothing(person, since=since).order_by().values("place_code", "category")
    least = reference.amount("group_least", at=at)
    counted = rows.annotate(n=Count("pk"), newest=Max("received_at")).filter(n__gte=least)
    found = counted.order_by("-n", "place_code", "category")[:GROUPS]
    return [Group(row["place_code"], row["category"], row["n"], row["newest"]) for row in found]


def members(person: Person, *, place: str, category: str, days: int, at: datetime) -> list[casework.Case]:
    """The cases of one group, newest first, at most as many as may lie behind a need. One query."""
    rows = behind_nothing(person, since=since_days(days, at=at))
    if place:
        rows = rows.filter(place_code__startswith=place)
    if category:
        rows = rows.filter(category=category)
    return list(rows.order_by("-received_at", "-pk")[: reference.amount("cases_at_most", at=at)])


def common_place(codes: set[str]) -> str:
    """The smallest place that holds all of some: their kelurahan, else their kecamatan, else the city."""
    gazetteer = places.gazetteer()
    above = {gazetteer.by_code[code].parent_code for code in codes if code in gazetteer.by_code}
    if len(codes) == 1:
        return next(iter(codes))
    if len(above) == 1:
        return next(iter(above))
    return next((row.code for row in gazetteer.rows if not row.parent_code), "")
