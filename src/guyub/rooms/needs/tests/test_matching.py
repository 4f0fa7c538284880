"""What fits, in which order, and that the points are all there is to it."""

from __future__ import annotations

import json
from importlib import resources

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guyub.rooms.needs.matching import Ground, Line, Near, Offered, Why, in_order, matched, nearness
from guyub.rooms.needs.rules import Resource

CITY, HERE, NEXT, DISTRICT, FAR = "32.73", "32.73.02.1004", "32.73.02.1005", "32.73.02", "32.73.09.1001"
GROUND = Ground(HERE, frozenset({DISTRICT}), frozenset({NEXT}), CITY)
SEEDS = json.loads((resources.files("guyub.kernel.rulebook") / "seeds" / "needs.json").read_text("utf-8"))
POINTS = next(one["value"] for one in SEEDS if one["key"] == "match")
LINES = (Line(1, "GOODS", 200, "karung"), Line(2, "HOURS", 40, "jam"))

# What is slow is the machine that others use too, never the rule.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
codes = st.lists(st.sampled_from([CITY, HERE, NEXT, DISTRICT, FAR]), max_size=3).map(tuple)
offers = st.builds(
    Offered,
    id=st.integers(1, 50),
    partner=st.one_of(st.none(), st.integers(1, 9)),
    resource=st.sampled_from([one.value for one in Resource]),
    unit=st.sampled_from(["karung", "jam", "kali"]),
    left=st.integers(0, 300),
    themes=st.lists(st.sampled_from(["bencana", "sampah"]), max_size=2).map(tuple),
    places=codes,
    is_verified=st.booleans(),
    on_time=st.integers(0, 3),
    delivered=st.integers(0, 3),
    late=st.integers(0, 3),
)


def match(offered: Offered):
    return matched("bencana", GROUND, LINES, offered, POINTS)


def test_every_reason_has_its_points_in_the_rulebook():
    assert set(POINTS) == {why.value for why in Why}


def test_near_is_told_from_far():
    near = {
        (HERE,): Near.SAME,
        (DISTRICT,): Near.AROUND,
        (NEXT,): Near.NEIGHBOUR,
        (CITY,): Near.CITY,
        (FAR,): None,
    }
    assert {places: nearness(places, GROUND) for places in near} == near
    assert nearness((FAR, CITY, NEXT), GROUND) == Near.NEIGHBOUR
    assert nearness((FAR,), Ground(CITY, frozenset(), frozenset(), CITY)) == Near.CITY


def test_the_reasons_are_told_one_by_one():
    fresh = Offered(7, None, "HOURS", "jam", 60, ("bencana",), (HERE,))
    assert [reason.why for reason in match(fresh).reasons] == [Why.THEME, Why.PLACE_SAME, Why.ENOUGH]
    old = Offered(8, 3, "GOODS", "truk", 5, (), (CITY,), True, on_time=2, delivered=3, late=1)
    why = [Why.ANY_THEME, Why.PLACE_CITY, Why.OTHER_UNIT, Why.ON_TIME, Why.LATE, Why.VERIFIED]
    assert [reason.why for reason in match(old).reasons] == why
    both = Line(3, "HOURS", 500, "jam")
    assert (
        matched("bencana", GROUND, (both, *LINES), fresh, POINTS).line == 2
    )  # the line that it can serve whole


@PATIENT
@given(offers)
def test_an_offer_fits_only_what_it_is_meant_for(offered):
    found = match(offered)
    fits = (
        offered.resource in ("GOODS", "HOURS")
        and offered.left > 0
        and (not offered.themes or "bencana" in offered.themes)
        and nearness(offered.places, GROUND) is not None
    )
    assert (found is not None) == fits
    if found is not None:
        assert found.points == sum(POINTS[reason.why] for reason in found.reasons)
        assert len({reason.why for reason in found.reasons}) == len(found.reasons)


@PATIENT
@given(st.lists(offers, max_size=20, unique_by=lambda one: one.id), st.randoms())
def test_the_order_is_the_points_and_nothing_else(listed, chance):
    found = [one for one in map(match, listed) if one is not None]
    ordered = in_order(found)
    mixed = list(found)
    chance.shuffle(mixed)
    assert in_order(mixed) == ordered  # the same whatever came first
    assert [one.points for one in ordered] == sorted((one.points for one in found), reverse=True)


@PATIENT
@given(offers)
def test_more_of_what_is_good_never_lowers(offered):
    found = match(offered)
    if found is None:
        return
    nearer = Offered(**{**_fields(offered), "places": (HERE,)})
    kept = Offered(**{**_fields(offered), "on_time": offered.on_time + 1})
    assert match(nearer).points >= found.points
    assert match(kept).points >= found.points


def _fields(offered: Offered) -> dict:
    return {name: getattr(offered, name) for name in Offered.__slots__}
