"""Needs as the boards of places and the city's map show them."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet

from guyub.kernel.access.api import Person
from guyub.kernel.compiled import CompiledFor
from guyub.rooms.needs import access, listing
from guyub.rooms.needs.listing import NeedRow
from guyub.rooms.needs.models import Need
from guyub.rooms.needs.queries import around
from guyub.rooms.needs.rules import WANTED


def newest(*, place: str = "", limit: int) -> list[NeedRow]:
    """What is looked for in a place (or anywhere), the newest first, as the list shows it. Three queries."""
    codes = around(place) if place else None
    found = _newest.rows(limit) if codes is None else _newest_in.rows(limit, codes=codes)
    return listing.need_rows(found)


def _listed(limit: int, **narrowed: Any) -> QuerySet[Need]:
    rows = Need.objects.shown().filter(state__in=WANTED, **narrowed)
    return rows.order_by("-published_at", "-pk")[:limit]


_newest: CompiledFor[int, Need] = CompiledFor(_listed)
_newest_in: CompiledFor[int, Need] = CompiledFor(lambda limit, codes: _listed(limit, place_code__any=codes))


def open_by_place() -> list[tuple[tuple[str, ...], int]]:
    """Where how many are looked for: the codes that a need names, and how many name these. One query."""
    rows = Need.objects.shown().filter(state__in=WANTED).order_by()
    return [((code,), n) for code, n in rows.values_list("place_code").annotate(n=Count("pk"))]


def count_to_read(person: Person) -> int:
    """How many needs of partners wait to be read by this person."""
    return access.to_read(person).count()
