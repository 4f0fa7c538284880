"""The forecast of the sea is measured: better than what anybody could say, also when the gauge is faulty."""

from __future__ import annotations

import pytest
from benchmarks import tides

DAYS = 300


@pytest.fixture(scope="module")
def invented():
    return tides.invented_tide(DAYS * 2)


@pytest.mark.parametrize("faults", ["no faults", "all of them"])
def test_a_forecast_beats_persistence_and_climatology(invented, faults):
    found = tides.measure(invented, tides.FAULTS[faults], name=faults, seed=7, every=49)
    skill = found.skill
    assert skill.origins > 60
    for other in ("persistence", "climatology"):
        assert skill.rmse["forecast"] < 0.8 * skill.rmse[other], other
    assert skill.rmse_first["forecast"] <= skill.rmse_first["tide"]
    assert skill.rmse["forecast"] < 0.14
    assert found.rejected < 20 or faults == "all of them"


@pytest.mark.skipif(not tides.FILE.is_file(), reason="skipped: no tide of a real port here")
def test_a_real_ports_tide_is_forecast_to_centimetres():
    found = tides.measure(
        tides.real_tide(DAYS * 2), tides.FAULTS["all of them"], name="real", seed=7, every=49
    )
    assert found.skill.rmse["forecast"] < 0.13
    assert found.skill.rmse["forecast"] < 0.8 * found.skill.rmse["persistence"]
    counts = found.skill.days["forecast"][0]
    by_yesterday = found.skill.days["persistence"][0]
    assert counts.hits >= by_yesterday.hits
