"""Ceilings from a spreadsheet: read, tried whole, and applied whole or not at all."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.access.api import NotAllowed, Person, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.areafunds import ceilings, reference, rules
from guyub.rooms.areafunds.acting import Refused
from guyub.rooms.areafunds.models import Ceiling, ImportDraft
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Column, Row, RowRefused, Table
from guyub.rooms.places import api as places
from guyub.rooms.places.api import PlaceRow

TABLE = Table(
    "pagu-dana",
    gettext_lazy("Pagu dana wilayah"),
    gettext_lazy(
        "Pagu tiap lembaga di tiap kelurahan. Baris yang sudah ada diganti jumlahnya; yang tidak ditulis tetap."
    ),
    400,
    (
        Column("scheme", "Dana", True, "PIPPK"),
        Column("year", "Tahun", True, "2026"),
        Column("place", "Kelurahan", True, "32.73.02.1004"),
        Column("body", "Lembaga", True, "RW"),
        Column("unit", "Nomor RW", False, "003"),
        Column("amount", "Pagu", True, "100000000"),
        Column("basis", "Dasar", True, "SK Wali Kota 900/123/2026"),
    ),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that can be applied."""

    line: int
    scheme: str
    year: int
    place: str
    body: str
    unit: str
    amount: int
    basis: str
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    column: str
    words: str


@dataclass(slots=True)
class Tried:
    """What a list would do. With a single problem nothing of it can be applied."""

    rows: list[Wanted] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def new(self) -> int:
        return sum(row.before is None for row in self.rows)

    @property
    def changed(self) -> int:
        return sum(row.before is not None and row.before != row.amount for row in self.rows)

    @property
    def total(self) -> int:
        return sum(row.amount for row in self.rows)


class Undecided(Exception):
    """The list has problems, so nothing of it was applied."""


def keep(content: bytes, *, by: Person, at: datetime) -> ImportDraft:
    """Read a file and keep its rows until somebody applies them. Raises `people.CannotRead` or `NotAllowed`."""
    if not by.can(roles.CEILINGS):
        raise NotAllowed("This person does not set the city's ceilings.")
    rows = people.read(content, table=TABLE)
    return ImportDraft.objects.create(rows=[asdict(row) for row in rows], by_id=by.acting, at=at)


def forget_drafts(*, at: datetime) -> int:
    hours = reference.amount("import_kept", at=at)
    return ImportDraft.objects.filter(at__lt=at - timedelta(hours=hours)).delete()[0]


def try_rows(draft: ImportDraft, *, at: datetime) -> Tried:
    """What each row says and what is wrong with it. Nothing is written."""
    tried, reader = Tried(), _Reader(at)
    rows = [Row(one["line"], one["values"], tuple(one["formulas"])) for one in draft.rows]
    for row in rows:
        try:
            tried.rows.append(reader.wanted(row))
        except RowRefused as refused:
            tried.problems.append(Problem(row.line, TABLE.heading(refused.column), str(refused)))
    return tried


@transaction.atomic
def apply(draft: ImportDraft, *, by: Person, at: datetime) -> Tried:
    """Set every ceiling of a list. Raises `Undecided` and writes nothing if one cannot be."""
    tried = try_rows(draft, at=at)
    if tried.problems:
        raise Undecided
    for row in sorted(tried.rows, key=lambda one: (one.place, one.scheme, one.year)):
        try:
            ceilings.set_ceiling(
                place=row.place,
                scheme=row.scheme,
                year=row.year,
                body=row.body,
                unit=row.unit,
                amount=row.amount,
                basis=row.basis,
                by=by,
                at=at,
            )
        except (Refused, NotAllowed) as refused:  # somebody planned or closed meanwhile
            raise Undecided from refused
    draft.delete()
    return tried


class _Reader:
    """Rows of one file, with what is there already and what the file said before."""

    def __init__(self, at: datetime) -> None:
        self.today = local_date(at, get_city().tz)
        self.oldest = reference.amount("oldest_year", at=at)
        self.seen: dict[tuple[str, str, int, str, str], int] = {}
        found = Ceiling.objects.select_related("book")
        self.there = {
            (c.book.place, c.book.scheme, c.book.year, c.body, c.unit): (
                c.amount,
                c.planned,
                c.book.closed_at,
            )
            for c in found
        }
        self.names: dict[str, list[PlaceRow]] = {}
        for row in places.gazetteer().settlements:
            for name in {row.code, row.name.lower(), row.label.lower()}:
                self.names.setdefault(name, []).append(row)

    def wanted(self, row: Row) -> Wanted:
        if row.formulas:
            raise RowRefused(row.formulas[0], _("Berisi rumus. Tulis nilainya."))
        said = row.values
        year = self._year(said["year"])
        place = self._place(said["place"])
        scheme, body, unit = self._body(said, place, year)
        key = (place.code, scheme, year, body, unit)
        if key in self.seen:
            raise RowRefused("body", _("Sama dengan baris %(line)d.") % {"line": self.seen[key]})
        self.seen[key] = row.line
        amount = self._amount(said["amount"])
        before, planned, closed_at = self.there.get(key, (None, 0, None))
        if closed_at is not None:
            raise RowRefused("year", _("Tahun anggaran ini sudah ditutup dan tidak berubah lagi."))
        if rules.may_set(amount=amount, planned=planned):
            raise RowRefused(
                "amount", _("Pagu tidak boleh di bawah yang sudah direncanakan. Ubah kegiatannya dulu.")
            )
        basis = said["basis"][:160]
        return Wanted(row.line, scheme, year, place.code, body, unit, amount, basis, before)

    def _year(self, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) == 4):
            raise RowRefused("year", _("Tulis tahun dengan empat angka."))
        year = int(text)
        if not self.today.year - self.oldest <= year <= self.today.year + 1:
            raise RowRefused("year", _("Tahun ini tidak mungkin."))
        return year

    def _place(self, text: str) -> PlaceRow:
        found = self.names.get(text.strip().lower(), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise RowRefused("place", _("Ada beberapa dengan nama ini. Tulis kodenya."))
        raise RowRefused("place", _("Kelurahan atau desa ini tidak dikenal."))

    def _body(self, said: dict[str, str], place: PlaceRow, year: int) -> tuple[str, str, str]:
        known = reference.schemes_in(place, year)
        scheme = next(
            (s for s in known.values() if _folded(said["scheme"]) in (_folded(s.code), _folded(s.label))),
            None,
        )
        if scheme is None or scheme.set_by != rules.SetBy.CITY:
            names = ", ".join(s.label for s in known.values() if s.set_by == rules.SetBy.CITY)
            raise RowRefused(
                "scheme", _("Dana ini tidak ada di sana. Yang ada: %(names)s.") % {"names": names or "–"}
            )
        body = next(
            (b for b in scheme.bodies if _folded(said["body"]) in (_folded(b.code), _folded(b.label))), None
        )
        if body is None:
            names = ", ".join(b.label for b in scheme.bodies)
            raise RowRefused("body", _("Lembaga ini tidak ada. Yang ada: %(names)s.") % {"names": names})
        unit = ceilings.unit_named(said.get("unit", "")) if said.get("unit") else ""
        if bool(unit) != bool(body.each) or (unit and not re.fullmatch(r"\d{3}", unit)):
            words = _("Tulis nomor RW-nya, misalnya 003.") if body.each else _("Hanya RW yang bernomor.")
            raise RowRefused("unit", words)
        return scheme.code, body.code, unit

    def _amount(self, text: str) -> int:
        digits = re.sub(r"(?i)^rp|[\s.\u00a0]", "", text.strip())
        digits = re.sub(r",0*$", "", digits)
        if not (digits.isascii() and digits.isdigit() and len(digits) < 16):
            raise RowRefused("amount", _("Tulis jumlah rupiah bulat, misalnya 100000000."))
        return int(digits)


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def choices_in_words(*, today: date) -> dict[str, list[str]]:
    """What may be written where, for the sample's second sheet."""
    known = [one for one in reference.schemes_of(today.year).values() if one.set_by == rules.SetBy.CITY]
    return {
        "Dana": [one.label for one in known],
        "Lembaga": [f"{one.label}: {body.label}" for one in known for body in one.bodies],
    }
