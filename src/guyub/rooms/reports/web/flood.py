"""A generous limit on sending. A whole kampung may stand behind one address, so that limit is ten times a device's."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from guyub.rooms.reports.web.device import find_device

WINDOW_SECONDS = 600
PER_DEVICE = 30
PER_ADDRESS = 300


def is_flood(request: HttpRequest, what: str) -> bool:
    """Count this request and say whether its device or address has sent too many within ten minutes."""
    device = find_device(request)
    mine = _count(f"{what}:device:{device}") if device else 0
    return mine > PER_DEVICE or _count(f"{what}:address:{request.META.get('REMOTE_ADDR', '')}") > PER_ADDRESS


def is_more_than(request: HttpRequest, what: str, most: int) -> bool:
    """Count this request and say whether its address has sent more than so many within ten minutes."""
    return _count(f"{what}:address:{request.META.get('REMOTE_ADDR', '')}") > most


def _count(who: str) -> int:
    key = f"flood:{who}"
    cache.add(key, 0, WINDOW_SECONDS)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two lines
        return 1


def wants_page(request: HttpRequest) -> bool:
    """A page, or JSON for the script. An Accept that cannot be read wants a page."""
    try:
        return request.accepts("text/html")
    except ValueError:
        return True


def refuse(request: HttpRequest) -> HttpResponse:
    """429 with words and the time to wait."""
    if wants_page(request):
        response = render(request, "429.html", status=429)
    else:
        words = _("Terlalu banyak kiriman dalam waktu singkat. Tunggu beberapa menit, lalu coba lagi.")
        response = JsonResponse({"errors": {"__all__": [words]}}, status=429)
    response["Retry-After"] = str(WINDOW_SECONDS)
    return response
