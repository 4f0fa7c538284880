"""Who sends, and how much: a key's own limit, and one on guessing keys. The figures are rules of the city."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from guyub.kernel.limits import api as limits
from guyub.kernel.rulebook import api as rulebook
from guyub.kernel.spark import Problem
from guyub.rooms.people import api as people
from guyub.rooms.people.api import Client


def client_of(request: HttpRequest, *, at: datetime) -> Client:
    """The program behind a request, counted. Raises `Problem`: 403 without a key that holds, 429 for too much.

    A key is read from what was sent; only to read may it stand in the address, which others write down.
    """
    sent = request.POST if request.method == "POST" else request.GET
    key = sent.get("api_key", "").strip()
    if not key:
        raise Problem(403, _("api_key: harus diisi. Kunci diberikan admin kota."))
    return holder_of(key, request, words=_("api_key: tidak berlaku."), at=at)


def holder_of(key: str, request: HttpRequest, *, words: str, at: datetime) -> Client:
    """The program that holds a key, counted; guessing is counted by address. Raises `Problem`, 403 with `words`."""
    client = people.find_client(key)
    if client is None:
        _count("refused", request.META.get("REMOTE_ADDR", ""), at=at)
        raise Problem(403, words)
    _count("client", str(client.id), at=at)
    return client


def _count(kind: str, who: str, *, at: datetime) -> None:
    try:
        rule = rulebook.rule("sending_limits.partner", on=timezone.localdate(at)).value
    except rulebook.NoRule:  # none is no limit, and `guyub check` says so
        return
    window = timedelta(seconds=rule["window_seconds"])
    counted = limits.count("partner", {kind: who}, window=window, at=at)[kind]
    if counted.n > rule[kind]:
        wait = max(1, math.ceil((counted.until - at).total_seconds()))
        raise Problem(429, _("Terlalu banyak kiriman. Coba lagi sebentar lagi."), retry_after=wait)
