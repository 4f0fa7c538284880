"""The suggestion of categories is measured: on invented texts always, on real complaints where they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from benchmarks import categories

from guyub.rooms.reports.guessing import Keywords

REAL = (
    Path(os.environ.get("GUYUB_SHARED_DATA", "/work/shared/data")) / "complaints/lapor_span_lstm_15000.csv.gz"
)


def test_the_texts_are_many_and_name_known_categories():
    rows = categories.texts()
    assert len(rows) >= 200
    assert {row.code for row in rows} <= set(categories.called())
    assert not any(word.isdigit() and len(word) > 6 for row in rows for word in row.text.split())


def test_what_is_learnt_beats_keywords_and_is_as_sure_as_it_is_right():
    from guyub.rooms.reports.learning import measure  # heavy: not for every process that collects the tests

    rows = categories.texts()
    plain = measure(Keywords.of(categories.called()), rows)
    model, own = categories.learnt(600)
    found = measure(model, rows)
    assert own.first > 0.8
    assert found.first > plain.first + 0.1
    assert found.among_three > plain.among_three + 0.25
    share, right = categories.shown(model, rows, least=categories.THRESHOLD)
    assert share > 0.1
    assert right > 0.75
    assert len(model.pack()) < 250_000


@pytest.mark.skipif(not REAL.is_file(), reason="no real complaints here")
def test_real_complaints_can_be_learnt():
    assert categories.real(REAL, cases=1000).first > 0.85
