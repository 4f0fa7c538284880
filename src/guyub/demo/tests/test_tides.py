"""The demo's gauges measure what is, never what is still to come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from guyub.demo.tides import EVERY, times_due

FIRST = datetime(2026, 11, 22, 21, 10, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "many"), [(-90, 0), (-30, 0), (0, 1), (59, 1), (60, 2), (150, 3)])
def test_a_gauge_sends_what_it_has_measured_and_no_more(seconds, many):
    at = FIRST + timedelta(seconds=seconds)
    found = times_due(FIRST, at=at)
    assert found == [FIRST + EVERY * n for n in range(many)]
    assert all(one <= at for one in found)
