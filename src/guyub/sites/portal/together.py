"""Gotong royong of the whole city: what is looked for, what is done, by whom, where; and the lines behind each sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.cities.api import Remembered, absolute
from guyub.rooms.forums import api as forums
from guyub.rooms.initiatives import api as initiatives
from guyub.rooms.meetings import api as meetings
from guyub.rooms.needs import api as needs
from guyub.rooms.partners import api as partners
from guyub.rooms.places import api as places
from guyub.sites.portal.standing import Standing, standing
from guyub.ui.rows import Printed

NEWEST = 4
FORUMS = 6
LAST_PAGE = 500


@dataclass(frozen=True, slots=True)
class PlaceRow(Printed):
    """A place in the table and on the map: the numbers with the lists behind them."""

    code: str
    name: str
    address: str
    needs: int
    needs_url: str
    initiatives: int
    initiatives_url: str
    partners: int
    partners_url: str

    @property
    def total(self) -> int:
        return self.needs + self.initiatives


def listed(name: str, **filters: str) -> str:
    """The address of a list with filters; empty ones are left out."""
    chosen = urlencode({key: value for key, value in filters.items() if value})
    return f"{reverse(name)}?{chosen}" if chosen else reverse(name)


def figures(now: Standing, place: str = "") -> list[dict[str, str]]:
    """The numbers of a place or of the city, each with the list that shows the very same."""
    found = (
        (now.needs, _("kebutuhan dicari"), listed("need_list", wilayah=place)),
        (now.going_on, _("prakarsa berjalan"), listed("initiative_list", keadaan="HIDUP", wilayah=place)),
        (now.done, _("prakarsa selesai"), listed("initiative_list", keadaan="DONE", wilayah=place)),
        (
            now.known,
            _("mitra terverifikasi"),
            listed("partner_list", wilayah=place, terverifikasi="1"),
        ),
    )
    return [{"value": number_format(n), "label": label, "href": address} for n, label, address in found]


def kinds(now: Standing, place: str = "") -> list[tuple[str, str, str]]:
    """Verified partners by the kinds that there are: short name, how many, where they are listed."""
    return [
        (
            label,
            number_format(now.partners[kind]),
            listed("partner_list", jenis=kind, wilayah=place, terverifikasi="1"),
        )
        for kind, label in partners.kind_labels()
        if now.partners[kind]
    ]


def place_rows(rows: list[places.PlaceRow]) -> list[PlaceRow]:
    """Places by name with their numbers; none is ranked against another."""
    lists = {name: reverse(name) for name in ("need_list", "initiative_list", "partner_list", "place_list")}
    made = []
    for row in rows:
        now, code = standing(row.code), row.code
        made.append(
            PlaceRow(
                code,
                row.name,
                f"{lists['place_list']}{code}/gotong-royong/",
                now.needs,
                f"{lists['need_list']}?wilayah={code}",
                now.going_on,
                f"{lists['initiative_list']}?keadaan=HIDUP&wilayah={code}",
                now.known,
                f"{lists['partner_list']}?wilayah={code}&terverifikasi=1",
            )
        )
    return made


def sum_rows(rows: list[initiatives.SumRow], place: str = "") -> list[tuple[str, initiatives.SumRow]]:
    """Sums, each with the address of the lines that it adds up."""
    here = reverse("promises")
    chosen = {"wilayah": place} if place else {}
    return [
        (f"{here}?{urlencode({'jenis': row.resource, 'satuan': row.unit, **chosen})}", row) for row in rows
    ]


def _read() -> dict[str, Any]:
    """All that the city's page says, in the language of the moment. Twelve queries, once a minute."""
    known, now = places.gazetteer(), standing()
    has_map = any(row.code in places.atlas().shapes for row in known.districts)
    return {
        "figures": figures(now),
        "kinds": kinds(now),
        "sums": sum_rows(initiatives.sums()),
        "places": place_rows(known.districts),
        "map": map_of(f"{reverse('place_outline')}?bagian=kecamatan") if has_map else {},
        "needs": needs.newest(limit=NEWEST),
        "initiatives": initiatives.newest(limit=NEWEST),
        "forums": [one for one in forums.forums() if not one.ended][:FORUMS],
        "work_days": meetings.work_days_ahead(
            subjects=initiatives.live_subjects(), at=timezone.now(), limit=NEWEST
        ),
        "canonical": absolute(reverse("together")),
    }


# The same for every visitor; counting and adding up costs more than the rest of the page.
_said = {code: Remembered(_read, seconds=60) for code, _name in settings.LANGUAGES}


@gate.public
@require_safe
def together(request: HttpRequest) -> HttpResponse:
    """The city's map of collaboration, at most a minute old; the lists that it leads to are of the moment."""
    context = _said[get_language() or settings.LANGUAGE_CODE]()
    return render(request, "portal/together.html", context)


def map_of(base: str) -> dict[str, str]:
    return {"base": base, "tiles": settings.GUYUB_TILES, "lines": places.atlas().source}


@gate.public
@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """The lines of initiatives that one sum adds up: so much of a resource in a unit, in a place or in all."""
    resource, unit = request.GET.get("jenis", ""), request.GET.get("satuan", "")
    place = places.gazetteer().by_code.get(request.GET.get("wilayah", ""))
    code = place.code if place and place.parent_code else ""
    if resource not in set(needs.Resource) or not unit.isprintable():
        raise Http404
    number = page_number(request.GET.get("hal", ""))
    found = initiatives.lines_behind(resource=resource, unit=unit, place=code, number=number)
    if found is None:
        raise Http404
    same = {"jenis": resource, "satuan": unit, "wilayah": code}
    context = {
        "all": found.all,
        "place": place.label if place and code else "",
        "rows": found.rows,
        "back": reverse("place_board", args=[code]) if code else reverse("together"),
        "initiatives_url": reverse("initiative_list"),
        "previous": listed("promises", **same, hal=str(number - 1)) if number > 1 else "",
        "next": listed("promises", **same, hal=str(number + 1)) if found.has_next else "",
        "position": _("Halaman %(n)s") % {"n": number},
    }
    return render(request, "portal/promises.html", context)


def page_number(text: str) -> int:
    """A page's number by its address; whatever is none is the first."""
    good = text.isascii() and text.isdigit() and 0 < len(text) < 5 and int(text) > 0
    return min(int(text), LAST_PAGE) if good else 1
