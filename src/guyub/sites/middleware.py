"""Bad input gets a clear answer: what rooms raise for people becomes a page, never a trace."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

from guyub.kernel.access.api import NotAllowed


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


class CompressText(GZipMiddleware):
    """Pages and data leave compressed, a quarter of their size on a slow line; photos are compressed already.

    Django's own adds a random length to each answer and masks the form tokens, so that lengths tell no secrets.
    """

    KINDS = ("text/", "application/json", "application/geo+json")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith(self.KINDS):
            return response
        return super().process_response(request, response)
