"""How a layer's rule judges what is near: pure, by property where that says more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guyub.rooms.casework.ground import LayerRule, Near, Said, judge

RULE = LayerRule(
    "jalan", frozenset({"jalan-berlubang"}), 25.0, 15.0, {"kota": "pu", "provinsi": "luar:jalan-provinsi"}, 7
)


def near(metres, owner="kota", id=1, layer="jalan"):
    return Near(id, layer, f"Jalan {id}", owner, metres, "contoh")


def test_the_nearest_owner_decides_within_its_distance():
    assert judge([near(24.9)], [RULE]).said is Said.DECIDED
    assert judge([near(25.1)], [RULE]) is None
    assert judge([near(5, "provinsi")], [RULE]).said is Said.HINT
    assert judge([near(5, "swasta")], [RULE]) is None
    assert judge([near(5, layer="sungai")], [RULE]) is None
    assert judge([], [RULE]) is None


def test_two_owners_about_as_near_decide_nothing():
    found = judge([near(10), near(24.9, "provinsi", 2)], [RULE])
    assert found.said is Said.UNCLEAR
    assert found.rivals[0].id == 2
    assert judge([near(10), near(25.1, "provinsi", 2)], [RULE]).said is Said.DECIDED
    assert judge([near(20), near(34, "provinsi", 2)], [RULE]).said is Said.UNCLEAR  # beyond 25 m, yet as near
    assert judge([near(10), near(11, "kota", 2)], [RULE]).said is Said.DECIDED  # the same owner twice


@given(
    st.lists(
        st.tuples(st.floats(0, 60, allow_nan=False), st.sampled_from(["kota", "provinsi", "swasta"])),
        max_size=6,
    )
)
def test_never_a_silent_guess(those):
    found = judge([near(metres, owner, n) for n, (metres, owner) in enumerate(those)], [RULE])
    known = sorted((metres, owner) for metres, owner in those if owner != "swasta")
    if not known or known[0][0] > 25:
        assert found is None
        return
    assert found.nearest.metres == known[0][0]
    others = [metres for metres, owner in known if owner != found.nearest.owner]
    is_clear = all(metres - known[0][0] >= 15 for metres in others)
    assert (found.said is not Said.UNCLEAR) == is_clear
