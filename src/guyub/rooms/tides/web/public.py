"""What everyone may know of the sea: the warning in force, the gauge now, what to do. Small, for the slowest phone.

A level is shown to residents when a second person has approved it (a warning in force), or as what the gauge measures.
What the forecast says of a day stays with officers, unless an agreement with BMKG is recorded.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.rooms.tides import access, gauges, ladder, queries, reference, stations, thresholds
from guyub.rooms.tides.fitting import newest_fit
from guyub.rooms.tides.ladder import LEVELS, Level
from guyub.rooms.tides.web import shown
from guyub.rooms.tides.wording import level_word
from guyub.rooms.warnings import api as warnings

DAYS_TOLD = 400


def _in_force(*, at: datetime) -> dict[str, tuple[Level, str]]:
    """The highest warning of rob in force, by kelurahan, with its page."""
    found: dict[str, tuple[Level, str]] = {}
    for one in warnings.open_warnings():
        if one.hazard == "rob" and one.is_in_force(at) and one.mode == warnings.Mode.ACTUAL:
            for code in one.areas:
                found[code] = max(found.get(code, (Level.NORMAL, "")), (Level[one.level], one.address))
    return found


def _measured(levels: list[thresholds.InForce], water: float | None) -> Level:
    return ladder.observed_level(water, {one.level: one.limit for one in levels})


@gate.public
@require_safe
def sea(request: HttpRequest) -> HttpResponse:
    """Every kelurahan by the sea, the gauges, and what to do at each level."""
    access.needs_the_sea()
    at = timezone.now()
    held = thresholds.by_place(thresholds.in_force(on=reference.today(at), at=at))
    open_stations = stations.open_stations()
    now = {row.pk: gauges.water(row, at=at) for row in open_stations}
    in_force = _in_force(at=at)
    rows: list[dict[str, Any]] = []
    for code, levels in held.items():
        water = now.get(levels[0].row.station_id)
        warned = in_force.get(code)
        measured = _measured(levels, water.steady if water else None)
        rows.append(
            {
                "name": queries.label(code),
                "address": reverse("sea_place", args=[code]),
                "warned": shown.badge(warned[0]) if warned else None,
                "measured": level_word(measured) if measured else "",
                "order": (-(warned[0] if warned else 0), -measured, queries.label(code)),
            }
        )
    rows.sort(key=lambda row: row["order"])
    context = {
        "rows": [row for row in rows if row["warned"] or row["measured"]],
        "calm": [row for row in rows if not row["warned"] and not row["measured"]],
        "waters": [shown.water(row, at=at) for row in open_stations],
        "advice": _advice(at=at),
        "is_simulated": any(row.is_simulated for row in open_stations),
        "when": shown.moment(at),
    }
    return render(request, "tides/sea.html", context)


def _advice(*, at: datetime) -> list[tuple[shown.Badge, str]]:
    return [(shown.badge(level), words) for level in LEVELS if (words := reference.advice(level, at=at))]


@gate.public
@require_safe
def sea_place(request: HttpRequest, code: str) -> HttpResponse:
    """One kelurahan: is a warning in force, how high is the water against its thresholds, what to do."""
    place = access.coastal_place(code)
    at = timezone.now()
    levels = thresholds.in_force(on=reference.today(at), at=at, place=code)
    station = levels[0].row.station if levels else None
    water = gauges.water(station, at=at) if station else None
    warned = _in_force(at=at).get(code)
    measured = _measured(levels, water.steady if water else None)
    context: dict[str, Any] = {
        "place": place,
        "warned": (shown.badge(warned[0]), warned[1]) if warned else None,
        "measured": shown.badge(measured),
        "water": shown.water(station, at=at) if station else None,
        "thresholds": [shown.threshold(one) for one in levels],
        "worn": any(one.aged.is_worn for one in levels),
        "advice": _advice(at=at),
        "days": _days(code, at=at),
        "when": shown.moment(at),
    }
    return render(request, "tides/sea_place.html", context)


def _days(code: str, *, at: datetime) -> list[shown.DayCell]:
    """The coming days, only where BMKG has agreed that a city says so."""
    if not reference.may_tell_probability(at=at):
        return []
    return [shown.day_cell(one, None, at=at) for one in queries.outlook(place=code, at=at)]


@gate.public
@require_safe
def accuracy(request: HttpRequest) -> HttpResponse:
    """How often the outlook of the eve was right, counted by the gauge."""
    access.needs_the_sea()
    at = timezone.now()
    least = reference.amount("least_days", at=at)
    found = queries.tallies()
    context = {
        "tallies": [shown.tally(level_word(one.level), one.counts, least=least) for one in found],
        "days": max((one.days for one in found), default=0),
        "told": [shown.day_tally(one) for one in queries.days_told(limit=DAYS_TOLD)],
        "least": least,
        "possible": reference.marks(at=at).possible,
        "stations": [
            {"name": row.name, "methods": shown.methods(fit.skill, least=least) if fit else []}
            for row in stations.open_stations()
            for fit in [newest_fit(row)]
        ],
        "is_simulated": any(row.is_simulated for row in stations.open_stations()),
    }
    return render(request, "tides/accuracy.html", context)
