"""What is wrong with a value: plain tests, each with a flag. A flag never deletes; figures and fits leave bad ones out.

The tests and their grades follow QARTOD: gross range and known sentinels when a value comes, the others by a job that
sees its neighbours in time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, IntFlag
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple


class Flag(IntFlag):
    """Stored as a number: a flag keeps its bit for ever."""

    RANGE = 1
    SENTINEL = 2
    SPIKE = 4
    FLAT = 8
    RATE = 16
    GAP = 32
    DRIFT = 64
    OFFICER_BAD = 128
    OFFICER_GOOD = 256


class Quality(IntEnum):
    GOOD = 1
    SUSPECT = 3
    BAD = 4


_BAD = Flag.RANGE | Flag.SENTINEL | Flag.SPIKE | Flag.FLAT
_SUSPECT = Flag.RATE | Flag.DRIFT
BY_PEOPLE = Flag.OFFICER_BAD | Flag.OFFICER_GOOD
AT_ONCE = Flag.RANGE | Flag.SENTINEL


def quality_of(flags: int) -> Quality:
    """What an officer says stands above every test; a gap says nothing against the value after it."""
    if flags & Flag.OFFICER_BAD:
        return Quality.BAD
    if flags & Flag.OFFICER_GOOD:
        return Quality.GOOD
    if flags & _BAD:
        return Quality.BAD
    return Quality.SUSPECT if flags & _SUSPECT else Quality.GOOD


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a datastream: the rulebook's for its kind, with what it says otherwise itself."""

    low: float | None = None
    high: float | None = None
    sentinels: frozenset[float] = frozenset()
    spike: float | None = None
    rate_an_hour: float | None = None
    flat_hours: float | None = None
    drift: float | None = None


def limits_of(*layers: Mapping[str, Any]) -> Limits:
    """Later layers stand above earlier ones; a key set to null turns a test off."""
    known = {name: value for layer in layers for name, value in layer.items() if name in Limits.__slots__}
    known["sentinels"] = frozenset(map(float, known.get("sentinels") or ()))
    return Limits(**known)


def at_once(tests: Limits) -> Callable[[float], int]:
    """The tests that need nothing but the value."""
    low = float("-inf") if tests.low is None else tests.low
    high = float("inf") if tests.high is None else tests.high
    sentinels = tests.sentinels

    def look(value: float) -> int:
        if value in sentinels:
            return int(Flag.SENTINEL)
        return 0 if low <= value <= high else int(Flag.RANGE)

    return look


class Point(NamedTuple):
    time: datetime
    value: float
    flags: int


AROUND = 3
"""How many values on either side a spike is held against."""
GAP_STEPS = 3
_LONGEST_STEP = timedelta(hours=6)


def reach(tests: Limits, *, cadence: int | None) -> timedelta:
    """How far back a new value can change what is said of older ones: a flat line is seen only when it has lasted."""
    around = timedelta(seconds=(AROUND + 1) * (cadence or 0))
    return max(timedelta(hours=tests.flat_hours or 0), timedelta(hours=6), around)


def look_again(points: Sequence[Point], tests: Limits, *, cadence: int | None) -> list[int]:
    """The flags of each point by the tests that need its neighbours; those set at once and by people stay.

    Points come in the order of time. Values that are known to be wrong speak neither for nor against others.
    """
    found: list[int] = [
        int(point.flags & (AT_ONCE | BY_PEOPLE)) | (point.flags & Flag.DRIFT) for point in points
    ]
    sound = [n for n, point in enumerate(points) if not point.flags & (AT_ONCE | Flag.OFFICER_BAD)]
    for n, flag in (
        *_spikes(points, sound, tests.spike),
        *_flat(points, sound, tests.flat_hours),
        *_gaps(points, cadence),
    ):
        found[n] |= flag
    steady = [n for n in sound if not found[n] & Flag.SPIKE]
    for n, flag in _fast(points, steady, tests.rate_an_hour):
        found[n] |= flag
    return found


_Found = list[tuple[int, int]]


def _spikes(points: Sequence[Point], sound: list[int], most: float | None) -> _Found:
    """Values that stand off from what was before and from what came after: a step, which stays, is none."""
    if most is None:
        return []
    values = [points[n].value for n in sound]
    found = []
    for place, n in enumerate(sound):
        sides = values[max(place - AROUND, 0) : place], values[place + 1 : place + 1 + AROUND]
        if all(sides) and all(abs(values[place] - median(side)) > most for side in sides):
            found.append((n, int(Flag.SPIKE)))
    return found


def _flat(points: Sequence[Point], sound: list[int], hours: float | None) -> _Found:
    """Runs of the very same value that last too long."""
    if hours is None:
        return []
    found: _Found = []
    run: list[int] = []
    for n in [*sound, None]:
        if run and (n is None or points[n].value != points[run[0]].value):
            if points[run[-1]].time - points[run[0]].time >= timedelta(hours=hours):
                found += [(one, int(Flag.FLAT)) for one in run]
            run = []
        if n is not None:
            run.append(n)
    return found


def _fast(points: Sequence[Point], steady: list[int], most: float | None) -> _Found:
    """Values that are farther from the one before than the time between allows. After a long gap anything may be."""
    if most is None:
        return []
    found = []
    for before, n in pairwise(steady):
        step = points[n].time - points[before].time
        hours = max(step / timedelta(hours=1), 1 / 60)
        if step <= _LONGEST_STEP and abs(points[n].value - points[before].value) / hours > most:
            found.append((n, int(Flag.RATE)))
    return found


def _gaps(points: Sequence[Point], cadence: int | None) -> _Found:
    """The first value after a silence of several steps."""
    if cadence is None:
        return []
    most = timedelta(seconds=cadence * GAP_STEPS)
    pairs = pairwise(points)
    return [
        (n, int(Flag.GAP)) for n, (before, point) in enumerate(pairs, 1) if point.time - before.time > most
    ]


LEAST_HOURS = 12


def drifted(
    own: Mapping[datetime, float], other: Mapping[datetime, float], *, since: datetime, most: float
) -> bool:
    """Whether a sensor has moved away from its neighbour: the usual distance between them, by hours, has changed.

    `since` parts the days that are judged from those that say what is usual.
    """
    apart = {hour: value - other[hour] for hour, value in own.items() if hour in other}
    usual = [value for hour, value in apart.items() if hour < since]
    now = [value for hour, value in apart.items() if hour >= since]
    if len(usual) < 3 * LEAST_HOURS or len(now) < LEAST_HOURS:
        return False
    return abs(median(now) - median(usual)) > most
