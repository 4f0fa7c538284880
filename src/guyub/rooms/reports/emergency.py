"""The numbers to call when danger cannot wait for an office."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import get_language

from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.reports.models import Category


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """`keys` are the rulebook's names for it: a city whose BPBD answers at 112 has two for one number."""

    number: str
    label: str
    keys: str

    @property
    def words(self) -> str:
        """What a button says: the name, and the number where the name does not hold it."""
        return self.label if self.number in self.label else f"{self.label} {self.number}"

    @property
    def tel(self) -> str:
        return re.sub(r"[^0-9+]", "", self.number)


def numbers_for(keys: Iterable[str], *, on: date | None = None) -> list[EmergencyNumber]:
    """The numbers behind keys of the rulebook in their order, each once; in the language of the page."""
    known = rulebook.family("emergency_numbers", on=on or timezone.localdate())
    language = "en" if (get_language() or "").startswith("en") else "id"
    found: dict[str, EmergencyNumber] = {}
    for key in keys:
        if key not in known:
            continue
        value = known[key].value
        before = found.get(value["number"])
        names = f"{before.keys} {key}" if before else key
        label = before.label if before else value[f"label_{language}"]
        found[value["number"]] = EmergencyNumber(value["number"], label, names)
    return list(found.values())


def numbers_of(category: Category | None) -> list[EmergencyNumber]:
    """What to call before or beside a report of this category."""
    return numbers_for(category.emergency) if category else []


def all_numbers() -> list[EmergencyNumber]:
    """Every number of the rulebook, the general one first."""
    known = rulebook.family("emergency_numbers", on=timezone.localdate())
    return numbers_for(sorted(known, key=lambda key: (key != "darurat", known[key].version)))
