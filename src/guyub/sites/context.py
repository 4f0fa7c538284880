"""What every page's layout needs: the city, the menu, the other language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guyub.kernel.access.api import NOBODY, Person, person_of, roles
from guyub.kernel.cities.api import find_city


def page(request: HttpRequest) -> dict[str, Any]:
    """Context for layouts. No query of its own: the person is asked for only on the desk and when signed in."""
    city = find_city()
    signed_in = city is not None and hasattr(request, "user") and request.user.is_authenticated
    person = person_of(request) if signed_in else NOBODY
    return {
        "city": city,
        "demo": settings.DEMO,
        "person": person,
        "nav": _nav(request, person) if city else [],
        "footer_nav": _footer() if city else [],
        "language_links": _languages(request),
    }


def _nav(request: HttpRequest, person: Person) -> list[dict[str, Any]]:
    on_desk = request.path.removeprefix("/en").startswith("/petugas/")
    items = _desk(person) if on_desk else _portal(person)
    here = request.path
    if here == reverse("report_new"):
        here = ""  # the button for it is no part of the menu
    home = reverse("home")  # every address begins with it
    inside = (url for url, *_ in items if here == url or (url != home and here.startswith(url)))
    current = max(inside, key=len, default="")
    return [
        {"url": url, "label": label, "icon": icon, "current": url == current} for url, label, icon in items
    ]


def _portal(person: Person) -> list[tuple[str, str, str]]:
    items = [
        (reverse("home"), _("Beranda"), "home"),
        (reverse("report_list"), _("Laporan"), "list"),
        (reverse("place_list"), _("Wilayah"), "map"),
    ]
    if person.is_officer:
        items.append((reverse("desk_inbox"), _("Meja petugas"), "inbox"))
    return items


def _footer() -> list[dict[str, str]]:
    return [
        {"url": reverse("about"), "label": _("Tentang dan privasi")},
        {"url": reverse("proof"), "label": _("Bukti catatan")},
    ]


def _desk(person: Person) -> list[tuple[str, str, str]]:
    heads = [(reverse("standing_dispositions"), _("Disposisi tetap"), "user")]
    return [
        (reverse("desk_inbox"), _("Kotak masuk"), "inbox"),
        (reverse("desk_cases"), _("Semua laporan"), "list"),
        (reverse("route_table"), _("Kewenangan"), "building"),
        *(heads if person.can(roles.DISPOSE) else []),
        (reverse("home"), _("Halaman warga"), "home"),
    ]


def _languages(request: HttpRequest) -> list[dict[str, Any]]:
    plain = request.path[3:] if request.path.startswith("/en/") else request.path
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    now = get_language()
    return [
        {"code": "id", "label": "Indonesia", "url": plain + query, "current": now == "id"},
        {"code": "en", "label": "English", "url": "/en" + plain + query, "current": now == "en"},
    ]
