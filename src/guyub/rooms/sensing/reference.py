"""The numbers that sensing goes by, from the rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import get_language

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.sensing.quality import Limits, limits_of


def amount(key: str, *, at: datetime) -> int:
    """A number of `sensing.json` that holds on the city's day."""
    return int(rulebook.rule(f"sensing.{key}", on=local_date(at, get_city().tz)).value["amount"])


def oldest(*, at: datetime) -> datetime:
    return at - timedelta(days=366 * amount("oldest", at=at))


def newest(*, at: datetime) -> datetime:
    return at + timedelta(hours=amount("ahead", at=at))


def quality_rules(*, on: date) -> dict[str, Any]:
    """The tests by kind; `default` is for kinds that have none of their own."""
    return {code: rule.value for code, rule in rulebook.family("sensing_quality", on=on).items()}


def tests_for(kind: str, own: Mapping[str, Any], *, at: datetime) -> Limits:
    rules = quality_rules(on=local_date(at, get_city().tz))
    return limits_of(rules.get(kind) or rules.get("default") or {}, own)


@dataclass(frozen=True, slots=True)
class Kind:
    """What is observed, as a city's list has it. `result` is `number`, `state` (a word) or `link` (a camera's)."""

    code: str
    label: str
    unit: tuple[str, str]
    cadence: int | None
    result: str
    is_public: bool
    has_datum: bool


def kinds(*, at: datetime) -> dict[str, Kind]:
    """The kinds of sensors, in the city's order, in the reader's language."""
    found = rulebook.family("sensing_kinds", on=local_date(at, get_city().tz))
    name = "label_en" if (get_language() or "").startswith("en") else "label_id"
    rows = sorted(found.items(), key=lambda pair: pair[1].value["order"])
    return {
        code: Kind(
            code,
            rule.value[name],
            (rule.value["unit"][0], rule.value["unit"][1]),
            rule.value["cadence"],
            rule.value["result"],
            rule.value["is_public"],
            rule.value["has_datum"],
        )
        for code, rule in rows
    }
