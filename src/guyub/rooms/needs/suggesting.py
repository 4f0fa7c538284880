"""Offers for a need and needs for an offer, with what speaks for each. As many queries for one as for many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from guyub.kernel.cities.api import get_city
from guyub.kernel.compiled import Compiled
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.needs import reference
from guyub.rooms.needs.matching import Ground, Line, Match, Offered, in_order, matched
from guyub.rooms.needs.models import Ask, Need, Offer, OfferQuerySet
from guyub.rooms.needs.models import Line as LineRow
from guyub.rooms.needs.rules import Answer, Promised, State, left_of
from guyub.rooms.partners import api as partners
from guyub.rooms.places import api as places

# The nearest and newest of this many are compared: a city has thousands of offers, and nobody reads past the first few.
COMPARED = 200
SHOWN = 12


@dataclass(frozen=True, slots=True)
class Suggested:
    """An offer for a need, or a need for an offer: the match, and what is to be had of the offer now."""

    match: Match
    need: int
    left: int
    offer: Offered


def points(*, at: datetime) -> dict[str, int]:
    """The points of each reason, by the rulebook of the city's day."""
    return {key: int(n) for key, n in rulebook.rule("needs.match", on=reference.today(at)).value.items()}


def ground_of(code: str) -> Ground:
    """How a place lies: what is above it and inside it, and what touches it or shares its kecamatan."""
    return grounds_of([code])[code]


def grounds_of(codes: Iterable[str]) -> dict[str, Ground]:
    """How places lie, by code; the city is read once for all of them."""
    gazetteer, atlas, city = places.gazetteer(), places.atlas(), get_city().code
    inside: dict[str, set[str]] = {}
    for one in gazetteer.settlements:
        inside.setdefault(one.parent_code, set()).add(one.code)
    found = {}
    for code in codes:
        row = gazetteer.by_code.get(code)
        if row is None or not row.parent_code:
            found[code] = Ground(city, frozenset(), frozenset(), city)
            continue
        siblings = inside.get(row.parent_code, set()) if row.is_settlement else set()
        near = set(atlas.neighbours(code)) | siblings
        around = inside.get(code, set()) | ({row.parent_code} - {city})
        found[code] = Ground(code, frozenset(around), frozenset(near - {code}), city)
    return found


def offers_for(
    need: Need, *, at: datetime, most: int = SHOWN, lines: list[Line] | None = None
) -> list[Suggested]:
    """The offers that fit a need, in the order that the reasons give. Three queries, and one for each room that keeps
    a record of deeds; one less where the need's `lines` are known."""
    if lines is None:
        lines = lines_of([need.pk]).get(need.pk, [])
    ground, weights = ground_of(need.place_code), points(at=at)
    rows = _candidates(need, ground, {line.resource for line in lines})
    offered = _offered(rows, at=at)
    found = [matched(need.theme, ground, lines, one, weights) for one in offered]
    by_id = {one.id: one for one in offered}
    ordered = in_order(match for match in found if match is not None)[:most]
    return [Suggested(one, need.pk, by_id[one.offer].left, by_id[one.offer]) for one in ordered]


_COLUMNS = (
    *("pk", "partner_id", "resource", "unit", "amount", "every", "themes", "places"),
    *("partner__is_verified", "partner__merged_into_id"),
)


def _candidates(need: Need, ground: Ground, resources: set[str]) -> list[tuple[Any, ...]]:
    """The offers that may fit, nearest first, then the newest: what comes after many is not looked at."""
    asked: dict[str, Any] = {
        "themes": [need.theme],
        "resources": sorted(resources),
        "besides": need.partner_id or 0,
    }
    if ground.place == ground.city:
        # All are equally near: the index has them in order already.
        return _newest.rows(**asked)
    return _nearest.rows(
        **asked,
        reach=sorted(ground.codes),
        here=[ground.place],
        around=sorted(ground.around),
        neighbours=sorted(ground.neighbours),
    )


def _fitting(themes: list[str], resources: list[str], besides: int) -> OfferQuerySet:
    rows = Offer.objects.shown().filter(Q(themes=[]) | Q(themes__has_any=themes), resource__any=resources)
    return rows.exclude(partner_id=besides)


def _newest_first(**asked: Any) -> QuerySet[Offer, Any]:
    return _fitting(**asked).order_by("-changed_at", "-pk").values_list(*_COLUMNS)[:COMPARED]


def _nearest_first(
    reach: list[str], here: list[str], around: list[str], neighbours: list[str], **asked: Any
) -> QuerySet[Offer, Any]:
    rows, near = _fitting(**asked).filter(places__has_any=reach), (here, around, neighbours)
    steps = [When(places__has_any=codes, then=Value(n)) for n, codes in enumerate(near)]
    rows = rows.annotate(near=Case(*steps, default=Value(len(near)), output_field=IntegerField()))
    return rows.order_by("near", "-changed_at", "-pk").values_list(*_COLUMNS)[:COMPARED]


# Which index is best depends on how many offers have the theme.
_newest: Compiled[Any] = Compiled(_newest_first, plans_anew=True)
_nearest: Compiled[Any] = Compiled(_nearest_first, plans_anew=True)


def _offered(rows: list[tuple[Any, ...]], *, at: datetime) -> list[Offered]:
    """Rows of offers with what is left of each and what their partners delivered."""
    day = reference.today(at)
    taken = promised([row[0] for row in rows])
    deeds = deeds_of((row[-1] or row[1] for row in rows if row[1] is not None), at=at)
    made = []
    for pk, partner, resource, unit, amount, every, themes, codes, verified, into in rows:
        left = left_of(amount, every, taken.get(pk, ()), on=day)
        on_time, delivered, late = deeds.get(into or partner, (0, 0, 0))
        made.append(
            Offered(
                pk,
                into or partner,
                resource,
                unit,
                left,
                tuple(themes),
                tuple(codes),
                bool(verified) or into is not None,
                on_time,
                delivered,
                late,
            )
        )
    return made


def promised(offers: Iterable[int]) -> dict[int, list[Promised]]:
    """What was said yes to, by offer. One query."""
    said: dict[int, list[Promised]] = {}
    for offer, amount, moment in _said_yes.rows(offers=list(offers)):
        if offer is not None and amount is not None and moment is not None:
            said.setdefault(offer, []).append(Promised(reference.today(moment), amount))
    return said


_said_yes: Compiled[Any] = Compiled(
    lambda offers: Ask.objects.filter(offer__any=offers, answer=Answer.YES, amount__isnull=False).values_list(
        "offer_id", "amount", "answered_at"
    )
)


def deeds_of(ids: Iterable[int], *, at: datetime) -> dict[int, tuple[int, int, int]]:
    """By partner: delivered in time, delivered at all, delivered late, within the days that count."""
    since = reference.today(at) - timedelta(days=reference.amount("record_days", at=at))
    counted = {}
    for partner, lines in partners.records_of(ids).items():
        recent = [line for line in lines if line.on >= since]
        late = sum(line.in_time is False for line in recent)
        counted[partner] = (sum(line.in_time is True for line in recent), len(recent), late)
    return counted


def lines_of(needs: Iterable[int]) -> dict[int, list[Line]]:
    """By need, what it asks for and is still of use. One query."""
    said: dict[int, list[Line]] = {}
    for need, pk, resource, amount, unit in _lines.rows(needs=list(needs)):
        said.setdefault(need, []).append(Line(pk, resource, amount, unit))
    return said


_lines: Compiled[Any] = Compiled(
    lambda needs: (
        LineRow.objects.filter(need__any=needs)
        .order_by("need_id", "position")
        .values_list("need_id", "pk", "resource", "amount", "unit")
    )
)


def needs_for(offers: list[Offer], *, at: datetime, most: int = SHOWN) -> list[Suggested]:
    """The needs that some offers fit, in the order that the reasons give; of each need its best offer.

    Four queries, however many offers, and one for each room that keeps a record of deeds.
    """
    offered = _offered(_rows_of(offers), at=at)
    wanted = _wanted(offered, own=[offer.partner_id for offer in offers if offer.partner_id])
    lines, weights = lines_of(need for need, _theme, _place in wanted), points(at=at)
    grounds = grounds_of({place for _need, _theme, place in wanted})
    by_id = {one.id: one for one in offered}
    best: list[tuple[Match, Suggested]] = []
    for need, theme, place in wanted:
        fits = [matched(theme, grounds[place], lines.get(need, []), one, weights) for one in offered]
        first = in_order(match for match in fits if match is not None)[:1]
        best += [(one, Suggested(one, need, by_id[one.offer].left, by_id[one.offer])) for one in first]
    best.sort(key=lambda pair: (-pair[0].points, pair[1].need))
    return [suggested for _match, suggested in best[:most]]


def _rows_of(offers: list[Offer]) -> list[tuple[Any, ...]]:
    return _of_offers.rows(offers=[offer.pk for offer in offers])


_of_offers: Compiled[Any] = Compiled(
    lambda offers: Offer.objects.filter(pk__any=offers).order_by("pk").values_list(*_COLUMNS)
)


def _wanted(offered: list[Offered], *, own: list[int]) -> list[tuple[int, str, str]]:
    """The newest needs that ask for something that is offered, of themes that are meant: id, theme and place of each."""
    if not offered:
        return []
    resources = sorted({one.resource for one in offered})
    if not all(one.themes for one in offered):
        return _newest_that_ask.rows(resources=resources, own=own)
    themes = sorted({theme for one in offered for theme in one.themes})
    return _newest_of_themes.rows(resources=resources, own=own, themes=themes)


def _asking(resources: list[str], own: list[int], **narrowed: Any) -> QuerySet[Need, Any]:
    asked = LineRow.objects.filter(resource__any=resources).values("need")
    rows = Need.objects.shown().filter(state=State.PUBLISHED, pk__in=asked, **narrowed)
    ordered = rows.exclude(partner__any=own).order_by("-published_at", "-pk")
    return ordered.values_list("pk", "theme", "place_code")[:COMPARED]


_newest_that_ask: Compiled[Any] = Compiled(_asking)
_newest_of_themes: Compiled[Any] = Compiled(
    lambda resources, own, themes: _asking(resources, own, theme__any=themes)
)


def partners_for(need: Need, *, besides: Iterable[int], most: int = SHOWN) -> list[partners.PartnerCard]:
    """Verified partners that work on the need's theme in its place and wrote down no fitting offer, by name."""
    known = {need.partner_id, *besides}
    cards = partners.active_in(place=need.place_code, theme=need.theme, limit=most + len(known))
    return [card for card in cards if card.id not in known][:most]
