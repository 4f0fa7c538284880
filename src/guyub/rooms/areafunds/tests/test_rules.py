"""What may be planned and spent, by worked examples and by properties."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from guyub.rooms.areafunds import rules
from guyub.rooms.areafunds.rules import Body, No, Scheme, SetBy, State

MILLION = 1_000_000
PIPPK = Scheme(
    "PIPPK",
    "PIPPK",
    ("WARD",),
    SetBy.CITY,
    (
        Body("RW", "RW", 100 * MILLION, "RW"),
        Body("PKK", "PKK", 100 * MILLION),
        Body("KARANG_TARUNA", "Karang Taruna", 100 * MILLION),
        Body("LPM", "LPM", 100 * MILLION),
    ),
    ("32.73",),
)
STEPS = (0, 50, 100)
money = st.integers(min_value=0, max_value=10**12)


def test_twelve_rw_have_a_ceiling_of_one_and_a_half_billion():
    units = {"RW": [f"{n:03}" for n in range(1, 13)]}
    found = rules.usual_ceilings(PIPPK, units)
    assert len(found) == 15
    assert sum(amount for _body, _unit, amount in found) == 1_500 * MILLION
    assert rules.usual_ceilings(PIPPK, {})[0] == ("PKK", "", 100 * MILLION)


def test_a_scheme_holds_where_it_is_meant_for():
    assert PIPPK.holds_in(city="32.73", kind="WARD")
    assert not PIPPK.holds_in(city="32.73", kind="VILLAGE")
    assert not PIPPK.holds_in(city="33.75", kind="WARD")


@given(ceiling=money, amounts=st.lists(money, max_size=20))
def test_what_is_let_through_never_sums_over_the_ceiling(ceiling, amounts):
    planned = 0
    for amount in amounts:
        if rules.may_plan(ceiling=ceiling, planned=planned, amount=amount) is None:
            planned += amount
            assert amount > 0
    assert 0 <= planned <= ceiling


@given(ceiling=money, first=money, second=money, spent=money)
def test_a_changed_plan_fits_as_if_it_were_new(ceiling, first, second, spent):
    if rules.may_plan(ceiling=ceiling, planned=0, amount=first) is None and spent <= first:
        why = rules.may_plan(ceiling=ceiling, planned=first, amount=second, instead_of=first)
        assert why == rules.may_plan(ceiling=ceiling, planned=0, amount=second)
        assert (rules.may_replan(spent=spent, amount=second) is None) == (second >= spent)


@given(source=money, planned=money, amount=st.integers(-(10**12), 10**12))
def test_a_revision_moves_only_what_is_free(source, planned, amount):
    why = rules.may_revise(source=source, source_planned=planned, amount=amount, same=False)
    assert (why is None) == (0 < amount <= source - planned)
    assert rules.may_revise(source=source, source_planned=0, amount=amount, same=True) is No.SAME_BODY


@given(
    planned=st.integers(1, 10**12),
    said=st.lists(
        st.tuples(
            st.sampled_from((0, 25, 50, 100)), st.integers(-5, 10**12), st.integers(0, 2), st.integers(0, 2)
        ),
        max_size=12,
    ),
)
def test_steps_come_in_order_shown_and_within_the_plan(planned, said):
    taken: list[int] = []
    spent = 0
    for percent, amount, photos, receipts in said:
        why = rules.may_step(
            percent=percent,
            taken=taken,
            percents=STEPS,
            planned=planned,
            spent=spent,
            amount=amount,
            photos=photos,
            receipts=receipts,
        )
        if why is None:
            assert photos
            assert receipts or not amount
            taken.append(percent)
            spent += amount
    assert taken == list(STEPS[: len(taken)])
    assert 0 <= spent <= planned
    done = rules.state_after(taken, STEPS) is State.DONE
    assert not done or spent


def test_a_year_closes_when_everything_is_over():
    assert rules.may_close([]) is None
    assert rules.may_close([State.DONE, State.STOPPED]) is None
    assert rules.may_close([State.DONE, State.RUNNING]) is No.STILL_LIVE
    assert rules.counts(state=State.STOPPED, amount=9, spent=4) == 4
    assert rules.counts(state=State.RUNNING, amount=9, spent=4) == 9


def test_an_activity_lies_within_its_year():
    begins, ends = date(2026, 3, 1), date(2026, 3, 9)
    assert rules.fits_year(year=2026, begins=begins, ends=ends) is None
    assert rules.fits_year(year=2025, begins=begins, ends=ends) is No.DATES
    assert rules.fits_year(year=2026, begins=ends, ends=begins) is No.DATES
    assert rules.percent_of(999, 1000) == 99
    assert rules.percent_of(1, 0) == 0
