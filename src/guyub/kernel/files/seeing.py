"""What a program sees in a photo: marks by which it is found again, and whether two files show one photograph.

Needs OpenCV, so only jobs import it (`guyub.kernel.files.fingerprints`). A photo is found again in two ways: by its
whole face (64 bits of its coarse light and dark), which also works where there is little to hold on to; and by small
patches around its most striking points, which survive cutting, turning and writing upon. Both only find candidates.
Whether a candidate is the same photograph is decided by laying one file upon the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

Picture = Any

cv2.setNumThreads(1)

# Kept marks depend on these: whoever changes one raises `fingerprints.VERSION`, and all are made anew.
SIDE = 640
FLAT = 6.0  # below this spread of grey nothing can be told from a picture's face
BITS, PROBED = 28, 4
GRID, KEPT_IN_CELL, ASKED_IN_CELL = 4, 4, 20
COMMON = 0.88  # a patch that stands nearly alike elsewhere in its own picture tells little
BAND_BITS, BANDS = 16, 4
FACE = 32

# What laying one picture upon another goes by.
BLOCK, SAME = 32, 0.95
LEAST_BLOCKS, LEAST_POINTS = 12, 12


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a photo is found again: its face (None where it is flat), that in bands, and its striking patches."""

    face: int | None
    bands: tuple[int, ...]
    patches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Laid:
    """One photo laid upon another.

    `points` fit one turn, stretch and shift; `alike` is the share of the common ground that then looks the same;
    `of_older` and `of_newer` say how much of each picture that ground is.
    """

    points: int = 0
    alike: float = 0.0
    of_older: float = 0.0
    of_newer: float = 0.0


def load(path: Path) -> Picture:
    """A stored photo in grey, small, and without even bars around it (as a screenshot has them)."""
    grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        raise ValueError("no picture")
    return prepared(grey)


def prepared(grey: Picture) -> Picture:
    """As `load`, of a picture in memory."""
    grey = _without_bars(grey)
    scale = SIDE / max(grey.shape)
    if scale >= 1:
        return grey
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _without_bars(grey: Picture) -> Picture:
    """Rows and columns of hardly any contrast at the edges are cut off, at most a third on each side."""
    rows, columns = grey.std(axis=1) > FLAT, grey.std(axis=0) > FLAT
    top, bottom = _ends(rows)
    left, right = _ends(columns)
    return grey[top:bottom, left:right]


def _ends(busy: Any) -> tuple[int, int]:
    most = len(busy) // 3
    at = np.flatnonzero(busy)
    if not len(at):
        return 0, len(busy)
    return min(int(at[0]), most), max(int(at[-1]) + 1, len(busy) - most)


def marks_of(grey: Picture, *, probing: bool = False) -> Marks:
    """The marks to keep, or (`probing`) the more numerous ones to look with."""
    face = _face(grey)
    bands = _bands(face, near=probing) if face is not None else ()
    return Marks(face, bands, _patches(grey, probing=probing))


def _face(grey: Picture) -> int | None:
    """The signs of the lowest 64 waves of the picture (pHash)."""
    if grey.std() < FLAT:
        return None
    small = cv2.resize(grey, (FACE, FACE), interpolation=cv2.INTER_AREA).astype(np.float32)
    waves = cv2.dct(small)[:8, :8].flatten()
    bits = waves > np.median(waves[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big", signed=True)


def _bands(face: int, *, near: bool) -> tuple[int, ...]:
    """The face in four pieces. Two faces that differ in up to seven bits share a piece but for one bit at most."""
    found = []
    for band in range(BANDS):
        value = face >> band * BAND_BITS & 0xFFFF
        values = [value, *(value ^ 1 << bit for bit in range(BAND_BITS))] if near else [value]
        found += [band << BAND_BITS | one for one in values]
    return tuple(found)


def apart(one: int, other: int) -> int:
    """In how many of 64 bits two faces differ."""
    return ((one ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()


@lru_cache(maxsize=1)
def _planes() -> Any:
    """Fixed planes through the space of patches: on which sides of them a patch lies is its number."""
    rng = np.random.RandomState(20261122)  # its stream is promised never to change
    signs = np.repeat([1.0, -1.0], 64)
    return np.stack([rng.permutation(signs) for _ in range(BITS)], axis=1).astype(np.float32)


def _patches(grey: Picture, *, probing: bool) -> tuple[int, ...]:
    points, descriptors = _points(grey, 1000)
    if descriptors is None:
        return ()
    chosen = _spread(points, descriptors, grey.shape, ASKED_IN_CELL if probing else KEPT_IN_CELL)
    sides = descriptors[chosen] @ _planes()
    numbers = (sides > 0) @ (1 << np.arange(BITS))
    return tuple(sorted(_neighbours(numbers, sides) if probing else {int(n) for n in numbers}))


def _neighbours(numbers: Any, sides: Any) -> set[int]:
    """The numbers, and those that they would have if the least certain sides had fallen the other way."""
    doubtful = 1 << np.argsort(np.abs(sides), axis=1)[:, :PROBED]
    found: set[int] = set()
    for choice in range(1 << PROBED):
        flipped = sum(doubtful[:, i] * (choice >> i & 1) for i in range(PROBED))
        found |= {int(n) for n in numbers ^ flipped}
    return found


def _points(grey: Picture, most: int) -> tuple[Any, Any]:
    """Striking points, the strongest first, and what lies around each."""
    points, descriptors = cv2.SIFT.create(nfeatures=most).detectAndCompute(grey, None)
    if descriptors is None or len(points) < 4:
        return [], None
    order = np.argsort([-p.response for p in points], kind="stable")
    descriptors = descriptors[order]
    rooted = np.sqrt(descriptors / (descriptors.sum(axis=1, keepdims=True) + 1e-6))
    return [points[i] for i in order], rooted


def _spread(points: Any, descriptors: Any, shape: tuple[int, ...], most: int) -> list[int]:
    """The strongest unlike points of each cell of a grid, so that every part of a cut picture keeps some."""
    likeness = descriptors @ descriptors.T
    np.fill_diagonal(likeness, 0)
    taken: dict[tuple[int, int], list[int]] = {}
    for index in np.flatnonzero(likeness.max(axis=1) < COMMON):
        x, y = points[index].pt
        cell = taken.setdefault((int(x * GRID / shape[1]), int(y * GRID / shape[0])), [])
        if len(cell) < most:
            cell.append(int(index))
    return [index for cell in taken.values() for index in cell]


@dataclass(frozen=True, slots=True)
class Asked:
    """A photo that others are laid upon, prepared once."""

    grey: Picture
    points: Any
    descriptors: Any


def ready(grey: Picture) -> Asked:
    return Asked(grey, *_points(grey, 900))


def lay(older: Asked, newer: Asked) -> Laid:
    """Lay the newer photo upon the older one by their striking points."""
    source, target = _pairs(older, newer)
    if len(source) < LEAST_POINTS:
        return Laid(len(source))
    cv2.setRNGSeed(7)
    turn, fits = cv2.estimateAffinePartial2D(
        source, target, method=cv2.RANSAC, ransacReprojThreshold=2.0, maxIters=4000
    )
    points = int(fits.sum()) if turn is not None else 0
    if points < LEAST_POINTS or not 0.1 < np.hypot(turn[0, 0], turn[1, 0]) < 10:
        return Laid(points)
    return Laid(points, *_alike(older.grey, newer.grey, turn))


def same_scene(older: Asked, newer: Asked) -> int:
    """How many points of two photos fit one view of one place, taken from about the same side."""
    source, target = _pairs(older, newer)
    if len(source) < LEAST_POINTS:
        return 0
    cv2.setRNGSeed(7)
    _, fits = cv2.findHomography(source, target, cv2.RANSAC, 5.0, maxIters=4000)
    return int(fits.sum()) if fits is not None else 0


def _pairs(older: Asked, newer: Asked) -> tuple[Any, Any]:
    """Where the same patch lies in both, as far as it is plainly the same."""
    if older.descriptors is None or newer.descriptors is None:
        return (), ()
    found = cv2.BFMatcher(cv2.NORM_L2).knnMatch(newer.descriptors, older.descriptors, k=2)
    good = [two[0] for two in found if len(two) == 2 and two[0].distance < 0.8 * two[1].distance]
    return (
        np.array([newer.points[pair.queryIdx].pt for pair in good], np.float32),
        np.array([older.points[pair.trainIdx].pt for pair in good], np.float32),
    )


def _alike(older: Picture, newer: Picture, turn: Any) -> tuple[float, float, float]:
    """Block by block, how much of the common ground looks the same; and how much of each picture it is."""
    height, width = older.shape
    moved = cv2.warpAffine(newer, turn, (width, height), flags=cv2.INTER_AREA)
    cover = cv2.warpAffine(np.full_like(newer, 255), turn, (width, height)) == 255
    a, b = (cv2.GaussianBlur(one, (0, 0), 1.6).astype(np.float32) for one in (older, moved))
    corners = (
        (y, x) for y in range(0, height - BLOCK + 1, BLOCK) for x in range(0, width - BLOCK + 1, BLOCK)
    )
    blocks = [np.s_[y : y + BLOCK, x : x + BLOCK] for y, x in corners]
    likes = [
        like for block in blocks if cover[block].all() and (like := _like(a[block], b[block])) is not None
    ]
    if len(likes) < LEAST_BLOCKS:
        return 0.0, 0.0, 0.0
    ground = float(cover.sum())
    zoom = abs(turn[0, 0] * turn[1, 1] - turn[0, 1] * turn[1, 0])
    of_newer = ground / (newer.shape[0] * newer.shape[1] * zoom)
    return sum(like > SAME for like in likes) / len(likes), ground / cover.size, min(1.0, of_newer)


def _like(one: Picture, other: Picture) -> float | None:
    """How alike two blocks are from -1 to 1, whatever their light; None where both are even."""
    spread, others = one.std(), other.std()
    if spread < 5 and others < 5:
        return None
    return float(((one - one.mean()) * (other - other.mean())).mean() / (spread * others + 1e-6))
