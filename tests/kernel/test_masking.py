"""What is personal in a text is found and masked; what is not stays readable."""

from __future__ import annotations

import pytest
from benchmarks.masking import tally
from hypothesis import given
from hypothesis import strategies as st

from guyub.kernel import masking


def test_the_labelled_lines_are_found_as_well_as_the_documents_say():
    made = tally()
    assert made.recall >= 0.97, made.missed
    assert made.precision >= 0.97, made.false


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("WA 0813-5550-7777 ya", "WA [nomor telepon disamarkan] ya"),
        ("NIK 3273024505900003.", "NIK [NIK disamarkan]."),
        ("tiang 45, pukul 08.00-16.00, Rp 1.250.000.000", "tiang 45, pukul 08.00-16.00, Rp 1.250.000.000"),
    ],
)
def test_how_a_masked_text_reads(said, read):
    assert masking.mask(said) == read


def test_a_false_alarm_is_shown_however_it_is_spaced_and_only_it():
    said = "Tiang 321 654 987 0 dan 0813-5550-7777"
    assert masking.mask(said, shown=["3216549870"]) == "Tiang 321 654 987 0 dan [nomor telepon disamarkan]"


def test_words_are_hidden_by_hand_as_whole_words():
    assert masking.mask("Pak Ujang, pak  UJANG, Ujangan", hidden=["pak ujang"]) == (
        "[disamarkan], [disamarkan], Ujangan"
    )


@given(st.text())
def test_whatever_is_written_nothing_breaks_and_nothing_is_lost(said):
    assert "".join(part.text for part in masking.mark(said)) == said
    masked = masking.mask(said)
    assert masking.mask(masked) == masked


@given(st.lists(st.sampled_from([" ", "-", ".", ""]), min_size=11, max_size=11))
def test_a_telephone_number_is_found_however_it_is_parted(seps):
    number = "".join(a + b for a, b in zip("081355507777", [*seps, ""], strict=True))
    assert not any(digit in masking.mask(f"hubungi {number} ya") for digit in "0123456789")
