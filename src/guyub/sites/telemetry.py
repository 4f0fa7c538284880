"""Around every request: how long, how many queries, what status; told by its route's name and never by its address.

An address can be a key (the reporter's link) and a query can hold anything, so neither is written down anywhere. The
name of the route, the city and a random number of this one request are enough to find what went wrong: the number
stands on the page of an error, and people can read it out.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guyub.kernel import telemetry
from guyub.kernel.cities.api import find_city
from guyub.kernel.logs import requests_logger

METHODS = frozenset({"GET", "HEAD", "POST"})
NO_ROUTE = "none"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another when read out


class Telling:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.log = requests_logger() if settings.GUYUB_REQUEST_LOG else None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = request.guyub_number = new_number()  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(request=number)
        began, queries = time.perf_counter(), connection.queries_sent  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            structlog.contextvars.unbind_contextvars("request")
        seconds = time.perf_counter() - began
        asked = connection.queries_sent - queries  # type: ignore[attr-defined]
        method = request.method if request.method in METHODS else "OTHER"
        tell(self.log, number, route_of(request), method, response.status_code, seconds, asked)
        response["X-Request-Id"] = number
        return response


def new_number() -> str:
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in os.urandom(8))


def tell(log: Any, number: str, route: str, method: str, status: int, seconds: float, queries: int) -> None:
    """One request, in the figures and in the log, if there is one."""
    telemetry.REQUESTS.labels(route, method, str(status)).inc()
    telemetry.SECONDS.labels(route).observe(seconds)
    telemetry.DATABASE_QUERIES.labels(route).inc(queries)
    if log is None:
        return
    city = find_city()
    line: dict[str, Any] = {
        "event": "request",
        "route": route,
        "method": method,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "queries": queries,
        "city": city.slug if city else None,
        "request": number,
    }
    log.msg(**line)


def route_of(request: HttpRequest) -> str:
    """The name of the route that a request reached; many addresses have one."""
    match = request.resolver_match
    return (match.view_name or NO_ROUTE) if match else NO_ROUTE
