"""Who sends: a program with its key, given in any of the ways that common clients know, and how much it may send."""

from __future__ import annotations

import base64
import binascii
import math
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.limits import api as limits
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Client
from guyub.rooms.sensing.sta.refusing import NotServed

LOGIN = "A key is needed: Authorization: Bearer KEY, or Basic with the key as the password. An admin of the city gives keys."


def client_of(request: HttpRequest, *, at: datetime) -> Client | None:
    """The program behind a request, None for a stranger. Raises `NotServed`: 401 for a key that does not hold."""
    key = _key_of(request)
    if not key:
        return None
    client = people.find_client(key)
    if client is not None:
        people.remember_client(key, client)
    else:
        _refuse(request.META.get("REMOTE_ADDR", ""), at=at)
        raise NotServed(401, "This key does not hold.")
    return client


def lately(request: HttpRequest, *, at: datetime) -> Client | None:
    """The program behind a request as it is remembered; whoever trusts it asks for `people.STILL_HOLDS`."""
    return remembered(_key_of(request), at=at)


def remembered(key: str, *, at: datetime) -> Client | None:
    """The program with this key, likewise."""
    return people.remembered_client(key, on=local_date(at, get_city().tz))


def must_send(client: Client | None, *, at: datetime, is_counted: bool = False) -> Client:
    """Whoever writes has a key, and each writing is counted once. Raises `NotServed`: 401, 429."""
    if client is None:
        raise NotServed(401, LOGIN)
    if is_counted:
        return client
    rule = _rule(at)
    if rule is not None:
        window = timedelta(seconds=rule["window_seconds"])
        until = limits.full_until(
            "sensing", "client", str(client.id), most=rule["client"], window=window, at=at
        )
        if until is not None:
            raise _too_many(until, at)
    return client


def _key_of(request: HttpRequest) -> str:
    """From the header of any of the usual kinds; in the address, which others write down, only to read."""
    named = request.headers.get("X-Api-Key", "") or request.headers.get("Api-Key", "")
    said = key_in(request.headers.get("Authorization", ""), named)
    if said is not None:
        return said
    key = request.GET.get("api_key", "").strip()
    if key and request.method not in ("GET", "HEAD"):
        raise NotServed(400, "api_key: to write, send the key in the header Authorization or X-Api-Key.")
    return key


def key_in(authorization: str, named: str) -> str | None:
    """The key that the headers say, None if they say none; `named` stands in one of its own.

    Raises `NotServed` (401).
    """
    kind, _, said = authorization.partition(" ")
    if kind.lower() == "bearer":
        return said.strip()
    if kind.lower() == "basic":
        try:
            user, _, password = base64.b64decode(said.strip(), validate=True).decode("utf-8").partition(":")
        except (binascii.Error, ValueError):
            raise NotServed(401, "Basic: not readable.") from None
        return password or user
    return named.strip() if named else None


def _refuse(who: str, *, at: datetime) -> None:
    """Count a key that does not hold. Raises `NotServed` (429)."""
    rule = _rule(at)
    if rule is None:
        return
    window = timedelta(seconds=rule["window_seconds"])
    counted = limits.count("sensing", {"refused": who}, window=window, at=at)["refused"]
    if counted.n > rule["refused"]:
        raise _too_many(counted.until, at)


def _rule(at: datetime) -> dict[str, Any] | None:
    """None is no limit, and `guyub check` says so."""
    try:
        return rulebook.rule("sensing_api.sending", on=local_date(at, get_city().tz)).value  # type: ignore[no-any-return]
    except rulebook.NoRule:
        return None


def _too_many(until: datetime, at: datetime) -> NotServed:
    wait = max(1, math.ceil((until - at).total_seconds()))
    return NotServed(429, "Too many requests. Try again in a moment.", retry_after=wait)
