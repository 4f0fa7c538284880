"""`make photo-reuse`: how well a photo that was sent before is found again, and how often an honest one is accused.

The streets are built by chance (`street_scenes`): no photo of a real place. Real photos are blurred by hands, wet with
rain and full of people, so the figures say how the method behaves, not what a city will see. Put photos of your own in
a folder (PHOTOS=…) to see those: each counts as a street of its own, with one view.

    make photo-reuse                    24 streets, and the look-up among 100,000 fingerprints
    make photo-reuse STREETS=60 STORED=1000000
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[1] / "src")]

import cv2  # noqa: E402
import numpy as np  # noqa: E402
from benchmarks.street_scenes import View, photograph  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guyub.settings.test")
import django  # noqa: E402

django.setup()
from guyub.kernel.files import seeing  # noqa: E402

Picture = Any
SEEDS = Path(__file__).resolve().parents[1] / "src/guyub/kernel/rulebook/seeds/evidence.json"
SHARED, OPENED = 2, 24


def limits() -> dict[str, int]:
    return {entry["key"]: entry["value"]["amount"] for entry in json.loads(SEEDS.read_text())}


def _jpeg(picture: Picture, quality: int) -> Picture:
    return cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 1)


def _cut(picture: Picture, share: float, rng: Any) -> Picture:
    """A piece from anywhere, without `share` of the picture."""
    height, width = picture.shape[:2]
    h, w = int(height * (1 - share) ** 0.5), int(width * (1 - share) ** 0.5)
    y, x = int(rng.integers(0, height - h + 1)), int(rng.integers(0, width - w + 1))
    return picture[y : y + h, x : x + w]


def _turned(picture: Picture, degrees: float) -> Picture:
    """Turned, and enlarged until no corner is empty, as phones do it."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.14)
    return cv2.warpAffine(picture, turn, (width, height))


def _screenshot(picture: Picture) -> Picture:
    phone = np.full((1600, 760, 3), 18, np.uint8)
    phone[480:1050] = cv2.resize(picture, (760, 570), interpolation=cv2.INTER_AREA)
    cv2.putText(phone, "12.45", (30, 56), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (240, 240, 240), 2)
    cv2.putText(phone, "Galeri", (60, 1500), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (240, 240, 240), 2)
    return phone


def _written_on(picture: Picture) -> Picture:
    found = picture.copy()
    height, width = found.shape[:2]
    cv2.rectangle(found, (0, int(height * 0.82)), (width, height), (0, 0, 0), -1)
    for line, words in enumerate(("Sudah dikerjakan, 21 November", "KELURAHAN CONTOH")):
        at = (30, int(height * (0.89 + 0.08 * line)))
        cv2.putText(found, words, at, cv2.FONT_HERSHEY_SIMPLEX, width / 900, (0, 255, 255), 3)
    return found


def _bright(picture: Picture, gamma: float) -> Picture:
    return (255 * (picture / 255.0) ** gamma).astype(np.uint8)


def _coloured(picture: Picture) -> Picture:
    return np.clip(picture * np.array([0.75, 1.0, 1.25]), 0, 255).astype(np.uint8)


def _small(picture: Picture) -> Picture:
    return cv2.resize(picture, (480, 360), interpolation=cv2.INTER_AREA)


Change = Callable[[Picture, Any], Picture]
CHANGES: dict[str, Change] = {
    "the same picture, saved anew": lambda p, r: _jpeg(p, 85),
    "cut by 10 %": lambda p, r: _cut(p, 0.1, r),
    "cut by 20 %": lambda p, r: _cut(p, 0.2, r),
    "cut by 30 %": lambda p, r: _cut(p, 0.3, r),
    "cut by 50 %": lambda p, r: _cut(p, 0.5, r),
    "flipped left to right": lambda p, r: p[:, ::-1],
    "saved at quality 60": lambda p, r: _jpeg(p, 60),
    "saved at quality 30": lambda p, r: _jpeg(p, 30),
    "screenshot with bars": lambda p, r: _screenshot(p),
    "colours shifted": lambda p, r: _coloured(p),
    "much brighter": lambda p, r: _bright(p, 0.6),
    "much darker": lambda p, r: _bright(p, 1.6),
    "turned by 2°": lambda p, r: _turned(p, 2),
    "turned by 5°": lambda p, r: _turned(p, -5),
    "480 × 360": lambda p, r: _small(p),
    "written on, 18 %": lambda p, r: _written_on(p),
    "flipped, cut 20 %, quality 60": lambda p, r: _jpeg(_cut(p[:, ::-1], 0.2, r), 60),
}
OTHERS: dict[str, View | None] = {
    "another street": None,
    "same street, one metre aside": View(x=0.8, yaw=4, forward=1, noise=3, light=0.9),
    "same street, 40 cm, other light, after the fix": View(
        x=0.4, yaw=-1, forward=0.3, height=1.6, noise=4, is_fixed=True, light=0.8, warmth=0.06
    ),
    "same street, 20 cm, after the fix": View(x=0.2, yaw=1, forward=0.1, noise=5, is_fixed=True),
    "same street, 5 cm, after the fix (nearly the same spot)": View(
        x=0.05, yaw=0.4, pitch=6.3, roll=0.5, noise=6, is_fixed=True
    ),
    "same spot to the millimetre, nothing changed (a tripod)": View(noise=7, light=0.92),
}


def seen(picture: Picture) -> Picture:
    """A picture as the application keeps it and looks at it: made smaller, saved, grey."""
    scale = min(1.0, 1600 / max(picture.shape))
    kept = _jpeg(cv2.resize(np.ascontiguousarray(picture), None, fx=scale, fy=scale), 80)
    return seeing.prepared(cv2.cvtColor(kept, cv2.COLOR_BGR2GRAY))


class Stored:
    """The earlier photos, and what `fingerprints.seen_before` does with them, without its database."""

    def __init__(self, pictures: list[Picture]) -> None:
        greys = [seen(one) for one in pictures]
        self.marks = [seeing.marks_of(one) for one in greys]
        self.ready = [seeing.ready(one) for one in greys]

    def likest(self, picture: Picture) -> tuple[int, float]:
        """The earlier photo that fits best, and how much looks the same; -1 for none."""
        grey, best = seen(picture), (-1, 0.0)
        for view in (grey, np.ascontiguousarray(grey[:, ::-1])):
            asked = seeing.ready(view)
            for number in self._candidates(seeing.marks_of(view, probing=True)):
                laid = seeing.lay(self.ready[number], asked)
                if max(laid.of_older, laid.of_newer) >= 0.3 and laid.alike > best[1]:
                    best = number, laid.alike
        return best

    def _candidates(self, marks: seeing.Marks) -> list[int]:
        patches, found = set(marks.patches), []
        for number, kept in enumerate(self.marks):
            shared = len(patches.intersection(kept.patches))
            near = (
                marks.face is not None and kept.face is not None and seeing.apart(marks.face, kept.face) <= 10
            )
            if shared >= SHARED or near:
                found.append((shared, number))
        return [number for _, number in sorted(found, reverse=True)[:OPENED]]


def run(streets: int, folder: str) -> None:
    rules, own = (
        limits(),
        [cv2.imread(str(path)) for path in sorted(Path(folder).glob("*.jp*g"))] if folder else [],
    )
    own = [one for one in own if one is not None]
    print(
        f"{streets} built streets"
        + (f" and {len(own)} photos of your own" if own else "; no real photos here")
    )
    print(
        f"flag from {rules['seen_alike']} % alike, 'perhaps' from {rules['seen_perhaps']} %; "
        f"same view from {rules['view_points']} points\n"
    )
    made = [photograph(number) for number in range(streets)] + own
    stored = Stored(made)
    print(f"{'sent again':58} found  perhaps  least alike")
    for name, change in CHANGES.items():
        rng, alikes = np.random.default_rng(5), []
        for number, picture in enumerate(made):
            which, alike = stored.likest(change(picture, rng))
            alikes.append(alike * 100 if which == number else 0.0)
        _line(name, alikes, rules)
    print(f"\n{'another photo (a flag would be a false alarm)':58} flags  perhaps  most alike  same view")
    for name, view in OTHERS.items():
        alikes, scenes = [], 0
        for number in range(streets):
            picture = photograph(1000 + number) if view is None else photograph(number, view)
            alikes.append(stored.likest(picture)[1] * 100)
            points = seeing.same_scene(stored.ready[number], seeing.ready(seen(picture)))
            scenes += points >= rules["view_points"]
        _line(name, alikes, rules, most=True, more=f"  {scenes}/{streets}")


def _line(
    name: str, alikes: list[float], rules: dict[str, int], *, most: bool = False, more: str = ""
) -> None:
    flags = sum(one >= rules["seen_alike"] for one in alikes)
    perhaps = sum(rules["seen_perhaps"] <= one < rules["seen_alike"] for one in alikes)
    edge = max(alikes) if most else min(alikes)
    print(f"{name:58} {flags:3}/{len(alikes):<3} {perhaps:5}    {edge:6.0f} %{more}", flush=True)


# ── looking up among many ──────────────────────────────────────────────────────────────────────────────────
def fill(cursor: Any, stored: int, streets: int) -> None:
    """Fingerprints of as many photos as a large city has: patches spread by chance around those of a few streets."""
    rng = np.random.default_rng(11)
    pool = []
    for number in range(streets):
        points, descriptors = seeing._points(seen(photograph(2000 + number)), 1000)
        chosen = seeing._spread(points, descriptors, (480, 640), 40)
        pool.append(descriptors[chosen] @ seeing._planes())
    sides, powers = np.concatenate(pool).astype(np.float32), 1 << np.arange(seeing.BITS)
    for begin in range(1, stored + 1, 5000):
        rows = range(begin, min(begin + 5000, stored + 1))
        chosen = sides[rng.integers(0, len(sides), (len(rows), 45))]
        patches = (chosen + rng.normal(0, sides.std(), chosen.shape).astype(np.float32) > 0) @ powers
        faces = rng.integers(-(2**63), 2**63 - 1, len(rows))
        cursor.execute(
            "INSERT INTO files_photo SELECT n, 'tests.report:' || n FROM generate_series(%s::bigint, %s::bigint) n",
            [rows[0], rows[-1]],
        )
        with cursor.copy(
            "COPY files_fingerprint (photo_id, version, face, bands, patches) FROM STDIN"
        ) as copy:
            for key, face, some in zip(rows, faces.tolist(), patches.tolist(), strict=True):
                bands = seeing._bands(face, near=False)
                copy.write_row((key, 1, face, _array(bands), _array(set(some))))
    for index in ("bands", "patches"):
        cursor.execute(f"CREATE INDEX files_finger_{index} ON files_fingerprint USING gin ({index})")


def _array(numbers: Iterable[int]) -> str:
    return "{" + ",".join(map(str, sorted(numbers))) + "}"


TABLES = """
CREATE TABLE files_photo (id bigint PRIMARY KEY, subject varchar(60) NOT NULL);
CREATE TABLE files_fingerprint (photo_id bigint PRIMARY KEY, version smallint NOT NULL, face bigint,
  bands int[] NOT NULL, patches int[] NOT NULL);
"""


def look_up(stored: int, streets: int) -> None:
    """How long the database takes to name the candidates, with tables like the application's."""
    import psycopg

    from guyub.kernel.files import fingerprints
    from guyub.launch import postgres

    with (
        postgres.throwaway(durable=False) as server,
        psycopg.connect(server.owner_url, autocommit=True) as owner,
        owner.cursor() as cursor,
    ):
        began = time.monotonic()
        cursor.execute(TABLES)
        fill(cursor, stored, streets)
        cursor.execute("VACUUM ANALYZE files_fingerprint")
        cursor.execute("SELECT pg_total_relation_size('files_fingerprint') / 1e6")
        size = cursor.fetchone()[0]
        print(f"\n{stored:,} fingerprints ({size:.0f} MB with indexes) in {time.monotonic() - began:.0f} s")
        spans, counts = [], []
        for number in range(12):
            marks = seeing.marks_of(seen(photograph(3000 + number)), probing=True)
            began = time.monotonic()
            with owner.transaction():
                named = fingerprints.named(cursor, marks, before=stored + 1, besides="tests.proof:1")
            spans.append((time.monotonic() - began) * 1000)
            counts.append(len(named))
    print(
        f"naming the candidates: median {statistics.median(spans):.0f} ms, most {max(spans):.0f} ms; "
        f"{statistics.mean(counts):.0f} of them opened"
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--streets", type=int, default=24)
    asked.add_argument("--stored", type=int, default=100_000)
    asked.add_argument("--photos", default="")
    options = asked.parse_args()
    if options.streets:
        run(options.streets, options.photos)
    if options.stored:
        look_up(options.stored, min(max(options.streets, 12), 24))
