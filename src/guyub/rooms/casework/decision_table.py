"""The decision table as the regulation reads: which row decides for a category, a class and a place on a day.

Plain Python without Django or clock. The most specific row wins: place before city, category before '*', class
before any; of rows that say the same, the one that came into force last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

ANY = "*"
Key = tuple[str, str, str]


class Level(StrEnum):
    """Who handles: the office of the kelurahan or desa, the kecamatan, or a named agency."""

    WARD = "KELURAHAN"
    DISTRICT = "KECAMATAN"
    AGENCY = "AGENCY"


class Ending(StrEnum):
    """What a draft says instead of a level: the row ends and what is less specific decides again."""

    END = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: who handles a category ('*' for any) of a class ('' for any) in a place ('' for the whole city).

    `agency` names the office of level AGENCY; `backing` the agency to which the lower levels escalate.
    """

    category: str
    classification: str
    place: str
    level: str
    agency: str
    backing: str = ""
    since: date = date.min
    until: date | None = None
    id: int | None = None
    basis: str = ""

    @property
    def key(self) -> Key:
        return self.category, self.classification, self.place

    @property
    def says(self) -> tuple[str, str, str]:
        return self.level, self.agency, self.backing

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


def keys_for(*, category: str, classification: str, place: str) -> Iterator[Key]:
    """The keys that decide, the most specific first."""
    parts = place.split(".")
    places = [".".join(parts[:n]) for n in range(len(parts), 0, -1)] if place else []
    for where in [*places, ""]:
        for what in (category, ANY):
            for kind in (classification, ""):
                yield what, kind, where


class Table:
    """Rows, read once and asked often."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: dict[Key, list[Row]] = {}
        for row in rows:
            self._rows.setdefault(row.key, []).append(row)

    def at(self, key: Key, *, on: date) -> Row | None:
        """The row with exactly this key that holds on a day."""
        holding = [row for row in self._rows.get(key, ()) if row.holds(on)]
        return max(holding, key=lambda row: (row.since, row.id or 0), default=None)

    def find(self, *, category: str, classification: str, place: str, on: date) -> Row | None:
        """The row that decides, or None where the table says nothing."""
        for key in keys_for(category=category, classification=classification, place=place):
            if row := self.at(key, on=on):
                return row
        return None

    def in_force(self, *, on: date) -> list[Row]:
        """One row a key, as it holds on a day."""
        found = (self.at(key, on=on) for key in self._rows)
        return sorted((row for row in found if row), key=lambda row: row.key)

    def changed(self, drafts: Iterable[Row], *, on: date) -> Table:
        """The table of a day as it would be with a draft's rows in force."""
        rows = {row.key: row for row in self.in_force(on=on)}
        for draft in drafts:
            rows.pop(draft.key, None)
            if draft.level != Ending.END:
                rows[draft.key] = replace(draft, since=on, until=None)
        return Table(rows.values())
