"""The rules of initiatives as properties, without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.rooms.initiatives import rules
from guyub.rooms.initiatives.rules import Appeal, Basis, Giver, NoAccept, NoVerify, Pledged, Sums

DAY = date(2026, 11, 20)
amounts = st.integers(1, 10**12)
steps = st.tuples(st.sampled_from(["accept", "deliver", "find", "release"]), st.integers(0, 10**12))
moves = st.lists(steps, max_size=8)


def _moved(now: Sums, move: str, amount: int) -> Sums:
    if move == "accept":
        return rules.accept(now) if now.delivered == 0 else Sums()
    if move == "deliver":
        return rules.deliver(now, amount)
    if move == "find":
        return rules.find(now, now.delivered - now.verified, amount)
    return rules.release(now)


@given(st.lists(st.tuples(amounts, moves), max_size=4))
def test_sums_hold_whatever_happens_in_whatever_order(pledges):
    """Each promise holds after each move, so the line, which moves by the same differences, holds too."""
    line = Sums()
    total = Sums()
    for amount, taken in pledges:
        now = rules.promise(amount)
        line = line + now
        for move, how_much in taken:
            try:
                change = _moved(now, move, how_much)
            except rules.Wrong:
                continue
            now, line = now + change, line + change
            assert now.holds
            assert line.holds
            assert now.pledged <= amount
        total = total + now
    assert line == total


@given(amounts, amounts)
def test_what_is_released_is_only_what_was_not_brought(amount, brought):
    now = rules.promise(amount)
    now = now + rules.accept(now)
    if brought <= amount:
        now = now + rules.deliver(now, brought)
    rest = now + rules.release(now)
    assert (rest.pledged, rest.accepted) == (now.delivered, now.delivered)
    assert rest.delivered == now.delivered


def test_a_promise_is_brought_and_found_in_parts():
    now = rules.promise(10)
    now = now + rules.accept(now)
    now = now + rules.deliver(now, 6)
    assert rules.state_of(now) is Pledged.ACCEPTED
    now = now + rules.find(now, 6, 4)  # two were not there
    assert now == Sums(10, 10, 4, 4)
    now = now + rules.deliver(now, 6)
    assert rules.state_of(now) is Pledged.DELIVERED
    now = now + rules.find(now, 6, 6)
    assert rules.state_of(now) is Pledged.VERIFIED
    with pytest.raises(rules.Wrong):
        rules.deliver(now, 1)


@pytest.mark.parametrize(
    ("giver", "resource", "is_appeal", "may"),
    [
        (Giver.NAMED, "MONEY", False, True),
        (Giver.PARTNER, "MONEY", False, False),
        (Giver.PARTNER, "GOODS", True, True),
        (Giver.PARTNER, "SKILL", False, True),
        (Giver.RESIDENT, "MONEY", True, False),
        (Giver.RESIDENT, "GOODS", True, False),
        (Giver.RESIDENT, "HOURS", False, True),
        (Giver.RESIDENT, "SKILL", False, True),
        (Giver.RESIDENT, "PLACE", False, False),
    ],
)
def test_who_may_promise_what(giver, resource, is_appeal, may):
    assert rules.may_pledge(giver, resource, is_appeal=is_appeal) is may


@given(st.integers(-400, 400), st.integers(0, 5))
def test_an_appeal_stands_on_a_permit_in_its_days_or_on_an_exemption_of_its_width(days, settlements):
    today = DAY + timedelta(days=days)
    permit = Appeal(Basis.PERMIT, since=DAY, until=DAY + timedelta(days=90))
    assert rules.appeal_holds(permit, today=today, settlements=settlements) is (0 <= days <= 90)
    narrow = Appeal(Basis.EXEMPT, narrow=True)
    assert rules.appeal_holds(narrow, today=today, settlements=settlements) is (settlements == 1)
    assert not rules.appeal_holds(None, today=today, settlements=1)


def test_declared_interests_need_a_head_and_a_reason():
    assert rules.why_not_accept(has_conflict=False, is_head=False, reason="") is None
    assert rules.why_not_accept(has_conflict=True, is_head=False, reason="x") is NoAccept.NOT_A_HEAD
    assert rules.why_not_accept(has_conflict=True, is_head=True, reason=" ") is NoAccept.NO_REASON
    assert rules.why_not_accept(has_conflict=True, is_head=True, reason="terbuka") is None


def test_nobody_finds_what_they_gave():
    ok = {"account": 1, "givers": {2}, "brought_by": 3, "is_received": True, "is_handed_over": True}
    assert rules.why_not_verify(**ok) is None
    assert rules.why_not_verify(**{**ok, "account": 2}) is NoVerify.GAVE
    assert rules.why_not_verify(**{**ok, "account": 3}) is NoVerify.BROUGHT
    assert rules.why_not_verify(**{**ok, "is_received": False}) is NoVerify.NOT_RECEIVED
    assert rules.why_not_verify(**{**ok, "is_handed_over": False}) is NoVerify.NOT_HANDED_OVER


@pytest.mark.parametrize("field", ["nik", "nama_ibu", "no-hp", "tgl_lahir", "alamat", "NIK", "foto-anak"])
def test_fields_that_say_who_somebody_is_are_known(field):
    assert rules.is_personal(field)


@pytest.mark.parametrize("field", ["hamil", "balita", "rujukan", "calon-pengantin", "namanya-berapa"])
def test_figures_of_many_are_none(field):
    assert not rules.is_personal(field)


@given(st.integers(0, 10_000))
def test_a_figure_of_few_is_not_shown(count):
    shown = rules.shown_count(count, least=5)
    assert shown == (None if 0 < count < 5 else count)
