"""The numbers that floods go by, and the numbers to call, from the rulebook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.floods.rules import Limits


def value(key: str, *, at: datetime) -> dict[str, Any]:
    """A rule of `floods.json` that holds on the city's day."""
    return rulebook.rule(f"floods.{key}", on=local_date(at, get_city().tz)).value


def amount(key: str, *, at: datetime) -> int:
    return int(value(key, at=at)["amount"])


def hours(key: str, *, at: datetime) -> timedelta:
    return timedelta(hours=amount(key, at=at))


def minutes(key: str, *, at: datetime) -> timedelta:
    return timedelta(minutes=amount(key, at=at))


def limits(*, at: datetime) -> Limits:
    return Limits(
        metres=amount("chain_metres", at=at),
        within=minutes("chain_minutes", at=at),
        voices=amount("voices", at=at),
        networks=amount("networks", at=at),
    )


@dataclass(frozen=True, slots=True)
class Call:
    """A number to call, as a button says it."""

    words: str
    tel: str


def calls(*, at: datetime) -> list[Call]:
    """Whom to call before anything is typed; each number once."""
    known = rulebook.family("emergency_numbers", on=local_date(at, get_city().tz))
    label = "label_en" if (get_language() or "").startswith("en") else "label_id"
    found: dict[str, Call] = {}
    for key in value("emergency", at=at)["keys"]:
        if key in known and (number := known[key].value["number"]) not in found:
            name = known[key].value[label]
            words = name if number in name else f"{name} {number}"
            found[number] = Call(words, re.sub(r"[^0-9+]", "", number))
    return list(found.values())
