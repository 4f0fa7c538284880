"""While a support person's access is open: every page is put on record, and nothing can be sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from guyub.kernel.access.api import person_of
from guyub.kernel.cities.api import find_city
from guyub.rooms.people.support import record_page

# Signing out and proving who one is change nothing of the city's.
MAY_SEND = frozenset({"account_logout", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp"})
# What an address names besides a report's number or a place may be a secret, and is not noted.
NOTED = ("number", "code")


class SupportWatch:
    """One place for all routes: a page that is added tomorrow is watched too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if find_city() is None or not request.user.is_authenticated:
            return None
        access = person_of(request).support
        if access is None:
            return None
        match = request.resolver_match
        route, name = (match.route, match.view_name) if match else ("", "")
        refused = request.method not in ("GET", "HEAD", "OPTIONS") and name not in MAY_SEND
        subject = next((str(kwargs[key]) for key in NOTED if key in kwargs), "")
        record_page(access=access, route=route, subject=subject, refused=refused, at=timezone.now())
        return render(request, "people/support_refused.html", status=403) if refused else None
