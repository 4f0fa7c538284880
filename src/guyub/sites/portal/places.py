"""The kecamatan, kelurahan and desa: a list to search, a page for each, the lines that maps draw.

No place is ranked against another: figures stand on a place's own page, lists are in the order of names.
"""

from __future__ import annotations

import math
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.cities.api import absolute
from guyub.rooms.areafunds import api as areafunds
from guyub.rooms.casework.api import wording
from guyub.rooms.people import api as people
from guyub.rooms.people.api import OrganisationKind
from guyub.rooms.places import api as places
from guyub.rooms.reports import api as reports
from guyub.rooms.warnings import api as warnings
from guyub.sites.portal.weeks import WEEKS, weekly

DAY_SECONDS = 24 * 3600
NEWEST = 5
LONGEST_SEARCH = 80


@gate.public
@require_safe
def place_list(request: HttpRequest) -> HttpResponse:
    """Every kecamatan with its kelurahan and desa, and how many reports are open in each; or what a search found."""
    known, counts, here = places.gazetteer(), reports.open_by_place(), reverse("place_list")
    wanted = request.GET.get("cari", "")[:LONGEST_SEARCH].strip()
    context = {
        "wanted": wanted,
        "found": [_found(row, known, here) for row in _search(known, wanted)] if wanted else [],
        "districts": [] if wanted else [_district(row, known, counts, here) for row in known.districts],
        "map_address": reverse("report_list") + "?tampil=peta" if known.points else "",
        "here": here,
        "canonical": absolute(here),
    }
    return render(request, "portal/places.html", context)


def _search(known: places.Gazetteer, wanted: str) -> list[places.PlaceRow]:
    """By name or code; a code that ended before this installation began finds what followed it."""
    return known.search(wanted) or [
        known.get(code) for code in known.successors(wanted) if code in known.by_code
    ]


def _found(row: places.PlaceRow, known: places.Gazetteer, here: str) -> dict[str, Any]:
    new = [known.get(code).name for code in known.successors(row.code) if code in known.by_code]
    return {
        "address": f"{here}{row.code}/",
        "label": row.label,
        "district": row.district,
        "aliases": ", ".join(row.aliases),
        "now": "" if row.stands else ", ".join(new),
    }


def _district(
    district: places.PlaceRow, known: places.Gazetteer, counts: dict[str, int], here: str
) -> tuple[str, str, int, list[tuple[str, str, int]]]:
    rows = [(f"{here}{row.code}/", row.name, counts.get(row.code, 0)) for row in known.within(district.code)]
    inside = {row.code for row in known.counted_in(district.code)}
    total = sum(count for code, count in counts.items() if code in inside)
    return f"{here}{district.code}/", district.label, total, rows


@gate.public
@require_safe
def place_outline(request: HttpRequest) -> HttpResponseBase:
    """The areas as GeoJSON, for base maps: the city by its kelurahan, by `bagian=kecamatan` by these, or by `wilayah`
    one place with its neighbours."""
    code = request.GET.get("wilayah", "")
    if code and code not in places.gazetteer().by_code:
        raise BadRequest("There is no such place here.")
    text = places.outline(around=code, districts=request.GET.get("bagian") == "kecamatan")
    if text is None:
        raise Http404
    response = HttpResponse(text, content_type="application/geo+json")
    response["Cache-Control"] = f"public, max-age={DAY_SECONDS}"
    response["ETag"] = f'"{sha256(text.encode()).hexdigest()[:20]}"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


@gate.public
@never_cache
@require_POST
def place_at(request: HttpRequest) -> HttpResponse:
    """In which kelurahan or desa a point lies. Posted, so that nobody's whereabouts stand in a log of addresses."""
    try:
        lat, lon = float(request.POST.get("lat", "")), float(request.POST.get("lon", ""))
    except ValueError:
        raise BadRequest("lat and lon are degrees.") from None
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise BadRequest("lat and lon are degrees.")
    found = places.locate(lat=lat, lon=lon)
    answer = {"code": found.place.code if found.place else "", "outside": found.how is places.How.OUTSIDE}
    return JsonResponse(answer)


@gate.public
@require_safe
def place_page(request: HttpRequest, code: str) -> HttpResponse:
    """A kecamatan, kelurahan or desa: where it is, whom to turn to, what is reported there and what became of it."""
    known = places.gazetteer()
    place = known.by_code.get(code)
    if place is None:
        return _elsewhere(known, code)
    if not place.parent_code:
        return redirect("place_list")
    figures, at = reports.place_figures(place=code, at=timezone.now()), reverse("report_list")
    new_report = reverse("report_new")
    context = {
        "place": place,
        "title": reports.where(code),
        "crumbs": _crumbs(place, known),
        "tiles": _tiles(figures, code, at),
        "two_deadlines": wording.TWO_DEADLINES,
        "groups": [
            (_listed(at, code, status=g.key), g.label, _number(g.count)) for g in figures.groups if g.count
        ],
        "categories": [
            (_listed(at, code, kategori=c.key, waktu="masuk-365"), c.label, _number(c.count))
            for c in figures.categories
        ],
        "weeks": weekly(reports.weeks(until=timezone.localdate(), number=WEEKS, place=code)),
        "offices": _offices(place),
        "units": _units(people.neighbourhoods(place=code), is_settlement=place.is_settlement),
        "within": _within(place, known),
        "near": _links(places.atlas().neighbours(code), known),
        "became": _links(known.successors(code), known) if not place.stands else [],
        "map": _map(place),
        "rows": reports.newest_published(limit=NEWEST, place=code),
        "here": at,
        "warned": warnings.banners(at=timezone.now(), place=code),
        "all_address": _listed(at, code),
        "new_address": f"{new_report}?tempat={code}" if place.is_settlement and place.stands else new_report,
        "funds": funds_of(place),
        "canonical": absolute(reverse("place_page", args=[code])),
    }
    return render(request, "portal/place.html", context)


def funds_of(place: places.PlaceRow) -> dict[str, Any]:
    """What the place may spend this year and spent; nothing where no ceiling is known."""
    year = timezone.localdate().year
    sums = areafunds.of_place(place.code, year=year)
    return (
        {"year": str(year), "sums": sums, "address": reverse("fund_page", args=[place.code])} if sums else {}
    )


def _elsewhere(known: places.Gazetteer, code: str) -> HttpResponse:
    """An old code leads to what followed it: to its page, or after a split to the search that shows all parts."""
    new = [one for one in known.successors(code) if one in known.by_code]
    if not new:
        raise Http404
    if len(new) == 1:
        return redirect("place_page", new[0])
    return redirect(f"{reverse('place_list')}?{urlencode({'cari': code})}")


def _listed(at: str, code: str, **filters: str) -> str:
    """The list that shows the very reports that a number counts."""
    chosen = {"status": "", "kategori": "", "wilayah": code, "waktu": "", **filters}
    return f"{at}?{urlencode({name: value for name, value in chosen.items() if value})}"


def _number(count: int) -> str:
    most = reports.COUNTED_UP_TO
    return f"{number_format(most)}+" if count > most else number_format(count)


def _crumbs(place: places.PlaceRow, known: places.Gazetteer) -> list[tuple[str, str]]:
    above = known.by_code.get(place.parent_code) if place.is_settlement else None
    crumbs = [(reverse("place_list"), _("Wilayah"))]
    return crumbs + ([(reverse("place_page", args=[above.code]), above.label)] if above else [])


def _tiles(figures: reports.PlaceFigures, code: str, at: str) -> list[dict[str, str]]:
    recent = ((_("Masuk 30 hari terakhir"), figures.received_30, "masuk-30"),)
    year = ((_("Masuk 365 hari terakhir"), figures.received_365, "masuk-365"),)
    now = (figures.open, figures.overdue)
    return [
        *(
            {
                "value": _number(one.count),
                "label": one.label,
                "href": _listed(at, code, status=one.key),
                "tone": "overdue" if one is figures.overdue and one.count else "",
            }
            for one in now
        ),
        *(
            {"value": _number(count), "label": label, "href": _listed(at, code, waktu=key), "tone": ""}
            for label, count, key in recent + year
        ),
    ]


def _offices(place: places.PlaceRow) -> list[dict[str, Any]]:
    """The offices of a place, nearest first: what each does, and by which page it is reached."""
    directory = people.directory()
    own = [directory.of_settlement(place.code), directory.of_district(place.code)]
    does = {
        OrganisationKind.WARD: _(
            "Memeriksa laporan dari kelurahan ini, menangani yang menjadi wewenangnya, dan meneruskan yang lain."
        ),
        OrganisationKind.VILLAGE: _(
            "Pemerintah desa dengan kepala desa pilihan warga. Laporan disampaikan kepadanya sebagai permohonan."
        ),
        OrganisationKind.DISTRICT: _(
            "Menaungi kelurahan dan desa di wilayahnya, dan menangani urusan yang melampaui satu di antaranya."
        ),
    }
    return [
        {
            "name": office.name,
            "does": does[OrganisationKind(office.kind)],
            "reach": [line for line in (office.address, office.phone, office.hours) if line],
            "address": "" if office.place == place.code else reverse("place_page", args=[office.place]),
        }
        for office in own
        if office
    ]


def _units(found: list[people.Neighbourhood], *, is_settlement: bool) -> dict[str, Any]:
    """How many RW and RT are known, and for a kelurahan or desa which RT belong to which RW."""
    rw: dict[str, list[str]] = {one.unit: [] for one in found if one.kind == OrganisationKind.RW}
    rt = [one for one in found if one.kind == OrganisationKind.RT]
    for one in rt:
        rw.setdefault(one.unit.partition("/")[2], []).append(one.unit.partition("/")[0])
    count = len({(one.place, one.unit) for one in found if one.kind == OrganisationKind.RW})
    return {"rw": count, "rt": len(rt), "rows": sorted(rw.items()) if is_settlement else []}


def _within(place: places.PlaceRow, known: places.Gazetteer) -> list[tuple[str, str]]:
    return [(reverse("place_page", args=[row.code]), row.name) for row in known.within(place.code)]


def _links(codes: tuple[str, ...], known: places.Gazetteer) -> list[tuple[str, str]]:
    rows = sorted((known.get(code) for code in codes if code in known.by_code), key=lambda row: row.name)
    return [(reverse("place_page", args=[row.code]), row.name) for row in rows]


def _map(place: places.PlaceRow) -> dict[str, str]:
    """The addresses of the place's map; nothing where no line is known."""
    drawn = places.atlas()
    if place.code not in drawn.shapes:
        return {}
    chosen = urlencode({"wilayah": place.code})
    return {
        "base": f"{reverse('place_outline')}?{chosen}",
        "source": f"{reverse('report_map')}?{chosen}",
        "tiles": settings.GUYUB_TILES,
        "lines": drawn.source,
    }
