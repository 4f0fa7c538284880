"""The sea as numbers: a fit that survives what gauges do, chances that behave as chances, a ladder that does not flicker."""

from __future__ import annotations

import json
import math
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guyub.rooms.tides import harmonics, ladder, probability, residuals, rules
from guyub.rooms.tides.harmonics import Constants
from guyub.rooms.tides.ladder import LEVELS, Level, Marks, Signal, Source, Standing
from guyub.rooms.tides.probability import Aggravation, Kind
from guyub.rooms.tides.residuals import Memory
from guyub.rooms.tides.rules import Fitness, No

T0 = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
SEA = Constants(
    ("K1", "O1", "M2", "S2", "N2"),
    (0.21, 0.09, 0.10, 0.06, 0.02),
    (40.0, 20.0, 230.0, 170.0, 200.0),
    1.6,
    -6.86,
)


@pytest.fixture(scope="module")
def sea():
    """Ninety days of tide and a little wind, and the week after."""
    times = [T0 + HOUR * n for n in range(97 * 24)]
    rng = random.Random(4)
    heights = [height + rng.gauss(0, 0.02) for height in harmonics.predict(times, SEA)]
    return times, heights


def _spoilt(heights, kind):
    rng, row = random.Random(9), list(heights)
    if kind == "spikes":
        for n in rng.sample(range(len(row)), 60):
            row[n] += rng.choice((-1, 1)) * rng.uniform(0.5, 4)
    elif kind == "sentinel":
        row[300:420] = [9.999] * 120
        row[900:930] = [-99.0] * 30
    elif kind == "zeros":
        row[1000:1100] = [0.0] * 100
    elif kind == "stuck":
        row[500:640] = [row[500]] * 140
    elif kind == "gaps":
        row = [value for n, value in enumerate(row) if not 700 <= n < 900]
    return row


@pytest.mark.parametrize("kind", ["nothing", "spikes", "sentinel", "zeros", "stuck", "gaps"])
def test_a_fit_survives_what_gauges_do(sea, kind):
    times, heights = sea
    known = 90 * 24
    kept = [n for n in range(known) if kind != "gaps" or not 700 <= n < 900]
    row = _spoilt(heights[:known], kind)
    found = harmonics.fit([(times[n], row[i]) for i, n in enumerate(kept)], latitude=-6.86)
    said = Constants.from_json(json.loads(json.dumps(found.constants.as_json())))
    week = harmonics.predict(times[known:], said)
    wrong = math.sqrt(sum((a - b) ** 2 for a, b in zip(week, heights[known:], strict=True)) / len(week))
    assert wrong < 0.04
    assert found.rejected >= {"spikes": 50, "sentinel": 150, "zeros": 100, "stuck": 130}.get(kind, 0)


def test_a_young_gauge_is_not_fitted(sea):
    times, heights = sea
    for hours in (0, 24, 29 * 24):
        with pytest.raises(harmonics.TooLittle):
            harmonics.fit(list(zip(times[:hours], heights[:hours], strict=True)), latitude=-6.86)
    with pytest.raises(harmonics.TooLittle):  # most of it missing
        harmonics.fit(list(zip(times[::4], heights[::4], strict=True))[: 8 * 24], latitude=-6.86)
    assert harmonics.predict([], SEA) == []


PUBLISHED = {
    "port": "Pelabuhan Contoh",
    "latitude": -6.85,
    "longitude": 109.69,
    "source": "Uji",
    "constituents": [
        {"name": name, "amplitude": size, "phase": phase}
        for name, size, phase in zip(SEA.names, SEA.amplitudes, SEA.phases, strict=True)
    ]
    + [{"name": "LAM2", "amplitude": 0.01, "phase": 1}, {"name": "XYZ9", "amplitude": 1, "phase": 1}],
}
HERE = {"port": "contoh", "latitude": -6.86, "longitude": 109.69, "most_km": 5}


def test_published_constants_are_of_the_same_port_or_refused(sea):
    found = harmonics.published(PUBLISHED, **HERE)
    assert found.names == (*SEA.names, "LDA2")
    times, heights = sea
    assert max(abs(a - b - 1.6) for a, b in zip(heights, harmonics.predict(times, found), strict=True)) < 0.2
    for wrong, why in (
        ({"port": "Jakarta"}, "NAME"),
        ({"port": ""}, "NAME"),
        ({"latitude": -6.1}, "DISTANCE"),
    ):
        with pytest.raises(harmonics.OtherPort) as refused:
            harmonics.published({**PUBLISHED, **wrong}, **HERE)
        assert refused.value.args == (why,)
    with pytest.raises(harmonics.OtherPort):  # nowhere at all
        harmonics.published({**PUBLISHED, "latitude": math.nan}, **HERE)
    for rows in ([], [{"name": "M2", "amplitude": math.inf, "phase": 1}] * 5, PUBLISHED["constituents"] * 2):
        with pytest.raises(ValueError):
            harmonics.published({**PUBLISHED, "constituents": rows}, **HERE)


def test_every_name_that_tables_give_is_known_to_the_library():
    import utide

    assert set(utide.constit_index_dict) >= harmonics.USUAL


def test_the_residual_fades_and_a_spike_does_not_lift_it():
    memory = Memory(50, 240)
    tide = {T0 + HOUR * n: 1.0 for n in range(100)}
    observed = {at: 1.2 for at in tide}
    observed[T0 + HOUR * 60] = 9.0
    found = residuals.recent(observed, tide, at=T0 + HOUR * 70, memory=memory)
    assert found == pytest.approx(0.2)
    ahead = residuals.ahead([1.0] * 168, found, memory=memory)
    assert ahead == sorted(ahead, reverse=True)
    assert ahead[0] == pytest.approx(1.2, abs=0.001)
    assert ahead[-1] == pytest.approx(1 + 0.2 * math.exp(-168 / 240))
    few = dict(list(observed.items())[:5])
    assert residuals.recent(few, tide, at=T0 + HOUR * 40, memory=memory) is None
    assert residuals.ahead([1.0], None, memory=memory) == [1.0]


def test_the_spread_is_what_the_residual_really_does():
    rng = random.Random(5)
    left, value = [], 0.0
    for _n in range(24 * 300):
        value = value * math.exp(-1 / 60) + rng.gauss(0, 0.06 * math.sqrt(1 - math.exp(-2 / 60)))
        left.append(value)
    tide = [0.3 * math.sin(n / 3.8) for n in range(len(left))]
    found = residuals.measure(left, tide, memory=Memory())
    assert 0.02 <= found.hours[0] < found.hours[-1] < 0.09
    assert 0.02 < found.day_sigma[0] < 0.09
    holes = [None if n % 500 < 200 else value for n, value in enumerate(left)]
    assert residuals.measure(holes, tide, memory=Memory()).origins > 5
    assert residuals.measure([None] * 1000, tide[:1000], memory=Memory()).origins == 0
    again = residuals.Spread.from_json(json.loads(json.dumps(found.as_json())))
    assert again.hours[5] == pytest.approx(found.hours[5], abs=1e-4)


metres = st.floats(-3, 3)


@given(metres, metres, st.floats(0, 1), st.floats(0, 0.5))
def test_a_chance_is_a_chance(expected, threshold, sigma, lowers):
    one = probability.above(expected=expected, sigma=sigma, threshold=threshold)
    assert 0 <= one <= 1
    assert probability.above(expected=expected + 0.1, sigma=sigma, threshold=threshold) >= one
    assert probability.above(expected=expected, sigma=sigma, threshold=threshold + 0.1) <= one
    plain = probability.chance(heights=[expected], bias=0, sigma=sigma, threshold=threshold)
    worse = probability.chance(heights=[expected], bias=0, sigma=sigma, threshold=threshold, lowers=lowers)
    assert worse.probability >= plain.probability
    seen = probability.chance(
        heights=[expected], bias=0, sigma=sigma, threshold=threshold, seen=threshold + 0.01
    )
    assert seen.probability == 1
    assert seen.expected >= threshold


RULES = [
    Aggravation("hujan", Kind.RAIN_MEASURED, 20, 3, lowers=0.1),
    Aggravation("lebat", Kind.RAIN_MEASURED, 50, 3, lowers=0.15, raises=1),
    Aggravation("bmkg", Kind.RAIN_FORECAST, 20, 6, lowers=0.05),
    Aggravation("pompa", Kind.PUMP_OUT, 1, lowers=0.1),
]


def test_what_aggravates_is_counted_once_and_within_limits():
    seen = {(Kind.RAIN_MEASURED, 3): 60.0, (Kind.RAIN_FORECAST, 6): 30.0, (Kind.PUMP_OUT, 0): 2.0}
    found = probability.holding(RULES, seen)
    assert [one.code for one in found] == ["pompa", "bmkg", "lebat"]
    assert probability.together(found, most_lowers=0.5) == (pytest.approx(0.25), 1)
    assert probability.together(found, most_lowers=0.2) == (0.2, 1)
    assert probability.holding(RULES, {(Kind.RAIN_MEASURED, 3): 19.9, (Kind.PUMP_OUT, 0): 0.0}) == []
    assert probability.together([], most_lowers=1) == (0, 0)


# ── The ladder ─────────────────────────────────────────────────────────────────────────────────────────────

MARKS = Marks()
LIMITS = {Level.WASPADA: 0.9, Level.SIAGA: 1.05, Level.AWAS: 1.2}
shares = st.floats(0, 1)
signals = st.builds(
    lambda one, two, three, raises, water: Signal(
        dict(zip(LEVELS, sorted((one, two, three), reverse=True), strict=True)), raises, water, LIMITS
    ),
    shares,
    shares,
    shares,
    st.integers(0, 1),
    st.none() | st.floats(0, 1.5),
)


def _chances(*percents):
    return {level: percent / 100 for level, percent in zip(LEVELS, percents, strict=True)}


@pytest.mark.parametrize(
    ("percents", "expected"),
    [
        ((0, 0, 0), Level.NORMAL),
        ((29, 0, 0), Level.NORMAL),
        ((30, 0, 0), Level.WASPADA),
        ((60, 29, 0), Level.WASPADA),
        ((90, 30, 0), Level.WASPADA),
        ((90, 60, 10), Level.SIAGA),
        ((95, 70, 30), Level.SIAGA),
        ((99, 90, 60), Level.AWAS),
    ],
)
def test_two_marks_make_four_levels(percents, expected):
    assert ladder.forecast_level(_chances(*percents), MARKS) == expected
    assert ladder.forecast_level(_chances(*percents), MARKS, raises=1) == (
        expected.higher(1) if expected else 0
    )


@settings(max_examples=200)
@given(st.lists(st.tuples(signals, st.integers(1, 300)), min_size=1, max_size=40))
def test_up_at_once_and_down_only_after_a_calm(row):
    standing, at = Standing(since=T0), T0
    for signal, minutes in row:
        at += timedelta(minutes=minutes)
        before = standing
        standing = ladder.step(before, signal, at=at, marks=MARKS)
        wanted = max(
            ladder.forecast_level(signal.chances, MARKS, raises=signal.raises),
            ladder.observed_level(signal.water, LIMITS),
        )
        assert standing.level >= wanted  # never below what is known
        assert standing.level >= ladder.observed_level(signal.water, LIMITS)  # the gauge beats every chance
        if standing.level > before.level:
            assert standing.level == wanted
        if standing.level < before.level:
            assert before.calm_since is not None
            assert at - before.calm_since >= timedelta(hours=MARKS.calm_hours)
        assert ladder.step(standing, signal, at=at, marks=MARKS).level == standing.level  # twice is once


def test_a_level_comes_down_after_six_hours_below_the_lower_mark():
    high = Signal(_chances(95, 70, 0), 0, 0.5, LIMITS)
    between = Signal(_chances(95, 55, 0), 0, 0.5, LIMITS)  # below 60, not below 50
    low = Signal(_chances(10, 0, 0), 0, 0.5, LIMITS)
    standing = ladder.step(Standing(since=T0), high, at=T0, marks=MARKS)
    assert (standing.level, standing.source) == (Level.SIAGA, Source.FORECAST)
    for hours in (1, 20):
        standing = ladder.step(standing, between, at=T0 + HOUR * hours, marks=MARKS)
        assert standing.level == Level.SIAGA
    standing = ladder.step(standing, low, at=T0 + HOUR * 21, marks=MARKS)
    standing = ladder.step(standing, low, at=T0 + HOUR * 26, marks=MARKS)
    assert standing.level == Level.SIAGA
    standing = ladder.step(standing, low, at=T0 + HOUR * 27, marks=MARKS)
    assert standing.level == Level.NORMAL


def test_water_over_the_mark_beats_a_quiet_forecast():
    quiet = Signal(_chances(1, 0, 0), 0, 1.06, LIMITS)
    standing = ladder.step(Standing(since=T0), quiet, at=T0, marks=MARKS)
    assert (standing.level, standing.source) == (Level.SIAGA, Source.OBSERVED)
    wave = Signal(_chances(1, 0, 0), 0, 1.02, LIMITS)  # within five centimetres below: it holds
    for hours in range(1, 12):
        standing = ladder.step(standing, wave, at=T0 + HOUR * hours, marks=MARKS)
    assert standing.level == Level.SIAGA


def test_marks_that_contradict_each_other_are_refused():
    for wrong in ({"possible": 70}, {"below": 30}, {"likely": 101}, {"margin": -1.0}, {"calm_hours": -1}):
        with pytest.raises(ValueError):
            Marks(**wrong)


# ── Thresholds ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_threshold_ends_by_its_date_or_by_the_land():
    def fitness(on, cm):
        return rules.aged(
            surveyed_on=date(2026, 1, 1),
            valid_until=date(2027, 1, 1),
            on=on,
            cm_a_year=cm,
            margin=0.10,
            warn_days=60,
        )

    assert fitness(date(2026, 6, 1), 0).fitness == Fitness.GOOD
    assert fitness(date(2026, 11, 15), 0).fitness == Fitness.SOON
    assert fitness(date(2027, 1, 1), 0).fitness == Fitness.EXPIRED
    sunk = fitness(date(2026, 7, 15), 20)
    assert (sunk.fitness, round(sunk.sunk, 2)) == (Fitness.SUNK, 0.11)
    assert sunk.is_worn


def test_a_threshold_that_cannot_be_is_refused_with_its_reason():
    good = {
        "metres": 1.0,
        "surveyed_on": date(2026, 1, 1),
        "valid_until": date(2027, 1, 1),
        "effective_from": date(2026, 11, 20),
        "today": date(2026, 11, 20),
        "others": {1: 0.9, 3: 1.2},
        "level": 2,
        "above_gauge": 1.0,
    }
    assert rules.may_set(**good) is None
    for change, why in (
        ({"above_gauge": None}, No.NO_DATUM),
        ({"metres": 25.0}, No.METRES),
        ({"metres": math.nan}, No.METRES),
        ({"surveyed_on": date(2026, 11, 21)}, No.SURVEY_LATER),
        ({"valid_until": date(2026, 11, 20)}, No.VALID_TOO_SHORT),
        ({"valid_until": date(2032, 1, 1)}, No.VALID_TOO_LONG),
        ({"effective_from": date(2026, 11, 19)}, No.IN_THE_PAST),
        ({"above_gauge": 0.9}, No.ORDER),
        ({"above_gauge": 1.2}, No.ORDER),
    ):
        assert rules.may_set(**{**good, **change}) == why
