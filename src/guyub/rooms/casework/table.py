"""The decision table for readers: what holds, since when and why; what is wrong with a draft; and what a draft
would have done to past cases.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.rooms.casework.decision_table import ANY, Ending, Key, Level, Row, Table
from guyub.rooms.casework.kinds import Category, kind_of
from guyub.rooms.casework.models import Case, Route, RouteChange
from guyub.rooms.casework.routing import office_for, rows_of
from guyub.rooms.casework.rules import Classification
from guyub.rooms.people import api as people
from guyub.rooms.people.api import OrganisationKind
from guyub.rooms.places import api as places

REPORT = "report"
NAMED_OFFICES = (
    OrganisationKind.AGENCY,
    OrganisationKind.COORDINATOR,
    OrganisationKind.SECRETARIAT,
    OrganisationKind.COMMAND_CENTRE,
)
SAMPLES = 3
_WORDS: dict[str, str | Promise] = {
    "not-open": gettext_lazy("Usul ini sudah diajukan atau diputuskan, jadi tidak dapat diubah."),
    "not-submitted": gettext_lazy("Usul ini tidak sedang menunggu persetujuan."),
    "empty": gettext_lazy("Tambahkan sedikitnya satu baris."),
    "too-early": gettext_lazy(
        "Tanggal berlaku paling cepat besok: tabel hari yang sudah dimulai tidak diubah."
    ),
}


def words_for(problem: str) -> str:
    return str(_WORDS[problem])


def table_of(kind: str = REPORT) -> Table:
    """The whole table with its history and what is planned. One query."""
    return Table(rows_of(Route.objects.filter(kind=kind)))


def history_of(*, category: str, kind: str = REPORT) -> list[Row]:
    """Every row that a category ever had, the newest first."""
    rows = Route.objects.filter(kind=kind, category=category)
    return list(rows_of(rows.order_by("-effective_from", "place_code", "classification")))


def rows_in(change: RouteChange) -> list[Row]:
    """A draft's rows as plain values."""
    return [
        Row(r["category"], r["classification"], r["place"], r["level"], r["agency"], r["backing"])
        for r in change.rows
    ]


def as_json(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [
        {
            "category": row.category,
            "classification": row.classification,
            "place": row.place,
            "level": str(row.level),
            "agency": row.agency,
            "backing": row.backing,
        }
        for row in sorted(rows, key=lambda one: one.key)
    ]


def categories(kind: str = REPORT) -> list[Category]:
    return kind_of(kind).categories()


def named_offices() -> list[people.Office]:
    """The offices that a row may name. The Inspektorat gets what the law sends it, and nothing by a row."""
    offices = people.directory()
    return [office for kind in NAMED_OFFICES for office in offices.of_kind(kind)]


@dataclass(frozen=True, slots=True)
class Known:
    """What a row may speak of, read once for many rows."""

    categories: frozenset[str]
    offices: frozenset[str]

    @classmethod
    def now(cls, kind: str = REPORT) -> Known:
        return cls(
            frozenset({category.code for category in categories(kind)} | {ANY}),
            frozenset(office.key for office in named_offices()),
        )

    def wrong_with(self, row: Row) -> str:
        """What a row lacks to be one of the table, in words; empty if it is sound."""
        if row.category not in self.categories:
            return _("Kategori “%(value)s” tidak dikenal.") % {"value": row.category}
        if row.classification not in {"", *Classification}:
            return _("Jenis “%(value)s” tidak dikenal.") % {"value": row.classification}
        if row.classification == Classification.OVERSIGHT:
            return _("Laporan tentang perilaku petugas selalu ke Inspektorat.")
        if row.place and row.place not in places.gazetteer().by_code:
            return _("Wilayah “%(value)s” tidak dikenal.") % {"value": row.place}
        return self._wrong_office(row)

    def _wrong_office(self, row: Row) -> str:
        if row.level not in {*Level, Ending.END}:
            return _("Tingkat “%(value)s” tidak dikenal.") % {"value": row.level}
        if row.level == Level.AGENCY and row.agency not in self.offices:
            return _("Sebutkan perangkat daerahnya.")
        if row.level != Level.AGENCY and row.agency:
            return _("Perangkat daerah hanya untuk tingkat perangkat daerah.")
        if row.backing and row.backing not in self.offices:
            return _("Kantor pembina “%(value)s” tidak dikenal.") % {"value": row.backing}
        return ""


def clash_of(change: RouteChange) -> str:
    """Another approved change may have rows that begin on the same day."""
    taken = set(
        Route.objects.filter(kind=change.kind, effective_from=change.effective_from).values_list(
            "category", "classification", "place_code"
        )
    )
    both = [row for row in rows_in(change) if row.key in taken]
    if not both:
        return ""
    words = _("Baris “%(row)s” sudah berubah mulai tanggal yang sama. Pilih tanggal lain.")
    return words % {"row": said_key(both[0].key)}


def said_key(key: Key) -> str:
    """`sampah, 32.73.02` as people read it."""
    names = {category.code: category.name for category in categories()} | {ANY: _("Semua kategori")}
    category, classification, place = key
    where = places.gazetteer().by_code.get(place)
    return ", ".join(
        filter(None, [names.get(category, category), classification, where.label if where else ""])
    )


# ── What would have happened ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Moved:
    """Past cases of a category that would have gone from one office to another.

    `landed` counts those that in fact ended up where the draft would have sent them at once.
    """

    category: str
    from_office: int
    to_office: int
    count: int
    landed: int
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """A draft tried on the cases of the last days."""

    days: int
    cases: int
    moved: int
    landed: int
    lines: list[Moved] = field(default_factory=list)


def try_on_past(change: RouteChange, *, days: int, at: datetime) -> Trial:
    """Send the cases of the last days by the table of the change's day, without and with it, and compare.

    Reports on conduct are left out, since no row moves them, and parts, which people gave out. One query over the cases, the rest in memory; the same
    input always gives the same answer.
    """
    on = change.effective_from
    before = table_of(change.kind)
    after = before.changed(rows_in(change), on=on)
    cases = (
        Case.objects.filter(
            kind=change.kind, part=1, is_restricted=False, received_at__gte=at - timedelta(days=days)
        )
        .order_by("-received_at", "-id")
        .values_list("number", "category", "classification", "place_code", "office_id")
    )
    offices, total = people.directory(), 0
    known: dict[tuple[str, str, str], tuple[int, int]] = {}
    counts: Counter[tuple[str, int, int]] = Counter()
    landed: Counter[tuple[str, int, int]] = Counter()
    numbers: defaultdict[tuple[str, int, int], list[str]] = defaultdict(list)
    for number, category, classification, place, office in cases:
        total += 1
        asked = (category, classification, place)
        if asked not in known:
            known[asked] = (_office(before, asked, on, offices), _office(after, asked, on, offices))
        old, new = known[asked]
        if old == new:
            continue
        moved = (category, old, new)
        counts[moved] += 1
        landed[moved] += office == new
        if len(numbers[moved]) < SAMPLES:
            numbers[moved].append(number)
    lines = [Moved(*key, n, landed[key], tuple(numbers[key])) for key, n in counts.items()]
    lines.sort(key=lambda one: (-one.count, one.category, one.from_office, one.to_office))
    return Trial(days, total, sum(counts.values()), sum(landed.values()), lines)


def _office(table: Table, asked: tuple[str, str, str], on: Any, offices: people.Directory) -> int:
    category, classification, place = asked
    row = table.find(category=category, classification=classification, place=place, on=on)
    return office_for(row, classification=classification, place=place, offices=offices).id
