"""How long what is kept, by class: rooms say what is due, the rulebook how long, and a sweep erases and counts.

    @keeps("contacts", title=_("Kontak pelapor"), since=_("laporan berakhir"))
    def contacts(*, before: datetime) -> QuerySet:
        "The rows whose time began before that moment."

A class without an eraser of its own is deleted as rows. Without a rule nothing of a class is erased.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from guyub.events.retention import RetentionApplied
from guyub.kernel import tasks
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger.api import RecordedFact, Sentence, record, tells
from guyub.kernel.rulebook import api as rulebook

__all__ = ["Kept", "classes", "due", "keeps", "rules", "sweep"]

FAMILY = "retention"
AT_ONCE = 500
DAY = 24 * 60 * 60
Find = Callable[..., QuerySet[Any]]
Erase = Callable[[list[Any], datetime], object]


@dataclass(frozen=True, slots=True)
class Kept:
    """A class of what is kept: its title, and since when its time runs, both in words."""

    key: str
    title: str | Promise
    since: str | Promise
    find: Find
    erase: Erase


_classes: dict[str, Kept] = {}


def _delete(rows: list[Any], at: datetime) -> None:
    type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows]).delete()


def keeps(
    key: str, *, title: str | Promise, since: str | Promise, erase: Erase = _delete
) -> Callable[[Find], Find]:
    """Register a class under the key of its rule."""

    def register(find: Find) -> Find:
        if key in _classes:
            raise ValueError(f"The class {key} is kept already.")
        _classes[key] = Kept(key, title, since, find, erase)
        return find

    return register


def classes() -> list[Kept]:
    return [kept for _key, kept in sorted(_classes.items())]


def rules(*, at: datetime) -> dict[str, rulebook.RuleInForce]:
    """The rules in force, by class."""
    return rulebook.family(FAMILY, on=local_date(at, get_city().tz))


def due(*, at: datetime) -> dict[str, QuerySet[Any]]:
    """What is over its time now, by class: nothing is changed."""
    known = rules(at=at)
    return {
        kept.key: kept.find(before=at - timedelta(days=known[kept.key].value["amount"]))
        for kept in classes()
        if kept.key in known
    }


def sweep(*, at: datetime) -> dict[str, int]:
    """Erase what is over its time; how many of each class, each class and number a fact."""
    done = {key: _sweep_class(_classes[key], rows, at=at) for key, rows in due(at=at).items()}
    return {key: count for key, count in done.items() if count}


def _sweep_class(kept: Kept, rows: QuerySet[Any], *, at: datetime) -> int:
    count = 0
    while batch := list(rows.order_by("pk")[:AT_ONCE]):
        with transaction.atomic():
            kept.erase(batch, at)
            record(
                RetentionApplied(kind=kept.key, count=len(batch)),
                subject=f"kernel.retention:{kept.key}",
                at=at,
            )
        count += len(batch)
    return count


@tasks.task("retention.sweep")
def daily() -> None:
    """Asked each minute; a process looks once a day, and to look twice does no harm."""
    now = timezone.now()
    done = f"retention:{local_date(now, get_city().tz)}"
    if cache.get(done) is None:
        sweep(at=now)
        cache.set(done, True, DAY)


@tells(RetentionApplied)
def _applied(fact: RecordedFact) -> Sentence | None:
    return None  # about no report: the page on what is kept tells of it
