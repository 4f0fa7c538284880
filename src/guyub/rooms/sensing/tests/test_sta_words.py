"""The language of the SensorThings API: what is meant by it, and that nothing else gets through."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.rooms.sensing.sta.asking import Segment, read_options, read_path, split
from guyub.rooms.sensing.sta.grammar import (
    Binary,
    Joined,
    Minus,
    Moment,
    Not,
    Number,
    Path,
    Span,
    Text,
    parse,
)
from guyub.rooms.sensing.sta.refusing import NotServed
from guyub.rooms.sensing.sta.writing import merged

A, B = Path(("a",)), Path(("b",))
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("a eq 1", Binary("eq", A, Number(1))),
        ("a add b mul 2 gt 1", Binary("gt", Binary("add", A, Binary("mul", B, Number(2))), Number(1))),
        ("(a add b) mul 2 gt 1", Binary("gt", Binary("mul", Binary("add", A, B), Number(2)), Number(1))),
        ("a sub b sub 1 eq 0", Binary("eq", Binary("sub", Binary("sub", A, B), Number(1)), Number(0))),
        ("not a eq 1 and b eq 2", Joined("and", (Not(Binary("eq", A, Number(1))), Binary("eq", B, Number(2))))),
        ("a or b and a", Joined("or", (A, Joined("and", (B, A))))),
        ("-a lt -1", Binary("lt", Minus(A), Minus(Number(1)))),
        ("a eq 'it''s'", Binary("eq", A, Text("it's"))),
        ("a ge 2026-01-01T19:00:00+07:00", Binary("ge", A, Moment(NOON))),
        ("a ge 2026-01-01T19:00:00 07:00", Binary("ge", A, Moment(NOON))),  # a plus that was not encoded
        ("a eq 2026-01-01T12:00:00Z/2026-01-01T13:00:00Z", Binary("eq", A, Span(NOON, NOON + timedelta(hours=1)))),
        ("@iot.id eq 5", Binary("eq", Path(("@iot.id",)), Number(5))),
        ("properties/my-key/b eq 5", Binary("eq", Path(("properties", "my-key", "b")), Number(5))),
    ],
)  # fmt: skip
def test_what_is_meant(said, meant):
    assert parse(said) == meant


@pytest.mark.parametrize(
    "said",
    ["", "a eq", "eq 1", "a eq 1)", "(a eq 1", "a b", "a eq 'x", "a in ()", "f(", "f(1,)", "a/", "/a", "a eq 1e999", "a eq \0",
     "2026-13-01T00:00:00Z lt a", "2026-01-02T00:00:00Z/2026-01-01T00:00:00Z eq a", "duration'P' eq a", "(" * 41 + "a" + ")" * 41],
)  # fmt: skip
def test_what_means_nothing_is_refused(said):
    with pytest.raises(NotServed):
        parse(said)


pieces = st.sampled_from(
    ["a", "result", "'x'", "1", "-", "(", ")", ",", "/", "eq", "and", "not", "in", "add", "2026-01-01T00:00:00Z", "f(", "$", ";", "'"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(pieces, max_size=30).map(" ".join)))
def test_nothing_but_a_refusal_comes_of_nonsense(said):
    for read in (
        parse,
        read_path,
        lambda text: split(text, ","),
        lambda text: read_options([("$expand", text)]),
    ):
        with suppress(NotServed):
            read(said)


@given(st.text(alphabet="ab'(),;", max_size=20))
def test_parts_are_the_whole(said):
    with suppress(NotServed):
        assert ",".join(split(said, ",")) == said


def test_paths_and_options():
    assert read_path("Things(1)/Datastreams(2)/result/$value") == (
        Segment("Things", 1), Segment("Datastreams", 2), Segment("result", None), Segment("$value", None)
    )  # fmt: skip
    asked = read_options([
        ("$expand", "Datastreams($expand=Observations($top=1;$filter=result gt 1;$orderby=result desc);$select=name),Locations"),
        ("$top", "5"), ("$count", "true"),
    ])  # fmt: skip
    inner = asked.expand["Datastreams"].expand["Observations"]
    assert (asked.top, asked.count, list(asked.expand)) == (5, True, ["Datastreams", "Locations"])
    assert (inner.top, inner.filter, inner.orderby[0].is_down) == (
        1,
        Binary("gt", Path(("result",)), Number(1)),
        True,
    )
    both = read_options(
        [("$expand", "Datastreams/Sensor,Datastreams/Observations($top=1),Datastreams($select=name)")]
    )
    assert list(both.expand) == ["Datastreams"]
    assert set(both.expand["Datastreams"].expand) == {"Sensor", "Observations"}
    assert both.expand["Datastreams"].select == ("name",)
    for wrong in (
        [("top", "1")],
        [("$top", "1"), ("$top", "2")],
        [("$top", "١")],
        [("$unknown", "1")],
        [("$expand", "A($skiptoken=x)")],
    ):
        with pytest.raises(NotServed):
            read_options(wrong)


@given(st.text(min_size=1, max_size=5), st.integers())
def test_merging_by_rfc_7396(name, value):
    assert merged({"a": {"b": 1, "c": 2}}, {"a": {"b": None, "d": 3}}) == {"a": {"c": 2, "d": 3}}
    assert merged({"x": 1}, {name: value})[name] == value
    assert merged(value, {name: None}) == {}
