"""Bands: what is drawn lies inside its frame, whatever the heights."""

from hypothesis import given
from hypothesis import strategies as st

from guyub.ui import bands
from guyub.ui.bands import HEIGHT, Point

heights = st.floats(-20, 20, allow_nan=False)


@given(st.lists(st.tuples(heights, st.floats(0, 3)), min_size=1, max_size=60), st.lists(heights, max_size=60))
def test_nothing_is_drawn_outside(expected, measured):
    points = [
        Point(n / 60, middle, middle - wide, middle + wide) for n, (middle, wide) in enumerate(expected)
    ]
    seen = [(n / 60, height) for n, height in enumerate(measured)]
    chart = bands.band(points=points, seen=seen, levels=[(expected[0][0], "Siaga", "overdue")], now=0.5)
    for pair in f"{chart.area} {chart.middle} {chart.seen}".split():
        x, y = map(float, pair.split(","))
        assert -0.1 <= x <= 1000.1
        assert -0.1 <= y <= HEIGHT + 0.1
    assert all(0 <= line.y <= HEIGHT for line in (*chart.lines, *chart.up))
    assert 1 <= len(chart.up) <= 9


def test_nothing_to_draw():
    assert bands.band(points=[], seen=[]).is_empty
