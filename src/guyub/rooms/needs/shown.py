"""One need as its page shows it, and suggestions in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guyub.kernel.cities.api import get_city
from guyub.kernel.compiled import Compiled
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import api as casework
from guyub.rooms.needs import listing, queries, suggesting
from guyub.rooms.needs.matching import Line as MatchedLine
from guyub.rooms.needs.matching import Why
from guyub.rooms.needs.models import Ask, Ground, Need, Note, Offer
from guyub.rooms.needs.rules import WANTED, Answer
from guyub.rooms.needs.suggesting import Suggested
from guyub.rooms.needs.wording import ANSWERS, RESOURCES, amount_said
from guyub.rooms.partners import api as partners
from guyub.rooms.places import api as places
from guyub.ui.rows import Printed, day_in_words

NAMED = 12
MOST_FACTS = 60
MOST_ASKED = 100


@dataclass(frozen=True, slots=True)
class Entry(Printed):
    title: str
    tone: str
    when: str
    datetime: str
    words: str


@dataclass(frozen=True, slots=True)
class LineShown(Printed):
    resource: str
    purpose: str
    amount: str
    until: str


@dataclass(frozen=True, slots=True)
class Behind(Printed):
    """The cases behind a need: how many, by state, and those that everyone may read, by number."""

    total: int
    states: str
    named: list[tuple[str, str]]
    more: int


@dataclass(frozen=True, slots=True)
class Shown(Printed):
    """An offer for a need, in words. `asked` is empty while nobody asked."""

    uuid: UUID
    who: str
    address: str
    what: str
    left: str
    line: str
    line_id: int
    reasons: SafeString
    asked: str
    partner: int | None


@dataclass(frozen=True, slots=True)
class Fitting(Printed):
    """A need for an offer, in words."""

    number: str
    title: str
    what: str
    place: str
    reasons: SafeString


def lines_shown(lines: list[queries.LineCard]) -> list[LineShown]:
    """What is needed, ready to print."""
    return [
        LineShown(
            str(RESOURCES[one.resource]),  # type: ignore[index]
            one.purpose,
            amount_said(one.amount, one.unit),
            day_in_words(one.until_on) if one.until_on else "",
        )
        for one in lines
    ]


def behind(need: Need) -> Behind | None:
    """What everyone may know of the cases behind a need; None without any. Two queries and one for each kind of case."""
    rows = _behind.rows(need=need.pk)
    if not rows:
        return None
    readable = casework.published(subject for subject, _number, _open in rows)
    numbers = [number for subject, number, _open in rows if subject in readable]
    named = [(number, casework.public_url(number)) for number in numbers[:NAMED]]
    still = sum(is_open for _subject, _number, is_open in rows)
    said = _("%(open)d masih dikerjakan, %(done)d sudah berakhir") % {
        "open": still,
        "done": len(rows) - still,
    }
    return Behind(len(rows), said, named, len(numbers) - len(named))


_behind: Compiled[Any] = Compiled(
    lambda need: (
        casework.Case.objects.filter(pk__in=Ground.objects.filter(need=need).values("case"))
        .order_by("number")
        .values_list("subject", "number", "is_open")
    )
)


def entries(need: Need, *, inside: bool) -> list[Entry]:
    """What happened to a need, newest first; from inside with what others do not read. Two queries at most."""
    told = [(fact, ledger.tell(fact)) for fact in reversed(ledger.facts_about(need.subject)[-MOST_FACTS:])]
    has_notes = inside and any(fact.payload.get("note") for fact, _said in told)
    notes = dict(Note.objects.filter(need=need).values_list("pk", "words")) if has_notes else {}
    return [
        Entry(
            said.text,
            said.tone,
            date_format(localtime(fact.occurred_at, get_city().tz), "j F Y, H.i"),
            fact.occurred_at.isoformat(),
            notes.get(fact.payload.get("note") or 0, ""),
        )
        for fact, said in told
        if said is not None and (inside or said.public)
    ]


def suggested(need: Need, *, lines: list[queries.LineCard], asks: list[Ask], at: datetime) -> list[Shown]:
    """The offers that fit a need, with what speaks for each. Four queries, and one a room that keeps a record."""
    asked_for = [MatchedLine(one.id, one.resource, one.amount, one.unit) for one in lines]
    found = suggesting.offers_for(need, at=at, lines=asked_for)
    offers = {row[0]: row[1:] for row in _said_of.rows(offers=[one.match.offer for one in found])}
    cards = partners.by_ids(ids=[one.offer.partner for one in found if one.offer.partner])
    purposes = {line.id: line.purpose for line in lines}
    labels = {key.value: str(label) for key, (label, _tone) in ANSWERS.items()}
    asked = {row.offer_id: labels[row.answer] for row in asks}
    said = _Words(need.place_code)
    return [
        Shown(
            uuid,
            card.name if card else _("Seorang warga"),
            card.address if card else "",
            what,
            amount_said(one.left, one.offer.unit),
            purposes[one.match.line],
            one.match.line,
            said.reasons(one),
            asked.get(one.match.offer, ""),
            one.offer.partner,
        )
        for one in found
        for uuid, what in [offers[one.match.offer]]
        for card in [cards.get(one.offer.partner or 0)]
    ]


_said_of: Compiled[Any] = Compiled(
    lambda offers: Offer.objects.filter(pk__any=offers).values_list("pk", "uuid", "what")
)


def asks_of(need: Need) -> list[Ask]:
    """The questions that were put about a need, the oldest first, with line and offer. One query."""
    return _asks_of.rows(need=need.pk)


_asks_of: Compiled[Ask] = Compiled(
    lambda need: Ask.objects.filter(need=need).select_related("line", "offer").order_by("asked_at", "pk")
)


def fitting(offers: list[Offer], *, at: datetime, most: int = 8) -> list[Fitting]:
    """The needs that somebody's offers fit, with what speaks for each."""
    found = suggesting.needs_for(offers, at=at, most=most) if offers else []
    rows = {row.pk: row for row in queries.of_ids([one.need for one in found])}
    named = {row.pk: row.what for row in offers}
    return [
        Fitting(
            row.number,
            row.title,
            named[one.match.offer],
            listing.place_said(row.place_code),
            _Words(row.place_code).reasons(one),
        )
        for one in found
        for row in [rows[one.need]]
    ]


_PLAIN = {
    Why.THEME: gettext_lazy("tema sama"),
    Why.ANY_THEME: gettext_lazy("untuk tema apa saja"),
    Why.PLACE_SAME: gettext_lazy("di wilayah yang sama"),
    Why.PLACE_AROUND: gettext_lazy("mencakup atau di dalam wilayah ini"),
    Why.PLACE_CITY: gettext_lazy("untuk seluruh daerah"),
    Why.VERIFIED: gettext_lazy("mitra terverifikasi"),
}
_LEFT = {
    Why.ENOUGH: gettext_lazy("cukup: tersisa %(left)s"),
    Why.PART: gettext_lazy("sebagian: tersisa %(left)s"),
    Why.OTHER_UNIT: gettext_lazy("satuannya lain: tersisa %(left)s"),
}


class _Words:
    """Reasons in words, for needs of one place."""

    def __init__(self, place: str) -> None:
        self.place = place

    def reasons(self, one: Suggested) -> SafeString:
        """Each with its points, in the order that the rule gives them, and their sum; as list items."""
        said = [(self._said(reason.why, one), f"{reason.points:+d}") for reason in one.match.reasons]
        items = format_html_join("", '<li>{} <span class="soft">({})</span></li>', said)
        total = _("%(n)s butir") % {"n": one.match.points}
        return items + format_html("<li><strong>{}</strong></li>", total)

    def _said(self, why: Why, one: Suggested) -> str:
        if why in _PLAIN:
            return str(_PLAIN[why])
        if why in _LEFT:
            return str(_LEFT[why]) % {"left": amount_said(one.left, one.offer.unit)}
        if why == Why.PLACE_NEIGHBOUR:
            return self._distance(one.offer.places)
        return _deeds(why, one)

    def _distance(self, codes: tuple[str, ...]) -> str:
        """How far the nearest of an offer's places is, in words."""
        gazetteer = places.gazetteer()
        known = [(gazetteer.apart(self.place, code), code) for code in codes if code in gazetteer.by_code]
        far = sorted((km, code) for km, code in known if km is not None)
        if not far:
            return _("di wilayah tetangga")
        km, code = far[0]
        said = {"place": gazetteer.by_code[code].label, "km": number_format(max(km, 0.1), 1)}
        return _("di %(place)s, tetangga, sekitar %(km)s km") % said


def _deeds(why: Why, one: Suggested) -> str:
    if why == Why.LATE:
        n = one.offer.late
        return ngettext("%(n)d kali terlambat", "%(n)d kali terlambat", n) % {"n": n}
    if why == Why.ON_TIME:
        n = one.offer.on_time
        return ngettext("%(n)d janji ditepati", "%(n)d janji ditepati", n) % {"n": n}
    n = one.offer.delivered
    return ngettext("%(n)d janji diwujudkan", "%(n)d janji diwujudkan", n) % {"n": n}


def unasked_partners(
    need: Need, *, besides: list[int], asks: list[Ask]
) -> list[tuple[partners.PartnerCard, str]]:
    """Partners that work here on this and wrote down no fitting offer, with how the question to them stands."""
    if need.state not in WANTED:
        return []
    said = {key.value: str(label) for key, (label, _tone) in ANSWERS.items()}
    asked = {row.partner_id: said[row.answer] for row in asks}
    return [(card, asked.get(card.id, "")) for card in suggesting.partners_for(need, besides=besides)]


@dataclass(frozen=True, slots=True)
class Asked(Printed):
    """A question that was put, and what was said, for whoever stands behind the need."""

    who: str
    address: str
    state: str
    tone: str
    amount: str
    words: str
    when: str


def questions(asks: list[Ask]) -> list[Asked]:
    """Who was asked and what they said, the newest first. One query."""
    rows = asks[: -MOST_ASKED - 1 : -1]
    cards = partners.by_ids(ids=[row.partner_id for row in rows if row.partner_id is not None])
    return [
        Asked(
            card.name if card else _("Seorang warga"),
            card.address if card else "",
            *(str(ANSWERS[Answer(row.answer)][0]), ANSWERS[Answer(row.answer)][1]),
            amount_said(row.amount, unit_of(row)) if row.amount else "",
            row.answer_words,
            day_in_words(localtime(row.answered_at or row.asked_at, get_city().tz).date()),
        )
        for row in rows
        for card in [cards.get(row.partner_id or 0)]
    ]


def unit_of(asked: Ask) -> str:
    """The unit in which a question's amount is counted: the offer's, else the line's."""
    if asked.offer is not None:
        return asked.offer.unit
    return asked.line.unit if asked.line is not None else "kali"
