"""What somebody is told who sends too much: the same limits for all processes (`kernel.limits.web`)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from guyub.kernel.limits.web import Limit as Limit
from guyub.kernel.limits.web import Stopped as Stopped
from guyub.kernel.limits.web import find_flood as find_flood


def wants_page(request: HttpRequest) -> bool:
    """A page, or JSON for the script. An Accept that cannot be read wants a page."""
    try:
        return request.accepts("text/html")
    except ValueError:
        return True


def refuse(request: HttpRequest, stopped: Stopped, *, typed: str = "", kept: bool = False) -> HttpResponse:
    """429 with words and the time to wait; what was typed is shown, or `kept` says that it still is there."""
    if wants_page(request):
        found: dict[str, Any] = {"words": stopped.words(), "typed": typed[:4000], "kept": kept}
        response = render(request, "reports/too_many.html", found, status=429)
    else:
        response = JsonResponse({"errors": {"__all__": [stopped.words()]}}, status=429)
    return tell(response, stopped)


def tell(response: HttpResponse, stopped: Stopped) -> HttpResponse:
    """Machines are told the time to wait, too."""
    response["Retry-After"] = str(stopped.seconds)
    return response
