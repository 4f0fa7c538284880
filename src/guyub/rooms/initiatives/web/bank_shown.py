"""Statements and matches as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.initiatives import banking, matching
from guyub.rooms.initiatives.acting import today_of
from guyub.rooms.initiatives.bank_rules import Pair, Why, code_of
from guyub.rooms.initiatives.models import BankLine, Delivery, Initiative, Match
from guyub.rooms.initiatives.owning import Owner
from guyub.rooms.initiatives.rules import Brought
from guyub.rooms.initiatives.wording import DELIVERIES, WHY_MATCHED
from guyub.rooms.needs.api import amount_said
from guyub.ui.rows import Printed, day_in_words

MOST_SHOWN = 90  # one form may not carry more fields than the server takes


@dataclass(frozen=True, slots=True)
class ShownLine(Printed):
    id: str
    day: str
    amount: str
    name: str
    remark: str


@dataclass(frozen=True, slots=True)
class ShownDelivery(Printed):
    id: str
    day: str
    amount: str
    giver: str
    initiative: str
    code: str
    state: str


@dataclass(frozen=True, slots=True)
class ShownPair(Printed):
    line: ShownLine
    delivery: ShownDelivery
    why: str
    is_certain: bool
    is_equal: bool


def line(row: BankLine) -> ShownLine:
    name = row.name or row.remark or row.reference or "–"
    return ShownLine(
        str(row.pk),
        day_in_words(row.on, "j M Y"),
        _money(row.amount),
        name,
        " ".join(part for part in (row.remark, row.reference) if part and part != name),
    )


def delivery(row: Delivery) -> ShownDelivery:
    return ShownDelivery(
        str(row.pk),
        day_in_words(row.on, "j M Y"),
        _money(matching.standing(row)),
        row.pledge.partner.name if row.pledge.partner else "–",
        row.pledge.line.initiative.title,
        code_of(row.pledge_id),
        str(DELIVERIES[Brought(row.state)]),
    )


def _money(amount: int) -> str:
    return amount_said(amount, "rupiah")


def books(owner: Owner, *, at: datetime) -> dict[str, Any]:
    """Both sides and what may belong together. A fixed number of queries."""
    came, sent = matching.open_lines(owner), matching.open_deliveries(owner)
    found = matching.suggested(came, sent, at=at)
    lines = {row.pk: line(row) for row in came}
    deliveries = {row.pk: delivery(row) for row in sent}
    confirmed = matching.matched_of(Initiative.objects.filter(owner.of()).values_list("pk", flat=True))
    return {
        "pairs": [_pair(one, lines, deliveries) for one in found[:MOST_SHOWN]],
        "certain": sum(one.is_certain for one in found),
        "lines": list(lines.values())[:MOST_SHOWN],
        "deliveries": list(deliveries.values())[:MOST_SHOWN],
        "lines_total": _money(sum(row.amount for row in came)),
        "deliveries_total": _money(sum(map(matching.standing, sent))),
        "confirmed": _money(confirmed),
        "matches": [match(one) for one in matching.matches(owner)],
        "has_layout": banking.layout_of(owner) is not None,
        "today": day_in_words(today_of(at)),
    }


def _pair(one: Pair, lines: dict[int, ShownLine], deliveries: dict[int, ShownDelivery]) -> ShownPair:
    return ShownPair(
        lines[one.line],
        deliveries[one.delivery],
        said(one.why),
        one.is_certain,
        Why.OTHER_AMOUNT not in one.why,
    )


def said(why: tuple[Why, ...] | list[str]) -> str:
    return "; ".join(str(WHY_MATCHED[Why(one)]) for one in why)


def match(row: Match) -> dict[str, Any]:
    """A match with both of its sides, in words."""
    parts = list(row.parts.all())
    return {
        "uuid": row.uuid,
        "amount": _money(row.amount),
        "why": said(row.why),
        "lines": [line(one.line) for one in parts if one.line],
        "deliveries": [delivery(one.delivery) for one in parts if one.delivery],
        "day": day_in_words(local_date(row.at, get_city().tz), "j M Y"),
        "undone": row.undone_words,
    }


def tried(found: banking.Tried) -> dict[str, Any]:
    return {
        "problems": found.problems,
        "new": [
            {
                "line": one.line,
                "day": day_in_words(one.on, "j M Y"),
                "amount": _money(one.amount),
                "name": one.name or one.remark,
            }
            for one in found.new[:MOST_SHOWN]
        ],
        "count": len(found.new),
        "known": found.known,
        "out": found.out,
        "total": _money(found.total),
        "more": max(len(found.new) - MOST_SHOWN, 0),
    }
