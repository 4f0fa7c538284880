"""How well "may be the same" is found: precision and recall by threshold, beside a plain rule.

    python benchmarks/duplicates.py            the invented pairs (benchmarks/data/duplicates_id.csv)
    python benchmarks/duplicates.py FILE.gz    and real requests of a city, with what its officers called duplicates

The plain rule is what many cities do by hand: the same category, within 100 m and 14 days. The invented pairs were
written to be hard on both sides (another thing at the same spot; the same thing in other words, under a kin category or
without a point), so their figures are lower than daily life's and only good for comparing. The real file says for each
closed request whether it was called a duplicate; its requests carry no words, so it tries place, time and kind alone.
"""

from __future__ import annotations

import csv
import gzip
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import cos, radians
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
PAIRS = ROOT / "benchmarks/data/duplicates_id.csv"
THRESHOLDS = tuple(n / 100 for n in range(40, 91, 5))
NEAR_METRES, NEAR_DAYS = 100, 14


@dataclass(frozen=True)
class Pair:
    """Two texts, whether they are about one thing, and how far apart they are. `metres` is None without a point."""

    is_same: bool
    categories: tuple[str, str]
    metres: float | None
    days: float
    texts: tuple[str, str]


@dataclass(frozen=True)
class Quality:
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        whole = self.precision + self.recall
        return 2 * self.precision * self.recall / whole if whole else 0.0


def pairs() -> list[Pair]:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return [
            Pair(
                row["same"] == "1",
                (row["category_a"], row["category_b"]),
                float(row["metres"]) if row["metres"] else None,
                float(row["days"]),
                (row["a"], row["b"]),
            )
            for row in csv.DictReader(file, delimiter=";")
        ]


def quality(found: Iterable[bool], true: Iterable[bool]) -> Quality:
    both = list(zip(found, true, strict=True))
    hits = sum(f and t for f, t in both)
    called, there = sum(f for f, _ in both), sum(t for _, t in both)
    return Quality(hits / called if called else 1.0, hits / there if there else 1.0)


def baseline(pair: Pair) -> bool:
    """The same category, within 100 m and 14 days; without a point the same kelurahan has to do."""
    first, second = pair.categories
    return first == second and (pair.metres or 0) <= NEAR_METRES and pair.days <= NEAR_DAYS


def scores(of: list[Pair], scale: Any = None) -> list[float]:
    """As the product scores them, in the entered city: PostgreSQL's stems, the city's categories and rules."""
    from django.db import connection
    from django.utils import timezone

    from guyub.rooms.reports import nearby
    from guyub.rooms.reports.categories import categories
    from guyub.rooms.reports.sameness import Likeness, Stems

    scale = scale or nearby.rules_on(timezone.now()).scale

    def stems(text: str) -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tsvector_to_array(reports_lexemes(%s))", [text])
            return list(cursor.fetchone()[0])

    found = []
    for pair in of:
        first, second = (categories().by_code[code] for code in pair.categories)
        if first.group != second.group:
            found.append(0.0)  # the product does not look there
            continue
        common = stems(f"{first.name_id} {first.words_id}")
        mine = Stems(stems(pair.texts[0]), common=common, common_word=scale.common_word)
        text, shared = mine.likeness(stems(pair.texts[1]))
        like = Likeness(
            metres=pair.metres, days=pair.days, is_same_category=first == second, shared=shared, text=text
        )
        found.append(like.score(scale))
    return found


def by_threshold(of: list[Pair], said: list[float]) -> dict[float, Quality]:
    true = [pair.is_same for pair in of]
    return {line: quality([one >= line for one in said], true) for line in THRESHOLDS}


def print_pairs() -> None:
    from django.utils import timezone

    from guyub.rooms.reports import nearby

    of = pairs()
    chosen = nearby.rules_on(timezone.now()).threshold
    print(f"\n{len(of)} invented pairs, {sum(pair.is_same for pair in of)} of them the same")
    print("  threshold  precision  recall     F1")
    for line, found in by_threshold(of, scores(of)).items():
        mark = " < rulebook" if abs(line - chosen) < 0.001 else ""
        print(f"  {line:9.2f}  {found.precision:9.2f}  {found.recall:6.2f}  {found.f1:5.2f}{mark}")
    plain = quality(map(baseline, of), [pair.is_same for pair in of])
    print(f"  plain rule {plain.precision:9.2f}  {plain.recall:6.2f}  {plain.f1:5.2f}")


# ── Real requests ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Request:
    kind: str
    at: datetime
    closed: datetime | None
    lat: float
    lon: float
    is_duplicate: bool


@dataclass(frozen=True)
class Found:
    """The share of what officers called duplicates, and of all else, for which something earlier is suggested."""

    of_duplicates: float
    of_others: float


def real_requests(file: Path) -> list[Request]:
    """Requests with a point, oldest first."""

    def rows() -> Iterator[Request]:
        with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if not row["latitude"]:
                    continue
                closed = row["closed_dt"]
                yield Request(
                    row["type"],
                    datetime.fromisoformat(row["open_dt"]),
                    datetime.fromisoformat(closed) if closed else None,
                    float(row["latitude"]),
                    float(row["longitude"]),
                    "duplicate" in row["closure_reason"].lower(),
                )

    return sorted(rows(), key=lambda one: one.at)


def tried(of: list[Request], likes: Callable[[float, float], bool]) -> Found:
    """For each request: is there an earlier one of its kind, still open, that is like it?"""
    earlier: dict[tuple[str, int, int], list[Request]] = defaultdict(list)
    counted = {True: [0, 0], False: [0, 0]}
    for one in of:
        row, column = int(one.lat * 200), int(one.lon * 200)
        near = [
            old
            for r in (row - 1, row, row + 1)
            for c in (column - 1, column, column + 1)
            for old in still_open(earlier[one.kind, r, c], one.at)
        ]
        hit = any(likes(_metres(one, old), (one.at - old.at).total_seconds() / 86_400) for old in near)
        counted[one.is_duplicate][hit] += 1
        earlier[one.kind, row, column].append(one)
    shares = {key: hits / max(1, hits + misses) for key, (misses, hits) in counted.items()}
    return Found(shares[True], shares[False])


def still_open(requests: list[Request], at: datetime) -> list[Request]:
    """Those of the last 30 days that were not closed by then; the rest is forgotten."""
    requests[:] = [
        old
        for old in requests
        if at - old.at <= timedelta(days=30) and (old.closed is None or old.closed > at)
    ]
    return requests


def _metres(a: Request, b: Request) -> float:
    """Flat is near enough within a kilometre."""
    north, east = (a.lat - b.lat) * 111_320, (a.lon - b.lon) * 111_320 * cos(radians(a.lat))
    return float((north**2 + east**2) ** 0.5)


def wordless(scale: Any) -> Any:
    return replace(scale, text=0.0)


def print_real(file: Path) -> None:
    from django.utils import timezone

    from guyub.rooms.reports import nearby
    from guyub.rooms.reports.sameness import Likeness

    of, scale = real_requests(file), wordless(nearby.rules_on(timezone.now()).scale)
    print(f"\n{len(of):,} real requests, {sum(one.is_duplicate for one in of)} called duplicates by officers")
    print("  threshold  shown for duplicates  shown for others")

    def likes(line: float) -> Callable[[float, float], bool]:
        def alike(metres: float, days: float) -> bool:
            like = Likeness(metres=metres, days=days, is_same_category=True, shared=(), text=0.0)
            return like.score(scale) >= line

        return alike

    for line in (0.5, 0.6, 0.7, 0.8, 0.9):
        found = tried(of, likes(line))
        print(f"  {line:9.2f}  {found.of_duplicates:20.2f}  {found.of_others:16.2f}")
    plain = tried(of, lambda metres, days: metres <= NEAR_METRES and days <= NEAR_DAYS)
    print(f"  plain rule {plain.of_duplicates:20.2f}  {plain.of_others:16.2f}")


def main() -> None:
    from tests.processes import installation

    with tempfile.TemporaryDirectory() as folder, installation(Path(folder), reports=200) as made:
        os.environ.update(made.env)
        import django

        django.setup()
        from guyub.kernel.cities import api as cities

        with cities.inside(cities.get_city_by_slug("bandung")):
            print_pairs()
            for file in sys.argv[1:]:
                print_real(Path(file))


if __name__ == "__main__":
    main()
