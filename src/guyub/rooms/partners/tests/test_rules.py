"""Names, doubles and vouching, by properties."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.rooms.partners.rules import (
    Known,
    NoVouch,
    Role,
    Why,
    Word,
    can_leave,
    doubles,
    folded,
    is_vouched,
    may_vouch,
    missing,
    name_key,
    slug_of,
)

names = st.text(min_size=1, max_size=80)
words = st.lists(st.builds(Word, st.integers(1, 4), st.integers(1, 4)), max_size=8)


@given(names)
def test_a_key_is_found_again_however_the_name_is_dressed(name):
    key = name_key(name)
    assert key == name_key(f"  {name.upper()} ") or name.upper().lower() != name.lower()
    if key and name_key(f"bunga {name}") == f"bunga {folded(name)}":  # no title in it
        assert name_key(f"Yayasan {name}") == key == name_key(f"Komunitas {name}")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yayasan Sungai Bersih", "sungai-bersih"),
        ("Komunitas Peduli Rob, Kota Pekalongan", "PEDULI ROB PEKALONGAN"),
        ("PT. Tekstil Contoh, Tbk", "Tekstil Contoh"),
        ("Café Baca", "Cafe Baca"),
    ],
)
def test_the_same_under_another_dress(one, other):
    assert name_key(one) == name_key(other)


def test_a_name_of_nothing_but_titles_keeps_it():
    assert name_key("Forum Komunitas Kota") == "forum komunitas kota"


@given(names, st.sets(st.text(string.ascii_lowercase + "-", max_size=20)))
def test_an_address_is_never_taken_and_always_one(name, taken):
    slug = slug_of(name, taken)
    assert slug not in taken
    assert slug.strip("-") == slug != ""
    assert set(slug) <= set(string.ascii_lowercase + string.digits + "-")


def test_doubles_are_found_by_number_name_contact_and_likeness_the_surest_first():
    known = [
        Known(1, "sungai bersih", "AHU123"),
        Known(2, "taman kota", "", frozenset({"abc"})),
        Known(3, "sungai bersi"),
        Known(4, "radio warga", "SKT9"),
        Known(5, "bersih sungai"),
    ]
    row = Known(0, "sungai bersih", "SKT9", frozenset({"abc"}))
    found = [(one.id, one.why) for one in doubles(row, known)]
    assert found == [(4, Why.NUMBER), (1, Why.NAME), (2, Why.CONTACT), (3, Why.ALIKE), (5, Why.ALIKE)]
    assert doubles(Known(0, "kebun atap"), known) == []


@given(words, st.integers(1, 4))
def test_enough_vouches_are_different_people_of_different_partners(standing, needed):
    if is_vouched(standing, needed=needed):
        assert len({word.partner for word in standing}) >= needed
        assert len({word.account for word in standing}) >= needed
    assert not is_vouched(standing[:1] * 5, needed=2)


@given(words, st.integers(1, 4), st.integers(1, 4), st.booleans(), st.booleans(), st.sets(st.integers(1, 4)))
def test_who_may_vouch(standing, account, speaks_for, verified, needless, members):
    why = may_vouch(
        account=account,
        speaks_for=speaks_for,
        speaks_for_verified=verified,
        about=9,
        about_verified=needless,
        members_of_about=members,
        standing=standing,
    )
    if why is None:
        assert verified
        assert not needless
        assert account not in members
        assert all(word.partner != speaks_for and word.account != account for word in standing)
    else:
        assert needless or account in members or not verified or why == NoVouch.ALREADY


def test_nobody_vouches_for_their_own():
    asked = {"account": 1, "speaks_for_verified": True, "about_verified": False, "standing": []}
    assert may_vouch(speaks_for=5, about=5, members_of_about=set(), **asked) == NoVouch.OWN
    assert may_vouch(speaks_for=5, about=6, members_of_about={1}, **asked) == NoVouch.OWN


def test_who_answers_hands_over_before_leaving():
    assert not can_leave(Role.LEAD, others_active=1)
    assert can_leave(Role.LEAD, others_active=0)
    assert can_leave(Role.BOARD, others_active=3)


def test_what_is_missing_keeps_the_order_asked():
    assert missing(["AKTA", "PROGRAM", "NPWP"], {"PROGRAM"}) == ["AKTA", "NPWP"]
