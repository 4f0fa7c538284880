"""The door to the rulebook: what holds on a day, and the working calendar made of it."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from typing import Any

from django.db import transaction
from django.db.models import Q

from guyub.kernel.calendar import WorkingCalendar, calendar_from_entries
from guyub.kernel.cities import current
from guyub.kernel.rulebook.models import Rule

__all__ = [
    "NoRule",
    "RuleInForce",
    "calendar",
    "family",
    "forget",
    "lacking",
    "overtaken",
    "publish",
    "rule",
    "seed",
]

HOLIDAYS = "holidays."
FRESH_FOR_SECONDS = 10.0


class NoRule(LookupError):
    """No version of this rule is in force on that day."""


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A rule's value with the version (row id) that a result should keep beside it."""

    value: Any
    version: int
    legal_basis: str


_cache: dict[tuple[str, str, str], tuple[float, Any]] = {}


def _remember(kind: str, key: str, make: Any) -> Any:
    slot = (current.get_city().schema, kind, key)
    found = _cache.get(slot)
    if found is None or time.monotonic() - found[0] > FRESH_FOR_SECONDS:
        found = (time.monotonic(), make())
        _cache[slot] = found
    return found[1]


def forget() -> None:
    """Read everything anew: after a publication, and between tests."""
    _cache.clear()


def rule(key: str, *, on: date) -> RuleInForce:
    """The version of a rule in force on a day of the city's own calendar. Raises `NoRule`."""

    def find() -> RuleInForce | None:
        row = (
            Rule.objects.filter(
                Q(effective_until__isnull=True) | Q(effective_until__gt=on), key=key, effective_from__lte=on
            )
            .order_by("-effective_from")
            .first()
        )
        return RuleInForce(row.value, row.pk, row.legal_basis) if row else None

    found = _remember("rule", f"{key}@{on}", find)
    if found is None:
        raise NoRule(f"The rulebook has no '{key}' for {on}. Publish one with `guyub rulebook publish`.")
    return found


def family(prefix: str, *, on: date) -> dict[str, RuleInForce]:
    """All rules below a prefix that are in force on a day, by the rest of their keys. One query."""

    def find() -> dict[str, RuleInForce]:
        rows = Rule.objects.filter(
            Q(effective_until__isnull=True) | Q(effective_until__gt=on),
            key__startswith=prefix + ".",
            effective_from__lte=on,
        ).order_by("effective_from", "pk")
        return {
            row.key.removeprefix(prefix + "."): RuleInForce(row.value, row.pk, row.legal_basis)
            for row in rows
        }

    return dict(_remember("family", f"{prefix}@{on}", find))


def calendar() -> WorkingCalendar:
    """The working calendar from the published years. A year that is not published raises when it is reached."""

    def build() -> WorkingCalendar:
        rows = Rule.objects.filter(key__startswith=HOLIDAYS)
        return calendar_from_entries(
            {
                "key": row.key.removeprefix(HOLIDAYS),
                "value": row.value,
                "effective_from": row.effective_from.isoformat(),
                "effective_until": row.effective_until and row.effective_until.isoformat(),
            }
            for row in rows
        )

    return _remember("calendar", "", build)


def publish(
    *,
    key: str,
    value: Any,
    effective_from: date,
    legal_basis: str,
    confidence: str,
    at: datetime,
    until: date | None = None,
) -> int:
    """Put a new version of a rule in force from a day on, ending the one before it; returns its version."""
    with transaction.atomic():
        Rule.objects.filter(key=key, effective_until__isnull=True, effective_from__lt=effective_from).update(
            effective_until=effective_from
        )
        row, _ = Rule.objects.update_or_create(
            key=key,
            effective_from=effective_from,
            defaults={
                "value": value,
                "effective_until": until,
                "legal_basis": legal_basis,
                "confidence": confidence,
                "added_at": at,
            },
        )
    forget()
    return row.pk


def seed(*, at: datetime) -> int:
    """Add the packaged rules that this city lacks; never changes one that is there. Returns how many.

    A version of a rule that the city has replaced by one of its own is not added either: being newer it would take
    that one's place.
    """
    rows = lacking()
    for row in rows:
        row.added_at = at
    Rule.objects.bulk_create(rows, ignore_conflicts=True)
    forget()
    return len(rows)


def lacking() -> list[Rule]:
    """Packaged versions that would be added: of rules that are not there, or of which all versions are packaged."""
    return _news()[0]


def overtaken() -> list[str]:
    """Keys of rules that the city has replaced by its own, and of which a version has been packaged since."""
    return sorted({row.key for row in _news()[1]})


def _news() -> tuple[list[Rule], list[Rule]]:
    """Packaged versions that the city does not have: what may be added, and what its own rules stand before."""
    known = _packaged()
    there = set(Rule.objects.values_list("key", "effective_from"))
    own = {key: since for key, since in sorted(there) if (key, since) not in known}
    rows = [row for name, row in known.items() if name not in there]
    return (
        [row for row in rows if row.key not in own],
        [row for row in rows if row.key in own and row.effective_from > own[row.key]],
    )


def _packaged() -> dict[tuple[str, date], Rule]:
    """All that the package brings, by key and first day."""
    folder = resources.files("guyub.kernel.rulebook").joinpath("seeds")
    found = {}
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        family, _dot, ending = file.name.rpartition(".")
        if ending != "json":
            continue
        for entry in json.loads(file.read_text(encoding="utf-8")):
            until = entry["effective_until"]
            row = Rule(
                key=f"{family}.{entry['key']}",
                value=entry["value"],
                effective_from=date.fromisoformat(entry["effective_from"]),
                effective_until=date.fromisoformat(until) if until else None,
                legal_basis=entry["legal_basis"],
                confidence=entry["confidence"],
            )
            found[row.key, row.effective_from] = row
    return found
