"""The tests of values, as plain rules: what they find, and that looking again in pieces finds the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from guyub.rooms.sensing import quality
from guyub.rooms.sensing.quality import Flag, Limits, Point, Quality, limits_of, quality_of

START = datetime(2026, 11, 1, tzinfo=UTC)
TESTS = Limits(spike=0.35, rate_an_hour=1.2, flat_hours=4, drift=0.25)


def points(values, *, minutes=30, flags=0):
    return [Point(START + timedelta(minutes=minutes * n), value, flags) for n, value in enumerate(values)]


def flags(values, **more):
    return [Flag(one) for one in quality.look_again(points(values, **more), TESTS, cadence=1800)]


def test_what_each_test_finds():
    look = quality.at_once(limits_of({"low": -2, "high": 6, "sentinels": [-999, 9999]}, {"high": 5}))
    assert [look(v) for v in (1.0, 5.5, -3.0, -999.0)] == [0, Flag.RANGE, Flag.RANGE, Flag.SENTINEL]
    assert look(float("1e308")) == Flag.RANGE
    assert quality.at_once(limits_of({}))(1e9) == 0
    wave = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4]
    assert not any(flags(wave))
    assert flags([*wave[:3], 2.0, *wave[3:]])[3] == Flag.SPIKE
    stuck = flags([0.4, *[0.5] * 9, 0.6])
    assert stuck[1:10] == [Flag.FLAT] * 9
    assert stuck[0] == stuck[10] == 0
    assert not any(flags([0.4, *[0.5] * 8, 0.6]))  # three and a half hours
    assert flags([0, 0, 0, 0, 0.9, 0.9, 0.9, 0.9])[4] == Flag.RATE
    jump = points([0.1, 0.2])
    late = [jump[0], Point(START + timedelta(hours=2), 0.2, 0)]
    assert quality.look_again(late, TESTS, cadence=1800)[1] == Flag.GAP
    assert quality.look_again(late, TESTS, cadence=None)[1] == 0


def test_a_value_known_to_be_wrong_speaks_for_nobody():
    values = [0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4]
    marked = points(values)
    marked[3] = marked[3]._replace(value=-999.0, flags=int(Flag.SENTINEL))
    assert quality.look_again(marked, TESTS, cadence=1800) == [0, 0, 0, Flag.SENTINEL, 0, 0, 0]


def test_what_an_officer_says_stands():
    assert quality_of(0) is Quality.GOOD
    assert quality_of(Flag.GAP) is Quality.GOOD
    assert quality_of(Flag.DRIFT) is Quality.SUSPECT
    assert quality_of(Flag.SPIKE | Flag.DRIFT) is Quality.BAD
    assert quality_of(Flag.SPIKE | Flag.OFFICER_GOOD) is Quality.GOOD
    assert quality_of(Flag.OFFICER_BAD) is Quality.BAD


def test_a_sensor_that_moves_away_from_its_neighbour():
    hours = [START + timedelta(hours=n) for n in range(24 * 30)]
    since = hours[-24]
    own = {hour: n % 12 / 10 for n, hour in enumerate(hours)}
    other = {hour: value + 0.4 for hour, value in own.items()}
    assert not quality.drifted(own, other, since=since, most=0.25)
    moved = {hour: value + (0.3 if hour >= since else 0) for hour, value in own.items()}
    assert quality.drifted(moved, other, since=since, most=0.25)
    assert not quality.drifted({}, other, since=since, most=0.25)


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.sampled_from([0.1, 0.1, 0.1, 0.2, 0.9, -0.7]), min_size=1, max_size=80),
    st.integers(min_value=1, max_value=79),
)
def test_looking_at_what_is_new_finds_what_looking_at_all_does(values, cut):
    """As the job does: flags from before stay except as far back as new values reach."""
    whole = points(values)
    wanted = quality.look_again(whole, TESTS, cadence=1800)
    known = quality.look_again(whole[:cut], TESTS, cadence=1800) + [0] * max(len(whole) - cut, 0)
    marked = [point._replace(flags=flag) for point, flag in zip(whole, known, strict=False)]
    if cut < len(whole):
        start = whole[cut].time - quality.reach(TESTS, cadence=1800)
        seen = [
            n for n, point in enumerate(marked) if point.time >= start - quality.reach(TESTS, cadence=1800)
        ]
        found = quality.look_again([marked[n] for n in seen], TESTS, cadence=1800)
        for n, flag in zip(seen, found, strict=True):
            if marked[n].time >= start:
                known[n] = flag
    assert known[: len(whole)] == wanted
    again = [point._replace(flags=flag) for point, flag in zip(whole, wanted, strict=True)]
    assert quality.look_again(again, TESTS, cadence=1800) == wanted
