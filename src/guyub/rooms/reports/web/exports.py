"""What everyone may read, as files."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.cities.api import get_city
from guyub.kernel.streaming import csv_parts, geojson_parts, in_this_city
from guyub.rooms.reports import exports
from guyub.rooms.reports.queries import Wanted
from guyub.rooms.reports.web import flood
from guyub.rooms.reports.web.filters import Filters

FRESH_SECONDS = 600


@gate.public
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """In which form to take the list away, and what its columns mean."""
    filters = Filters.read(request.GET)
    found = {
        "said": filters.said(),
        "csv": reverse("report_export_csv") + filters.query(tampil=""),
        "excel": reverse("report_export_csv") + filters.query(tampil="", excel="1"),
        "geojson": reverse("report_export_geojson") + filters.query(tampil=""),
        "list": reverse("report_list") + filters.query(tampil=""),
        "columns": exports.dictionary(),
    }
    return render(request, "reports/exports.html", found)


@gate.public
@require_safe
def as_csv(request: HttpRequest) -> HttpResponseBase:
    wanted = _wanted(request)
    if stopped := flood.find_flood(request, "export", at=timezone.now()):
        return flood.refuse(request, stopped)
    rows = exports.table(wanted=wanted)
    parts = csv_parts(exports.COLUMNS, rows, bom=request.GET.get("excel") == "1")
    return _streamed(parts, "text/csv; charset=utf-8", "laporan.csv")


@gate.public
@require_safe
def as_geojson(request: HttpRequest) -> HttpResponseBase:
    wanted = _wanted(request)
    if stopped := flood.find_flood(request, "export", at=timezone.now()):
        return flood.refuse(request, stopped)
    parts = geojson_parts(exports.features(wanted=wanted))
    return _streamed(parts, "application/geo+json", "laporan.geojson")


def _wanted(request: HttpRequest) -> Wanted:
    return Filters.read(request.GET).wanted(at=timezone.now())


def _streamed(parts: Iterator[bytes], kind: str, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(in_this_city(parts), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{get_city().slug}-{name}"'
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    return response
