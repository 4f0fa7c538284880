"""How programs read and send reports, and what sensors say, for whoever writes them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.cities.api import absolute
from guyub.rooms.places import api as places


@gate.public
@require_safe
def developers(request: HttpRequest) -> HttpResponse:
    root = absolute(reverse("open311_discovery", args=["xml"])).rpartition("/")[0]
    place = next((row.code for row in places.gazetteer().settlements), "")
    found = {
        "root": root,
        "discovery": f"{root}/discovery.xml",
        "place": place,
        "hook": absolute(reverse("send_json")),
        "sensors": absolute(reverse("sta")),
    }
    return render(request, "portal/developers.html", found)
