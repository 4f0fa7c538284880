"""Taking a list away as a file: the same filters, the same sight."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.kernel.cities.api import get_city
from guyub.kernel.streaming import csv_parts, geojson_parts, in_this_city
from guyub.rooms.casework import exports, queries
from guyub.rooms.casework.web.asked import Asked


@gate.officer(roles.VIEW)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """In which form to take the list away, and what its columns mean."""
    asked = Asked.of(request.GET)
    found = {
        "desk": queries.desk_of(person_of(request)),
        "is_narrowed": bool(asked.how_many or asked.search),
        "csv": asked.address(reverse("desk_export_csv"), 1),
        "excel": _with_bom(asked.address(reverse("desk_export_csv"), 1)),
        "geojson": asked.address(reverse("desk_export_geojson"), 1),
        "list": asked.address(reverse("desk_cases"), 1),
        "columns": exports.dictionary(),
    }
    response = render(request, "casework/exports.html", found)
    response["Cache-Control"] = "private, no-store"
    return response


def _with_bom(address: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}excel=1"


@gate.officer(roles.VIEW)
@require_safe
def as_csv(request: HttpRequest) -> HttpResponseBase:
    rows = _rows(request, "csv")
    parts = csv_parts(exports.COLUMNS, exports.table(rows), bom=request.GET.get("excel") == "1")
    return streamed(parts, "text/csv; charset=utf-8", "laporan.csv")


@gate.officer(roles.VIEW)
@require_safe
def as_geojson(request: HttpRequest) -> HttpResponseBase:
    parts = geojson_parts(exports.features(_rows(request, "geojson")))
    return streamed(parts, "application/geo+json", "laporan.geojson")


def _rows(request: HttpRequest, form: str) -> Any:
    now, asked = timezone.now(), Asked.of(request.GET)
    person = person_of(request)
    return exports.note_export(
        person=person, narrowed=asked.narrowed(person, now), form=form, said=_said(asked), at=now
    )


def _said(asked: Asked) -> str:
    """The filter in codes, as the ledger keeps it: never the words that somebody searched."""
    parts = (
        asked.state,
        asked.place,
        "bahaya" if asked.hazard else "",
        "terlambat" if asked.overdue else "",
        "nomor" if asked.search else "",
    )
    return "+".join(filter(None, parts))


def streamed(parts: Iterator[bytes], kind: str, name: str) -> StreamingHttpResponse:
    """A file that leaves piece by piece, named after the city and the day."""
    response = StreamingHttpResponse(in_this_city(parts), content_type=kind)
    stem = f"{get_city().slug}-{timezone.localdate():%Y-%m-%d}-{name}"
    response["Content-Disposition"] = f'attachment; filename="{stem}"'
    response["Cache-Control"] = "private, no-store"
    return response
