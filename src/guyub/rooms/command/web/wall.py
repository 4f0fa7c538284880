"""The wall: whole pages first, then only their parts. Officers come by their power, screens by their address."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.live import api as live
from guyub.kernel.rulebook import api as rulebook
from guyub.kernel.wall import Audience
from guyub.rooms.command import drawing, making
from guyub.rooms.command.feed import channel_of
from guyub.rooms.command.models import Screen
from guyub.rooms.command.rules import Look, is_night
from guyub.rooms.command.screens import find_screen
from guyub.rooms.command.web import parts
from guyub.rooms.command.wording import AUDIENCES


@gate.officer(roles.WATCH)
@require_safe
def wall(request: HttpRequest) -> HttpResponse:
    """The officers' wall, with links to the lists behind it."""
    said = request.GET.get("tampil", "")
    look = Look(said) if said in set(Look) else Look.AUTO
    return _wall(request, Audience.OFFICERS, look, "", at=timezone.now())


@gate.officer(roles.WATCH)
@require_safe
def wall_part(request: HttpRequest, part: str) -> HttpResponse:
    return _part(request, part, Audience.OFFICERS, at=timezone.now())


@gate.link
@require_safe
def screen_wall(request: HttpRequest, key: str) -> HttpResponse:
    """A screen's own wall: what it shows is said by its registration."""
    at = timezone.now()
    screen = _screen(key, at)
    return _wall(request, Audience(screen.shows), Look(screen.look), key, at=at)


@gate.link
@require_safe
def screen_part(request: HttpRequest, key: str, part: str) -> HttpResponse:
    at = timezone.now()
    return _part(request, part, Audience(_screen(key, at).shows), at=at)


def _screen(key: str, at: datetime) -> Screen:
    found = find_screen(key, at=at)
    if found is None:
        raise Http404
    return found


def _wall(request: HttpRequest, audience: Audience, look: Look, key: str, *, at: datetime) -> HttpResponse:
    asked = parts.asked_for(audience, at=at)
    address = reverse("screen_wall", args=[key]) if key else reverse("wall")
    channel = channel_of(audience)
    found = {
        **frame(audience, look, at=at),
        **parts.page(asked),
        "address": address,
        "stream": f"/live/{channel}?t={live.token(channel, at=at)}",
        "past": None,
    }
    return _private(render(request, "command/wall.html", found))


def frame(audience: Audience, look: Look, *, at: datetime) -> dict[str, Any]:
    """What stands around the parts: the city's clock, its base map, the light of the room."""
    city = get_city()
    here = localtime(at, city.tz)
    base = drawing.drawing()
    night = rulebook.rule("command.night", on=local_date(at, city.tz)).value
    dark = look is Look.NIGHT or (
        look is Look.AUTO and is_night(here.hour, begins=night["from"], ends=night["until"])
    )
    return {
        "audience": audience.value,
        "audience_name": AUDIENCES[audience],
        "for_officers": audience is Audience.OFFICERS,
        "look": "malam" if dark else "siang",
        "night": f"{night['from']}-{night['until']}" if look is Look.AUTO else "",
        "base": base,
        "width": str(base.width) if base else "",
        "height": str(base.height) if base else "",
        "zone": str(city.tz),
        "zone_name": here.tzname(),
        "now": str(int(at.timestamp())),
        "clock": f"{here:%H.%M}",
        "day": date_format(here, "l, j F Y"),
    }


def _part(request: HttpRequest, part: str, audience: Audience, *, at: datetime) -> HttpResponse:
    asked = parts.asked_for(audience, at=at)
    known = {parts.FIGURES, parts.MAP, parts.FEED, *making.keys(audience)}
    if part not in known:
        raise Http404
    return _private(HttpResponse(parts.part(part, asked)))


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    patch_vary_headers(response, ["HX-Request"])
    return response
