"""What everyone may read: the list, the map, one report."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of
from guyub.kernel.cities.api import absolute
from guyub.rooms.casework.api import wording
from guyub.rooms.places import api as places
from guyub.rooms.reports import access, lapor, queries, reading, witnesses
from guyub.rooms.reports.groups import OVERDUE
from guyub.rooms.reports.map import map_json
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.web.filters import NUMBER, Filters, read_box, read_number

MAP_FRESH_SECONDS = 60


@gate.public
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """The list or, by `tampil=peta`, the map. With htmx only the part that changes.

    What no page of ours writes is left out, and the page says so: whoever cut an address short still finds the list.
    """
    filters, is_wrong = Filters.read_what_fits(request.GET)
    at, here = timezone.now(), reverse("report_list")
    page: dict[str, object] = {}
    if not filters.is_map:
        try:
            page = _page_of(request.GET, filters, here, at)
        except BadRequest:
            page, is_wrong = _page_of(QueryDict(), filters, here, at), True
    context = {
        "is_wrong": is_wrong,
        "filters": filters,
        "said": filters.said(),
        "means": wording.TWO_DEADLINES if filters.status == OVERDUE else "",
        "narrower": filters.narrower(here),
        "here": here,
        "reset": here + Filters(tampil=filters.tampil).query(),
        "canonical": absolute(here),
        "export_address": reverse("report_export") + filters.query(tampil=""),
    }
    context |= _map_of(filters) if filters.is_map else page
    if _wants_part(request) and not filters.is_map:
        response = render(request, "reports/_list.html", context)
        response["Cache-Control"] = "no-store"
        response["HX-Push-Url"] = here + filters.query()
    else:
        response = render(
            request,
            "reports/list.html",
            context | {"fields": filters.fields(), "kept": filters.besides_words()},
            status=400 if is_wrong else 200,
        )
    patch_vary_headers(response, ["HX-Request"])
    return response


def _wants_part(request: HttpRequest) -> bool:
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def _page_of(query: QueryDict, filters: Filters, here: str, at: datetime) -> dict[str, object]:
    before, after = read_number(query, "sebelum"), read_number(query, "sesudah")
    try:
        page = queries.page_of_reports(wanted=filters.wanted(at=at), before=before, after=after)
    except queries.UnknownNumber as unknown:
        raise BadRequest("This is no number of a report.") from unknown
    return {
        "rows": page.rows,
        "newer": here + filters.query(sesudah=page.newer) if page.newer else "",
        "older": here + filters.query(sebelum=page.older) if page.older else "",
        "map_address": here + filters.query(tampil="peta") if places.gazetteer().points else "",
    }


def _map_of(filters: Filters) -> dict[str, object]:
    """The map's addresses. A city without known points has no map."""
    if not places.gazetteer().points:
        raise Http404
    return {
        "map_source": reverse("report_map") + filters.query(tampil=""),
        "map_base": reverse("place_outline"),
        "map_tiles": settings.GUYUB_TILES,
        "list_address": reverse("report_list") + filters.query(tampil=""),
        "map_view": _view_of(filters.wilayah),
        "map_source_of_lines": places.atlas().source,
    }


def _view_of(code: str) -> dict[str, str]:
    """Where the map looks: the middle of a chosen place; by itself it shows the whole city."""
    gazetteer = places.gazetteer()
    inside = gazetteer.within(code) or [row for row in gazetteer.settlements if row.code == code]
    points = [(row.lat, row.lon) for row in inside if row.lat is not None and row.lon is not None]
    if not points:
        return {}
    lat, lon = (sum(values) / len(points) for values in zip(*points, strict=True))
    return {"lat": f"{lat:.5f}", "lon": f"{lon:.5f}", "zoom": "15" if len(inside) == 1 else "13"}


@gate.public
@require_safe
def report_map(request: HttpRequest) -> HttpResponse:
    """The map's data: published reports only, written by PostgreSQL."""
    filters, box = Filters.read(request.GET), read_box(request.GET)
    text = map_json(wanted=filters.wanted(at=timezone.now()), address=reverse("report_list"), box=box)
    response = HttpResponse(text, content_type="application/json")
    response["Cache-Control"] = f"public, max-age={MAP_FRESH_SECONDS}"
    return response


@gate.public
@require_safe
def report_page(request: HttpRequest, number: str) -> HttpResponse:
    """One report: all of it once published, else its outline."""
    if not NUMBER.fullmatch(number):
        raise Http404
    row = access.public_report(number)
    shown = reading.read(row, at=timezone.now())
    address = absolute(reverse("report_page", args=[number]))
    place = reverse("place_page", args=[shown.place_code])
    context: dict[str, object] = {"report": shown, "canonical": address, "place_address": place}
    if isinstance(shown, reading.Outline):
        return render(request, "reports/outline.html", context)
    context["may_have_looked"] = shown.takes_witness and _heads_an_rt_there(request, row)
    context["lapor_id"] = lapor.external_id_of(row)
    words = _("%(title)s di %(where)s: %(status)s") % {
        "title": shown.title,
        "where": shown.where,
        "status": shown.status,
    }
    context["share"] = "https://wa.me/?text=" + quote(f"{words} ({number})\n{address}")
    return render(request, "reports/page.html", context)


def _heads_an_rt_there(request: HttpRequest, report: Report) -> bool:
    """Whoever heads an RT of the kelurahan is asked whether they looked, whether or not the report says its RT."""
    return request.user.is_authenticated and bool(witnesses.heads_in(report, person_of(request)))
