"""Which city is this: one context variable that the database connection follows.

Nothing is assumed: without a city every query raises `NoCitySelected`, so that a forgotten city can
never read another one's rows. The variable is set when a request or a job begins and is not reset when a
response leaves, because a streamed response still reads rows after its middleware has ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

COMMONS = "commons"


class NoCitySelected(RuntimeError):
    """A query was asked for before anyone said which city it is for."""


@dataclass(frozen=True, slots=True)
class City:
    """A city as the processes know it. `code` is the official region code such as `32.73`."""

    code: str
    slug: str
    schema: str
    name: str
    kind: str
    government_name: str
    head_title: str
    time_zone: str
    hosts: tuple[str, ...] = ()
    profile: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


_path: ContextVar[tuple[str, ...]] = ContextVar("guyub_search_path", default=())
_city: ContextVar[City | None] = ContextVar("guyub_city", default=None)


def search_path() -> tuple[str, ...]:
    """The schemas that the next query may see, nearest first. Raises `NoCitySelected`."""
    path = _path.get()
    if not path:
        raise NoCitySelected(
            "No city is selected: enter one with cities.enter(city) before asking the database."
        )
    return path


def get_city() -> City:
    """The current city. Raises `NoCitySelected` outside one."""
    city = _city.get()
    if city is None:
        raise NoCitySelected("No city is selected.")
    return city


def find_city() -> City | None:
    return _city.get()


def _be_in(city: City | None, path: tuple[str, ...]) -> None:
    _city.set(city)
    _path.set(path)
    timezone.activate(city.tz) if city else timezone.deactivate()


def enter(city: City) -> None:
    """From here on, in this thread or task, every query is the given city's, and so is the clock."""
    _be_in(city, (city.schema, COMMONS))


def leave() -> None:
    """No city from here on: the next query raises."""
    _be_in(None, ())


@contextmanager
def returning() -> Iterator[None]:
    """Return at a block's end to where one was at its beginning."""
    before = _city.get(), _path.get()
    try:
        yield
    finally:
        _be_in(*before)


@contextmanager
def inside(city: City) -> Iterator[City]:
    """Enter a city for a block and return to where one was."""
    with returning():
        enter(city)
        yield city


@contextmanager
def only_schema(schema: str) -> Iterator[None]:
    """See exactly one schema: for migrations, and for the registry of cities in `commons`.

    With two schemas in sight Django would find the other one's migration table and create nothing.
    """
    with returning():
        _be_in(None, (schema,))
        yield


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION: a cache entry of one city is not found from another."""
    path = _path.get()
    return f"{path[0] if path else '-'}:{key_prefix}:{version}:{key}"
