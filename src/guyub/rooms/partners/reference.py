"""The lists that partners go by, from the rulebook: themes, documents by legal form, numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook


@dataclass(frozen=True, slots=True)
class Theme:
    code: str
    label: str


def themes(*, on: date | None = None) -> list[Theme]:
    """What partners work on, in the city's order and the reader's language; today's list unless a day is given."""
    found = rulebook.family("partner_themes", on=on or timezone.localdate(timezone=get_city().tz))
    name = "label_en" if (get_language() or "").startswith("en") else "label_id"
    rows = sorted(found.items(), key=lambda pair: pair[1].value["order"])
    return [Theme(code, rule.value[name]) for code, rule in rows]


def theme_labels() -> dict[str, str]:
    return {theme.code: theme.label for theme in themes()}


def documents_for(legal_form: str, *, at: datetime) -> list[str]:
    """The kinds of document that a legal form is asked for."""
    found = rulebook.family("partner_documents", on=local_date(at, get_city().tz))
    return list(found[legal_form].value["documents"]) if legal_form in found else []


def amount(key: str, *, at: datetime) -> int:
    """A number of `partners.json` that holds on the city's day."""
    return int(rulebook.rule(f"partners.{key}", on=local_date(at, get_city().tz)).value["amount"])
