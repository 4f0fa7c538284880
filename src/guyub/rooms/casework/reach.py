"""Whether the decision table reaches people, and its first rows: what a city puts right before it begins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from guyub.rooms.casework.decision_table import Level, Row, Table
from guyub.rooms.casework.models import Case, Route
from guyub.rooms.casework.routing import office_for, rows_of
from guyub.rooms.casework.rules import Classification
from guyub.rooms.casework.table import REPORT, table_of
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Office
from guyub.rooms.places import api as places


class AlreadyUsed(ValueError):
    """A case was sent by this row: from now on the table changes by an approved change alone."""


def first_routes(*, on: date, category: str = "") -> dict[str, Row]:
    """The rows for the whole city and any class, by category, as they hold on a day. One query."""
    rows = Route.objects.filter(kind=REPORT, classification="", place_code="")
    if category:
        rows = rows.filter(category=category)
    return {row.category: row for row in Table(rows_of(rows)).in_force(on=on)}


def put_first_route(*, category: str, level: str, agency: str, on: date, basis: str) -> None:
    """Say who handles a category, as long as no case was sent by its row. Raises `AlreadyUsed`.

    A row by which nobody was ever sent decided nothing, so nobody will ask for it. `agency` handles or stands behind.
    """
    names = {
        "level": level,
        "organisation_key": agency if level == Level.AGENCY else "",
        "backing_key": "" if level == Level.AGENCY else agency,
    }
    rows = Route.objects.select_for_update().filter(kind=REPORT, category=category)
    kept = list(rows)
    if not kept:
        Route.objects.create(category=category, effective_from=on, legal_basis=basis, **names)
        return
    plain = [row for row in kept if not (row.classification or row.place_code or row.change_id)]
    if len(kept) > 1 or len(plain) != 1 or Case.objects.filter(route=plain[0]).exists():
        raise AlreadyUsed(category)
    rows.filter(pk=plain[0].pk).update(**names)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many pairs of category and place reach an office where somebody can sign in.

    `unreached` are the offices that pairs end at although nobody is there, with the categories, the most first.
    """

    pairs: int
    reached: int
    unreached: list[tuple[Office, list[str]]] = field(default_factory=list)

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: a hundred is said only of all."""
        return 100 * self.reached // self.pairs if self.pairs else 0


def reach(*, categories: Iterable[tuple[str, Classification]], on: date) -> Reach:
    """Send every category from every place by the table of a day. Two queries, the rest in memory."""
    table, offices = table_of(REPORT), people.directory()
    staffed = people.offices_with_officers(on=on)
    here = [place.code for place in places.gazetteer().settlements]
    own = {row.place for row in table.in_force(on=on) if row.place}
    pairs = reached = 0
    lacking: defaultdict[int, set[str]] = defaultdict(set)
    for category, classification in categories:
        for place, row in _rows(table, category, classification, here, own, on):
            office = office_for(row, classification=classification, place=place, offices=offices)
            pairs += 1
            if office.id in staffed:
                reached += 1
            else:
                lacking[office.id].add(category)
    found = [(offices.get(office), sorted(codes)) for office, codes in lacking.items()]
    return Reach(pairs, reached, sorted(found, key=lambda one: (-len(one[1]), one[0].name)))


def _rows(
    table: Table, category: str, classification: str, here: list[str], own: set[str], on: date
) -> Iterable[tuple[str, Row | None]]:
    """The row for each place; places without a row of their own share the city's, which is looked up once."""
    general = table.find(category=category, classification=classification, place="", on=on)
    for place in here:
        row = general
        if any(place == one or place.startswith(one + ".") for one in own):
            row = table.find(category=category, classification=classification, place=place, on=on)
        yield place, row
