"""The numbers, hazards and templates that warnings go by, from the rulebook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.warnings.rules import Limits


def today(at: datetime) -> date:
    """The city's day of a moment."""
    return local_date(at, get_city().tz)


def value(key: str, *, at: datetime) -> Any:
    """A rule of `warnings.json` that holds on the city's day."""
    return rulebook.rule(f"warnings.{key}", on=today(at)).value


def amount(key: str, *, at: datetime) -> int:
    return int(value(key, at=at)["amount"])


def minutes(key: str, *, at: datetime) -> timedelta:
    return timedelta(minutes=amount(key, at=at))


def hours(key: str, *, at: datetime) -> timedelta:
    return timedelta(hours=amount(key, at=at))


def limits(*, at: datetime) -> Limits:
    return Limits(
        sms=amount("sms_at_most", at=at),
        radio_seconds=amount("radio_at_most", at=at),
        words_per_minute=amount("reading_pace", at=at),
    )


@dataclass(frozen=True, slots=True)
class Authority:
    """On whose authority the city's guidance goes out; `office` is the key of an office, `sender` that of CAP."""

    name_id: str
    name_en: str
    office: str
    sender: str


def authority(*, at: datetime) -> Authority:
    said, city = value("authority", at=at), get_city()
    host = next(iter(city.hosts), "guyub.invalid")
    return Authority(
        name_id=said["name_id"].format(city=city.name),
        name_en=said["name_en"].format(city=city.name),
        office=said["office"],
        sender=said["sender"] or f"peringatan@{host}",
    )


def may_tell_probability(*, at: datetime) -> bool:
    """Whether an agreement with BMKG is recorded; without one the figure stays with officers (UU 31/2009)."""
    return bool(value("bmkg_agreement", at=at)["recorded"])


@dataclass(frozen=True, slots=True)
class Hazard:
    """What can be warned of. `advice` is by level and then by language, with `short_…` for radio and SMS."""

    code: str
    labels: dict[str, str]
    shorts: dict[str, str]
    category: str
    event_code: str
    advice: dict[str, dict[str, str]]

    def short(self, language: str) -> str:
        return self.shorts.get(language) or self.label(language)

    def label(self, language: str) -> str:
        return self.labels.get(language) or self.labels["id"]


def hazards(*, at: datetime) -> dict[str, Hazard]:
    """All that the city's rulebook can warn of, by code. Remembered by the rulebook."""
    found = rulebook.family("warning_hazards", on=today(at))
    return {code: _hazard(code, rule.value) for code, rule in found.items()}


def _hazard(code: str, said: dict[str, Any]) -> Hazard:
    labels = {language: said[f"label_{language}"] for language in ("id", "jv", "en")}
    shorts = {language: said[f"short_{language}"] for language in ("id", "jv")}
    return Hazard(code, labels, shorts, said["category"], said["event_code"], said["advice"])


def languages(*, at: datetime) -> tuple[str, ...]:
    """What a city's ready texts are written in: Indonesian, the regional languages that are at home there, English."""
    found: dict[str, list[str]] = rulebook.rule("warnings.languages", on=today(at)).value
    code = get_city().code
    return ("id", *(one for one, heads in found.items() if code.startswith(tuple(heads))), "en")


def templates(*, at: datetime) -> dict[str, str]:
    """Ready texts by `<hazard or any>.<warn or cancel>.<channel>.<language>`."""
    found = rulebook.family("warning_texts", on=today(at))
    return {key: rule.value["text"] for key, rule in found.items()}
