"""Initiatives as others need them: cards, boards of places, what partners delivered, who worked with whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.compiled import Compiled
from guyub.rooms.casework.api import Cause
from guyub.rooms.initiatives.models import Delivery, Initiative, Line, Participant
from guyub.rooms.initiatives.rules import PUBLIC, Brought, Part
from guyub.rooms.needs import api as needs
from guyub.rooms.needs.api import Resource
from guyub.rooms.partners import api as partners
from guyub.rooms.places import api as places


@dataclass(frozen=True, slots=True)
class InitiativeCard:
    """An initiative as boards show it. `needed`, `verified`: percent of what its lines ask for, promised and there."""

    id: int
    slug: str
    title: str
    state: str
    theme: str
    places: tuple[str, ...]
    office: int | None
    partner: int | None
    starts_on: date | None
    ends_on: date | None
    address: str


_CARD = ("pk", "slug", "title", "state", "theme", "places", "office_id", "partner_id", "starts_on", "ends_on")


def card_of(row: Initiative) -> InitiativeCard:
    return _card(*(getattr(row, name) for name in _CARD))


def _card(*row):  # type: ignore[no-untyped-def]
    pk, slug, title, state, theme, codes, office, partner, starts, ends = row
    address = reverse("initiative_page", args=[slug])
    return InitiativeCard(pk, slug, title, state, theme, tuple(codes), office, partner, starts, ends, address)


def public() -> QuerySet[Initiative]:
    """What everyone may read: all that were ever opened."""
    return Initiative.objects.filter(state__in=PUBLIC, opened_at__isnull=False)


def get(*, id: int) -> Initiative:
    """Raises `Initiative.DoesNotExist`."""
    return Initiative.objects.get(pk=id)


def find(*, slug: str) -> Initiative | None:
    return Initiative.objects.filter(slug=slug).first()


def by_ids(*, ids: Iterable[int]) -> dict[int, InitiativeCard]:
    """Cards of those that everyone may read. One query."""
    rows = public().filter(pk__in=list(ids)).values_list(*_CARD)
    return {row[0]: _card(*row) for row in rows}


def codes_of(place: str) -> list[str] | None:
    """The codes by which an initiative is in a place: its own, what lies in it, what it lies in. None for the city.

    Raises `places.UnknownPlace`.
    """
    return places.gazetteer().around(place)


def of_place(code: str, *, states: Iterable[str] = PUBLIC, limit: int = 20) -> list[InitiativeCard]:
    """What is done in a place, in it or around it, what is open and running first. One query."""
    rows = public().filter(state__in=list(states))
    codes = codes_of(code)
    if codes is not None:
        rows = rows.filter(places__overlap=codes)
    return [_card(*row) for row in rows.order_by("ended_at", "-opened_at").values_list(*_CARD)[:limit]]


def of_cause(cause: str) -> list[InitiativeCard]:
    """The initiatives that answer a subject (a need, an alert). One query."""
    return [_card(*row) for row in public().filter(cause=cause).order_by("pk").values_list(*_CARD)]


def causes_shown(subjects: Iterable[str]) -> dict[str, Cause]:
    """Names and addresses of initiatives by their subjects, for pages of what waits for them. One query."""
    ids = [int(key) for key in (one.partition(":")[2] for one in subjects) if key.isdigit()]
    return {
        f"initiatives.initiative:{card.id}": Cause(card.title, card.address)
        for card in by_ids(ids=ids).values()
    }


def record_of(ids: Iterable[int]) -> Mapping[int, list[partners.Delivered]]:
    """What partners brought and was found to be there, newest first. One query."""
    found: dict[int, list[partners.Delivered]] = {}
    for partner, on, amount, due_on, unit, what, title, slug in _found_there.rows(partners=list(ids)):
        words = _("%(amount)s %(what)s untuk %(title)s") % {
            "amount": needs.amount_said(amount, unit),
            "what": what,
            "title": title,
        }
        address = reverse("initiative_page", args=[slug])
        line = partners.Delivered(on=on, words=words, address=address, in_time=on <= due_on)
        found.setdefault(partner, []).append(line)
    return found


_found_there: Compiled[Any] = Compiled(
    lambda partners: (
        Delivery.objects.filter(
            pledge__partner__any=partners,
            state=Brought.VERIFIED,
            pledge__line__initiative__in=public(),
        )
        .order_by("-on", "-pk")
        .values_list(
            *("pledge__partner_id", "on", "found", "pledge__first_due_on", "pledge__line__unit"),
            *("pledge__line__what", "pledge__line__initiative__title", "pledge__line__initiative__slug"),
        )[:500]
    )
)


def ties_since(day: date, partner: int | None = None) -> list[partners.Tie]:
    """Partners that took part in the same initiative, as the network shows them, or one and those with it. One query."""
    accepted = Participant.objects.filter(state=Part.ACCEPTED)
    rows = accepted.filter(initiative__in=public())
    rows = rows.filter(Q(initiative__ended_at__isnull=True) | Q(initiative__ended_at__date__gte=day))
    if partner is not None:
        rows = rows.filter(initiative__in=accepted.filter(partner=partner).values("initiative"))
    told = rows.order_by().values_list(*_OF_A_TIE).annotate(all=ArrayAgg("partner_id"))
    here, tz = reverse("initiative_list"), get_city().tz
    return [
        partners.Tie(first, second, title, on, address, theme, codes[0] if len(codes) == 1 else "")
        for _pk, title, slug, theme, opened, ended, codes, members in told
        for on, address in [(local_date(ended or opened, tz), f"{here}{slug}/")]
        for first, second in combinations(sorted(members), 2)
    ]


_OF_A_TIE = (
    "initiative_id",
    *(f"initiative__{name}" for name in ("title", "slug", "theme", "opened_at", "ended_at", "places")),
)


def resource_label(resource: str) -> str:
    return str(needs.RESOURCES[Resource(resource)])


def money_of(row: Initiative) -> dict[str, int]:
    """What of an initiative's money was asked, promised, taken on, brought, found and spent, in rupiah. One query."""
    names = ("amount", "pledged", "accepted", "delivered", "verified", "spent")
    rows = Line.objects.filter(initiative=row, resource=Resource.MONEY)
    found = rows.aggregate(**{f"all_{name}": Sum(name, default=0) for name in names})
    return {name: int(found[f"all_{name}"]) for name in names}
