"""The inbox as a map: the same filters, the exact points, the list beside it."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.rooms.casework import queries
from guyub.rooms.casework.access import inbox
from guyub.rooms.casework.kinds import kind_of
from guyub.rooms.casework.web.asked import Asked
from guyub.rooms.casework.web.lines import lines
from guyub.rooms.places import api as places

BESIDE = 30


@gate.officer(roles.VIEW)
@require_safe
def inbox_map(request: HttpRequest) -> HttpResponse:
    """What waits on this person, where it lies."""
    person, now = person_of(request), timezone.now()
    asked = replace(Asked.of(request.GET), search="", page=1)
    narrowed = asked.narrowed(person, now)
    rows = queries.inbox_rows(person=person, narrowed=narrowed, limit=BESIDE)
    several = len(person.offices(roles.VIEW)) > 1 or person.can(roles.VIEW_HAZARDS)
    found = {
        "desk": queries.desk_of(person),
        "lines": lines(rows, at=now, with_office=several, without_words=person.support is not None),
        "all_chosen": False,
        "filters": asked.how_many,
        "list": asked.address(reverse("desk_inbox"), 1),
        "map_source": asked.address(reverse("desk_map_json"), 1),
        "map_base": reverse("place_outline") if places.gazetteer().points else "",
        "map_tiles": settings.GUYUB_TILES,
    }
    return _private(render(request, "casework/map.html", found))


@gate.officer(roles.VIEW)
@require_safe
def map_json(request: HttpRequest) -> HttpResponse:
    """The map's data, written by PostgreSQL."""
    person, now = person_of(request), timezone.now()
    asked = replace(Asked.of(request.GET), search="", page=1)
    kind = kind_of("report")
    address = kind.desk_url("x").removesuffix("x/")
    text = kind.map_json(asked.narrowed(person, now).applied(inbox(person)), address)
    return _private(HttpResponse(text, content_type="application/json"))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
