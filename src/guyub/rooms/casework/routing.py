"""Which office must act: place × category × class, "kelurahan first" by a table."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from guyub.rooms.casework.models import Route
from guyub.rooms.casework.rules import Classification, Mode
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Office, OrganisationKind


class NoOffice(LookupError):
    """Nobody can act: the city has neither the office of the table nor a coordinator."""


def find_route(*, kind: str, category: str, classification: Classification, on: date) -> Route | None:
    """The row of the table that fits best on a day: the category's own before '*', the class's own before any."""
    rows = Route.objects.filter(
        Q(effective_until__isnull=True) | Q(effective_until__gt=on),
        kind=kind,
        category__in=[category, "*"],
        classification__in=[classification, ""],
        effective_from__lte=on,
    )
    return max(
        rows, key=lambda r: (r.category != "*", r.classification != "", r.effective_from), default=None
    )


def route(*, kind: str, category: str, classification: Classification, place: str, on: date) -> Office:
    """The office for a new case. A report on conduct goes to the Inspektorat whatever the table says.

    Where the office of the table does not exist the coordinator decides. Raises `NoOffice`.
    """
    offices = people.directory()
    if classification is Classification.OVERSIGHT:
        return _first(offices, OrganisationKind.INSPECTORATE)
    row = find_route(kind=kind, category=category, classification=classification, on=on)
    found: Office | None = None
    if row is not None and row.level == Route.Level.AGENCY:
        found = offices.find_key(row.organisation_key)
    elif row is not None and row.level == Route.Level.DISTRICT:
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
