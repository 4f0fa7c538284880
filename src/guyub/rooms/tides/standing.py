"""At which level each kelurahan stands, and the drafts of warnings that follow from it.

A change of level is a fact. Places at one level are one draft: warnings keep no second one open for the same source,
and what is sent is decided there, by people.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from guyub.events import tides as events
from guyub.rooms.tides import gauges, ladder, reference, thresholds
from guyub.rooms.tides.acting import record
from guyub.rooms.tides.ladder import LEVELS, Level, Signal, Source
from guyub.rooms.tides.models import Chance, Standing, Station, place_subject
from guyub.rooms.tides.probability import Kind
from guyub.rooms.tides.wording import GAUGE_ZERO
from guyub.rooms.warnings import api as warnings

log = logging.getLogger("guyub.tides")
HAZARD = "rob"
LASTS = timedelta(hours=6)
NEAR_PEAK = timedelta(hours=3)
NEWS = timedelta(hours=1)


@transaction.atomic
def assess(*, at: datetime) -> list[Standing]:
    """Bring every kelurahan to the level it stands at now, and draft what follows. Returns what changed.

    The stations' rows are locked: two workers look one after the other, and the second finds nothing new.
    """
    rows = Station.objects.select_for_update().filter(closed_at__isnull=True).order_by("pk")
    water = {station.pk: gauges.water(station, at=at) for station in rows}
    places = thresholds.by_place(thresholds.in_force(on=reference.today(at), at=at))
    chances = _chances(places, at=at)
    known = {row.place: row for row in Standing.objects.filter(place__in=places).select_related("station")}
    changed = []
    for place, levels in places.items():
        station = levels[0].row.station
        now = water.get(station.pk)
        signal = _signal(levels, chances.get(place, []), now.steady if now else None)
        row = known.get(place) or Standing(place=place, source="", since=at)
        row.station = station
        if _step(row, signal, at=at):
            changed.append(row)
        known[place] = row
    _draft([known[place] for place in places], chances, has_changed=bool(changed), at=at)
    return changed


def _chances(places: Iterable[str], *, at: datetime) -> dict[str, list[Chance]]:
    """What is expected of today and the days that the ladder looks at."""
    today = reference.today(at)
    days = [today + timedelta(days=n) for n in range(reference.horizon(at=at))]
    found: dict[str, list[Chance]] = {}
    for row in Chance.objects.filter(place__in=list(places), day__in=days).order_by("day", "-level"):
        if row.lead == (row.day - today).days and at - row.at < timedelta(hours=24):
            found.setdefault(row.place, []).append(row)
    return found


def _signal(levels: list[thresholds.InForce], rows: list[Chance], water: float | None) -> Signal:
    chances = {
        level: max((row.probability for row in rows if row.level == level), default=0.0) for level in LEVELS
    }
    return Signal(
        chances=chances,
        raises=max((row.raises for row in rows if row.probability > 0), default=0),
        water=water,
        thresholds={one.level: one.limit for one in levels},
    )


def _step(row: Standing, signal: Signal, *, at: datetime) -> bool:
    """Take one step; whether the level changed. A place that was never looked at begins at Normal."""
    before = Level(row.level)
    was = ladder.Standing(
        before, Source(row.source or Source.FORECAST), row.since if row.source else at, row.calm_since
    )
    now = ladder.step(was, signal, at=at, marks=reference.marks(at=at))
    row.level, row.source, row.calm_since = int(now.level), now.source.value, now.calm_since
    row.since, row.water, row.at = now.since or at, signal.water, at
    row.save()
    if now.level == before:
        return False
    fact = events.LevelChanged(
        station=row.station_id, level=now.level.name, before=before.name, source=now.source.value
    )
    record(fact, subject=place_subject(row.place), place=row.place, by=None, at=at)
    return True


# ── Drafts of warnings ─────────────────────────────────────────────────────────────────────────────────────


SOURCE = "tides.rob:"
"""What a draft rests on: this and its level. A city has one open warning of rob at each level."""


def _draft(
    rows: list[Standing], chances: dict[str, list[Chance]], *, has_changed: bool, at: datetime
) -> None:
    """Open, renew, withdraw or call off the warning of each level. What is open already and says the same is left alone, and
    what people put aside is proposed again only when a level changes, or after some hours."""
    there = {one.source: one for one in warnings.open_warnings()}
    for level in LEVELS:
        group = [row for row in rows if row.level == level]
        open_one = there.get(f"{SOURCE}{level.name}")
        if group:
            said = _content(level, group, chances, at=at)
            news = open_one is None or _differs(open_one, said)
            if news and (has_changed or (open_one and open_one.has_pending) or _is_long_ago(group, at=at)):
                _propose(level, said, at=at)
                Standing.objects.filter(place__in=said.areas).update(drafted_at=at)
        elif open_one is not None:
            withdrawn = open_one.has_pending and _withdraw(open_one, at=at)
            if open_one.is_in_force(at) and (withdrawn or (has_changed and not open_one.has_pending)):
                _call_off(open_one, at=at)


def _is_long_ago(group: list[Standing], *, at: datetime) -> bool:
    again = timedelta(hours=reference.marks(at=at).calm_hours)
    return all(row.drafted_at is None or at - row.drafted_at >= again for row in group)


def _propose(level: Level, said: _Said, *, at: datetime) -> None:
    """What warnings refuse (a time that is too long, say) is no reason to lose the level itself."""
    try:
        warnings.draft_warning(
            source=f"{SOURCE}{level.name}",
            hazard=HAZARD,
            level=level.name,
            areas=said.areas,
            onset=said.onset,
            expires=said.expires,
            facts=said.facts,
            probability=said.probability,
            is_observed=said.is_observed,
            by=None,
            at=at,
        )
    except warnings.Refused as refused:
        log.warning("a draft for %s was refused: %s", level.name, refused)


def _fallen() -> str:
    with override("id"):
        return _("Air laut sudah turun di bawah ambang dan prakiraan tidak lagi menunjuk tingkat ini.")


def _withdraw(there: warnings.Warning_, *, at: datetime) -> bool:
    """What nobody has approved yet is not sent after the water has fallen."""
    return warnings.withdraw_draft(source=there.source, reason=_fallen(), at=at)


def _call_off(there: warnings.Warning_, *, at: datetime) -> None:
    try:
        warnings.draft_cancel(warning=there.id, reason=_fallen(), by=None, at=at)
    except warnings.Refused as refused:
        log.warning("calling off %s was refused: %s", there.number, refused)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a draft would say now."""

    areas: list[str]
    onset: datetime
    expires: datetime
    facts: dict[str, str | float | bool]
    probability: float | None
    is_observed: bool


def _differs(there: warnings.Warning_, said: _Said) -> bool:
    """Whether people should hear something else now: other places, another kind of ground, or another time."""
    return (
        list(there.areas) != said.areas
        or there.is_observed != said.is_observed
        or abs(there.expires - said.expires) > NEWS
        or (not there.is_observed and abs(there.onset - said.onset) > NEWS)
    )


def _in_words(reasons: Iterable[Mapping[str, Any]], *, at: datetime) -> list[str]:
    """What aggravates, as people say it: whoever approves the warning reads it there."""
    return sorted({reference.aggravation_label(one["code"], at=at) for one in reasons})


def _content(level: Level, rows: list[Standing], chances: dict[str, list[Chance]], *, at: datetime) -> _Said:
    observed = [row for row in rows if row.source == Source.OBSERVED]
    found = [one for row in rows for one in chances.get(row.place, [])]
    of_level = [one for one in found if one.level == level] or found
    likely = max(of_level, key=lambda one: one.probability, default=None)
    onset, expires = _when(likely, bool(observed), at=at)
    cites = any(one["kind"] == Kind.RAIN_FORECAST for row in of_level for one in row.reasons)
    facts: dict[str, str | float | bool] = {
        "sources": "BPBD, BMKG" if cites else "BPBD",
        "station": ", ".join(sorted({row.station.name for row in rows})),
        "simulated": any(row.station.is_simulated for row in rows),
        "datum": GAUGE_ZERO,
    }
    if likely is not None:
        facts |= {"expected_m": round(likely.expected, 2), "limit_m": round(likely.limit, 2)}
        facts |= {"reasons": ", ".join(_in_words(likely.reasons, at=at))}
    if observed and observed[0].water is not None:
        facts["water_m"], facts["water_at"] = round(observed[0].water, 2), observed[0].at.isoformat()
    return _Said(
        areas=sorted(row.place for row in rows),
        onset=onset,
        expires=expires,
        facts=facts,
        probability=likely.probability if likely else None,
        is_observed=bool(observed),
    )


def _when(likely: Chance | None, is_observed: bool, *, at: datetime) -> tuple[datetime, datetime]:
    """From when to when: around the expected peak; what is seen has begun. Whole hours, so that little is news."""
    hour = gauges.whole_hour(at)
    if likely is None or likely.peak_at is None:
        return hour, hour + LASTS
    onset = hour if is_observed else max(hour, likely.peak_at - NEAR_PEAK)
    until = likely.peak_at + NEAR_PEAK
    if is_observed and likely.peak_at - hour > timedelta(hours=12):
        until = hour + LASTS
    return onset, max(until, onset + LASTS)
