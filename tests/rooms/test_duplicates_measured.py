"""The threshold of the rulebook is measured, not guessed: on invented pairs always, on real requests where they are."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks import duplicates

from guyub.rooms.reports import nearby
from guyub.rooms.reports.sameness import Likeness

pytestmark = pytest.mark.django_db

REAL = Path(os.environ.get("GUYUB_SHARED_DATA", "/work/shared/data")) / "requests311"


def test_the_threshold_beats_the_plain_rule(city, now):
    pairs, chosen = duplicates.pairs(), nearby.rules_on(now).threshold
    true = [pair.is_same for pair in pairs]
    found = duplicates.quality([one >= chosen for one in duplicates.scores(pairs)], true)
    plain = duplicates.quality(map(duplicates.baseline, pairs), true)
    assert found.precision > 0.9
    assert found.recall > 0.9
    assert found.precision > plain.precision + 0.2
    assert found.f1 > plain.f1 + 0.05


def test_words_earn_their_weight(city, now):
    """Without them the same figures are worse at every threshold."""
    pairs, rules = duplicates.pairs(), nearby.rules_on(now)
    best = [
        max(one.f1 for one in duplicates.by_threshold(pairs, duplicates.scores(pairs, scale)).values())
        for scale in (rules.scale, replace(rules.scale, text=0.0))
    ]
    assert best[0] > best[1] + 0.1


def test_what_officers_called_duplicates_is_found_among_real_requests(city, now):
    files = sorted(REAL.glob("*.csv.gz")) if REAL.is_dir() else []
    if not files:
        pytest.skip("The shared data are not here.")
    requests = duplicates.real_requests(files[0])[-20_000:]
    scale = duplicates.wordless(nearby.rules_on(now).scale)

    def alike(metres: float, days: float) -> bool:
        like = Likeness(metres=metres, days=days, is_same_category=True, shared=(), text=0.0)
        return like.score(scale) >= 0.8

    found = duplicates.tried(requests, alike)
    assert found.of_duplicates > 3 * found.of_others
