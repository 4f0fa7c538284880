"""Warnings on the wall: what is in force and for how long, what waits for approval, and their areas on the map."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from guyub.events import warnings as events
from guyub.kernel import wall
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger.api import RecordedFact
from guyub.kernel.rulebook import api as rulebook
from guyub.kernel.wall import Asked, Audience, Layer, Line, Panel
from guyub.rooms.command.parts.said import lasting, short_name
from guyub.rooms.warnings import api as warnings
from guyub.rooms.warnings.api import Warning_

TONES = {"WASPADA": "waiting", "SIAGA": "overdue", "AWAS": "hazard"}
NAMED = 3  # of a warning's areas; the rest is counted
NONE = gettext_lazy("Tidak ada peringatan yang berlaku.")


def hazard_name(code: str, at: datetime) -> str:
    found = rulebook.family("warning_hazards", on=local_date(at, get_city().tz)).get(code)
    if found is None:
        return code
    return str(found.value["label_en" if get_language() == "en" else "short_id"])


def _headline(level: str, hazard: str, mode: str, at: datetime) -> str:
    said = f"{level} · {hazard_name(hazard, at)}"
    return said if mode == warnings.Mode.ACTUAL else _("LATIHAN · %(said)s") % {"said": said}


def _areas(codes: Sequence[str]) -> str:
    names = sorted(map(short_name, codes))
    more = len(names) - NAMED
    first = ", ".join(names[:NAMED])
    return _("%(first)s dan %(n)s lain") % {"first": first, "n": more} if more > 0 else first


def past(asked: Asked) -> Panel:
    """What was in force at a past moment. One query."""
    return _panel(warnings.open_then(at=asked.at), asked)


@wall.panel("peringatan", title=gettext_lazy("Peringatan berlaku"), order=10, past=past)
def in_force(asked: Asked) -> Panel:
    """Those in earnest first, the highest level first, with the time that is left. One query."""
    return _panel(warnings.open_warnings(), asked)


def _panel(found: Sequence[Warning_], asked: Asked) -> Panel:
    force = sorted(
        (one for one in found if one.is_in_force(asked.at)),
        key=lambda one: one.mode != warnings.Mode.ACTUAL,  # an exercise hides nothing that is in earnest
    )
    drafts = sum(one.has_pending for one in found) if asked.audience is Audience.OFFICERS else 0
    shown = force[: asked.rows - bool(drafts)]
    lines = [_line(one, asked.at) for one in shown]
    if drafts:
        text = ngettext("%(n)d rancangan", "%(n)d rancangan", drafts)
        lines.append(Line(text % {"n": drafts}, _("belum disetujui, belum dikirim"), tone="waiting"))
    return Panel(tuple(lines), none=NONE, more=len(force) - len(shown))


def _line(one: Warning_, at: datetime) -> Line:
    note = (_("simulasi") if one.facts.get("simulated") else "", _areas(one.areas))
    return Line(
        text=_headline(one.level, one.hazard, one.mode, at),
        note=" · ".join(filter(None, note)),
        value=lasting(one.expires - at),
        tone=TONES.get(one.level, "info"),
        until=one.expires,
    )


def past_map(asked: Asked) -> Layer | None:
    return _layer(warnings.open_then(at=asked.at), asked)


@wall.layer("peringatan", order=10, past=past_map)
def on_the_map(asked: Asked) -> Layer | None:
    """The areas of what is in force; where several lie upon each other the highest level counts. One query."""
    return _layer(warnings.open_warnings(), asked)


def _layer(found: Sequence[Warning_], asked: Asked) -> Layer | None:
    """An exercise is drawn only while nothing is in force in earnest, and the key says what it is."""
    force = [one for one in found if one.is_in_force(asked.at)]
    earnest = [one for one in force if one.mode == warnings.Mode.ACTUAL]
    areas: dict[str, str] = {}
    for one in reversed(earnest or force):
        areas |= dict.fromkeys(one.areas, TONES.get(one.level, "info"))
    words = "%(said)s" if earnest else _("LATIHAN · %(said)s")
    key = tuple(
        ("area", tone, words % {"said": level.title()})
        for level, tone in TONES.items()
        if tone in set(areas.values())
    )
    return Layer(areas=areas, key=key) if areas else None


def _about(fact: RecordedFact) -> str:
    said = hazard_name(fact.payload["hazard"], fact.occurred_at)
    return said if fact.payload["mode"] == warnings.Mode.ACTUAL else _("LATIHAN · %(said)s") % {"said": said}


wall.tell(
    events.WarningIssued,
    events.WarningUpdated,
    events.WarningCancelled,
    events.WarningExpired,
    about=_about,
)
