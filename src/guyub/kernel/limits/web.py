"""How much one device, or all behind one address, may send; the same for all processes.

A whole kampung may stand behind one address (CGNAT), so an address may send far more than a device. Devices that
sent before carry our cookie and are counted by themselves; those without one are counted together by their address,
because a flooder forgets cookies at will. A third and wider limit on the address keeps collected cookies from
multiplying. The figures are rules of the city (`sending_limits.*` in its rulebook).
"""

from __future__ import annotations

import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guyub.kernel.access.device import find_device
from guyub.kernel.limits import api as limits
from guyub.kernel.rulebook import api as rulebook


@dataclass(frozen=True, slots=True)
class Limit:
    """How many within the window: of one known device, of all unknown devices of an address, of an address."""

    window_seconds: int
    device: int
    newcomers: int
    address: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """Too many came; from `until` on it may be tried again."""

    until: datetime
    at: datetime

    @property
    def seconds(self) -> int:
        return max(1, math.ceil((self.until - self.at).total_seconds()))

    def words(self) -> str:
        clock = date_format(timezone.localtime(self.until + timedelta(seconds=59)), "H.i")
        return _(
            "Terlalu banyak kiriman dari perangkat atau sambungan ini. Coba lagi mulai pukul %(clock)s. Keadaan gawat tidak perlu menunggu: hubungi 112."
        ) % {"clock": clock}


def limit_of(what: str, *, at: datetime) -> Limit | None:
    """The city's rule; none is no limit, and `guyub check` says so."""
    try:
        return Limit(**rulebook.rule(f"sending_limits.{what}", on=timezone.localdate(at)).value)
    except rulebook.NoRule:
        return None


def find_flood(request: HttpRequest, what: str, *, at: datetime) -> Stopped | None:
    """Count this request, and say whether its device or address has sent too many."""
    limit = limit_of(what, at=at)
    if limit is None:
        return None
    device, address = find_device(request), address_of(request)
    who = {"address": address, **({"device": device} if device else {"newcomers": address})}
    counted = limits.count(what, who, window=timedelta(seconds=limit.window_seconds), at=at)
    over = [one.until for kind, one in counted.items() if one.n > getattr(limit, kind)]
    return Stopped(max(over), at) if over else None


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; one household's IPv6 line has a whole /64 of addresses to choose from."""
    return _net(request.META.get("REMOTE_ADDR", ""), narrow=None, wide=64)


def network_of(request: HttpRequest) -> str:
    """The network around that address: what a provider gives to a neighbourhood."""
    return _net(request.META.get("REMOTE_ADDR", ""), narrow=24, wide=48)


def _net(address: str, *, narrow: int | None, wide: int) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    bits = wide if found.version == 6 else narrow
    return address if bits is None else str(ipaddress.ip_network((found, bits), strict=False))
