"""Who works with whom, on what and where; and what a place still lacks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time
from heapq import nsmallest
from typing import Any

from django.db.models import Count, F, Func, Q, QuerySet, TextField
from django.utils import timezone
from django.utils.translation import gettext as _

from guyub.kernel.compiled import Compiled
from guyub.rooms.partners import queries, sockets
from guyub.rooms.partners.listing import BODIES
from guyub.rooms.partners.models import Partner, Vouch
from guyub.rooms.partners.queries import PartnerCard, covering
from guyub.rooms.partners.reference import theme_labels, themes
from guyub.rooms.partners.rules import VILLAGE_BODIES, Actor, Kind, Status
from guyub.rooms.partners.sockets import Tie
from guyub.rooms.partners.wording import SHORT_KINDS
from guyub.rooms.places import api as places
from guyub.ui.rows import Printed, day_in_words

MOST_PAIRS = 100
MOST_DRAWN = 24
MOST_WHATS = 3


@dataclass(frozen=True, slots=True)
class Pair(Printed):
    """Two partners and what they did together, the newest first."""

    first: PartnerCard
    second: PartnerCard
    whats: list[tuple[str, str]]
    more: int
    where: str
    themes: str
    day: str


@dataclass(frozen=True, slots=True)
class Web:
    """The pairs of a page, how many there are in all, and how many partners they join."""

    pairs: list[Pair]
    total: int
    partners: int


def vouches_since(day: date, partner: int | None) -> list[Tie]:
    """To stand for another is a tie as well, and the first that a young registry has."""
    since = timezone.make_aware(datetime.combine(day, time.min))
    rows = _vouches.rows(since=since) if partner is None else _vouches_of.rows(since=since, partner=partner)
    said = _("Menjamin sebagai mitra yang dikenal")
    return [Tie(first, second, said, at.date()) for first, second, at in rows]


def _vouched(since: datetime, *narrowed: Q) -> QuerySet[Vouch, Any]:
    rows = Vouch.objects.filter(*narrowed, withdrawn_at__isnull=True, at__gte=since)
    rows = rows.filter(partner__status=Status.ACTIVE, speaks_for__status=Status.ACTIVE)
    return rows.order_by("-at").values_list("speaks_for_id", "partner_id", "at")


_vouches: Compiled[Any] = Compiled(lambda since: _vouched(since))
_vouches_of: Compiled[Any] = Compiled(
    lambda since, partner: _vouched(since, Q(partner=partner) | Q(speaks_for=partner))
)


def web(*, since: date, place: str = "", theme: str = "") -> Web:
    """Who worked with whom since a day, in a place and on a theme if asked."""
    codes = covering(place) if place else None
    found: dict[tuple[int, int], list[Tie]] = {}
    for tie in sockets.ties_since(since):
        if (theme and tie.theme != theme) or (codes is not None and tie.place not in codes):
            continue
        first, second = tie.first, tie.second
        found.setdefault((first, second) if first < second else (second, first), []).append(tie)
    ordered = nsmallest(MOST_PAIRS, found, key=lambda pair: (-len(found[pair]), pair))
    cards = queries.by_ids(ids={one for pair in ordered for one in pair})
    labels = theme_labels()
    pairs = [
        _pair(cards[first], cards[second], found[first, second], labels)
        for first, second in ordered
        # Entries that were merged may have become the same partner.
        if first in cards and second in cards and cards[first].id != cards[second].id
    ]
    return Web(pairs, len(found), len({one for pair in found for one in pair}))


def _pair(first: PartnerCard, second: PartnerCard, ties: list[Tie], labels: dict[str, str]) -> Pair:
    known = places.gazetteer().by_code
    whats = list(dict.fromkeys((tie.what, tie.address) for tie in ties))
    where = dict.fromkeys(known[tie.place].label for tie in ties if tie.place in known)
    on = dict.fromkeys(labels[tie.theme] for tie in ties if tie.theme in labels)
    return Pair(
        first,
        second,
        whats[:MOST_WHATS],
        max(0, len(whats) - MOST_WHATS),
        ", ".join(list(where)[:MOST_WHATS]),
        ", ".join(on),
        day_in_words(max(tie.on for tie in ties)),
    )


# ── The drawing ────────────────────────────────────────────────────────────────────────────────────────────
WIDTH, MIDDLE, RADIUS = 860, 280, 190
_TONES = {
    Actor.GOV_POLITICAL: "scheduled",
    Actor.GOV_BUREAUCRACY: "info",
    Actor.CIVIL_SOCIETY: "confirmed",
    Actor.BUSINESS: "waiting",
    Actor.ACADEMIA: "progress",
    Actor.MEDIA: "rejected",
}


@dataclass(frozen=True, slots=True)
class Knot(Printed):
    """A partner in the drawing: its point, and where its name stands."""

    x: str
    y: str
    text_x: str
    text_y: str
    anchor: str
    name: str
    tone: str
    size: int


@dataclass(frozen=True, slots=True)
class Thread(Printed):
    x1: str
    y1: str
    x2: str
    y2: str
    width: int


@dataclass(frozen=True, slots=True)
class Drawing(Printed):
    knots: list[Knot]
    threads: list[Thread]
    left_out: int


def drawing(pairs: list[Pair]) -> Drawing | None:
    """The best-tied partners on a circle, of one class beside each other; None when there is nothing to draw."""
    ties: dict[int, int] = {}
    cards: dict[int, PartnerCard] = {}
    for pair in pairs:
        for card in (pair.first, pair.second):
            cards[card.id] = card
            ties[card.id] = ties.get(card.id, 0) + 1
    if not cards:
        return None
    chosen = sorted(cards, key=lambda one: (-ties[one], cards[one].name))[:MOST_DRAWN]
    order = sorted(chosen, key=lambda one: (cards[one].actor, cards[one].name))
    angles = {one: 2 * math.pi * n / len(order) - math.pi / 2 for n, one in enumerate(order)}
    knots = [_knot(cards[one], angles[one], ties[one]) for one in order]
    threads = [
        _thread(angles[pair.first.id], angles[pair.second.id], len(pair.whats) + pair.more)
        for pair in pairs
        if pair.first.id in angles and pair.second.id in angles
    ]
    return Drawing(knots, threads, len(cards) - len(order))


def _at(angle: float, radius: float) -> tuple[float, float]:
    return WIDTH / 2 + radius * math.cos(angle), MIDDLE + radius * math.sin(angle)


def _knot(card: PartnerCard, angle: float, ties: int) -> Knot:
    x, y = _at(angle, RADIUS)
    side = math.cos(angle)
    text_x, _y = _at(angle, RADIUS + 16)
    anchor = "middle" if abs(side) < 0.2 else "start" if side > 0 else "end"
    # Above and below the circle the name stands off the knot, beside it on its line.
    lift = -20 if abs(side) < 0.2 and math.sin(angle) < 0 else 26 if abs(side) < 0.2 else 5
    name = card.name if len(card.name) <= 24 else card.name[:23].rstrip() + "…"
    return Knot(
        f"{x:.0f}",
        f"{y:.0f}",
        f"{text_x:.0f}",
        f"{y + lift:.0f}",
        anchor,
        name,
        _TONES[card.actor],
        min(6 + ties, 14),
    )


def _thread(first: float, second: float, whats: int) -> Thread:
    (x1, y1), (x2, y2) = _at(first, RADIUS), _at(second, RADIUS)
    return Thread(f"{x1:.0f}", f"{y1:.0f}", f"{x2:.0f}", f"{y2:.0f}", min(1 + whats, 5))


# ── What is missing ────────────────────────────────────────────────────────────────────────────────────────
_COLUMNS = (Kind.COMMUNITY, Kind.COMPANY, Kind.UNIVERSITY, Kind.MEDIA, Kind.AGENCY)


@dataclass(frozen=True, slots=True)
class Cell(Printed):
    """How many verified partners of a kind work on a theme; the filter that lists them."""

    n: int
    kind: str


@dataclass(frozen=True, slots=True)
class Gaps:
    """Themes by kinds: how many active, verified partners there are; `missing` counts the themes without any."""

    columns: list[str]
    rows: list[tuple[str, str, list[Cell]]]
    missing: list[str]


def gaps(*, place: str = "") -> Gaps:
    """What a place (or the whole city) has and lacks. One query."""
    rows = Partner.objects.verified()
    codes = covering(place) if place else None
    if codes is not None:
        rows = rows.in_places(codes)
    unnested = Func(F("themes"), function="unnest", output_field=TextField())
    counted: dict[tuple[str, str], int] = {}
    for kind, theme, n in rows.annotate(theme=unnested).values_list("kind", "theme").annotate(n=Count("pk")):
        column = BODIES if kind in VILLAGE_BODIES else kind
        counted[theme, column] = counted.get((theme, column), 0) + n
    columns = [*(kind.value for kind in _COLUMNS), BODIES]
    found = [
        (one.code, one.label, [Cell(counted.get((one.code, column), 0), column) for column in columns])
        for one in themes()
    ]
    headings = [str(SHORT_KINDS[kind]) for kind in (*_COLUMNS, None)]
    return Gaps(
        headings, found, [label for _code, label, cells in found if not any(cell.n for cell in cells)]
    )
