"""Who works with whom, on what, where; and what is missing in a place."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.cities.api import Remembered, absolute
from guyub.rooms.partners import network
from guyub.rooms.partners.web.filters import Filters
from guyub.rooms.partners.web.public import first_day_of_ties


@gate.public
@require_safe
def network_page(request: HttpRequest) -> HttpResponse:
    """The list first and a calm drawing beside it; below, themes by kinds of partner."""
    filters, here = Filters.read(request.GET), reverse("partner_network")
    filters = Filters(tema=filters.tema, wilayah=filters.wilayah)
    context = {
        "filters": filters,
        "fields": filters.fields(),
        "said": filters.said(),
        "here": here,
        "canonical": absolute(here),
        **_seen(filters),
    }
    return render(request, "partners/network.html", context)


# The same for every visitor: a grown network has thousands of ties to count.
_kept: Remembered[dict[tuple[str | None, Filters], dict[str, Any]]] = Remembered(dict, seconds=60)
MOST_KEPT = 40


def _seen(filters: Filters) -> dict[str, Any]:
    """The network of a place and theme, at most a minute old."""
    kept, key = _kept(), (get_language(), filters)
    found = kept.get(key)
    if found is None:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        found = kept[key] = _read(filters)
    return found


def _read(filters: Filters) -> dict[str, Any]:
    since = first_day_of_ties(at=timezone.now())
    web = network.web(since=since, place=filters.wilayah, theme=filters.tema)
    found = network.gaps(place=filters.wilayah)
    listed, place = reverse("partner_list"), f"&wilayah={filters.wilayah}" if filters.wilayah else ""
    rows = [
        (
            label,
            [(cell.n, f"{listed}?jenis={cell.kind}&tema={code}{place}&terverifikasi=1") for cell in cells],
        )
        for code, label, cells in found.rows
    ]
    return {"web": web, "drawing": network.drawing(web.pairs), "gaps": found, "rows": rows}
