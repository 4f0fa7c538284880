"""Needs as others and pages need them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from guyub.kernel.compiled import Compiled
from guyub.rooms.casework import api as casework
from guyub.rooms.needs.models import Ask, Ground, Line, Need
from guyub.rooms.needs.rules import WANTED, Answer, read_number
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places


@dataclass(frozen=True, slots=True)
class NeedCard:
    """A need as others show it; `publisher` in words, `address` is its page, `until_on` its last day."""

    id: int
    number: str
    title: str
    place: str
    theme: str
    state: str
    office: int | None
    partner: int | None
    until_on: date | None
    address: str


@dataclass(frozen=True, slots=True)
class LineCard:
    """A line of a need: so much of a resource, what for."""

    id: int
    resource: str
    purpose: str
    amount: int
    unit: str
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Willing:
    """Somebody said yes to a need: a partner, or a resident where there is none. `amount` in the line's unit."""

    ask: int
    partner: int | None
    account: int | None
    line: int | None
    offer: int | None
    amount: int | None
    words: str


def get(*, id: int) -> Need:
    """Raises `Need.DoesNotExist`."""
    return Need.objects.get(pk=id)


def find(*, number: str) -> Need | None:
    """The need of a number as people say it; None if there is none."""
    read = read_number(number)
    if read is None or read[1] >= 2**63:
        return None
    return next((row for row in of_ids([read[1]]) if row.year == read[0]), None)


def card_of(row: Need) -> NeedCard:
    return NeedCard(
        row.pk,
        row.number,
        row.title,
        row.place_code,
        row.theme,
        row.state,
        row.office_id,
        row.partner_id,
        row.until_on,
        reverse("need_page", args=[row.number]),
    )


def by_ids(*, ids: Iterable[int]) -> dict[int, NeedCard]:
    """Cards by id, of whatever state: whoever shows them says who may see. One query."""
    return {row.pk: card_of(row) for row in of_ids(ids)}


def of_ids(ids: Iterable[int]) -> list[Need]:
    """Needs of whatever state. One query, none for nothing."""
    wanted = sorted(set(ids))
    return _of_ids.rows(ids=wanted) if wanted else []


_of_ids: Compiled[Need] = Compiled(lambda ids: Need.objects.filter(pk__any=ids))


def lines(*, need: int) -> list[LineCard]:
    """What is needed, in the publisher's order. One query."""
    return [LineCard(*row) for row in _lines.rows(need=need)]


_lines: Compiled[Any] = Compiled(
    lambda need: (
        Line.objects.filter(need_id=need)
        .order_by("position")
        .values_list("pk", "resource", "purpose", "amount", "unit", "until_on")
    )
)


def cases(*, need: int) -> list[casework.Case]:
    """The cases behind a need, by number: for officers and for what takes it up, not for everyone. One query."""
    behind = Ground.objects.filter(need_id=need).values("case")
    return list(casework.Case.objects.filter(pk__in=behind).order_by("number"))


def willing(*, need: int) -> list[Willing]:
    """Who said yes when asked, in the order of their answers. One query."""
    rows = Ask.objects.filter(need_id=need, answer=Answer.YES).order_by("answered_at", "pk")
    columns = ("pk", "partner_id", "account_id", "line_id", "offer_id", "amount", "answer_words")
    return [Willing(*row) for row in rows.values_list(*columns)]


def of_place(code: str, *, limit: int = 20) -> list[NeedCard]:
    """What is looked for in a place, below it and in what it lies in, newest first. One query."""
    rows = Need.objects.shown().filter(state__in=WANTED)
    codes = around(code)
    if codes is not None:
        rows = rows.in_places(codes)
    return [card_of(row) for row in rows.order_by("-published_at", "-pk")[:limit]]


def around(code: str) -> list[str] | None:
    """The codes whose needs concern a place: its own, those below it, and those it lies in; None for the whole city.

    Raises `places.UnknownPlace`.
    """
    return places.gazetteer().around(code)


def publishers(rows: Iterable[Need]) -> dict[int, str]:
    """By need, who stands behind it, in words. One query for the partners."""
    listed = list(rows)
    cards = partners.by_ids(ids=[row.partner_id for row in listed if row.partner_id is not None])
    offices = people.directory().by_id
    said = {}
    for row in listed:
        if row.partner_id is not None:
            said[row.pk] = cards[row.partner_id].name
        elif row.office_id is not None:
            said[row.pk] = offices[row.office_id].name if row.office_id in offices else ""
    return said


def partner_address(row: Need) -> str:
    """The page of the partner that stands behind a need; empty for an office's."""
    if row.partner_id is None:
        return ""
    return partners.by_ids(ids=[row.partner_id])[row.partner_id].address
