"""What everyone may read: the list of initiatives and each one's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of
from guyub.kernel.cities.api import absolute
from guyub.rooms.initiatives import access, listing, showing
from guyub.rooms.initiatives.acting import is_organiser, manage_address
from guyub.rooms.initiatives.web.filters import Filters, page_number


@gate.public
@require_safe
def initiative_list(request: HttpRequest) -> HttpResponse:
    """All initiatives that were opened, by place, theme and state."""
    filters, number = Filters.read(request.GET), page_number(request.GET.get("hal", ""))
    page, here = listing.page_of(filters.wanted(), number=number), reverse("initiative_list")
    context = {
        "filters": filters,
        "fields": filters.fields(),
        "said": filters.said(),
        "rows": page.rows,
        "total": page.total,
        "here": here,
        "canonical": absolute(here),
        "previous": here + filters.query(hal=str(number - 1)) if number > 1 else "",
        "next": here + filters.query(hal=str(number + 1)) if page.has_next else "",
        "position": _("Halaman %(n)s") % {"n": number},
    }
    return render(request, "initiatives/list.html", context)


@gate.public
@require_safe
def initiative_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One initiative: what was promised beside what is there."""
    person = person_of(request)
    row = access.readable(person, slug)
    context = {
        "initiative": showing.page(row, at=timezone.now()),
        "canonical": absolute(reverse("initiative_page", args=[row.slug])),
        "is_draft": row.opened_at is None,
        "manage": manage_address(row) if is_organiser(person, row) else "",
    }
    return render(request, "initiatives/page.html", context)
