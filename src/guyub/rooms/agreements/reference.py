"""Types, documents, clauses, checks and numbers that agreements go by, from the rulebook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.agreements.rules import Check


@dataclass(frozen=True, slots=True)
class Type:
    code: str
    label: str
    stages: tuple[str, ...]
    documents: tuple[str, ...]
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: its required clauses, and under which kinds it may stand."""

    code: str
    label: str
    clauses: tuple[str, ...]
    under: tuple[str, ...]
    legal_basis: str


@dataclass(frozen=True, slots=True)
class Basis:
    """Whether a finding blocks a signature, and on what basis; `is_sure` where that was confirmed from its source."""

    blocks: bool
    legal_basis: str
    is_sure: bool


def today_of(at: datetime) -> date:
    return local_date(at, get_city().tz)


def _name() -> str:
    return "label_en" if (get_language() or "").startswith("en") else "label_id"


def _family(prefix: str, on: date) -> list[tuple[str, rulebook.RuleInForce]]:
    return sorted(rulebook.family(prefix, on=on).items(), key=lambda pair: pair[1].value["order"])


def types(*, on: date) -> dict[str, Type]:
    return {
        code: Type(
            code,
            rule.value[_name()],
            tuple(rule.value["stages"]),
            tuple(rule.value["documents"]),
            rule.legal_basis,
        )
        for code, rule in _family("agreement_types", on)
    }


def kinds(*, on: date) -> dict[str, Kind]:
    return {
        code: Kind(
            code,
            rule.value[_name()],
            tuple(rule.value["clauses"]),
            tuple(rule.value["under"]),
            rule.legal_basis,
        )
        for code, rule in _family("agreement_documents", on)
    }


def clause_labels(*, on: date) -> dict[str, str]:
    return {code: rule.value[_name()] for code, rule in _family("agreement_clauses", on)}


def starters(*, on: date) -> dict[str, str]:
    """The words with which a clause of a new draft may begin; Indonesian, as the document is."""
    return {code: rule.value["starter"] for code, rule in _family("agreement_clauses", on)}


def basis_of(check: Check, *, on: date) -> Basis:
    """The legal basis of a check. Its words say "periksa" where it is not confirmed."""
    rule = rulebook.rule(f"agreement_checks.{check}", on=on)
    return Basis(rule.value["blocks"], rule.legal_basis, rule.value["confidence"] == "C")


def amount(key: str, *, on: date) -> int:
    return int(rulebook.rule(f"agreements.{key}", on=on).value["amount"])
