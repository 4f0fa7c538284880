"""The socket for background work: a job row commits with the change that asks for it.

One task of the queue carries all of ours: it enters the city, finds the function by name and calls it with
plain keyword values. A job may run more than once; what it does must bear that (receipts, unique keys).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import close_old_connections

from guyub.kernel.cities import current, registry

Work = Callable[..., None]
RUN = "guyub.run"
QUICK, SLOW = "guyub", "guyub-slow"

_work: dict[str, Work] = {}
_slow: set[str] = set()


def task(name: str, *, slow: bool = False) -> Callable[[Work], Work]:
    """Give background work a name that queued jobs will still know after the next release.

    Slow is what computes or waits for seconds: it has a queue of its own, so that nobody's notice stands behind it.
    """

    def register(function: Work) -> Work:
        if name in _work:
            raise ValueError(f"The task name {name} is taken.")
        _work[name] = function
        if slow:
            _slow.add(name)
        return function

    return register


def enqueue(name: str, **values: Any) -> None:
    """Ask for work in the current city, within the current transaction. Raises KeyError for an unknown name."""
    from procrastinate.contrib.django import app

    assert name in _work, f"no task {name}"
    job: dict[str, Any] = {"city": current.get_city().slug, "name": name, "values": values}
    app.configure_task(RUN, queue=SLOW if name in _slow else QUICK).defer(**job)


def run(*, city: str, name: str, values: dict[str, Any]) -> None:
    """Do queued work now, in its city."""
    close_old_connections()
    try:
        with current.inside(_city(city)):
            _work[name](**values)
    finally:
        close_old_connections()


def _city(slug: str) -> current.City:
    return registry._hosts.fresh().by_slug.get(slug) or registry.get_city_by_slug(slug)
