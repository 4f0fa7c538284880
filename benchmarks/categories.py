"""How well a category is suggested from words alone: by keywords, and by what was learnt.

    python benchmarks/categories.py             on the invented texts (benchmarks/data/categories_id.csv)
    python benchmarks/categories.py FILE.gz     and on stemmed complaints of others with three labels, for how learning goes

The invented texts were written before the model and apart from the demo's sentences: short, misspelt, in chat, Javanese and
Sundanese, often without any word that a category is called by. They are harder than daily life and count each category
alike. What is learnt here is learnt from sentences of the demo, which know nothing of them; a city learns from its own
cases and does better on those (`guyub train` prints how much).
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
TEXTS = ROOT / "benchmarks/data/categories_id.csv"
CATEGORIES = ROOT / "src/guyub/rooms/reports/data/categories.json"
PEOPLE, FEATURES, THRESHOLD = 5, 4000, 0.7


def texts() -> list[Any]:
    from guyub.rooms.reports.learning import Example

    with TEXTS.open(encoding="utf-8", newline="") as file:
        return [Example(row["text"], row["category"]) for row in csv.DictReader(file, delimiter=";")]


def called() -> dict[str, list[str]]:
    rows = json.loads(CATEGORIES.read_text("utf-8"))["categories"]
    return {row["code"]: [row["name_id"], *row["words_id"]] for row in rows}


def learnt(cases: int) -> Any:
    """A model of so many of the demo's sentences; it never saw the texts it is measured on."""
    from guyub.demo import words
    from guyub.rooms.reports import learning

    chance = Random(3)
    codes = sorted(set(called()) & set(words._book()["categories"]))
    examples = []
    for n in range(cases):
        code = chance.choice(codes)
        text = words.report_text(chance, code, "Contoh", chance.choice(["bandung", "pekalongan"])).body
        examples.append(learning.Example(text, code, str(n)))
    dictionary = [learning.Example(one, code) for code, known in called().items() for one in known]
    return learning.train(examples, dictionary, people=PEOPLE, most=FEATURES)


def tell(name: str, figures: Any) -> None:
    print(f"{name}: first {figures.first:.1%}, among three {figures.among_three:.1%} of {figures.cases}")
    for low, count, sure, right in figures.bins:
        print(f"  from {low:.0%} sure: {count:3}, said {sure:.0%}, true {right:.0%}")


def shown(model: Any, of: list[Any], *, least: float) -> tuple[float, float]:
    """For what share something is suggested, and how often that is right."""
    ranked = [(one.code, model.rank(one.text, most=1)) for one in of]
    said = [(code, found[0].code) for code, found in ranked if found and found[0].sure >= least]
    return len(said) / len(ranked), sum(a == b for a, b in said) / max(1, len(said))


def tell_shown(model: Any, of: list[Any], *, least: float) -> None:
    share, right = shown(model, of, least=least)
    print(f"  suggested at {least:.0%}: {share:.0%}, right {right:.0%}")


def main() -> None:
    from guyub.rooms.reports.guessing import Keywords
    from guyub.rooms.reports.learning import measure

    of, keywords = texts(), Keywords.of(called())
    tell("Keywords", measure(keywords, of))
    tell_shown(keywords, of, least=0.6)
    begun = time.perf_counter()
    model, own = learnt(1200)
    print(
        f"Training: {time.perf_counter() - begun:.0f} s, {len(model.pack()) / 1024:.0f} KB, heat {model.heat}"
    )
    tell("Learnt, on the newest of its own kind", own)
    tell("Learnt, on the invented texts", measure(model, of))
    tell_shown(model, of, least=THRESHOLD)
    begun = time.perf_counter()
    for one in of:
        model.rank(one.text)
    print(f"  {(time.perf_counter() - begun) / len(of) * 1000:.2f} ms a text")
    if len(sys.argv) > 1:
        tell("Three labels, real and stemmed", real(Path(sys.argv[1]), cases=3000))


def real(file: Path, *, cases: int) -> Any:
    """Of others' complaints: learnt from the first, measured on the last part."""
    from guyub.rooms.reports.learning import Example, train

    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    some = Random(5).sample(rows, min(cases, len(rows)))
    examples = [Example(row["IsiLaporan"], row["kategori"], str(n)) for n, row in enumerate(some)]
    return train(examples, [], people=PEOPLE, most=FEATURES)[1]


if __name__ == "__main__":
    main()
