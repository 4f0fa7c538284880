"""The kinds of forums and their quorum, as dated data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook


@dataclass(frozen=True, slots=True)
class ForumKind:
    """A kind of forum: what it is called and for, which office usually keeps it, and by which law."""

    code: str
    name: str
    purpose: str
    secretariat: str
    legal_basis: str


def kinds(*, on: date) -> dict[str, ForumKind]:
    language = "en" if (get_language() or "").startswith("en") else "id"
    return {
        one["code"]: ForumKind(
            one["code"],
            one[f"name_{language}"],
            one["purpose_id"],
            one["secretariat"],
            one["legal_basis"],
        )
        for one in rulebook.rule("forums.kinds", on=on).value
    }


def version(*, on: date) -> int:
    return rulebook.rule("forums.kinds", on=on).version


def quorum_percent(*, on: date) -> int:
    """More than this share of the members must come before a forum decides."""
    return int(rulebook.rule("forums.quorum", on=on).value["more_than_percent"])


def today(at: datetime) -> date:
    return local_date(at, get_city().tz)
