"""The first middleware: no city, then the one whose host name was asked for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from guyub.kernel.cities import current, registry

OUTSIDE_CITIES = frozenset({"/healthz", "/readyz", "/metrics"})


class CityMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        current.leave()
        if request.path in OUTSIDE_CITIES:
            return self.get_response(request)
        host = (
            request.get_host().rsplit(":", 1)[0]
            if not request.get_host().endswith("]")
            else request.get_host()
        )
        city = registry.find_by_host(host)
        if city is None:
            raise Http404(f"No city answers at {host}.")
        current.enter(city)
        request.city = city  # type: ignore[attr-defined]
        return self.get_response(request)
