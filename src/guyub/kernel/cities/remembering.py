"""What a process remembers of each city for some seconds: small tables that are read on every page."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from guyub.kernel.cities import current

T = TypeVar("T")
_all: list[Remembered] = []


class Remembered(Generic[T]):
    """The result of `read`, kept for the current city and read anew after so many seconds.

    Only for what every visitor of the city may see: what is kept knows no person. Two threads may read at the
    same moment; the later result stays.
    """

    def __init__(self, read: Callable[[], T], *, seconds: float) -> None:
        self.read, self.seconds = read, seconds
        self.kept: dict[str, tuple[float, T]] = {}
        _all.append(self)

    def __call__(self) -> T:
        schema = current.get_city().schema
        found = self.kept.get(schema)
        if found is None or time.monotonic() - found[0] > self.seconds:
            found = self.kept[schema] = (time.monotonic(), self.read())
        return found[1]

    def forget(self) -> None:
        """Read the current city's anew."""
        self.kept.pop(current.get_city().schema, None)


def forget_all() -> None:
    """Read everything anew: after a change that must be seen at once, and between tests."""
    for one in _all:
        one.kept.clear()
