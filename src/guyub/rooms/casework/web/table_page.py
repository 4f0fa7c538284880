"""The decision table as a page: one line a category, who handles it, on what basis and since when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guyub.rooms.casework import table
from guyub.rooms.casework.decision_table import ANY, Level, Row, Table
from guyub.rooms.casework.kinds import Category
from guyub.rooms.casework.rules import Classification
from guyub.rooms.casework.web.table_forms import LEVELS
from guyub.rooms.casework.wording import CLASS_LABELS
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places


@dataclass(frozen=True, slots=True)
class Line:
    """One row ready to print; `where` and `kind` are empty for the city's own row for any class."""

    where: str
    kind: str
    level: str
    who: str
    backing: str
    basis: str
    since: str
    until: str = ""
    is_planned: bool = False

    @property
    def rests_on(self) -> tuple[str, str, str]:
        """Its basis, since when and until when."""
        return self.basis, self.since, self.until


@dataclass(frozen=True, slots=True)
class Entry:
    """A category with the city's own row first, then the narrower ones, then what is planned."""

    code: str
    name: str
    group: str
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Words:
    """Names looked up once for a page."""

    offices: dict[str, people.Office]
    places: Any

    @classmethod
    def now(cls) -> Words:
        return cls(people.directory().by_key, places.gazetteer().by_code)

    def line(self, row: Row, *, today: date) -> Line:
        office = self.offices.get(row.agency)
        backing = self.offices.get(row.backing)
        where = self.places.get(row.place)
        kind = str(CLASS_LABELS[Classification(row.classification)]) if row.classification else ""
        who = office.name if office else _("kantor yang sudah tidak ada") if row.agency else ""
        return Line(
            where=where.label if where else row.place,
            kind=kind,
            level=str(LEVELS.get(row.level, row.level)),  # type: ignore[call-overload]
            who=who,
            backing=backing.short_name if backing else "",
            basis=row.basis,
            since=date_format(row.since, "j M Y") if row.since > date.min else "",
            until=date_format(row.until, "j M Y") if row.until else "",
            is_planned=row.since > today,
        )


def entries(
    found: Table, rows: Iterable[Row], *, today: date, group: str = "", office: str = ""
) -> list[Entry]:
    """The page's entries, narrowed to a group of categories or to what an agency handles or backs."""
    by_category: dict[str, list[Row]] = {}
    for row in [*found.in_force(on=today), *(row for row in rows if row.since > today)]:
        if not office or office in (row.agency, row.backing) or office == row.level:
            by_category.setdefault(row.category, []).append(row)
    said = Words.now()
    named = [Category(ANY, _("Semua kategori lain"), "", ""), *table.categories()]
    return [
        Entry(
            one.code,
            one.name,
            one.group_name,
            [said.line(row, today=today) for row in sorted(by_category[one.code], key=_order)],
        )
        for one in named
        if one.code in by_category and (not group or one.group == group)
    ]


def _order(row: Row) -> tuple[Any, ...]:
    return row.since == date.min, row.place, row.classification, row.since


def shared_basis(found: Iterable[Entry]) -> tuple[str, str, str] | None:
    """What most rows rest on, to be said once above them; None where no two rest on the same."""
    counts = Counter(line.rests_on for entry in found for line in entry.lines if not line.until)
    return next((basis for basis, n in counts.most_common(1) if n > 1), None)


def group_choices(chosen: str) -> list[tuple[str, str, bool]]:
    groups = {one.group: one.group_name for one in table.categories()}
    return [(code, name, code == chosen) for code, name in groups.items()]


def office_filter(chosen: str) -> list[tuple[str, str, bool]]:
    levels = [(level.value, str(LEVELS[level])) for level in (Level.WARD, Level.DISTRICT)]
    offices = [(office.key, office.name) for office in table.named_offices()]
    return [(key, name, key == chosen) for key, name in [*levels, *offices]]
