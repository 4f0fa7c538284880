"""Pages for what went wrong: what happened, what to do."""

from __future__ import annotations

import sys

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guyub.kernel.cities.api import find_city
from guyub.sites.feeds.refusals import for_programs


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return for_programs(request, 400) or render(request, "400.html", status=400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if told := for_programs(request, 404):
        return told
    # outside every city there is no first page to send anyone to
    return render(request, "404.html" if find_city() else "404_city.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the error is being handled. Where the database is the cause nothing may be asked of it again."""
    problem = sys.exc_info()[1]
    if isinstance(problem, DatabaseError):
        return database_error(request, problem)
    return for_programs(request, 500) or render(request, "500.html", status=500)


def database_error(request: HttpRequest, problem: DatabaseError) -> HttpResponse:
    """503 while the database is away or a city is closed for moving; 500 for what is our own mistake."""
    request.user = AnonymousUser()
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # the real ones lie in the session
    if not is_away(problem):
        return for_programs(request, 500) or render(request, "500.html", status=500)
    response = for_programs(request, 503) or render(request, "503.html", status=503)
    response["Retry-After"] = "60"
    return response


def is_away(problem: DatabaseError) -> bool:
    """No connection, no room, ended by an operator; or writing is closed for the application (42501)."""
    state = getattr(problem.__cause__, "sqlstate", None)
    return isinstance(problem, OperationalError | InterfaceError) or state == "42501"


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was open too long, or cookies are off, or another page sent it."""
    return render(request, "403_csrf.html", status=403)
