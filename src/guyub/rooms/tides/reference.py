"""The numbers and rules that the sea goes by, from the rulebook."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import get_language

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.tides.ladder import Level, Marks
from guyub.rooms.tides.probability import Aggravation, Kind
from guyub.rooms.tides.residuals import Memory


def today(at: datetime) -> date:
    """The city's day of a moment."""
    return local_date(at, get_city().tz)


def value(key: str, *, at: datetime) -> Any:
    """A rule of `tides.json` that holds on the city's day."""
    return rulebook.rule(f"tides.{key}", on=today(at)).value


def amount(key: str, *, at: datetime) -> int:
    return int(value(key, at=at)["amount"])


def memory(*, at: datetime) -> Memory:
    said = value("residual", at=at)
    return Memory(int(said["hours"]), float(said["fades"]))


def marks(*, at: datetime) -> Marks:
    said = value("ladder", at=at)
    return Marks(
        int(said["possible"]),
        int(said["likely"]),
        int(said["below"]),
        int(said["calm_hours"]),
        float(said["margin"]),
    )


def horizon(*, at: datetime) -> int:
    """How many days, with today, the level of a place looks at."""
    return int(value("ladder", at=at)["horizon_days"])


def fresh(*, at: datetime) -> timedelta:
    return timedelta(minutes=amount("fresh", at=at))


def aggravations(*, at: datetime) -> list[Aggravation]:
    return [
        Aggravation(
            code,
            Kind(rule.value["kind"]),
            float(rule.value["least"]),
            int(rule.value["hours"]),
            float(rule.value["lowers"]),
            int(rule.value["raises"]),
        )
        for code, rule in rulebook.family("rob_aggravations", on=today(at)).items()
    ]


def aggravation_label(code: str, *, at: datetime) -> str:
    rule = rulebook.family("rob_aggravations", on=today(at)).get(code)
    english = (get_language() or "").startswith("en")
    return str(rule.value["label_en" if english else "label_id"]) if rule else code


def sinks(place: str, *, at: datetime) -> float:
    """By how many centimetres a year the land sinks: of the place, else of what it lies in; 0 where nothing is said."""
    known = rulebook.family("subsidence", on=today(at))
    parts = place.split(".")
    for size in range(len(parts), 0, -1):
        rule = known.get(".".join(parts[:size]))
        if rule is not None:
            return float(rule.value["cm_a_year"])
    return 0.0


def may_tell_probability(*, at: datetime) -> bool:
    """Whether an agreement with BMKG is recorded; without one a probability stays with officers."""
    return bool(rulebook.rule("warnings.bmkg_agreement", on=today(at)).value["recorded"])


def advice(level: Level, *, at: datetime) -> str:
    """What people do at a level, as the city's warnings say it too."""
    said = rulebook.rule("warning_hazards.rob", on=today(at)).value["advice"].get(level.name, {})
    english = (get_language() or "").startswith("en")
    return str(said.get("en" if english else "id", ""))
