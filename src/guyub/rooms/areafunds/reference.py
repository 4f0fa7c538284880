"""The schemes and numbers that area funds go by, from the rulebook."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import get_language

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.areafunds.rules import Body, Scheme, SetBy
from guyub.rooms.places.api import PlaceRow


def schemes(*, on: date) -> dict[str, Scheme]:
    """All schemes in force on a day, in the city's order, in the reader's language."""
    found = rulebook.family("area_schemes", on=on)
    name = "label_en" if (get_language() or "").startswith("en") else "label_id"
    rows = sorted(found.items(), key=lambda pair: pair[1].value["order"])
    return {
        code: Scheme(
            code,
            rule.value[name],
            tuple(rule.value["kinds"]),
            SetBy(rule.value["set_by"]),
            tuple(Body(b["code"], b[name], b["default"], b["each"]) for b in rule.value["bodies"]),
            tuple(rule.value["cities"]),
        )
        for code, rule in rows
    }


def schemes_of(year: int) -> dict[str, Scheme]:
    """The schemes of a budget year: those in force on its first day."""
    return schemes(on=date(year, 1, 1))


def schemes_in(place: PlaceRow, year: int) -> dict[str, Scheme]:
    """The schemes that a place takes part in."""
    city = get_city().code
    return {
        code: one for code, one in schemes_of(year).items() if one.holds_in(city=city, kind=str(place.kind))
    }


def basis_of(scheme: str, year: int) -> str:
    return rulebook.rule(f"area_schemes.{scheme}", on=date(year, 1, 1)).legal_basis


def amount(key: str, *, at: datetime) -> int:
    """A number of `area_funds.json` that holds on the city's day."""
    return int(rulebook.rule(f"area_funds.{key}", on=local_date(at, get_city().tz)).value["amount"])


def percents(*, year: int) -> tuple[int, ...]:
    """The steps in which an activity of a year is shown: 0, 50 and 100 percent."""
    return tuple(rulebook.rule("area_funds.steps", on=date(year, 1, 1)).value["percents"])


def seen_alike(*, at: datetime) -> int:
    """From how many percent of likeness on a photo counts as sent before: as for proofs of reports."""
    return int(rulebook.rule("evidence.seen_alike", on=local_date(at, get_city().tz)).value["amount"])
