"""Warnings as pages print them: words, days and hours made ready."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger.api import RecordedFact, tell
from guyub.rooms.warnings import reference, words
from guyub.rooms.warnings.models import Message, Score
from guyub.rooms.warnings.queries import Warning_
from guyub.rooms.warnings.rules import Level, Outcome, is_simulated
from guyub.rooms.warnings.wording import LEVELS, OUTCOMES
from guyub.ui.rows import Printed


@dataclass(frozen=True, slots=True)
class Row(Printed):
    """A warning in a list."""

    number: str
    url: str
    level: str
    tone: str
    hazard: str
    where: str
    when: str
    is_exercise: bool
    is_simulated: bool
    outcome: str = ""
    outcome_tone: str = ""


def language() -> str:
    """Of pages: Indonesian or English."""
    return "en" if get_language() == "en" else "id"


def moment(at: datetime) -> str:
    """ "20 November 2026 13.05 WIB", by the city's clock."""
    local = at.astimezone(get_city().tz)
    return f"{date_format(local, 'j F Y')} {local:%H.%M} {words.zone(at)}"


def hazard_label(code: str, *, at: datetime) -> str:
    found = reference.hazards(at=at).get(code)
    return found.label(language()) if found else code


def where(areas: Iterable[str], *, most: int = 120) -> str:
    """The fullest way to say an area that fits in a line."""
    ways = words.area_ways(areas, language())
    return next((way for way in ways if len(way) <= most), ways[-1])


def when(row: Message | Warning_) -> str:
    return words.when(row.onset, row.expires, language())


def rows(found: Iterable[Warning_], *, at: datetime, scores: dict[int, Score] | None = None) -> list[Row]:
    return [_row(one, (scores or {}).get(one.id), at) for one in found]


def _row(one: Warning_, score: Score | None, at: datetime) -> Row:
    label, tone = LEVELS[Level(one.level)]
    outcome, outcome_tone = OUTCOMES[Outcome(score.outcome)] if score else ("", "")
    return Row(
        one.number,
        one.address,
        str(label),
        tone,
        hazard_label(one.hazard, at=at),
        where(one.areas),
        words.when(one.onset, one.expires, language()),
        one.mode == "EXERCISE",
        is_simulated(one.facts),
        str(outcome),
        outcome_tone,
    )


def timeline(facts: Iterable[RecordedFact], *, names: dict[int, str] | None = None) -> list[dict[str, Any]]:
    """What happened, the newest first; without `names` only what everyone may know, and nobody by name."""
    entries = []
    for fact in facts:
        said = tell(fact)
        if said is None or (names is None and not said.public):
            continue
        entries.append(
            {
                "title": said.text,
                "tone": said.tone,
                "when": moment(said.at),
                "datetime": said.at.isoformat(),
                "by": _by(fact, names) if names is not None else "",
            }
        )
    return entries[::-1]


def _by(fact: RecordedFact, names: dict[int, str]) -> str:
    asked = fact.payload.get("account")
    if fact.actor is None:
        whom = names.get(asked, "") if isinstance(asked, int) else ""
        return _("kepada %(name)s") % {"name": whom} if whom else _("sistem")
    return names.get(fact.actor) or _("akun yang sudah ditutup")


def evidence(said: dict[str, Any]) -> list[tuple[str, str]]:
    """What a message or a score rests on: plain values by their names. What says nothing is left out."""
    known = {
        "basis": _("Dasar"),
        "sources": _("Sumber data"),
        "station": _("Alat ukur"),
        "water_m": _("Air terukur"),
        "water_at": _("Terukur pada"),
        "expected_m": _("Perkiraan tertinggi"),
        "limit_m": _("Ambang"),
        "reasons": _("Yang memperberat"),
        "simulated": _("Data"),
        "puncak_cm": _("Puncak"),
        "ambang_cm": _("Ambang"),
        "peak_m": _("Air tertinggi"),
        "place": _("Tempat"),
        "datum": _("Tinggi diukur dari"),
    }
    return [
        (known.get(key, key.replace("_", " ")), shown)
        for key, value in sorted(said.items(), key=_beside)
        if (shown := _plainly(key, value))
    ]


def _beside(named: tuple[str, Any]) -> tuple[str, bool]:
    """By name, and when something was measured after what it was."""
    key = named[0]
    return key.removesuffix("_at").removesuffix("_m"), key.endswith("_at")


def _plainly(key: str, value: Any) -> str:
    if key == "simulated":
        return _("simulasi") if value else ""
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if key.endswith("_at"):
        return moment(datetime.fromisoformat(value))
    if key == "place":
        return where([str(value)])
    if key.endswith("_m") and isinstance(value, float):
        return f"{number_format(round(value, 2), 2)} m"
    return f"{value} cm" if key.endswith("_cm") else str(value)
