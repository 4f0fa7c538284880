"""The board of a kecamatan, kelurahan or desa: what is looked for there, what is done, by whom, and what is missing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.cities.api import absolute
from guyub.rooms.initiatives import api as initiatives
from guyub.rooms.meetings import api as meetings
from guyub.rooms.needs import api as needs
from guyub.rooms.partners import api as partners
from guyub.rooms.places import api as places
from guyub.rooms.warnings import api as warnings
from guyub.sites.portal.places import funds_of
from guyub.sites.portal.standing import standing
from guyub.sites.portal.together import figures, kinds, listed, map_of, place_rows, sum_rows

NEWEST = 5
PARTNERS = 10


@gate.public
@require_safe
def place_board(request: HttpRequest, code: str) -> HttpResponse:
    """Composed by the rooms' doors; a code that ended, and the city's own, lead to where they are told of."""
    known = places.gazetteer()
    place = known.by_code.get(code)
    if place is None and not known.successors(code):
        raise Http404
    if place is None or not place.stands:
        return redirect("place_page", code)
    if not place.parent_code:
        return redirect("together")
    now, within = standing(code), known.within(code)
    above = known.by_code.get(place.parent_code) if place.is_settlement else None
    drawn = places.atlas().shapes
    outline = f"{reverse('place_outline')}?{urlencode({'wilayah': code})}"
    context = {
        "warned": warnings.banners(at=timezone.now(), place=code),
        "place": place,
        "above": (reverse("place_board", args=[above.code]), above.label) if above else None,
        "figures": figures(now, code),
        "kinds": kinds(now, code),
        "sums": sum_rows(initiatives.sums(place=code), code),
        "places": place_rows(within),
        "map": map_of(outline) if code in drawn and any(row.code in drawn for row in within) else {},
        "needs": needs.newest(place=code, limit=NEWEST),
        "needs_url": listed("need_list", wilayah=code),
        "initiatives": initiatives.newest(place=code, limit=NEWEST),
        "initiatives_url": listed("initiative_list", wilayah=code),
        "partners": partners.first_in(place=code, limit=PARTNERS),
        "partners_url": listed("partner_list", wilayah=code),
        "network_url": listed("partner_network", wilayah=code),
        "funds": funds_of(place),
        "missing": now.missing,
        "work_days": meetings.work_days_ahead(
            subjects=initiatives.live_subjects(place=code), at=timezone.now(), limit=NEWEST
        ),
        "canonical": absolute(reverse("place_board", args=[code])),
    }
    return render(request, "portal/board.html", context)
