"""The numbers that needs and offers go by, from the rulebook."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook


def today(at: datetime) -> date:
    """The city's day of a moment."""
    return local_date(at, get_city().tz)


def amount(key: str, *, at: datetime) -> int:
    """A number of `needs.json` that holds on the city's day."""
    return int(rulebook.rule(f"needs.{key}", on=today(at)).value["amount"])


def day_after(key: str, *, at: datetime) -> date:
    """The last day of what lasts so many calendar days from now."""
    return today(at) + timedelta(days=amount(key, at=at))


def read_first(*, at: datetime) -> str:
    """Whose needs an office of the place reads before everyone (`rules.Review`)."""
    return str(rulebook.rule("needs.review", on=today(at)).value["of"])


def look_due(*, at: datetime) -> date:
    """By when the office of the place reads what was handed in now."""
    return rulebook.calendar().add_working_days_provisional(today(at), amount("look", at=at)).date
