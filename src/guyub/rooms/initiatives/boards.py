"""Initiatives as the boards of places, the city's map and the desk of a place show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Sum, Value

from guyub.kernel.access.api import Person, roles
from guyub.kernel.compiled import Compiled, CompiledFor
from guyub.rooms.initiatives import listing, queries
from guyub.rooms.initiatives.listing import LIVE as GOING_ON
from guyub.rooms.initiatives.listing import Row, Wanted
from guyub.rooms.initiatives.models import Delivery, Initiative, Line, Pledge, Task
from guyub.rooms.initiatives.rules import LIVE, Brought, Consent, Pledged
from guyub.rooms.initiatives.rules import Task as Stage
from guyub.rooms.needs import api as needs
from guyub.ui.rows import Printed

PAGE = 30
_SUMS = ("amount", "pledged", "delivered", "verified")


@dataclass(frozen=True, slots=True)
class SumRow(Printed):
    """What was asked for of one thing in one unit, in words, and how far it has come; `lines` are behind it. In rows
    of a table what is not there yet is empty."""

    resource: str
    label: str
    unit: str
    lines: int
    needed: str
    promised: str
    delivered: str
    verified: str


@dataclass(frozen=True, slots=True)
class LineRow(Printed):
    """One line behind a sum; what is not there yet is empty."""

    what: str
    title: str
    slug: str
    needed: str
    promised: str
    delivered: str
    verified: str


@dataclass(frozen=True, slots=True)
class Lines:
    """A page of lines, and the sum of them all."""

    rows: list[LineRow]
    all: SumRow
    has_next: bool


@dataclass(frozen=True, slots=True)
class Waits(Printed):
    """An initiative in which something waits for an officer: promises to take on, what was brought and what was
    proved to look at; `asks` where it waits for their office's consent."""

    slug: str
    title: str
    promises: int = 0
    deliveries: int = 0
    proofs: int = 0
    asks: int = 0


def newest(*, place: str = "", limit: int) -> list[Row]:
    """What is open or running in a place (or anywhere), the newest first, as the list shows it. Three queries."""
    codes = queries.codes_of(place) if place else None
    return listing.printed(_newest.rows(limit) if codes is None else _newest_in.rows(limit, codes=codes))


def _going_on(**narrowed: Any) -> QuerySet[Initiative]:
    return listing.found_by(Wanted(state=GOING_ON)).filter(**narrowed)


def _by_opening(limit: int, **narrowed: Any) -> QuerySet[Initiative, Any]:
    return _going_on(**narrowed).order_by("-opened_at", "-pk").values_list(*listing.COLUMNS)[:limit]


_newest: CompiledFor[int, Any] = CompiledFor(_by_opening)
_newest_in: CompiledFor[int, Any] = CompiledFor(
    lambda limit, codes: _by_opening(limit, places__has_any=codes)
)


def by_place() -> list[tuple[str, tuple[str, ...], int]]:
    """In which state how many are where: state, the codes that they name, how many name these. One query."""
    rows = queries.public().order_by().values_list("state", "places").annotate(n=Count("pk"))
    return [(state, tuple(codes), n) for state, codes, n in rows]


def live_subjects(*, place: str = "") -> list[str]:
    """What is open or running in a place, as meetings name it. One query."""
    codes = queries.codes_of(place) if place else None
    found = _live.rows() if codes is None else _live_in.rows(codes=codes)
    return [f"initiatives.initiative:{pk}" for pk in found]


_live: Compiled[int] = Compiled(lambda: _going_on().values_list("pk", flat=True))
_live_in: Compiled[int] = Compiled(
    lambda codes: _going_on(places__has_any=codes).values_list("pk", flat=True)
)


# ── Promised beside delivered ──────────────────────────────────────────────────────────────────────────────


def _lines(place: str) -> QuerySet[Line]:
    return _of_codes(queries.codes_of(place) if place else None)


def _of_codes(codes: list[str] | None) -> QuerySet[Line]:
    rows = Line.objects.filter(initiative__in=queries.public()).order_by()
    return rows if codes is None else rows.filter(initiative__places__has_any=codes)


def sums(*, place: str = "") -> list[SumRow]:
    """By resource and unit, what was asked, promised, brought and found to be there. Never one number for what is
    counted in different units. One query."""
    codes = queries.codes_of(place) if place else None
    rows = _sums.rows() if codes is None else _sums_in.rows(codes=codes)
    order = [one.value for one in needs.Resource]
    found = sorted(rows, key=lambda row: (order.index(row[0]), -row[2], row[1]))
    return [_sum_row(resource, unit, n, _if_any(unit, amounts)) for resource, unit, n, *amounts in found]


def _summed(codes: list[str] | None = None) -> QuerySet[Line, Any]:
    return _of_codes(codes).values_list("resource", "unit").annotate(n=Count("pk"), **_totals())


_sums: Compiled[Any] = Compiled(_summed)
_sums_in: Compiled[Any] = Compiled(_summed)


def _totals() -> dict[str, Sum]:
    return {f"all_{name}": Sum(name, default=0) for name in _SUMS}


def _sum_row(resource: str, unit: str, lines: int, said: list[str]) -> SumRow:
    return SumRow(resource, queries.resource_label(resource), unit, lines, *said)


def _said(unit: str, amounts: Iterable[int]) -> list[str]:
    return [needs.amount_said(int(amount), unit) for amount in amounts]


def _if_any(unit: str, amounts: Iterable[int]) -> list[str]:
    """Empty for nothing, so that a list of many kinds says only what there is."""
    return [needs.amount_said(int(amount), unit) if amount else "" for amount in amounts]


def lines_behind(*, resource: str, unit: str, place: str = "", number: int) -> Lines | None:
    """The lines that a sum adds up, those with the most missing first; None if there is none. Two queries."""
    rows = _lines(place).filter(resource=resource, unit=unit)
    total = rows.aggregate(n=Count("pk"), **_totals())
    if not total["n"]:
        return None
    first = (number - 1) * PAGE
    columns = ("what", "initiative__title", "initiative__slug", *_SUMS)
    ordered = rows.order_by(F("verified") - F("amount"), "initiative_id", "position", "pk")
    found = list(ordered.values_list(*columns)[first : first + PAGE + 1])
    return Lines(
        [LineRow(what, title, slug, *_if_any(unit, some)) for what, title, slug, *some in found[:PAGE]],
        _sum_row(resource, unit, total["n"], _said(unit, [total[f"all_{name}"] for name in _SUMS])),
        len(found) > PAGE,
    )


# ── What waits at a desk ───────────────────────────────────────────────────────────────────────────────────


def waiting_for(person: Person) -> list[Waits]:
    """What waits for an officer in the initiatives of their offices, by title. One query."""
    offices = person.offices(roles.COLLABORATE)
    if not offices:
        return []
    own = Initiative.objects.filter(office__in=offices, state__in=LIVE).values("pk")
    asked = Initiative.objects.filter(consent_office__in=offices, consent=Consent.ASKED)
    counts = [
        _counted("promises", "line__initiative__", own, Pledge.objects.filter(state=Pledged.PROMISED)),
        _counted(
            "deliveries", "pledge__line__initiative__", own, Delivery.objects.filter(state=Brought.RECEIVED)
        ),
        _counted("proofs", "initiative__", own, Task.objects.filter(state=Stage.PROVED)),
        _counted("asks", "", asked.values("pk"), Initiative.objects.all()),
    ]
    found: dict[tuple[str, str], dict[str, int]] = {}
    for title, slug, what, n in counts[0].union(*counts[1:], all=True):
        found.setdefault((title, slug), {})[what] = n
    return [Waits(slug, title, **waits) for (title, slug), waits in sorted(found.items())]


def _counted(what: str, to: str, among: QuerySet, rows: QuerySet) -> QuerySet:  # type: ignore[type-arg]
    """How many rows each initiative among some has, with its title and slug; `to` leads from a row to it."""
    said = rows.filter(**{f"{to}pk__in": among}).order_by()
    return said.values_list(f"{to}title", f"{to}slug", Value(what)).annotate(n=Count("pk"))
