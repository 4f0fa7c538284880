"""The officers' sea: the outlook of every kelurahan with its reasons, and how such outlooks came out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import NotAllowed, gate, person_of, roles
from guyub.rooms.tides import access, queries, reference, stations, thresholds
from guyub.rooms.tides.acting import Refused
from guyub.rooms.tides.fitting import newest_fit
from guyub.rooms.tides.forecasting import newest_forecast
from guyub.rooms.tides.models import Standing
from guyub.rooms.tides.residuals import DAYS
from guyub.rooms.tides.web import shown
from guyub.ui.rows import day_in_words

POWERS = (roles.SEA, roles.WARN, roles.ALERTED, roles.VIEW_AREA)


def attempt(request: HttpRequest, act: Callable[[], object], done: str, form: Any) -> bool:
    """Do one thing and say so. What a rule refuses is said in the form."""
    try:
        act()
    except Refused as refused:
        form.refuse(refused)
        return False
    except NotAllowed:
        form.add_error(None, _("Ini tidak dapat dilakukan (lagi)."))
        return False
    messages.success(request, done)
    return True


def answered(request: HttpRequest, context: dict[str, Any], template: str) -> HttpResponse:
    """A form's page: 422 when what was sent could not be done."""
    status = 422 if request.method == "POST" else 200
    return render(request, f"tides/desk/{template}.html", context, status=status)


@gate.officer(*POWERS)
@require_safe
def outlook(request: HttpRequest) -> HttpResponse:
    """Days by kelurahan; thresholds that can no longer be relied on stand first."""
    at = timezone.now()
    found = queries.outlooks_of(None, at=at)
    held = thresholds.by_place(thresholds.in_force(on=reference.today(at), at=at))
    standing = {row.place: row for row in Standing.objects.all()}
    today = reference.today(at)
    days = [today + timedelta(days=n) for n in range(DAYS)]
    rows = [
        {
            "name": queries.label(code),
            "address": reverse("desk_tides_place", args=[code]),
            "now": shown.badge(standing[code].level if code in standing else 0),
            "order": -standing[code].level if code in standing else 0,
            "days": _cells(found.get(code, []), days, at=at),
            "worn": any(one.aged.is_worn for one in held[code]),
        }
        for code in held
    ]
    context = {
        "rows": sorted(rows, key=lambda row: (row["order"], row["name"])),
        "days": [day_in_words(day, "D j/n") for day in days],
        "worn": [
            one for one in shown.worn_first([two for rows_ in held.values() for two in rows_]) if one.is_worn
        ],
        "stations": [_station(row, at=at) for row in stations.open_stations()],
        "keeps": person_of(request).can(roles.SEA),
        "tells": reference.may_tell_probability(at=at),
    }
    return render(request, "tides/desk/outlook.html", context)


def _cells(known: list[queries.DayOutlook], days: list[date], *, at: datetime) -> list[shown.DayCell | None]:
    """A cell for each day, None where nothing is known of it."""
    by_day = {one.day: one for one in known}
    return [shown.day_cell(by_day[day], None, at=at) if day in by_day else None for day in days]


def _station(row: stations.Station, *, at: datetime) -> dict[str, Any]:
    forecast, fit = newest_forecast(row), newest_fit(row)
    return {
        "water": shown.water(row, at=at, address=reverse("desk_tides_station", args=[row.slug])),
        "forecast": shown.age(forecast.made_for, now=at) if forecast else "",
        "version": str(fit.version) if fit else "",
    }


@gate.officer(*POWERS)
@require_safe
def place(request: HttpRequest, code: str) -> HttpResponse:
    """One kelurahan: each day with its chances and why, its thresholds, and how it came out so far."""
    at = timezone.now()
    row = access.coastal_place(code)
    held = thresholds.in_force(on=reference.today(at), at=at, place=code)
    forecast = newest_forecast(held[0].row.station) if held else None
    now = Standing.objects.filter(place=code).first()
    least = reference.amount("least_days", at=at)
    context = {
        "place": row,
        "now": shown.badge(now.level if now else 0),
        "since": shown.moment(now.since) if now else "",
        "days": [shown.day_cell(day, forecast, at=at) for day in queries.outlook(place=code, at=at)],
        "thresholds": [shown.threshold(one) for one in held],
        "water": shown.water(held[0].row.station, at=at) if held else None,
        "tallies": [
            shown.tally(shown.level_word(one.level), one.counts, least=least)
            for one in queries.tallies(place=code)
        ],
        "keeps": person_of(request).can(roles.SEA),
    }
    return render(request, "tides/desk/place.html", context)


@gate.officer(*POWERS)
@require_safe
def verification(request: HttpRequest) -> HttpResponse:
    """How the outlooks of the eve came out, by level, and how well each station's fit does on days it has not seen."""
    at = timezone.now()
    least = reference.amount("least_days", at=at)
    found = queries.tallies()
    context = {
        "tallies": [shown.tally(shown.level_word(one.level), one.counts, least=least) for one in found],
        "days": max((one.days for one in found), default=0),
        "least": least,
        "possible": reference.marks(at=at).possible,
        "stations": [
            {"name": row.name, "methods": shown.methods(fit.skill, least=least) if fit else []}
            for row in stations.open_stations()
            for fit in [newest_fit(row)]
        ],
    }
    return render(request, "tides/desk/verification.html", context)
