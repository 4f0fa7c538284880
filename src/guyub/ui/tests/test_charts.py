"""Charts: what is drawn is what was counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.ui import charts
from guyub.ui.charts import HEIGHT, Series

counts = st.lists(st.integers(0, 10**7), min_size=1, max_size=60)


def _share(percent: str) -> float:
    return float(percent.rstrip("%"))


@given(counts)
def test_nothing_is_drawn_outside_and_no_column_covers_another(values):
    pair = [Series("Masuk", "progress", values), Series("Selesai", "confirmed", values[::-1])]
    chart = charts.columns(labels=["x"] * len(values), series=pair)
    right = 0.0
    for column in chart.columns:
        assert _share(column.x) >= right - 0.02
        right = _share(column.x) + _share(column.width)
        assert right <= 100.02
        assert 0 <= column.y < HEIGHT
        assert column.y + column.height == HEIGHT


@given(counts)
def test_a_greater_number_is_never_a_shorter_column(values):
    chart = charts.columns(labels=["x"] * len(values), series=[Series("Masuk", "progress", values)])
    seen = sorted(value for value in values if value)
    heights = sorted(column.height for column in chart.columns)
    drawn = {
        value: column.height for value, column in zip([v for v in values if v], chart.columns, strict=True)
    }
    assert [drawn[value] for value in seen] == heights


@given(st.integers(0, 10**9))
def test_the_axis_ends_at_a_round_even_number_that_is_not_far_above(value):
    top = charts.round_up(value)
    assert top >= value
    assert top % 2 == 0
    assert str(top).rstrip("0") in {"1", "2", "4"}
    assert value < 1 or top <= max(2.5 * value, 2)


def test_few_words_stand_along_the_axis_and_the_newest_is_one_of_them():
    labels = [str(n) for n in range(53)]
    chart = charts.columns(labels=labels, series=[Series("Masuk", "progress", range(53))])
    assert len(chart.along) <= 6
    assert chart.along[-1].words == "52"


def test_numbers_without_a_label_are_refused():
    with pytest.raises(ValueError, match="one value"):
        charts.columns(labels=["a", "b"], series=[Series("Masuk", "progress", [1])])


def test_nothing_counted_is_an_empty_chart():
    assert charts.columns(labels=["a"], series=[Series("Masuk", "progress", [0])]).is_empty
    assert [bar.width for bar in charts.bars([("a", 0, "")])] == ["0.00%"]


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 100)), min_size=1, unique_by=lambda step: step[0])
)
def test_a_curve_rises_inside_its_frame(steps):
    days, shares = sorted(day for day, _ in steps), sorted(share for _, share in steps)
    chart = charts.curve(
        steps=[(day, share / 100) for day, share in zip(days, shares, strict=True)], last=days[-1] + 5
    )
    heights = [stroke.y2 for stroke in chart.strokes]
    assert heights == sorted(heights, reverse=True)
    assert all(0 <= height <= HEIGHT for height in heights)
    assert all(9 <= _share(stroke.x1) <= _share(stroke.x2) <= 98.01 for stroke in chart.strokes)


def test_a_curve_without_steps_is_not_drawn():
    assert charts.curve(steps=[], last=0).is_empty
