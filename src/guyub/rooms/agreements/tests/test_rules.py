"""What a document must hold before it is signed, and how a cooperation goes on, by properties and cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.rooms.agreements import rules
from guyub.rooms.agreements.rules import Check, Parent, Piece, Reached, Side, Text

SIDES = (Side("119/1", "Wali Kota Contoh", "HEAD"), Side("B-7", "Direktur Contoh", "PROXY", "SK-2"))
KB_SIGNED = Parent(
    is_signed=True,
    signed_on=date(2026, 1, 10),
    ends_on=date(2028, 1, 9),
    scope=("Aplikasi", "Pelatihan staf"),
)
WHOLE = Text(
    kind="PKS",
    clauses={"OBJEK": "Aplikasi.", "PENUTUP": "Dibuat rangkap dua."},
    required=("OBJEK", "PENUTUP"),
    sides=SIDES,
    scope=("pelatihan  STAF.",),
    signed_on=date(2026, 3, 1),
    starts_on=date(2026, 3, 1),
    ends_on=date(2027, 2, 28),
)


def found(text: Text, parent: Parent | None = KB_SIGNED, *, needs_parent: bool = True) -> list[Check]:
    return rules.findings(text, parent, needs_parent=needs_parent, longest=5, follow_within=12)


def test_a_whole_contract_under_a_signed_agreement_may_be_signed():
    assert found(WHOLE) == []


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"clauses": {"OBJEK": "  ", "PENUTUP": "x"}}, Check.CLAUSES),
        ({"clauses": {"OBJEK": "Objeknya … .", "PENUTUP": "x"}}, Check.CLAUSES),
        ({"sides": SIDES[:1]}, Check.PARTIES),
        ({"sides": (SIDES[0], replace(SIDES[1], number=""))}, Check.NUMBERS),
        ({"sides": (SIDES[0], replace(SIDES[1], proxy=""))}, Check.AUTHORITY),
        ({"sides": (SIDES[0], replace(SIDES[1], signatory=""))}, Check.AUTHORITY),
        ({"ends_on": None}, Check.DATES),
        ({"ends_on": date(2026, 2, 1)}, Check.DATES),
        ({"starts_on": date(2026, 1, 9)}, Check.STARTS_AFTER_PARENT),
        ({"ends_on": date(2028, 1, 10)}, Check.WITHIN_PARENT),
        ({"scope": ("Jalan",)}, Check.SCOPE),
        ({"cost": 1, "in_budget": False}, Check.COUNCIL),
        ({"signed_on": date(2027, 1, 11)}, Check.LAPSED),
    ],
)
def test_each_check_finds_its_own_and_nothing_else(change, check):
    assert found(replace(WHOLE, **change)) == [check]


def test_a_parent_that_is_not_in_force_is_no_ground():
    assert found(WHOLE, None) == [Check.PARENT_SIGNED]
    assert found(WHOLE, replace(KB_SIGNED, is_signed=False)) == [Check.PARENT_SIGNED]
    assert found(WHOLE, None, needs_parent=False) == []
    longer = replace(WHOLE, ends_on=date(2029, 1, 1))
    assert found(longer, replace(KB_SIGNED, may_extend=True)) == []
    assert found(replace(WHOLE, ends_on=date(2031, 3, 1)), needs_parent=False) == [Check.TOO_LONG]
    assert found(replace(WHOLE, ends_on=date(2031, 2, 28)), needs_parent=False) == []


@given(cost=st.integers(0, 10**12), in_budget=st.booleans(), council=st.booleans())
def test_the_council_is_asked_when_it_costs_and_is_not_budgeted(cost, in_budget, council):
    text = replace(WHOLE, cost=cost, in_budget=in_budget, council=council)
    assert (Check.COUNCIL in found(text)) == (cost > 0 and not in_budget and not council)


STAGES = (
    "PREPARE",
    "OFFER",
    "DRAFT_KB",
    "SIGN_KB",
    "COUNCIL",
    "DRAFT_PKS",
    "SIGN_PKS",
    "RUN",
    "ARCHIVE",
    "REPORT",
)


def test_each_stage_asks_for_its_own():
    has = Reached()
    assert [stage for stage in STAGES if rules.lacks(stage, has)] == [
        one for one in STAGES if one not in ("COUNCIL", "RUN", "ARCHIVE")
    ]
    everything = Reached(
        framework=True,
        whole=frozenset({"PKS"}),
        signed=frozenset({"SURAT_PENAWARAN", "KB", "PKS", "NK", "RENCANA_KERJA"}),
        costs=True,
        council=True,
        ministry=True,
        evaluated=True,
    )
    assert not any(rules.lacks(stage, everything) for stage in (*STAGES, "MINISTRY", "SIGN_NK", "SIGN_RK"))
    assert rules.lacks("ARCHIVE", replace(everything, unscanned=1))
    assert rules.lacks("COUNCIL", replace(everything, council=False))
    assert rules.next_stage(STAGES, "RUN") == "ARCHIVE"
    assert rules.next_stage(STAGES, "REPORT") is None


@given(before=st.text(max_size=200), after=st.text(max_size=200))
def test_a_difference_holds_both_texts_whole(before, after):
    pieces = rules.difference(before, after)
    assert "".join(text for kind, text in pieces if kind is not Piece.ADDED) == before
    assert "".join(text for kind, text in pieces if kind is not Piece.REMOVED) == after


@given(ends=st.dates(date(2000, 1, 1), date(2090, 1, 1)), ahead=st.integers(-40, 400))
def test_reminders_come_six_and_three_months_before_the_end(ends, ahead):
    today = ends - timedelta(days=ahead)
    said = rules.reminder(today=today, ends_on=ends, first=6, again=3)
    if ahead < 0:
        assert said == "OVER"
    elif ahead <= 89:
        assert said == "AGAIN"
    elif 93 <= ahead <= 180:
        assert said == "FIRST"
    elif ahead >= 185:
        assert said == ""


def test_months_end_where_the_month_does():
    assert rules.months_after(date(2026, 8, 31), -6) == date(2026, 2, 28)
    assert rules.months_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert rules.months_after(date(2026, 12, 15), 1) == date(2027, 1, 15)
