"""Kinds, figures, playbooks and numbers of incidents, from the rulebook; the city's own steps beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.incidents.rules import Step


def today(at: datetime) -> date:
    """The city's day of a moment."""
    return local_date(at, get_city().tz)


def amount(key: str, *, at: datetime) -> int:
    return int(rulebook.rule(f"incidents.{key}", on=today(at)).value["amount"])


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of incident; `hazards` are those of warnings that may lead to it."""

    code: str
    label: str
    order: int
    hazards: tuple[str, ...]


def kinds(*, at: datetime) -> dict[str, Kind]:
    found = rulebook.family("incident_kinds", on=today(at))
    rows = [
        Kind(code, said(rule.value, "label"), rule.value["order"], tuple(rule.value["hazards"]))
        for code, rule in found.items()
    ]
    return {one.code: one for one in sorted(rows, key=lambda one: one.order)}


def kind_of_hazard(hazard: str, *, at: datetime) -> str | None:
    return next((one.code for one in kinds(at=at).values() if hazard in one.hazards), None)


def label_of(kind: str, *, at: datetime) -> str:
    found = kinds(at=at).get(kind)
    return found.label if found else kind


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the quick assessment."""

    code: str
    label: str
    unit: str
    order: int


def figures(*, at: datetime) -> list[Figure]:
    found = rulebook.family("incident_figures", on=today(at))
    rows = [
        Figure(code, said(rule.value, "label"), said(rule.value, "unit"), rule.value["order"])
        for code, rule in found.items()
    ]
    return sorted(rows, key=lambda one: one.order)


def playbook(kind: str, *, at: datetime) -> list[Step]:
    """The steps for a kind that the rulebook has. Words of steps are Indonesian: officers work by them."""
    found = rulebook.family("incident_playbooks", on=today(at)).get(kind)
    return [Step(**one) for one in found.value["steps"]] if found else []


def said(value: dict[str, Any], name: str) -> str:
    """A value's words in the reader's language, in Indonesian where there are no others."""
    return str(value.get(f"{name}_{get_language()}") or value[f"{name}_id"])
