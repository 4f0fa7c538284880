"""The public list: which partners there are, by words, kind, theme and place. Two queries, however many there are."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guyub.kernel.cities.api import get_city
from guyub.rooms.partners.models import Partner, PartnerQuerySet
from guyub.rooms.partners.queries import covering
from guyub.rooms.partners.reference import theme_labels
from guyub.rooms.partners.rules import VILLAGE_BODIES, Kind, folded
from guyub.rooms.partners.wording import KINDS
from guyub.rooms.places import api as places
from guyub.ui.rows import Printed

PAGE = 30
BODIES = "LEMBAGA"
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; empty is anything. `kind` may be `BODIES`, all those of a kelurahan together."""

    words: str = ""
    kind: str = ""
    theme: str = ""
    place: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Row(Printed):
    slug: str
    name: str
    kind: str
    themes: str
    places: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    total: int
    has_next: bool


def found_by(rows: PartnerQuerySet, wanted: Wanted) -> PartnerQuerySet:
    """Narrow partners to what is looked for."""
    for word in folded(wanted.words).split()[:MOST_WORDS]:
        rows = rows.filter(search_words__contains=word)
    if wanted.kind == BODIES:
        rows = rows.filter(kind__in=[kind.value for kind in VILLAGE_BODIES])
    elif wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.theme:
        rows = rows.on_theme(wanted.theme)
    codes = covering(wanted.place) if wanted.place else None
    if codes is not None:
        rows = rows.in_places(codes)
    return rows.filter(is_verified=True) if wanted.verified else rows


_COLUMNS = ("slug", "name", "kind", "themes", "places", "is_verified")


def page_of(wanted: Wanted, *, number: int) -> Page:
    """One page of the list, by name: verified ones first, and after all others those that every kelurahan has."""
    rows = found_by(Partner.objects.active(), wanted)
    first = (number - 1) * PAGE
    order = ("is_by_decree", "-is_verified", "name", "pk")
    found = list(rows.order_by(*order).values_list(*_COLUMNS)[first : first + PAGE + 1])
    labels, kinds = theme_labels(), {kind.value: str(label) for kind, label in KINDS.items()}
    printed = [
        Row(slug, name, kinds[kind], _labels(themes, labels), places_in_words(codes), is_verified)
        for slug, name, kind, themes, codes, is_verified in found[:PAGE]
    ]
    return Page(printed, rows.count(), len(found) > PAGE)


def _labels(codes: list[str], labels: dict[str, str]) -> str:
    return ", ".join(labels[code] for code in codes if code in labels)


def places_in_words(codes: list[str], *, most: int = 2) -> str:
    """Where a partner is active, in few words; a code that the city no longer knows is left out."""
    if get_city().code in codes:
        return _("seluruh daerah")
    known = places.gazetteer().by_code
    labels = [known[code].label for code in codes if code in known]
    said = ", ".join(labels[:most])
    more = len(labels) - most
    if more <= 0:
        return said
    return ngettext("%(said)s dan %(n)d wilayah lain", "%(said)s dan %(n)d wilayah lain", more) % {
        "said": said,
        "n": more,
    }


def kind_choices() -> list[tuple[str, str]]:
    """The kinds as a filter offers them, with those of a kelurahan also as one."""
    said = [(kind.value, str(KINDS[kind])) for kind in Kind]
    return [*said, (BODIES, _("Semua lembaga kelurahan (RT/RW, PKK, Karang Taruna, LPM)"))]
