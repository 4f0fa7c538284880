"""Thresholds from a spreadsheet: read, tried whole, and applied whole or not at all."""

from __future__ import annotations

import math
import re
import uuid
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.access.api import NotAllowed, Person
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Column, Row, RowRefused, Table
from guyub.rooms.places import api as places
from guyub.rooms.places.api import PlaceRow
from guyub.rooms.tides import reference, stations, thresholds
from guyub.rooms.tides.acting import Refused, as_keeper
from guyub.rooms.tides.ladder import LEVELS
from guyub.rooms.tides.models import ImportDraft, Threshold
from guyub.rooms.tides.rules import No
from guyub.rooms.tides.thresholds import Survey
from guyub.rooms.tides.wording import REFUSALS

TABLE = Table(
    "ambang-rob",
    gettext_lazy("Ambang rob"),
    gettext_lazy(
        "Ambang tiap kelurahan menurut survei. Yang sudah berlaku tidak diubah: yang baru menyusul dari tanggalnya."
    ),
    400,
    (
        Column("place", "Kelurahan", True, "33.75.03.1004"),
        Column("station", "Stasiun", True, "Pelabuhan Contoh"),
        Column("datum", "Datum", True, "MSL"),
        Column("waspada", "Waspada (m)", True, "0,90"),
        Column("siaga", "Siaga (m)", True, "1,05"),
        Column("awas", "Awas (m)", True, "1,20"),
        Column("surveyed_on", "Tanggal survei", True, "2026-08-14"),
        Column("valid_until", "Berlaku sampai", True, "2027-08-14"),
        Column("effective_from", "Mulai berlaku", True, "2026-12-01"),
        Column("basis", "Dasar", True, "SK Wali Kota 360/12/2026"),
    ),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A row that can be applied."""

    line: int
    said: Survey


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


class Undecided(Exception):
    """The list has problems, so nothing of it was applied."""


def keep(content: bytes, *, by: Person, at: datetime) -> ImportDraft:
    """Read a file and keep its rows until somebody applies them. Raises `people.CannotRead` or `NotAllowed`."""
    as_keeper(by)
    rows = people.read(content, table=TABLE)
    return ImportDraft.objects.create(
        uuid=uuid.uuid4(), rows=[asdict(row) for row in rows], by_id=by.acting, at=at
    )


def forget_drafts(*, at: datetime) -> int:
    hours = reference.amount("import_kept", at=at)
    return ImportDraft.objects.filter(at__lt=at - timedelta(hours=hours)).delete()[0]


def try_rows(draft: ImportDraft, *, at: datetime) -> Tried:
    """What each row says and what is wrong with it. Nothing is written."""
    tried, reader = Tried(), _Reader(at)
    for one in draft.rows:
        row = Row(one["line"], one["values"], tuple(one["formulas"]))
        try:
            tried.rows.append(Wanted(row.line, reader.survey(row)))
        except RowRefused as refused:
            tried.problems.append(Problem(row.line, TABLE.heading(refused.column), str(refused)))
    return tried


@transaction.atomic
def apply(draft: ImportDraft, *, by: Person, at: datetime) -> Tried:
    """Set every threshold of a list. Raises `Undecided` and writes nothing if one cannot be."""
    tried = try_rows(draft, at=at)
    if tried.problems or not tried.rows:
        raise Undecided
    try:
        for row in tried.rows:
            thresholds.set_thresholds(said=row.said, by=by, at=at)
    except (Refused, NotAllowed) as refused:  # somebody set one meanwhile
        raise Undecided from refused
    draft.delete()
    return tried


class _Reader:
    """Rows of one file, with what is known and what the file said before."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.seen: dict[tuple[str, date], int] = {}
        self.stations = {
            name.casefold(): row for row in stations.open_stations() for name in (row.slug, row.name)
        }
        self.zeros = {row.pk: stations.zeros(row.pk) for row in set(self.stations.values())}
        self.there = set(Threshold.objects.values_list("place", "effective_from"))
        self.names: dict[str, list[PlaceRow]] = {}
        for row in places.gazetteer().settlements:
            for name in {row.code, row.name.casefold(), row.label.casefold()}:
                self.names.setdefault(name, []).append(row)

    def survey(self, row: Row) -> Survey:
        if row.formulas:
            raise RowRefused(row.formulas[0], _("Berisi rumus. Tulis nilainya."))
        said = row.values
        place, station = self._place(said["place"]), self.stations.get(said["station"].strip().casefold())
        if station is None:
            names = ", ".join(sorted({one.name for one in self.stations.values()}))
            raise RowRefused(
                "station", _("Stasiun ini tidak ada. Yang ada: %(names)s.") % {"names": names or "–"}
            )
        found = Survey(
            place=place.code,
            station=station.pk,
            datum=said["datum"].strip(),
            heights={level: _metres(level.name.lower(), said[level.name.lower()]) for level in LEVELS},
            surveyed_on=_day("surveyed_on", said["surveyed_on"]),
            valid_until=_day("valid_until", said["valid_until"]),
            basis=said["basis"][:160],
            effective_from=_day("effective_from", said["effective_from"]),
        )
        self._once(row.line, found)
        self._check(found)
        return found

    def _once(self, line: int, found: Survey) -> None:
        key = (found.place, found.effective_from)
        if key in self.seen:
            raise RowRefused("place", _("Sama dengan baris %(line)d.") % {"line": self.seen[key]})
        self.seen[key] = line
        if key in self.there:
            raise RowRefused("effective_from", str(REFUSALS[No.THERE]))

    def _check(self, found: Survey) -> None:
        wrong = thresholds.check(found, others={}, known=self.zeros[found.station], at=self.at)
        if wrong is not None:
            why, level = wrong
            raise RowRefused(_COLUMNS.get(why, level.name.lower()), str(REFUSALS[why]))

    def _place(self, text: str) -> PlaceRow:
        found = self.names.get(text.strip().casefold(), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise RowRefused("place", _("Ada beberapa dengan nama ini. Tulis kodenya."))
        raise RowRefused("place", str(REFUSALS[No.PLACE]))


_COLUMNS = {
    No.NO_DATUM: "datum",
    No.SURVEY_LATER: "surveyed_on",
    No.VALID_TOO_SHORT: "valid_until",
    No.VALID_TOO_LONG: "valid_until",
    No.IN_THE_PAST: "effective_from",
    No.PLACE: "place",
}


def _metres(column: str, text: str) -> float:
    plain = re.sub(r"(?i)\s*m(eter)?$", "", text.strip()).replace(",", ".")
    if not re.fullmatch(r"[+-]?\d{1,3}(\.\d{1,6})?", plain, re.ASCII):
        raise RowRefused(column, _("Tulis tinggi dalam meter, misalnya 1,05."))
    value = float(plain)
    assert math.isfinite(value)
    return value


def _day(column: str, text: str) -> date:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"):
        try:
            found = datetime.strptime(text.strip()[:10], form).date()
        except ValueError:
            continue
        if 1945 <= found.year <= 2100:
            return found
    raise RowRefused(column, _("Tulis tanggal seperti 2026-08-14."))
