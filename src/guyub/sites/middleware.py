"""Around every page: bad input gets a clear answer and never a trace; words travel light."""

from __future__ import annotations

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import translation

from guyub.kernel.access.api import NotAllowed
from guyub.kernel.cities.api import find_city
from guyub.kernel.notices.api import MailUnavailable
from guyub.sites.errors import bad_request
from guyub.sites.feeds.refusals import for_programs

# Our pages speak UTF-8. Django would read the form, and even the address, by any codec of Python's that a header
# names: some of them decode no text at all, and UTF-7 makes halves of characters that no database takes.
UTF_8 = ("utf-8", "utf8", "us-ascii")
DEVICES = "guyub.sites.feeds.devices"


class ClearAnswers:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding and request.encoding.lower() not in UTF_8:
            return bad_request(request)
        response = self.get_response(request)
        if request.method != "GET" or (find_city() and request.user.is_authenticated):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            return for_programs(request, 403) or render(request, "403.html", status=403)
        if isinstance(exception, MailUnavailable):
            return for_programs(request, 503) or render(request, "503.html", status=503)
        if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
            return for_programs(request, 413) or render(request, "413.html", status=413)
        return None


class Devices:
    """Programs of sensors bear a key and no cookie: between their city and their view nothing is to be done for them.

    Sessions, forms, languages and messages are for people, and cost more than storing a value does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith("/sta/"):
            return self.get_response(request)
        try:
            match = request.resolver_match = resolve(request.path_info, DEVICES)
        except Resolver404:
            return self.get_response(request)
        if request.encoding and request.encoding.lower() not in UTF_8:
            return bad_request(request)
        translation.activate(settings.LANGUAGE_CODE)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        response.headers.setdefault("Content-Length", str(len(response.content)))
        return response


class ContentPolicy(CSPMiddleware):
    """What a page may load is the same for nearly all of them: the library's header is written once, not twice an answer.

    An answer with a rule of its own is left to the library.
    """

    OWN = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.usual = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_usual = getattr(request, "_csp_nonce", None) is None and not any(
            hasattr(response, name) for name in self.OWN
        )
        if not is_usual:
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response


class CompressText(GZipMiddleware):
    """Pages and data leave compressed, a quarter of their size on a slow line; photos are compressed already.

    Django's own adds a random length to each answer and masks the form tokens, so that lengths tell no secrets.
    """

    KINDS = ("text/", "application/json", "application/geo+json")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith(self.KINDS):
            return response
        return super().process_response(request, response)
