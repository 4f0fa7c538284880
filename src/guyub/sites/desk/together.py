"""Gotong royong of an officer's places: what waits for them, a count of each room, and how their places stand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import Person, gate, person_of, roles
from guyub.rooms.initiatives import api as initiatives
from guyub.rooms.needs import api as needs
from guyub.rooms.partners import api as partners
from guyub.rooms.places import api as places
from guyub.sites.portal.standing import standing
from guyub.sites.portal.together import figures

PLACES = 6


@gate.officer(roles.COLLABORATE, roles.PARTNERS)
@require_safe
def together(request: HttpRequest) -> HttpResponse:
    """What waits, the initiatives by name, then the numbers of one's places with their boards."""
    person = person_of(request)
    context = {
        "initiatives": initiatives.waiting_for(person),
        "needs": needs.count_to_read(person),
        "partners": partners.count_waiting(person),
        "runs": person.can(roles.COLLABORATE),
        "looks_after": person.can(roles.PARTNERS),
        "places": [_shown(row) for row in _places_of(person)],
    }
    return render(request, "desk/together.html", context)


def _places_of(person: Person) -> list[places.PlaceRow]:
    """The places for which a person collaborates; none for whoever does so for the whole city."""
    known = places.gazetteer().by_code
    rows = [known[code] for code in person.places(roles.COLLABORATE) if code in known]
    return sorted((row for row in rows if row.parent_code and row.stands), key=lambda row: row.code)[:PLACES]


def _shown(row: places.PlaceRow) -> tuple[str, str, list[dict[str, str]]]:
    return row.label, reverse("place_board", args=[row.code]), figures(standing(row.code), row.code)
