"""A device's own cookie: a random number that says nothing about the person, signed for this city.

It is made when somebody supports or sends a report, and serves to count a voice once and to slow a flood.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from guyub.kernel.access.api import person_of
from guyub.kernel.cities.api import signature, signature_fits

COOKIE = "guyub_perangkat"
ONE_YEAR = 365 * 24 * 3600


def find_device(request: HttpRequest) -> str | None:
    """The number in the request's cookie, if this city signed it."""
    number, _, proof = request.COOKIES.get(COOKIE, "").partition("-")
    return number if number and signature_fits("device", number, proof) else None


def supporter_of(request: HttpRequest) -> str:
    """Whose voice counts once: the account's, else the device's. Call `remember` on the response."""
    account = person_of(request).account
    if account is not None:
        return f"account:{account}"
    number = find_device(request) or _new(request)
    return f"device:{signature('supporter', number)}"


def remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give the device its cookie if it has none."""
    if find_device(request) is None:
        number = _new(request)
        response.set_cookie(
            COOKIE,
            f"{number}-{signature('device', number)}",
            max_age=ONE_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _new(request: HttpRequest) -> str:
    if not hasattr(request, "_guyub_new_device"):
        request._guyub_new_device = secrets.token_hex(16)  # type: ignore[attr-defined]
    return request._guyub_new_device  # type: ignore[attr-defined, no-any-return]
