"""What every page's layout needs: the city, the menu, the other language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from guyub.kernel.access.api import NOBODY, Person, person_of
from guyub.kernel.cities.api import find_city
from guyub.rooms.casework import api as casework
from guyub.rooms.people import api as people
from guyub.sites import menu


def page(request: HttpRequest) -> dict[str, Any]:
    """Context for layouts. No query of its own: the person is asked for only on the desk and when signed in."""
    city = find_city()
    signed_in = city is not None and hasattr(request, "user") and request.user.is_authenticated
    person = person_of(request) if signed_in else NOBODY
    return {
        "city": city,
        "demo": settings.DEMO,
        "person": person,
        "own_url": "",
        "own_nav": [],
        "seat_nav": [],
        **(_menus(request, person) if city else {"nav": [], "footer_nav": []}),
        "language_links": _languages(request),
    }


def _menus(request: HttpRequest, person: Person) -> dict[str, Any]:
    if request.path.removeprefix("/en").startswith("/petugas/"):
        return {
            "nav_groups": menu.desk(request, person),
            "menu_url": reverse("desk_menu"),
            "home_url": reverse(people.desk_home(person)),
            "desk": casework.queries.desk_of(person),
        }
    found: dict[str, Any] = {"nav": menu.portal(request, person), "footer_nav": menu.foot()}
    if person.account is not None:
        found["own_url"] = reverse("own_reports")
        if request.path == found["own_url"]:
            found |= {"own_nav": menu.own(request, person), "seat_nav": menu.seat(request, person)}
    return found


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    plain = request.path[3:] if request.path.startswith("/en/") else request.path
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    now = get_language()
    return [
        {"code": "id", "label": "Indonesia", "url": plain + query, "current": now == "id"},
        {"code": "en", "label": "English", "url": "/en" + plain + query, "current": now == "en"},
    ]
