"""The residents' first page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import City, Remembered, get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.places import api as places
from guyub.rooms.reports import api as reports
from guyub.rooms.tides import api as tides
from guyub.rooms.warnings import api as warnings
from guyub.sites.portal.standing import standing
from guyub.sites.portal.together import figures
from guyub.sites.portal.weeks import WEEKS, weekly

NEWEST = 4
# Counting costs more than the rest of the page, and these figures may be a minute old.
recent_figures = Remembered(lambda: reports.recent_figures(at=timezone.now()), seconds=60)


@gate.public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What to do, what happened of late, and where to look further."""
    city, at, here = get_city(), timezone.now(), reverse("report_list")
    shown = figures(standing())
    context = {
        "tagline": _own_words(city, "tagline") or _("Ada yang perlu dibenahi di sekitar Anda?"),
        "about": _own_words(city, "about") or _("Tunjukkan tempatnya, kirim fotonya, ikuti sampai selesai."),
        "facts": _facts(recent_figures(), here),
        "weeks": weekly(reports.weeks(until=local_date(at, city.tz), number=WEEKS)),
        "rows": reports.newest_published(limit=NEWEST),
        "together": [*shown[:2], shown[-1]],
        "here": here,
        "districts": [
            (f"{reverse('place_list')}{row.code}/", row.name) for row in places.gazetteer().districts
        ],
        "numbers": _emergency_numbers(city, at),
        "has_sea": tides.is_coastal(),
        "warned": warnings.banners(at=at),
    }
    return render(request, "portal/home.html", context)


def _own_words(city: City, name: str) -> str:
    """A text that the city words itself, in the page's language if it did."""
    return city.profile.get(f"{name}_{get_language()}") or city.profile.get(f"{name}_id") or ""


def _facts(recent: reports.Recent, here: str) -> list[dict[str, Any]]:
    """Each number with the list that shows the very same reports."""
    facts = [
        (recent.submitted, _("laporan masuk"), "?waktu=masuk-30", ""),
        (
            recent.confirmed,
            _("dikonfirmasi selesai oleh pelapor"),
            "?status=dikonfirmasi&waktu=berakhir-30",
            "confirmed",
        ),
        (recent.overdue, _("lewat tenggat sekarang"), "?status=lewat-tenggat", "overdue"),
    ]
    return [
        {"value": _counted(count), "label": label, "href": here + query, "tone": tone}
        for count, label, query, tone in facts
    ]


def _counted(count: int) -> str:
    most = reports.COUNTED_UP_TO
    return f"{number_format(most)}+" if count > most else number_format(count)


def _emergency_numbers(city: City, at: Any) -> list[tuple[str, str]]:
    """Telephone numbers with what answers there, from the rulebook; a number once."""
    language = "en" if get_language() == "en" else "id"
    names: dict[str, str] = {}
    for rule in rulebook.family("emergency_numbers", on=local_date(at, city.tz)).values():
        names.setdefault(rule.value["number"], rule.value[f"label_{language}"])
    return sorted(names.items(), key=lambda pair: pair[0])
