"""Training the model that suggests categories. Heavy: only the command imports it, in a process of its own.

What may be learnt is bounded by what must not be: a word counts only when so many different people wrote it, nothing
with a digit ever does, and runs of letters are taken from such words alone. A name that one neighbourhood keeps
writing has to be written by that many people, too; names of places are left out besides.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from guyub.rooms.reports.guessing import Model, features, letters_of, said, softmax

HELD_OUT = 0.15  # the newest share, for the figures; as much before it, for calibrating
# Never sharper than the first: the newest cases of one city resemble the older ones more than what comes next does.
HEATS = tuple(n / 100 for n in range(50, 201, 10))
BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 0.9, 1.01)
CAREFUL = 10.0  # the inverse of how strongly weights are held down


@dataclass(frozen=True, slots=True)
class Example:
    """A text, its category, and who said it (any value that is the same for the same person)."""

    text: str
    code: str
    sayer: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the newest cases say of a model that did not see them. Bins: (from, how many, said, true)."""

    cases: int
    first: float
    among_three: float
    bins: tuple[tuple[float, int, float, float], ...]


def vocabulary(examples: Iterable[Example], *, people: int, most: int, never: frozenset[str]) -> list[str]:
    """Words that enough different people wrote, and the runs of letters of those words."""
    sayers: dict[str, set[str]] = defaultdict(set)
    for n, example in enumerate(examples):
        for word, _ in said(example.text):
            sayers[word].add(example.sayer or str(n))
    words = {word: len(who) for word, who in sayers.items() if len(who) >= people and word not in never}
    runs: Counter[str] = Counter()
    for word, count in words.items():
        runs.update(dict.fromkeys(letters_of(word), count))
    kept = [word for word, _ in Counter(words).most_common(most // 3)]
    return [*kept, *(run for run, _ in runs.most_common(most - len(kept)))]


def train(
    examples: Sequence[Example],
    dictionary: Sequence[Example],
    *,
    people: int,
    most: int,
    never: frozenset[str] = frozenset(),
) -> tuple[Model, Figures]:
    """A model of all examples (oldest first), and what one of the older ones made of the newest."""
    cut = max(1, round(len(examples) * HELD_OUT))
    old, middle, new = examples[: -2 * cut], examples[-2 * cut : -cut], examples[-cut:]
    bounds: dict[str, Any] = {"people": people, "most": most, "never": never}
    trial = _fit(old, dictionary, heat=1.0, **bounds)
    heat = _calibrated(trial, middle)
    figures = measure(_with_heat(trial, heat), new)
    return _fit(examples, dictionary, heat=heat, **bounds), figures


def measure(model: Any, examples: Iterable[Example]) -> Figures:
    """How often the first, and one of the first three, is right; and whether it is as sure as it is right."""
    ranked = [(example.code, model.rank(example.text)) for example in examples]
    first = [bool(found) and found[0].code == code for code, found in ranked]
    three = [code in {one.code for one in found} for code, found in ranked]
    bins = []
    for low, high in pairwise(BINS):
        inside = [
            (found[0].sure, right)
            for (_, found), right in zip(ranked, first, strict=True)
            if found and low <= found[0].sure < high
        ]
        if inside:
            sure, right = zip(*inside, strict=True)
            bins.append((low, len(inside), sum(sure) / len(inside), sum(right) / len(inside)))
    whole = max(1, len(ranked))
    return Figures(len(ranked), sum(first) / whole, sum(three) / whole, tuple(bins))


def _fit(
    examples: Sequence[Example],
    dictionary: Sequence[Example],
    *,
    people: int,
    most: int,
    never: frozenset[str],
    heat: float,
) -> Model:
    known = vocabulary(examples, people=people, most=most, never=never)
    public = {one for example in dictionary for one in features(example.text)} - set(known)
    rows = {one: row for row, one in enumerate([*known, *sorted(public)])}
    both = [*examples, *dictionary]
    fitted = LogisticRegression(C=CAREFUL, max_iter=100, tol=1e-3, class_weight="balanced")
    fitted.fit(_matrix(both, rows), [example.code for example in both])
    weights = fitted.coef_.T
    scale = float(np.abs(weights).max()) / 127
    quantised = np.round(weights / scale).astype(np.int8)
    return Model(
        tuple(map(str, fitted.classes_)),
        rows,
        quantised.tobytes(),
        scale,
        tuple(map(float, fitted.intercept_)),
        heat,
    )


def _matrix(examples: Iterable[Example], rows: dict[str, int]) -> csr_matrix:
    """As `Model.rank` reads a text: each feature once, the text's length being that of all it has, known or not."""
    data: list[float] = []
    columns: list[int] = []
    ends = [0]
    for example in examples:
        found = features(example.text)
        known = [rows[one] for one in found if one in rows]
        columns += known
        data += [1 / math.sqrt(max(1, len(found)))] * len(known)
        ends.append(len(columns))
    return csr_matrix((data, columns, ends), shape=(len(ends) - 1, len(rows)))


def _calibrated(model: Model, examples: Sequence[Example]) -> float:
    """The heat under which the model is as sure as it is right: the one with the least surprise."""
    told = []
    for example in examples:
        found = features(example.text)
        known = [one for one in found if one in model.rows]
        if known and example.code in model.codes:
            told.append((model.values(known, of=len(found)), model.codes.index(example.code)))

    def surprise(heat: float) -> float:
        return -sum(
            math.log(max(softmax([value / heat for value in values])[true], 1e-6)) for values, true in told
        )

    return min(HEATS, key=surprise)


def _with_heat(model: Model, heat: float) -> Model:
    return Model(model.codes, model.rows, model.weights, model.scale, model.base, heat)
