"""What everyone may read of a place's money, and the same as open data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import absolute, get_city
from guyub.kernel.streaming import csv_parts, in_this_city
from guyub.rooms.areafunds import access, queries, timeline
from guyub.rooms.places import api as places
from guyub.rooms.places.api import PlaceRow


def crumbs(place: PlaceRow) -> list[tuple[str, str]]:
    known = places.gazetteer()
    above = known.by_code.get(place.parent_code) if place.is_settlement else None
    rows = [(reverse("place_list"), _("Wilayah"))]
    rows += [(reverse("place_page", args=[above.code]), above.label)] if above else []
    return [*rows, (reverse("place_page", args=[place.code]), place.label)]


def chosen_year(request: HttpRequest, code: str) -> tuple[int, list[int]]:
    today = local_date(timezone.now(), get_city().tz)
    years = queries.years_of(code)
    return queries.current_year(years, request.GET.get("tahun", ""), today), years


@gate.public
@require_safe
def fund_page(request: HttpRequest, code: str) -> HttpResponse:
    """What a kelurahan or desa may spend, plans and spent, by scheme and body; of a kecamatan the sums of each."""
    place = access.public_place(code)
    year, years = chosen_year(request, code)
    here = reverse("fund_page", args=[code])
    parts = queries.parts(code, year=year) if place.is_settlement else []
    within = [] if place.is_settlement else _within(place, year)
    whole = queries.of_place(code, year=year)
    context = {
        "place": place,
        "crumbs": crumbs(place),
        "year": str(year),
        "years": [(str(one), f"{here}?tahun={one}") for one in years],
        "parts": parts,
        "within": within,
        "whole": whole,
        "canonical": absolute(here),
        "files": [(form.upper(), reverse("fund_file", args=[code, form])) for form in ("csv", "json")],
    }
    return render(request, "areafunds/page.html", context)


def _within(place: PlaceRow, year: int) -> list[dict[str, Any]]:
    rows = places.gazetteer().within(place.code)
    sums = queries.sums_by_place([row.code for row in rows], year=year)
    return [
        {"address": reverse("fund_page", args=[row.code]), "name": row.label, "sums": sums[row.code]}
        for row in rows
        if row.code in sums
    ]


@gate.public
@require_safe
def activity_page(request: HttpRequest, code: str, uuid: UUID) -> HttpResponse:
    """One activity: what was planned, how far it came, with its photos."""
    row = access.public_activity(code, uuid)
    place = access.public_place(code)
    address = reverse("fund_activity", args=[code, row.uuid])
    context = {
        "place": place,
        "crumbs": [*crumbs(place), (reverse("fund_page", args=[code]), _("Dana wilayah"))],
        "row": row,
        "said": queries.activity_row(row),
        "steps": queries.steps_of(row, oversees=False),
        "entries": timeline.entries(row, public=True),
        "canonical": absolute(address),
    }
    return render(request, "areafunds/activity.html", context)


@gate.public
@require_safe
def place_file(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    access.public_place(code)
    return _file(code, form)


@gate.public
@require_safe
def city_file(request: HttpRequest, form: str) -> HttpResponseBase:
    return _file("", form)


def _file(code: str, form: str) -> HttpResponseBase:
    """Ceilings and activities as open data; nobody is named in them."""
    rows = queries.open_rows(code=code)
    if form == "csv":
        parts, kind = csv_parts(queries.COLUMNS, rows, bom=True), "text/csv; charset=utf-8"
    elif form == "json":
        parts, kind = _json_parts(rows), "application/json"
    else:
        raise Http404
    response = StreamingHttpResponse(in_this_city(parts), content_type=kind)
    name = "-".join(part for part in (get_city().slug, "dana-wilayah", code) if part)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _json_parts(rows: Iterator[tuple[Any, ...]]) -> Iterator[bytes]:
    yield b"["
    for n, row in enumerate(rows):
        said = dict(zip(queries.COLUMNS, row, strict=True))
        yield (",\n" if n else "\n").encode() + json.dumps(said, ensure_ascii=False).encode()
    yield b"\n]\n"
