"""Around every page: bad input gets a clear answer and never a trace; words travel light."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

from guyub.kernel.access.api import NotAllowed


class LightWords(GZipMiddleware):
    """Words go gzipped, with random bytes added against guessing; photos are small already and go as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if response.streaming or not kind.startswith(("text/", "application/json", "application/geo+json")):
            return response
        return super().process_response(request, response)


class ClearAnswers:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "GET" or (getattr(request, "user", None) and request.user.is_authenticated):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            return render(request, "403.html", status=403)
        if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
            return render(request, "413.html", status=413)
        return None
