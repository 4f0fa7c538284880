"""What everyone may read: the lists of needs and offers, and each need's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.kernel.cities.api import absolute
from guyub.rooms.needs import access, listing, queries, shown
from guyub.rooms.needs.acting import oversees, owns
from guyub.rooms.needs.rules import WANTED, State
from guyub.rooms.needs.sockets import start_address
from guyub.rooms.needs.web.filters import LAST_PAGE, Filters, page_number
from guyub.ui.rows import day_in_words


def _list(request: HttpRequest, name: str, page: Any) -> dict[str, Any]:
    filters, number = Filters.read(request.GET), page_number(request.GET.get("hal", ""))
    found, here = page(filters.wanted(), number=number), reverse(name)
    return {
        "filters": filters,
        "fields": filters.fields(),
        "said": filters.said(),
        "rows": found.rows,
        "total": found.total,
        "here": here,
        "canonical": absolute(here),
        "previous": here + filters.query(hal=str(number - 1)) if number > 1 else "",
        "next": here + filters.query(hal=str(number + 1)) if found.has_next and number < LAST_PAGE else "",
        "position": _("Halaman %(n)s") % {"n": number},
        "is_somebody": person_of(request).account is not None,
    }


@gate.public
@require_safe
def need_list(request: HttpRequest) -> HttpResponse:
    """What is looked for, by theme, kind and place; or what is over."""
    context = _list(request, "need_list", listing.needs_page)
    filters = context["filters"]
    context["open_url"] = context["here"] + filters.query(selesai="")
    context["over_url"] = context["here"] + filters.query(selesai="1")
    return render(request, "needs/list.html", context)


@gate.public
@require_safe
def offer_list(request: HttpRequest) -> HttpResponse:
    """What is offered until further notice; residents without a name."""
    context = _list(request, "offer_list", listing.offers_page)
    context["looks_after"] = person_of(request).can(roles.PARTNERS)
    return render(request, "needs/offers.html", context)


@gate.public
@require_safe
def need_page(request: HttpRequest, number: str) -> HttpResponse:
    """One need: what is missing, why, what lies behind it, and what became of it."""
    row, person = access.public_need(number), person_of(request)
    status, tone = listing.state_said(row)
    partner = row.partner_id is not None
    manages = ""
    if person.account is not None and owns(person, row):
        manages = reverse("own_need" if partner else "desk_need", args=[row.number])
    elif person.is_officer and oversees(person, row):
        manages = reverse("desk_need", args=[row.number])
    context = {
        "row": row,
        "status": status,
        "tone": tone,
        "publisher": queries.publishers([row]).get(row.pk, ""),
        "publisher_url": queries.partner_address(row),
        "place": listing.place_said(row.place_code),
        "theme": listing.theme_labels().get(row.theme, ""),
        "until": day_in_words(row.until_on) if row.until_on else "",
        "lines": shown.lines_shown(queries.lines(need=row.pk)),
        "behind": shown.behind(row),
        "entries": shown.entries(row, inside=False),
        "is_open": row.state in WANTED,
        "is_taken": row.state == State.TAKEN_UP,
        "manages": manages,
        "start": start_address(row.number, at_desk=False) if row.state == State.PUBLISHED else "",
        "canonical": absolute(reverse("need_page", args=[row.number])),
    }
    return render(request, "needs/page.html", context)
