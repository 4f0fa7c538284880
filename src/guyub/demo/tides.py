"""The demo's sea: three simulated gauges at Pekalongan with 400 days behind them, thresholds, and rob that comes.

All of it is invented (`sea.py`) and marked simulated: the gauges, the constants, the levels. The rob comes by the
clock: some minutes after the demo was filled, and again each day, wind holds water against the coast, quicker than any
sea could, so that whoever watches sees Waspada, then Siaga, and a warning drafted. The values after that moment are
sent by the simulator, one a minute, as a gauge would.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from functools import cache

from django.db import transaction

from guyub.demo import sea
from guyub.demo.people import DOMAIN
from guyub.demo.sea import Faults
from guyub.kernel.access.api import Person, roles
from guyub.kernel.cities.api import get_city
from guyub.rooms.floods import trusting
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account
from guyub.rooms.places import api as places
from guyub.rooms.sensing import api as sensing
from guyub.rooms.sensing import managing
from guyub.rooms.tides import api as tides
from guyub.rooms.tides import duties, harmonics, outlooks, probability, reference, scoring, thresholds
from guyub.rooms.tides.harmonics import Constants
from guyub.rooms.tides.ladder import LEVELS
from guyub.rooms.tides.models import Chance, Fit, Station, Threshold
from guyub.rooms.tides.residuals import Spread
from guyub.rooms.tides.wording import GAUGE_ZERO

HOUR = timedelta(hours=1)
CITY = "pekalongan"
DAYS = 400
SEED = 33
STATIONS = (
    # name, latitude, longitude, how much earlier its tide comes, how much larger it is
    ("Pelabuhan Contoh", -6.859, 109.690, 0.0, 1.00),
    ("Muara Loji Contoh", -6.866, 109.676, 0.4, 0.94),
    ("Muara Bremi Contoh", -6.862, 109.662, 0.6, 0.97),
)
MEAN = 0.60
# kelurahan of the coast: which station, and how high Waspada lies above the gauge's zero
PLACES = (
    ("33.75.03.1010", 0, 0.98),
    ("33.75.03.1004", 0, 1.00),
    ("33.75.03.1003", 1, 1.02),
    ("33.75.03.1007", 0, 1.04),
    ("33.75.03.1002", 1, 1.08),
    ("33.75.03.1006", 1, 1.10),
    ("33.75.03.1009", 2, 0.97),
    ("33.75.01.1009", 2, 1.05),
    ("33.75.01.1008", 2, 1.08),
)
STEP = 0.13
EXPIRED = 6  # whose survey is too old
SCORED_DAYS = 60
EVERY = timedelta(minutes=1)
COMES, STANDS, RISEN, EBBS, GONE = (minutes / 60 for minutes in (1.5, 6.5, 14, 210, 330))
"""The rob, in hours after the demo was filled and each day again: the water comes quickly to `WASPADA`, slowly from there
to `REACHES`, which is over Siaga at most places and over Awas at none, and ebbs."""
WASPADA, REACHES = 1.05, 1.205
FLOODS_FROM = 0.95
"""From which height on the demo's gauges bear out somebody who says that water stands in the street."""


def show_sea(*, at: datetime) -> None:
    """Bring the sea to Pekalongan, in the name of the demo's operator; once."""
    account = Account.objects.filter(email=f"pusdalops@{DOMAIN}").first()
    if account is not None:
        add_demo_sea(by=people.person(account.pk, on=reference.today(at)), at=at)


def add_demo_sea(*, by: Person, at: datetime) -> None:
    """Gauges with their past, stations, datums, thresholds, a fit and a forecast. Once, in Pekalongan alone; what an
    earlier start left undone is done."""
    if get_city().slug != CITY:
        return
    if not Station.objects.exists():
        _stations(by=by, at=at)
    for station in Station.objects.filter(is_simulated=True).order_by("pk"):
        if not Fit.objects.filter(station=station).exists():
            duties.fit(station.pk, at=at)
            _past(station, at=at)


@transaction.atomic
def _stations(*, by: Person, at: datetime) -> None:
    for number, (name, lat, lon, _early, _size) in enumerate(STATIONS):
        stream = _gauge(name, lat, lon, by=by, at=at)
        _fill(stream, number, at=at)
        row = tides.add_station(
            datastream=stream, name=name, port=name, latitude=lat, longitude=lon, by=by, at=at
        )
        tides.set_datum(
            station=row.pk,
            name="MSL",
            zero=MEAN,
            surveyed_on=reference.today(at) - timedelta(days=200),
            basis="Pengukuran contoh",
            by=by,
            at=at,
        )
    _thresholds(by=by, at=at)


def _whole_hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _gauge(name: str, lat: float, lon: float, *, by: Person, at: datetime) -> int:
    """A tide gauge as sensing keeps it; its values come from here and not with those of the other sensors."""
    row = managing.add_sensor(
        what=managing.Plan(
            kind="sea_level",
            name=f"Pasang surut {name}",
            description="Alat rekaan untuk peragaan.",
            lat=lat,
            lon=lon,
            owner=min(by.offices(roles.SENSORS)),
            datum=GAUGE_ZERO,
            cadence=60,
            is_public=True,
            is_simulated=True,
        ),
        by=None,
        at=at,
    )
    row.properties = {"simulated": True, "sea": True, trusting.OWN: FLOODS_FROM}
    row.quality_rules = {"rate_an_hour": None}  # this rob is quicker than any sea
    row.save(update_fields=["properties", "quality_rules"])
    return row.pk


@cache
def _weather() -> list[float]:
    return sea.weather((DAYS + 40) * 24, seed=SEED)


def heights(number: int, times: list[datetime], *, began: datetime) -> list[float]:
    """What the sea really is at a station, past and present: tide, weather, and the rob that comes after `began`."""
    _name, _lat, _lon, early, size = STATIONS[number]
    names, amplitudes, phases = zip(*sea.TIDE, strict=True)
    constants = Constants(names, tuple(one * size for one in amplitudes), phases, MEAN, -6.86)
    tide = harmonics.predict([moment + HOUR * early for moment in times], constants)
    found = []
    for height, moment in zip(tide, times, strict=True):
        hour = (moment - began) / HOUR
        # The last day before it is quiet, so that the rob is seen to come.
        wind = _weather()[int(hour + DAYS * 24) % len(_weather())] * min(1.0, max(0.2, -hour / 24))
        calm = height + wind
        found.append(calm if hour < 0 else _with_rob(calm, hour % 24, number))
    return found


def _with_rob(calm: float, hour: float, number: int) -> float:
    """The water at an hour of the day that begins when the demo was filled."""
    if not COMES < hour < GONE:
        return calm
    share = min(1.0, (hour - COMES) / (STANDS - COMES), (GONE - hour) / (GONE - EBBS))
    rise = min(1.0, max(0.0, (hour - STANDS) / (RISEN - STANDS)))
    reached = WASPADA + (REACHES - WASPADA) * rise + 0.008 * math.sin(9 * hour + number)
    return calm + share * max(0.0, reached - calm)


def _fill(stream: int, number: int, *, at: datetime) -> None:
    """400 days by the hour, with what gauges get wrong now and then."""
    times = [_whole_hour(at) - HOUR * n for n in range(DAYS * 24)][::-1]
    true = heights(number, times, began=at)
    said = (
        sea.measured(true[:-72], Faults(gaps=3, spikes=25, sentinels=2, stuck=1), seed=SEED + number)
        + true[-72:]
    )
    rows = [
        sensing.Row(stream, moment, round(value, 3))
        for moment, value in zip(times, said, strict=True)
        if value == value
    ]
    for start in range(0, len(rows), 2000):
        sensing.ingest(rows[start : start + 2000], at=at)


def _thresholds(*, by: Person, at: datetime) -> None:
    today = reference.today(at)
    known = places.gazetteer().by_code
    rows = list(Station.objects.order_by("pk"))
    for n, (code, station, low) in enumerate(PLACES):
        if code not in known:
            continue
        survey = tides.Survey(
            place=code,
            station=rows[station].pk,
            datum="MSL",
            heights={level: round(low - MEAN + STEP * step, 2) for step, level in enumerate(LEVELS)},
            surveyed_on=today - timedelta(days=120),
            valid_until=today + timedelta(days=245),
            basis="SK contoh 360/1 (simulasi)",
            effective_from=today,
        )
        tides.set_thresholds(said=survey, by=by, at=at)
        # They hold since the survey: the demo has a past that nobody lived through.
        past = Threshold.objects.filter(place=code)
        past.update(effective_from=today - timedelta(days=120))
        if n == EXPIRED:
            past.update(surveyed_on=today - timedelta(days=420), valid_until=today - timedelta(days=55))


def _past(station: Station, *, at: datetime) -> None:
    """What the outlook of each eve would have said, worked out afterwards, and what came of it."""
    fit = Fit.objects.filter(station=station).order_by("-version").first()
    if fit is None:
        return
    constants, spread = Constants.from_json(fit.constants), Spread.from_json(fit.spread)
    memory, today = reference.memory(at=at), reference.today(at)
    start = outlooks.bounds(today - timedelta(days=SCORED_DAYS + 4))[0]
    rows = [one for one in sensing.hourly(station.datastream, start=start, until=at)]
    measured = {one.hour: one.mean for one in rows}
    hours = [start + HOUR * n for n in range(int((at - start) / HOUR) + 24)]
    tide = dict(zip(hours, harmonics.predict(hours, constants), strict=True))
    held = [one for one in thresholds.in_force(on=today, at=at) if one.row.station_id == station.pk]
    made = []
    for back in range(1, SCORED_DAYS + 1):
        day = today - timedelta(days=back)
        begins, ends = outlooks.bounds(day)
        eve = begins - HOUR * 6
        residual = _recent(measured, tide, eve, memory.hours)
        peak = max(
            tide[hour] + residual * memory.share((hour - eve) / HOUR)
            for hour in hours
            if begins <= hour < ends
        )
        for one in held:
            found = probability.chance(
                heights=[peak], bias=spread.day_bias[1], sigma=spread.day_sigma[1], threshold=one.limit
            )
            made.append(
                Chance(
                    place=one.row.place,
                    day=day,
                    level=one.row.level,
                    lead=1,
                    station=station,
                    threshold=one.row,
                    probability=found.probability,
                    expected=found.expected,
                    sigma=found.sigma,
                    limit=found.threshold,
                    residual=residual,
                    at=eve,
                )
            )
    Chance.objects.bulk_create(made, ignore_conflicts=True)
    for back in range(1, SCORED_DAYS + 1):
        scoring.score_day(station, today - timedelta(days=back), at=at)


def _recent(measured: dict, tide: dict, eve: datetime, hours: int) -> float:
    known = sorted(
        measured[hour] - tide[hour]
        for hour in (eve - HOUR * n for n in range(hours))
        if hour in measured and hour in tide
    )
    cut = len(known) // 4
    middle = known[cut : len(known) - cut]
    return sum(middle) / len(middle) if middle else 0.0


def times_due(first: datetime, *, at: datetime) -> list[datetime]:
    """The moments of values from the first that is missing up to now, and none that is still to come."""
    return [first + EVERY * n for n in range(max(0, (at - first) // EVERY + 1))]


def measure_now(*, at: datetime) -> int:
    """Send what the gauges have measured since their last value. Returns how many."""
    rows_of_city = list(Station.objects.filter(is_simulated=True).order_by("pk"))
    if get_city().slug != CITY or not rows_of_city:
        return 0
    since, sent = rows_of_city[0].opened_at, 0
    for number, station in enumerate(rows_of_city):
        newest = sensing.latest([station.datastream]).get(station.datastream)
        first = max(newest.time + EVERY if newest else _whole_hour(since), at - timedelta(days=7))
        times = times_due(first, at=at)
        if times:
            found = heights(number, times, began=since)
            rows = [
                sensing.Row(station.datastream, moment, round(height, 3))
                for moment, height in zip(times, found, strict=True)
            ]
            sent += len(sensing.ingest(rows, at=at))
    return sent
