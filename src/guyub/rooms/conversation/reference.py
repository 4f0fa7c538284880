"""The rules of conversations, as dated data: why a post may be hidden, how many one may write, when people vote."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.conversation import rules


def amount(key: str, *, at: datetime) -> int:
    return int(_rule(key, at).value["amount"])


def hide_reasons(*, at: datetime) -> tuple[dict[str, str], int]:
    """The reasons by code in the current language, and the version of the list."""
    found = _rule("hide_reasons", at)
    language = "en" if (get_language() or "").startswith("en") else "id"
    return {one["code"]: one[language] for one in found.value}, found.version


def reason_in_words(code: str, *, said_at: datetime) -> str:
    """A reason by the list of the day on which it was given; one that nobody knows any more by its code."""
    return hide_reasons(at=said_at)[0].get(code, code)


def election(*, at: datetime) -> str:
    """The election period that runs now, by name; empty outside of one."""
    return rules.election_of(_rule("election_periods", at).value, local_date(at, get_city().tz))


def _rule(key: str, at: datetime) -> rulebook.RuleInForce:
    return rulebook.rule(f"conversation.{key}", on=local_date(at, get_city().tz))
