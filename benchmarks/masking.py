"""How well personal data is found: precision and recall on the labelled lines of tests/kernel/data/masking.txt.

    PYTHONPATH=src .venv/bin/python benchmarks/masking.py

A labelled span counts as found when every letter or digit of it is masked; what is masked beside the labels is a
false alarm. The kind is counted only where it was found.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from guyub.kernel import masking

LINES = Path(__file__).resolve().parents[1] / "tests" / "kernel" / "data" / "masking.txt"
_LABEL = re.compile("«([A-Z]+):([^»]*)»")


@dataclass
class Tally:
    """`missed` and `false` hold the text and its line, for whoever makes it better."""

    wanted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, str]] = field(default_factory=list)
    false: list[tuple[str, str]] = field(default_factory=list)
    lines: int = 0
    clean: int = 0

    @property
    def recall(self) -> float:
        return sum(self.found.values()) / sum(self.wanted.values())

    @property
    def precision(self) -> float:
        found = sum(self.found.values())
        return found / (found + len(self.false))


def samples() -> list[tuple[str, list[tuple[int, int, str]]]]:
    """Each line without its labels, and where they stood. A line without a capital at its begin may go on another."""
    text = "\n".join(row for row in LINES.read_text("utf-8").splitlines() if not row.startswith("#"))
    text = re.sub("«[^»]*»", lambda one: one[0].replace("\n", "\r"), text)
    return [_sample(row.replace("\r", "\n")) for row in text.split("\n") if row.strip()]


def _sample(row: str) -> tuple[str, list[tuple[int, int, str]]]:
    plain, spans, last = "", [], 0
    for label in _LABEL.finditer(row):
        plain += row[last : label.start()]
        spans.append((len(plain), len(plain) + len(label[2]), label[1]))
        plain += label[2]
        last = label.end()
    return plain + row[last:], spans


def tally() -> Tally:
    made = Tally()
    for text, wanted in samples():
        made.lines += 1
        made.clean += not wanted
        found = masking.find(text)
        hidden = {n for one in found for n in range(one.start, one.end)}
        for start, end, kind in wanted:
            made.wanted[kind] += 1
            if all(n in hidden for n in range(start, end) if text[n].isalnum()):
                made.found[kind] += 1
                made.named[kind] += any(o.kind == kind and o.start < end and start < o.end for o in found)
            else:
                made.missed.append((text[start:end], text))
        labelled = {n for start, end, _kind in wanted for n in range(start, end)}
        made.false += [(o.value, text) for o in found if not labelled & set(range(o.start, o.end))]
    return made


def main() -> None:
    began = time.perf_counter()
    masking.find("pemanasan 0813-5550-7777")
    loaded = time.perf_counter()
    made = tally()
    each = (time.perf_counter() - loaded) / made.lines * 1000
    print(f"{'kind':10} {'labelled':>8} {'found':>6} {'recall':>7} {'named so':>9}")
    for kind in sorted(made.wanted):
        n, found = made.wanted[kind], made.found[kind]
        print(f"{kind:10} {n:8} {found:6} {found / n:7.1%} {made.named[kind]:9}")
    print(f"{'all':10} {sum(made.wanted.values()):8} {sum(made.found.values()):6} {made.recall:7.1%}")
    print(f"precision {made.precision:.1%}: {len(made.false)} false alarms in {made.lines} lines, ", end="")
    print(
        f"{made.clean} of them without anything personal; {each:.2f} ms a line, {loaded - began:.2f} s to load"
    )
    if "-v" in sys.argv:
        for name, rows in (("missed", made.missed), ("false", made.false)):
            for value, text in rows:
                print(f"{name}: {value!r} in {text!r}")


if __name__ == "__main__":
    main()
