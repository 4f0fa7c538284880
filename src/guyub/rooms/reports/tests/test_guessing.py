"""What of a text is read, which words speak, and what a model that was tampered with is worth."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guyub.rooms.reports.guessing import BadModel, Keywords, Model, features, said

CALLED = {"lampu": ["lampu mati", "PJU"], "sampah": ["sampah", "bak sampah"], "air": ["air mati", "PDAM"]}


def small_model() -> Model:
    rows = {"lampu": 0, "sampah": 1, "#lam": 2}
    return Model(("lampu", "sampah"), rows, bytes([100, 0, 0, 120, 50, 0]), 0.1, (0.0, 0.0), 1.0)


def test_numbers_never_count_and_chat_spelling_does():
    words = [word for word, _ in said("Lampuuuu anak2 di RT04, hubungi 08123456789 atau NIK 3273010101")]
    assert "lampu" in words
    assert "anak" in words
    assert not any(sign.isdigit() for word in words for sign in word)


@given(st.text())
def test_any_text_is_read_without_fail(text):
    assert all(not sign.isdigit() for one in features(text) for sign in one)
    assert len(small_model().rank(text)) in (0, 2)
    Keywords.of(CALLED).rank(text)


def test_keywords_need_the_whole_phrase_and_share_what_several_claim():
    words = Keywords.of(CALLED)
    assert [one.code for one in words.rank("lampu di jalan ini mati sejak kemarin")] == ["lampu"]
    assert words.rank("jalan rusak") == []
    assert words.rank("sampah")[0].words == ("sampah",)


def test_a_model_says_which_written_words_spoke():
    first = small_model().rank("Lampunya sudah padam, sampah tidak")[0]
    assert first.code == "lampu"
    assert first.words == ("lampunya",)
    assert sum(one.sure for one in small_model().rank("lampu sampah")) == pytest.approx(1)
    assert small_model().rank("zzz qqq") == []


def test_packing_loses_nothing_and_rubbish_is_refused():
    assert Model.unpack(small_model().pack()) == small_model()
    for rubbish in (b"", b"abc", zlib.compress(b"[]"), zlib.compress(b'{"format": 9}')):
        with pytest.raises(BadModel):
            Model.unpack(rubbish)


def test_what_few_people_wrote_and_what_holds_digits_is_not_learnt():
    pytest.importorskip("sklearn")
    from guyub.rooms.reports.learning import Example, vocabulary

    rows = [Example("tetangga kami Zulkarnaen membuang sampah B3", "sampah", "account:1")] * 20
    rows += [Example("sampah menumpuk", "sampah", f"account:{n}") for n in range(6)]
    known = vocabulary(rows, people=5, most=1000, never=frozenset())
    assert "sampah" in known
    assert not any("zul" in one or "naen" in one or "zulkarna" in one for one in known)
    assert not any(sign.isdigit() for one in known for sign in one)
    assert "sampah" not in vocabulary(rows, people=5, most=1000, never=frozenset({"sampah"}))
