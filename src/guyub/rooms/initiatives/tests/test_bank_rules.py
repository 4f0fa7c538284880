"""Codes, amounts and pairs, without a database."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from guyub.rooms.initiatives.bank_rules import (
    ALPHABET,
    BadAmount,
    Came,
    NoMatch,
    Sent,
    Why,
    came_in,
    code_of,
    codes_in,
    pairs,
    why_not_match,
)

DAY = date(2026, 11, 20)


@given(some.integers(0, 31**5 - 1), some.sampled_from([" ", "", "-", "."]), some.booleans())
def test_a_code_is_read_however_the_bank_writes_it(pledge, between, is_small):
    code = between.join(code_of(pledge).split("-"))
    text = f"TRSF E-BANKING CR {code.lower() if is_small else code}"
    assert codes_in(text) == {pledge}
    assert codes_in(f"{text}PT CONTOH") == {pledge}


@given(some.integers(0, 31**5 - 1), some.integers(3, 8), some.sampled_from(ALPHABET))
def test_a_slip_of_one_sign_is_noticed(pledge, place, sign):
    code = code_of(pledge).replace("-", "")
    place = min(max(place - 1, 2), 7)
    wrong = code[:place] + sign + code[place + 1 :]
    assert codes_in(wrong) == ({pledge} if wrong == code else frozenset())


@pytest.mark.parametrize(
    ("text", "decimal", "amount"),
    [
        ("1.500.000,00", ",", 1_500_000),
        ("1,500,000.00", ".", 1_500_000),
        ("Rp 1.500.000", ",", 1_500_000),
        ("1500000", ",", 1_500_000),
        ("+25.000", ",", 25_000),
        ("500,000.00 CR", ".", 500_000),
        ("500,000.00 DB", ".", 0),
        ("-25.000", ",", 0),
        ("(25.000)", ",", 0),
        ("", ",", 0),
        ("0,00", ",", 0),
        ("1.500.000,50", ",", None),
        ("1500.5", ",", None),
        ("1.50", ",", None),
        ("=2+2", ",", None),
        ("٣٠٠", ",", None),
        ("9" * 19, ",", None),
        ("1e9", ",", None),
    ],
)
def test_whole_rupiah_as_banks_write_them(text, decimal, amount):
    if amount is None:
        with pytest.raises(BadAmount):
            came_in(text, decimal=decimal)
    else:
        assert came_in(text, decimal=decimal) == amount


@given(some.text(max_size=40), some.sampled_from([",", "."]))
def test_whatever_stands_in_a_cell_is_an_amount_or_said_to_be_none(text, decimal):
    with contextlib.suppress(BadAmount):
        assert came_in(text, decimal=decimal) >= 0
    codes_in(text)


def test_only_what_has_code_amount_and_days_is_certain():
    sent = [Sent(1, 10, DAY, 500, "PT Contoh Jaya"), Sent(2, 11, DAY, 500, "PT Lain"), Sent(3, 12, DAY, 700)]
    came = [
        Came(1, DAY + timedelta(days=1), 500, frozenset({10}), "CONTOH JAYA PT"),
        Came(2, DAY, 500),
        Came(3, DAY, 900, frozenset({12})),
        Came(4, DAY + timedelta(days=30), 700),
    ]
    found = pairs(came, sent, days=5)
    assert [(one.line, one.delivery) for one in found if one.is_certain] == [(1, 1)]
    assert {one.delivery for one in found if one.line == 1} == {1}, "a code decides whose it is"
    assert {one.delivery for one in found if one.line == 2} == {1, 2}
    (other,) = [one for one in found if one.line == 3]
    assert Why.OTHER_AMOUNT in other.why
    assert not [one for one in found if one.line == 4], "neither a code nor a near day"
    twice = [Sent(1, 10, DAY, 500), Sent(4, 10, DAY, 500)]
    assert not any(one.is_certain for one in pairs(came[:1], twice, days=5))


@given(some.lists(some.integers(1, 50), max_size=4), some.lists(some.integers(1, 50), max_size=4))
def test_sums_agree_or_there_is_no_match(lines, deliveries):
    why_not = why_not_match(lines, deliveries)
    if why_not is None:
        assert sum(lines) == sum(deliveries) > 0
        assert min(len(lines), len(deliveries)) == 1
    elif lines and deliveries and min(len(lines), len(deliveries)) == 1:
        assert why_not is NoMatch.SUMS
