"""What the rulebook says of initiatives: templates, exemptions for appeals, numbers; each with its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook


@dataclass(frozen=True, slots=True)
class LinePlan:
    resource: str
    what: str
    unit: str
    amount: int
    days: int = 0
    for_government: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """What an initiative of a kind usually needs, does and fears. `days` count from its first day."""

    code: str
    label: str
    about: str
    theme: str
    days: int
    on_public_ground: bool
    figures_only: bool
    purpose: str
    lines: tuple[LinePlan, ...]
    tasks: tuple[tuple[str, int], ...]
    risks: tuple[tuple[str, str, str], ...]
    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Exemption:
    """An appeal that needs no permit: `narrow` ones only within one kelurahan or desa."""

    code: str
    label: str
    narrow: bool
    version: int
    legal_basis: str


def today(at: datetime) -> date:
    return local_date(at, get_city().tz)


def templates(*, at: datetime) -> list[Template]:
    """The templates in force, in the city's order and the reader's language."""
    found = rulebook.family("initiative_templates", on=today(at))
    rows = sorted(found.items(), key=lambda pair: pair[1].value["order"])
    return [_template(code, rule.value) for code, rule in rows]


def find_template(code: str, *, at: datetime) -> Template | None:
    found = rulebook.family("initiative_templates", on=today(at)).get(code)
    return _template(code, found.value) if found else None


def _template(code: str, value: dict[str, Any]) -> Template:
    return Template(
        code=code,
        label=_said(value, "label"),
        about=_said(value, "about"),
        theme=value["theme"],
        days=value["days"],
        on_public_ground=value.get("on_public_ground", False),
        figures_only=value.get("figures_only", False),
        purpose=value["purpose"],
        lines=tuple(LinePlan(**one) for one in value["lines"]),
        tasks=tuple((one["title"], one["days"]) for one in value["tasks"]),
        risks=tuple((one["what"], one["likelihood"], one["response"]) for one in value["risks"]),
        figures=tuple((one["code"], _said(one, "label")) for one in value.get("figures", ())),
    )


def _said(value: dict[str, Any], name: str) -> str:
    return str(value[f"{name}_en" if (get_language() or "").startswith("en") else f"{name}_id"])


def exemptions(*, at: datetime) -> list[Exemption]:
    """The exemptions in force, in the order of the rulebook."""
    found = rulebook.family("appeal_exemptions", on=today(at))
    rows = sorted(found.items(), key=lambda pair: pair[1].value["order"])
    return [
        Exemption(code, _said(rule.value, "label"), rule.value["narrow"], rule.version, rule.legal_basis)
        for code, rule in rows
    ]


def amount(key: str, *, at: datetime) -> int:
    """A number of `initiatives.json` that holds on the city's day."""
    return int(rulebook.rule(f"initiatives.{key}", on=today(at)).value["amount"])
