"""Clusters, independence and what gauges say, by properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from guyub.rooms.floods import rules
from guyub.rooms.floods.rules import Limits, Sighting, Trust

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
LIMITS = Limits(metres=300, within=timedelta(hours=3), voices=3, networks=2)
names = st.sampled_from(["", "a", "b", "c", "d"])
points = st.one_of(
    st.none(),
    st.tuples(st.floats(-6.95, -6.93), st.floats(107.60, 107.62)),
)


@st.composite
def sightings(draw, most=9):
    found = []
    for key in range(draw(st.integers(0, most))):
        point = draw(points)
        found.append(
            Sighting(
                key=key,
                at=NOW - timedelta(minutes=draw(st.integers(0, 600))),
                place=draw(st.sampled_from(["32.73.02.1004", "32.73.02.1005"])),
                depth=draw(st.integers(0, rules.DEEPEST)),
                lat=point and point[0],
                lon=point and point[1],
                device=draw(names),
                address=draw(names),
                network=draw(st.sampled_from(["", "x", "y"])),
                is_dry=draw(st.booleans()),
            )
        )
    return found


@given(sightings())
def test_chains_part_all_sightings_and_part_nothing_that_is_linked(seen):
    groups = rules.chains(seen, LIMITS)
    assert sorted(one.key for group in groups for one in group) == [one.key for one in seen]
    where = {one.key: n for n, group in enumerate(groups) for one in group}
    for one in seen:
        for other in seen:
            if rules.linked(one, other, LIMITS):
                assert where[one.key] == where[other.key]
    for group in groups:  # and each of several is linked with another of its own
        for one in group:
            assert len(group) == 1 or any(rules.linked(one, o, LIMITS) for o in group if o.key != one.key)


@given(sightings(), st.randoms())
def test_the_order_of_sightings_changes_nothing(seen, random):
    mixed = list(seen)
    random.shuffle(mixed)

    def plain(groups):
        return sorted(sorted(one.key for one in group) for group in groups)

    assert plain(rules.chains(seen, LIMITS)) == plain(rules.chains(mixed, LIMITS))
    assert rules.independent(seen) == rules.independent(mixed)
    assert rules.depth_of(seen) == rules.depth_of(mixed)


@given(sightings())
def test_independent_ones_share_neither_device_nor_address(seen):
    n = rules.independent(seen)
    assert n <= len({one.device for one in seen if one.device and one.address})
    assert n <= len({one.address for one in seen if one.device and one.address})
    assert rules.independent(seen + seen) == n, "saying it twice is no second voice"
    if rules.is_confirmed(seen, LIMITS):
        assert n >= 3
        assert len({one.network for one in seen if one.network}) >= 2


def test_many_devices_behind_one_address_are_one_voice_and_the_best_choice_is_found():
    def one(device, address, network="x"):
        return Sighting(key=0, at=NOW, place="p", depth=10, device=device, address=address, network=network)

    assert rules.independent([one("a", "1"), one("b", "1"), one("c", "1")]) == 1
    # Taken as they come, a at 1 would leave b without an address.
    chosen = [one("a", "1"), one("a", "2"), one("b", "1")]
    assert rules.independent(chosen) == 2
    alike = [one("a", "1"), one("b", "2"), one("c", "3")]
    assert not rules.is_confirmed(alike, LIMITS), "one network only"
    assert rules.is_confirmed([*alike[:2], one("c", "3", "y")], LIMITS)


@given(sightings())
def test_depth_is_the_median_within_its_range_of_who_still_sees_water(seen):
    found = rules.depth_of(seen)
    wet = [one.depth for one in seen if not one.is_dry]
    if not wet:
        assert found is None
        return
    assert found.low == min(wet) <= found.depth <= max(wet) == found.high
    assert sum(depth <= found.depth + 1 for depth in wet) * 2 >= len(wet)


@given(sightings(), st.integers(0, 20))
def test_a_cluster_dries_by_silence_or_by_half_of_its_people(seen, hours):
    at, quiet = NOW + timedelta(hours=hours), timedelta(hours=3)
    if rules.has_dried(seen, at=at, quiet=quiet) and seen:
        silent = all(at - one.at >= quiet for one in seen)
        assert silent or 2 * sum(one.is_dry for one in seen) >= len(seen)


def test_water_that_is_told_of_after_it_was_gone_has_come_again():
    hour, quiet = timedelta(hours=1), timedelta(hours=3)
    gone = Sighting(1, NOW, "33.75.03.1009", 30, is_dry=True, dried_at=NOW + hour / 2)
    before, after = (
        Sighting(2, NOW + span, "33.75.03.1009", 50) for span in (timedelta(minutes=10), timedelta(hours=1))
    )
    assert rules.has_dried([gone, before], at=NOW + hour, quiet=quiet)
    assert not rules.has_dried([gone, after], at=NOW + hour, quiet=quiet)
    assert rules.has_dried([gone, after], at=NOW + 9 * hour, quiet=quiet)


values = st.lists(st.tuples(st.floats(0, 5), st.floats(0.5, 2)), max_size=5)


@given(values)
def test_one_high_gauge_supports_and_only_all_low_ones_contradict(peaks):
    found = rules.judge(peaks, low_percent=50)
    high = any(value >= threshold for value, threshold in peaks)
    assert (found is Trust.SUPPORTED) == high
    if found is Trust.CONTRADICTED:
        assert peaks
        assert all(value <= threshold / 2 + 1e-9 for value, threshold in peaks)


@given(st.dictionaries(st.integers(0, 9), st.floats(0, 3), max_size=8), st.floats(0.5, 2))
def test_a_proposal_is_lower_and_would_have_caught_every_one(peaks, threshold):
    proposed = rules.lower_threshold(peaks, threshold=threshold, least=3, step=0.05)
    below = [value for value in peaks.values() if value < threshold]
    if proposed is None:
        assert len(below) < 3 or round(min(below) // 0.05 * 0.05, 3) >= threshold
    else:
        assert len(below) >= 3
        assert proposed < threshold
        assert all(value >= proposed - 1e-6 for value in below)
