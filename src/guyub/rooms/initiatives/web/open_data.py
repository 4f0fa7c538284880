"""Initiatives for other pages and programs: tables, a card to embed, calendars of work days."""

from __future__ import annotations

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import NOBODY, gate
from guyub.kernel.cities.api import absolute, get_city
from guyub.kernel.streaming import csv_parts, in_this_city, json_parts
from guyub.rooms.initiatives import access, listing, open_data, queries, workdays
from guyub.rooms.initiatives.rules import State
from guyub.rooms.initiatives.wording import STATES
from guyub.rooms.needs.api import amount_said
from guyub.rooms.places import api as places


@gate.public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What there is to take, and what each column means."""
    here = reverse("initiative_data")
    page = {
        "tables": [
            {
                "title": one.title,
                "columns": one.columns,
                "csv": f"{here}{one.code}.csv",
                "json": f"{here}{one.code}.json",
            }
            for one in open_data.TABLES.values()
        ]
    }
    return render(request, "initiatives/data.html", page)


@gate.public
@require_safe
def table(request: HttpRequest, table: str, form: str) -> HttpResponseBase:
    found = open_data.TABLES.get(table)
    if found is None or form not in ("csv", "json"):
        raise Http404
    if form == "csv":
        parts = csv_parts(found.header, found.rows(), bom=False)
        kind = "text/csv; charset=utf-8"
    else:
        parts = json_parts(found.header, found.rows())
        kind = "application/json; charset=utf-8"
    response = StreamingHttpResponse(in_this_city(parts), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{get_city().slug}-{found.code}.{form}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response


@gate.public
@require_safe
@xframe_options_exempt
@csp_replace(  # type: ignore[arg-type]
    {"frame-ancestors": ["*"], "default-src": ["'none'"], "style-src": [SELF], "script-src": ["'none'"]}
)
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """An initiative in a frame on somebody else's page: the same for everyone, without script or cookie."""
    row = access.readable(NOBODY, slug)
    money = queries.money_of(row)
    met, needed = listing.lines_met([row.pk]).get(row.pk, (0, 0))
    page: dict[str, Any] = {
        "title": row.title,
        "address": absolute(reverse("initiative_page", args=[row.slug])),
        "state": STATES[State(row.state)],
        "where": listing.places_in_words(row.places),
        "days": listing.days_in_words(row.starts_on, row.ends_on),
        "progress": listing.progress_in_words(met, needed),
        "money": _("%(verified)s terbukti ada dari %(amount)s")
        % {name: amount_said(money[name], "rupiah") for name in ("verified", "amount")}
        if money["amount"]
        else "",
        "city_name": get_city().name,
    }
    return render(request, "initiatives/card.html", page)


@gate.public
@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The work days of one initiative."""
    row = access.readable(NOBODY, slug)
    return _ics(workdays.calendar([row], name=row.title, at=timezone.now()), row.slug)


@gate.public
@require_safe
def place_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """The work days of all initiatives in a place."""
    place = places.gazetteer().by_code.get(code)
    if place is None:
        raise Http404
    name = _("Gotong royong %(place)s") % {"place": place.label}
    return _ics(
        workdays.calendar(workdays.of_place(code), name=name, at=timezone.now()), f"gotong-royong-{code}"
    )


def _ics(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}.ics"'
    return response
