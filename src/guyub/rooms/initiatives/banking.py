"""Statements of a bank: read as their owner says they are written, tried, and taken over line by line.

The file is read by `people`, as all tables are. A line is known again by its mark, so a statement that is sent twice,
or that overlaps another one, adds only what is new. Nothing is written before every row can be.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.events import initiatives as events
from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import fingerprint
from guyub.kernel.ledger import api as ledger
from guyub.rooms.initiatives.acting import Refused, today_of
from guyub.rooms.initiatives.bank_rules import OUT_WORDS, BadAmount, NoAmount, came_in
from guyub.rooms.initiatives.models import BankLine, Statement, StatementDraft, StatementLayout
from guyub.rooms.initiatives.owning import Owner, as_owner, one_at_a_time
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Column, Row, Table

MOST_ROWS = 2000
_TITLE = gettext_lazy("Rekening koran")
_EXPLAIN = gettext_lazy("Uang yang masuk menurut bank.")
COLUMNS = ("on", "amount", "kind", "remark", "name", "reference")
_MUST = ("on", "amount")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which heading holds what; empty where the bank has no such column. `decimal`: what stands before the cents."""

    on: str
    amount: str
    kind: str = ""
    remark: str = ""
    name: str = ""
    reference: str = ""
    decimal: str = ","

    def table(self) -> Table:
        named = [(name, getattr(self, name)) for name in COLUMNS]
        columns = tuple(Column(name, heading, name in _MUST, "") for name, heading in named if heading)
        return Table("rekening", _TITLE, _EXPLAIN, MOST_ROWS, columns)


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Said:
    """A line of money that came in."""

    line: int
    on: date
    amount: int
    remark: str
    name: str
    reference: str
    mark: str = ""


@dataclass(slots=True)
class Tried:
    """What a statement would do. With a single problem nothing of it can be taken over."""

    new: list[Said] = field(default_factory=list)
    known: int = 0
    out: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(one.amount for one in self.new)


def layout_of(owner: Owner) -> Layout | None:
    row = StatementLayout.objects.filter(owner.of()).first()
    return Layout(*(getattr(row, name) for name in (*COLUMNS, "decimal"))) if row else None


@transaction.atomic
def set_layout(*, owner: Owner, layout: Layout, by: Person, at: datetime) -> None:
    """Keep how this owner's statements are written. Raises `NotAllowed`, `Refused`."""
    account = as_owner(by, owner)
    headings = [getattr(layout, name).lower() for name in COLUMNS if getattr(layout, name)]
    if len(set(headings)) < len(headings):
        raise Refused(_("Dua isian memakai judul kolom yang sama."), field="amount")
    one_at_a_time(owner)
    StatementLayout.objects.update_or_create(
        **owner.columns, defaults={**asdict(layout), "by_id": account, "at": at}
    )


def keep(content: bytes, *, owner: Owner, by: Person, at: datetime) -> StatementDraft:
    """Read a file and keep its rows, encrypted, until it is taken over. Raises `Refused`, `people.CannotRead`."""
    account, layout = as_owner(by, owner), layout_of(owner)
    if layout is None:
        raise Refused(_("Atur dahulu judul kolom rekening Anda."))
    rows = json.dumps([asdict(row) for row in people.read(content, table=layout.table())])
    return StatementDraft.objects.create(
        **owner.columns, rows=rows, decimal=layout.decimal, by_id=account, at=at
    )


def try_draft(draft: StatementDraft, *, owner: Owner, today: date) -> Tried:
    """What each row says, what is wrong with it, and which lines are known. Nothing is written. One query."""
    tried, seen = Tried(), Counter[str]()
    found = []
    for one in json.loads(draft.rows):
        row = Row(one["line"], one["values"], tuple(one["formulas"]))
        try:
            said = _said(row, draft.decimal, today)
        except _Wrong as wrong:
            tried.problems.append(Problem(row.line, wrong.column, str(wrong)))
            continue
        if said is None:
            tried.out += 1
            continue
        found.append(_marked(said, owner, seen))
    known = set(BankLine.objects.filter(mark__in=[one.mark for one in found]).values_list("mark", flat=True))
    tried.new = [one for one in found if one.mark not in known]
    tried.known = len(found) - len(tried.new)
    return tried


class _Wrong(ValueError):
    def __init__(self, column: str, words: str) -> None:
        super().__init__(words)
        self.column = column


def _said(row: Row, decimal: str, today: date) -> Said | None:
    """What a row says; None for what went out."""
    values = {name: "" for name in COLUMNS} | row.values
    if values["kind"].upper() in OUT_WORDS:
        return None
    try:
        amount = came_in(values["amount"], decimal=decimal)
    except BadAmount as bad:
        raise _Wrong("amount", str(_AMOUNTS[bad.why])) from None
    if not amount:
        return None
    formulas = [name for name in row.formulas if not (name == "amount" and values[name].startswith("+"))]
    if any(values[name].startswith("=") for name in formulas) or "on" in formulas:
        raise _Wrong(formulas[0], _("Sel ini berisi rumus. Tulis nilainya saja."))
    on = people.parsed_date(values["on"].partition(" ")[0])
    if on is None:
        raise _Wrong("on", _("Tanggal tidak terbaca. Tulis seperti 2026-01-31 atau 31/01/2026."))
    if on > today:
        raise _Wrong("on", _("Tanggal ini belum tiba."))
    return Said(row.line, on, amount, values["remark"], values["name"], values["reference"])


_AMOUNTS = {
    NoAmount.UNREADABLE: gettext_lazy("Jumlah tidak terbaca. Periksa tanda ribuan dan desimalnya."),
    NoAmount.NOT_WHOLE: gettext_lazy("Jumlah harus rupiah bulat."),
    NoAmount.TOO_MUCH: gettext_lazy("Jumlah ini tidak mungkin."),
}


def _marked(said: Said, owner: Owner, seen: Counter[str]) -> Said:
    """With its mark: the same line of the same account always has the same; two that are alike differ by their turn."""
    alike = json.dumps([owner.key, said.on.isoformat(), said.amount, said.remark, said.name, said.reference])
    seen[alike] += 1
    mark = fingerprint("initiative-bank-line", f"{alike}{seen[alike]}")
    return Said(said.line, said.on, said.amount, said.remark, said.name, said.reference, mark)


class NotGood(Exception):
    """A row cannot be read: nothing of the statement is taken over."""


@transaction.atomic
def take_over(*, draft: StatementDraft, owner: Owner, by: Person, at: datetime) -> int:
    """Keep the lines that are new; how many. A statement without any leaves no trace. Raises `NotAllowed`, `NotGood`."""
    account = as_owner(by, owner)
    one_at_a_time(owner)
    tried = try_draft(draft, owner=owner, today=today_of(at))
    if tried.problems:
        raise NotGood
    StatementDraft.objects.filter(pk=draft.pk).delete()
    if not tried.new:
        return 0
    days = [one.on for one in tried.new]
    made = Statement.objects.create(
        **owner.columns, first_on=min(days), last_on=max(days), lines=len(days), by_id=account, at=at
    )
    BankLine.objects.bulk_create([_line(one, made, owner) for one in tried.new])
    fact = events.StatementTaken(
        statement=made.pk, lines=len(days), amount=tried.total, office=owner.office, partner=owner.partner
    )
    ledger.record(
        fact, subject=f"initiatives.statement:{made.pk}", at=at, by=account, on_behalf_of=owner.office
    )
    return len(days)


def _line(one: Said, statement: Statement, owner: Owner) -> BankLine:
    said: dict[str, Any] = {
        name: getattr(one, name) for name in ("on", "amount", "remark", "name", "reference")
    }
    return BankLine(statement=statement, mark=one.mark, **owner.columns, **said)
