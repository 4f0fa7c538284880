"""The public lists of needs and offers. A fixed number of queries, however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guyub.kernel.cities.api import get_city
from guyub.kernel.compiled import Compiled
from guyub.rooms.needs.models import Line, Need, Offer
from guyub.rooms.needs.queries import around, publishers
from guyub.rooms.needs.rules import ENDED, WANTED
from guyub.rooms.needs.wording import EVERY, RESOURCES, STATES, amount_said
from guyub.rooms.partners import api as partners
from guyub.rooms.places import api as places
from guyub.ui.rows import Printed, day_in_words

PAGE = 20
COUNTED = 1000
LINES = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; empty is anything. `over` asks for needs that are over instead of open ones."""

    theme: str = ""
    place: str = ""
    resource: str = ""
    over: bool = False


@dataclass(frozen=True, slots=True)
class NeedRow(Printed):
    number: str
    title: str
    publisher: str
    place: str
    theme: str
    lines: str
    state: str
    tone: str
    until: str


@dataclass(frozen=True, slots=True)
class OfferRow(Printed):
    uuid: UUID
    what: str
    resource: str
    amount: str
    who: str
    address: str
    places: str
    themes: str
    conditions: str


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[NeedRow] | list[OfferRow]
    total: str
    has_next: bool


def needs_page(wanted: Wanted, *, number: int) -> Page:
    """Needs, newest first. Four queries."""
    rows = Need.objects.shown().filter(state__in=ENDED if wanted.over else WANTED)
    if wanted.theme:
        rows = rows.filter(theme=wanted.theme)
    codes = around(wanted.place) if wanted.place else None
    if codes is not None:
        rows = rows.in_places(codes)
    if wanted.resource:
        rows = rows.filter(Exists(Line.objects.filter(need=OuterRef("pk"), resource=wanted.resource)))
    first = (number - 1) * PAGE
    found = list(rows.order_by("-published_at", "-pk")[first : first + PAGE + 1])
    return Page(need_rows(found[:PAGE]), counted(rows), len(found) > PAGE)


def need_rows(rows: Iterable[Need]) -> list[NeedRow]:
    """Needs ready to print. Two queries."""
    listed = list(rows)
    who, lines, labels = publishers(listed), _lines(listed), theme_labels()
    return [
        NeedRow(
            row.number,
            row.title,
            who.get(row.pk, ""),
            place_said(row.place_code),
            labels.get(row.theme, ""),
            lines.get(row.pk, ""),
            *state_said(row),
            day_in_words(row.until_on) if row.until_on and row.state in WANTED else "",
        )
        for row in listed
    ]


def state_said(row: Need) -> tuple[str, str]:
    label, tone = STATES[row.state]  # type: ignore[index]
    return str(label), tone


def _lines(rows: list[Need]) -> dict[int, str]:
    """By need, its first lines in words: "200 karung, 40 jam, dan 2 lainnya". One query."""
    said: dict[int, list[str]] = {}
    names = {one.value: str(label) for one, label in RESOURCES.items()}
    for need, resource, amount, unit in _lines_of.rows(needs=[row.pk for row in rows]) if rows else ():
        said.setdefault(need, []).append(f"{names[resource]} {amount_said(amount, unit)}")
    return {need: _shortened(words) for need, words in said.items()}


_lines_of: Compiled[Any] = Compiled(
    lambda needs: (
        Line.objects.filter(need__any=needs)
        .order_by("need_id", "position")
        .values_list("need_id", "resource", "amount", "unit")
    )
)


def _shortened(words: list[str]) -> str:
    more, shown = len(words) - LINES, " · ".join(words[:LINES])
    return (
        ngettext("%(shown)s · %(n)d lagi", "%(shown)s · %(n)d lagi", more) % {"shown": shown, "n": more}
        if more > 0
        else shown
    )


def theme_labels() -> dict[str, str]:
    return {theme.code: theme.label for theme in partners.themes()}


def place_said(code: str) -> str:
    """A place in words; the city's own is all of it, one that is not known any more is left out."""
    if code == get_city().code:
        return _("Seluruh daerah")
    row = places.gazetteer().by_code.get(code)
    return row.label if row else ""


def places_said(codes: Iterable[str], *, most: int = 2) -> str:
    """Places in few words."""
    listed = list(codes)
    if get_city().code in listed:
        return _("Seluruh daerah")
    labels = [label for label in map(place_said, listed) if label]
    more, said = len(labels) - most, ", ".join(labels[:most])
    if more <= 0:
        return said
    return ngettext("%(said)s dan %(n)d wilayah lain", "%(said)s dan %(n)d wilayah lain", more) % {
        "said": said,
        "n": more,
    }


def counted(rows: QuerySet[Any]) -> str:
    """How many there are; beyond what anybody reads, "1.000+"."""
    n = rows.order_by()[: COUNTED + 1].count()
    return (
        f"{number_format(COUNTED, force_grouping=True)}+"
        if n > COUNTED
        else number_format(n, force_grouping=True)
    )


def offers_page(wanted: Wanted, *, number: int) -> Page:
    """Offers that stand, the newest first. Three queries."""
    rows = Offer.objects.shown()
    if wanted.theme:
        rows = rows.filter(themes__contains=[wanted.theme]) | rows.filter(themes=[])
    codes = around(wanted.place) if wanted.place else None
    if codes is not None:
        rows = rows.in_places([*codes, get_city().code])
    if wanted.resource:
        rows = rows.filter(resource=wanted.resource)
    first = (number - 1) * PAGE
    found = list(rows.order_by("-changed_at", "-pk")[first : first + PAGE + 1])
    return Page(offer_rows(found[:PAGE]), counted(rows), len(found) > PAGE)


def offer_rows(rows: Iterable[Offer]) -> list[OfferRow]:
    """Offers ready to print; a resident is "warga" and nothing else. One query."""
    listed = list(rows)
    cards = partners.by_ids(ids=[row.partner_id for row in listed if row.partner_id is not None])
    labels = theme_labels()
    return [
        OfferRow(
            row.uuid,
            row.what,
            str(RESOURCES[row.resource]),  # type: ignore[index]
            much_said(row),
            *_giver(cards.get(row.partner_id or 0)),
            places_said(row.places),
            ", ".join(labels[code] for code in row.themes if code in labels) or _("Tema apa saja"),
            row.conditions,
        )
        for row in listed
    ]


def _giver(card: partners.PartnerCard | None) -> tuple[str, str]:
    return (card.name, card.address) if card else (_("Seorang warga"), "")


def much_said(row: Offer) -> str:
    """ "8 jam setiap minggu"."""
    return f"{amount_said(row.amount, row.unit)} {EVERY[row.every]}"  # type: ignore[index]
