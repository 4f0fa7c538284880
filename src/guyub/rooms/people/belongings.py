"""A socket that rooms above fill: what they keep of an account, told to its owner and let go when the account is erased.

Reports have ways of their own to their reporter's data; everything else of an account comes by here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from guyub.kernel.cities.api import get_city

Tell = Callable[[int], list[dict[str, Any]]]
"""An account → what is kept of it, as plain values, oldest first."""
Forget = Callable[[int], None]
"""Take out of what stays whatever says who somebody was; rows that go with the account need nothing."""

_kept: dict[str, tuple[Tell, Forget | None]] = {}


def register_own(key: str, *, tell: Tell, forget: Forget | None = None) -> None:
    """`key` is its heading in the copy that the owner takes away. Call it once, in the room's wiring."""
    _kept[key] = (tell, forget)


def belongings_of(account: int) -> dict[str, list[dict[str, Any]]]:
    """All that rooms keep of an account, by heading."""
    return {key: tell(account) for key, (tell, _forget) in sorted(_kept.items())}


def forget_belongings(account: int) -> None:
    for _tell, forget in _kept.values():
        if forget is not None:
            forget(account)


def stamp(at: datetime | None) -> str:
    """A moment as such copies say it: in the city's own time."""
    return at.astimezone(get_city().tz).isoformat(timespec="seconds") if at else ""
