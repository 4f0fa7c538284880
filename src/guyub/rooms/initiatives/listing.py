"""The public list of initiatives: by place, theme and state. Four queries, however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guyub.kernel.cities.api import get_city
from guyub.kernel.compiled import Compiled
from guyub.rooms.initiatives import queries
from guyub.rooms.initiatives.models import Initiative, Line
from guyub.rooms.initiatives.rules import State
from guyub.rooms.initiatives.wording import STATE_TONES, STATES
from guyub.rooms.partners import api as partners
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.ui.rows import Printed, day_in_words

PAGE = 30
LIVE = "HIDUP"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; empty is anything. `state` may be `LIVE`, what is open or running."""

    place: str = ""
    theme: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Row(Printed):
    slug: str
    title: str
    organiser: str
    places: str
    theme: str
    state: str
    tone: str
    days: str
    progress: str


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Row]
    total: int
    has_next: bool


def found_by(wanted: Wanted) -> QuerySet[Initiative]:
    rows = queries.public()
    if wanted.state == LIVE:
        rows = rows.filter(state__in=[State.OPEN, State.RUNNING])
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.theme:
        rows = rows.filter(theme=wanted.theme)
    codes = queries.codes_of(wanted.place) if wanted.place else None
    return rows.filter(places__overlap=codes) if codes is not None else rows


COLUMNS = (
    "pk",
    "slug",
    "title",
    "office_id",
    "partner_id",
    "places",
    "theme",
    "state",
    "starts_on",
    "ends_on",
)


def page_of(wanted: Wanted, *, number: int) -> Page:
    """One page of the list: what goes on first, the newest first."""
    rows, first = found_by(wanted), (number - 1) * PAGE
    ordered = rows.order_by(F("ended_at").desc(nulls_first=True), "-opened_at", "-pk")
    found = list(ordered.values_list(*COLUMNS)[first : first + PAGE + 1])
    return Page(printed(found[:PAGE]), rows.count(), len(found) > PAGE)


def printed(found: Iterable[tuple]) -> list[Row]:  # type: ignore[type-arg]
    """Rows of `COLUMNS`, ready to print. Two queries."""
    chosen = list(found)
    met = lines_met([row[0] for row in chosen])
    cards = partners.by_ids(ids=[row[4] for row in chosen if row[4] is not None])
    offices, themes = people.directory().by_id, {one.code: one.label for one in partners.themes()}
    return [
        Row(
            slug=slug,
            title=title,
            organiser=cards[partner].name
            if partner in cards
            else offices[office].name
            if office in offices
            else "–",
            places=places_in_words(codes),
            theme=themes.get(theme, ""),
            state=str(STATES[State(state)]),
            tone=STATE_TONES[State(state)],
            days=days_in_words(starts, ends),
            progress=progress_in_words(*met.get(pk, (0, 0))),
        )
        for pk, slug, title, office, partner, codes, theme, state, starts, ends in chosen
    ]


def lines_met(initiatives: Iterable[int]) -> dict[int, tuple[int, int]]:
    """By initiative: how many of its lines are wholly there, and how many it has. One query."""
    return {pk: (met, of) for pk, met, of in _met.rows(initiatives=list(initiatives))}


_met: Compiled[tuple[int, int, int]] = Compiled(
    lambda initiatives: (
        Line.objects.filter(initiative__any=initiatives)
        .order_by()
        .values_list("initiative_id")
        .annotate(met=Count("pk", filter=Q(verified__gte=F("amount"))), of=Count("pk"))
    )
)


def progress_in_words(met: int, needed: int) -> str:
    if not needed:
        return ""
    return _("%(met)d dari %(n)d kebutuhan terbukti terpenuhi") % {"met": met, "n": needed}


def days_in_words(starts, ends) -> str:  # type: ignore[no-untyped-def]
    if starts and ends:
        return _("%(first)s sampai %(last)s") % {
            "first": day_in_words(starts, "j M Y"),
            "last": day_in_words(ends, "j M Y"),
        }
    return day_in_words(starts or ends, "j M Y") if starts or ends else ""


def places_in_words(codes: list[str], *, most: int = 2) -> str:
    """Where it is, in few words; a code that the city no longer knows is left out."""
    if get_city().code in codes:
        return _("seluruh daerah")
    known = places.gazetteer().by_code
    labels = [known[code].label for code in codes if code in known]
    said, more = ", ".join(labels[:most]), len(labels) - most
    if more <= 0:
        return said
    return ngettext("%(said)s dan %(n)d wilayah lain", "%(said)s dan %(n)d wilayah lain", more) % {
        "said": said,
        "n": more,
    }
