"""The draw of completions for a second look: how it is drawn, and the numbers to compute it again."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import api as casework
from guyub.sites.portal.proof import LARGEST


@gate.public
@require_safe
def draw(request: HttpRequest) -> HttpResponse:
    """The newest draws, and the rates of today."""
    rates = rulebook.family("second_look.percent", on=local_date(timezone.now(), get_city().tz))
    context = {
        "general": rates["general"].value["amount"] if "general" in rates else 0,
        "hazard": rates["hazard"].value["amount"] if "hazard" in rates else 0,
        "draws": [
            {
                "seal": str(one.seal),
                "address": reverse("draw_entries", args=[one.seal]),
                "at": date_format(one.at.astimezone(get_city().tz), "j F Y, H.i"),
                "count": len(one.entries),
                "drawn": sum(1 for entry in one.entries if entry[5]),
            }
            for one in casework.second_look.draws()
        ],
    }
    return render(request, "portal/draw.html", context)


@gate.public
@require_safe
def draw_entries(request: HttpRequest, seal: int) -> HttpResponse:
    """One draw as JSON: what was drawn from, with what, and how it fell."""
    found = casework.second_look.find_draw(seal) if 0 < seal <= LARGEST else None
    if found is None:
        raise Http404
    names = ("number", "part", "evidence", "percent", "digits", "drawn")
    return JsonResponse(
        {
            "city": get_city().code,
            "seal": found.seal,
            "seal_hash": found.seal_hash,
            "drawn_at": found.at.isoformat(),
            "completions": [dict(zip(names, entry, strict=True)) for entry in found.entries],
        },
        json_dumps_params={"separators": (",", ":")},
    )
