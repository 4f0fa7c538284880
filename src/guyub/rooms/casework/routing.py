"""Which office must act: place × category × class, "kelurahan first" by a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from guyub.rooms.casework.decision_table import ANY, Level, Row, Table
from guyub.rooms.casework.models import Route
from guyub.rooms.casework.rules import Classification, Mode
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Office, OrganisationKind


class NoOffice(LookupError):
    """Nobody can act: the city has neither the office of the table nor a coordinator."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The office for a case, and the row of the table that named it (None where the law or nobody did)."""

    office: Office
    route: int | None


def rows_of(routes: QuerySet[Route]) -> Iterable[Row]:
    """Rows of the table as plain values. One query."""
    found = routes.values_list(
        "category",
        "classification",
        "place_code",
        "level",
        "organisation_key",
        "backing_key",
        "effective_from",
        "effective_until",
        "id",
        "legal_basis",
    )
    return [Row(*values) for values in found]


def find_route(
    *, kind: str, category: str, classification: Classification, place: str, on: date
) -> Row | None:
    """The row of the table that fits best on a day. One query."""
    rows = Route.objects.filter(
        kind=kind, category__in=[category, ANY], classification__in=[classification, ""]
    )
    return Table(rows_of(rows)).find(category=category, classification=classification, place=place, on=on)


def decide(*, kind: str, category: str, classification: Classification, place: str, on: date) -> Decision:
    """The office for a new case and the row that says so. Raises `NoOffice`."""
    offices = people.directory()
    row = None
    if classification is not Classification.OVERSIGHT:
        row = find_route(kind=kind, category=category, classification=classification, place=place, on=on)
    office = office_for(row, classification=classification, place=place, offices=offices)
    return Decision(office, row.id if row else None)


def route(*, kind: str, category: str, classification: Classification, place: str, on: date) -> Office:
    """The office for a new case. Raises `NoOffice`."""
    return decide(kind=kind, category=category, classification=classification, place=place, on=on).office


def office_for(row: Row | None, *, classification: str, place: str, offices: people.Directory) -> Office:
    """The one office that a row names for a place. A report on conduct goes to the Inspektorat whatever the
    table says; where the office of the table does not exist the coordinator decides. Raises `NoOffice`.
    """
    if classification == Classification.OVERSIGHT:
        return _first(offices, OrganisationKind.INSPECTORATE)
    found: Office | None = None
    if row is not None and row.level == Level.AGENCY:
        found = offices.find_key(row.agency)
    elif row is not None and row.level == Level.DISTRICT:
        found = offices.of_district(place)
    elif row is not None:
        found = offices.of_settlement(place)
    return found or _first(offices, OrganisationKind.COORDINATOR)


def mode_for(office: Office) -> Mode:
    """A desa has its own elected head and budget: it gets a request, not an order (UU 6/2014)."""
    return Mode.REQUEST if office.is_village else Mode.ORDER


def coordinator() -> Office:
    return _first(people.directory(), OrganisationKind.COORDINATOR)


def _first(offices: people.Directory, kind: str) -> Office:
    found = offices.of_kind(kind)
    if not found:
        raise NoOffice(f"The city has no organisation of kind {kind}; add one with `guyub city seed`.")
    return found[0]
