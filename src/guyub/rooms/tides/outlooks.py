"""The chance of each level, by day and kelurahan, with what makes it worse and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, time, timedelta

from django.db import transaction

from guyub.kernel.cities.api import get_city
from guyub.rooms.sensing import api as sensing
from guyub.rooms.tides import forecasting, gauges, probability, reference, thresholds
from guyub.rooms.tides.models import Chance, Forecast, Station
from guyub.rooms.tides.probability import Kind, Reason
from guyub.rooms.tides.residuals import DAYS, Spread
from guyub.rooms.warnings import api as warnings

MEASURED_DAYS = 1
"""Rain in the gauges and what is out of order now speak of today; nobody knows them of tomorrow."""


def bounds(day: date) -> tuple[datetime, datetime]:
    """A day of the city in UTC."""
    zone = get_city().tz
    start = datetime.combine(day, time(0), zone)
    return start, datetime.combine(day + timedelta(days=1), time(0), zone)


@transaction.atomic
def refresh(station: Station, *, at: datetime) -> int:
    """Work the chances of the coming days out anew from the newest forecast. Returns how many stand."""
    forecast = forecasting.newest_forecast(station)
    if forecast is None or at - forecast.made_for > timedelta(hours=24):
        return 0
    today = reference.today(at)
    spread = forecasting.spread_of(forecast.fit)
    rows: list[Chance] = []
    for lead in range(DAYS):
        day = today + timedelta(days=lead)
        held = [one for one in thresholds.in_force(on=day, at=at) if one.row.station_id == station.pk]
        seen = gauges.highest(station, start=bounds(day)[0], until=at)[0] if lead == 0 else None
        for place, levels in thresholds.by_place(held).items():
            reasons = aggravating(place, lead=lead, at=at)
            rows += _of_place(forecast, spread, levels, reasons, day=day, lead=lead, seen=seen, at=at)
    Chance.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["day", "place", "level", "lead"],
        update_fields=[
            "station",
            "threshold",
            "probability",
            "expected",
            "sigma",
            "limit",
            "residual",
            "peak_at",
            "raises",
            "reasons",
            "at",
        ],
    )
    return len(rows)


def _of_place(
    forecast: Forecast,
    spread: Spread,
    levels: list[thresholds.InForce],
    reasons: list[Reason],
    *,
    day: date,
    lead: int,
    seen: float | None,
    at: datetime,
) -> Iterable[Chance]:
    start, until = bounds(day)
    ahead = [
        (height, forecast.made_for + gauges.HOUR * n)
        for n, height in enumerate(forecast.heights, start=1)
        if start <= forecast.made_for + gauges.HOUR * n < until
    ]
    limits = reference.value("aggravation_limits", at=at)
    lowers, raises = probability.together(
        reasons, most_lowers=float(limits["lowers"]), most_raises=int(limits["raises"])
    )
    for one in levels:
        found = probability.chance(
            heights=(height for height, _moment in ahead),
            bias=spread.day_bias[lead],
            sigma=spread.day_sigma[lead],
            threshold=one.limit,
            lowers=lowers,
            seen=seen,
        )
        if found.expected == float("-inf"):
            continue
        yield Chance(
            place=one.row.place,
            day=day,
            level=one.row.level,
            lead=lead,
            station_id=one.row.station_id,
            threshold=one.row,
            probability=min(max(found.probability, 0.0), 1.0),
            expected=found.expected,
            sigma=found.sigma,
            limit=found.threshold,
            residual=forecast.residual,
            peak_at=max(ahead)[1] if ahead else None,
            raises=raises,
            reasons=[asdict(reason) for reason in reasons],
            at=at,
        )


def aggravating(place: str, *, lead: int, at: datetime) -> list[Reason]:
    """What makes the sea worse in a place on a day, by the rulebook's rules and what is forecast and measured now."""
    rules = reference.aggravations(at=at)
    seen: dict[tuple[Kind, int], float] = {}
    for hours in {rule.hours for rule in rules if rule.kind == Kind.RAIN_FORECAST}:
        seen[Kind.RAIN_FORECAST, hours] = _rain_ahead(place, hours, lead=lead, at=at)
    if lead < MEASURED_DAYS:
        for hours in {rule.hours for rule in rules if rule.kind == Kind.RAIN_MEASURED}:
            seen[Kind.RAIN_MEASURED, hours] = _rain(hours, at=at)
        seen[Kind.PUMP_OUT, 0] = _out("pump_state", place, at=at)
        seen[Kind.GATE_OPEN, 0] = _out("gate_state", place, at=at)
    return probability.holding(rules, seen)


def _rain_ahead(place: str, hours: int, *, lead: int, at: datetime) -> float:
    """The most that BMKG expects in so many hours of a day, in millimetres; nothing where nothing is known."""
    said = warnings.rain_forecast(place, at=at)
    start, until = bounds(reference.today(at) + timedelta(days=lead))
    slots = [one for one in said.hours if start <= one.at < until] if said else []
    window = timedelta(hours=hours)
    return max(
        (sum(two.mm or 0 for two in slots if one.at <= two.at < one.at + window) for one in slots),
        default=0.0,
    )


def _rain(hours: int, *, at: datetime) -> float:
    """The most that any rain gauge of the city measured in the last hours, in millimetres."""
    since = gauges.whole_hour(at) - timedelta(hours=hours - 1)
    sums = [
        sum(row.mean * row.count for row in sensing.hourly(stream.id, start=since, until=at + gauges.HOUR))
        for stream in sensing.find_datastreams(kind="rain")
    ]
    return max(sums, default=0.0)


def _out(kind: str, place: str, *, at: datetime) -> float:
    """How many pumps (gates) that serve a place are out of order (open), by what they said last."""
    words = {str(word).casefold() for word in reference.value("gear", at=at)[kind]}
    streams = [
        one.id
        for one in sensing.find_datastreams(kind=kind)
        if place in (one.properties.get("serves") or [one.place])
    ]
    newest = sensing.latest(streams)
    return float(sum(_plain(one.result) in words for one in newest.values() if one.is_good))


def _plain(result: object) -> str:
    return f"{result:g}" if isinstance(result, int | float) else str(result).strip().casefold()
