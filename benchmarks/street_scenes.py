"""Streets that never were, as a phone would photograph them: built of planes in space and painted by chance.

A street of a seed is always the same; a `View` says where the camera stands and how the light is. Nearer things move
more than farther ones when the camera moves, as in real photos; only so does a second photo of the same street differ
from the first photo sent again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

Picture = Any
SIZE = (1280, 960)
FOCAL = 1050.0
_WALL = (1200, 400)  # pixels of a wall of 30 × 10 metres
_GROUND = (1000, 2400)  # pixels of a road of 12 × 30 metres


@dataclass(frozen=True)
class View:
    """Metres from the middle of the road, degrees to the right and down, and the light of the hour."""

    x: float = 0.0
    height: float = 1.5
    forward: float = 0.0
    yaw: float = 0.0
    pitch: float = 6.0
    roll: float = 0.0
    light: float = 1.0
    warmth: float = 0.0
    noise: int = 0
    is_fixed: bool = False


def photograph(street: int, view: View | None = None) -> Picture:
    """The photo (BGR) of a street from a view."""
    view = view or View()
    out, seen = np.zeros((SIZE[1], SIZE[0], 3), np.uint8), _camera(view)
    painted = _street(street, view.is_fixed)
    out[:] = _sky(street)
    for texture, corners in painted:
        _place(out, texture, corners, seen)
    return _lit(out, view, street)


def _camera(view: View) -> Picture:
    """The matrix that takes a point in space (right, down, forward) to the picture."""
    yaw, pitch, roll = (math.radians(angle) for angle in (view.yaw, view.pitch, view.roll))
    turn_y = np.array([[math.cos(yaw), 0, -math.sin(yaw)], [0, 1, 0], [math.sin(yaw), 0, math.cos(yaw)]])
    turn_x = np.array(
        [[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]]
    )
    turn_z = np.array([[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]])
    lens = np.array([[FOCAL, 0, SIZE[0] / 2], [0, FOCAL, SIZE[1] / 2], [0, 0, 1]])
    stand = np.array([[view.x], [-view.height], [view.forward]])
    turned = turn_z @ turn_x @ turn_y
    return lens @ np.hstack([turned, -turned @ stand])


def _place(out: Picture, texture: Picture, corners: tuple[Any, Any, Any], camera: Picture) -> None:
    """Draw a plane: `corners` are where its texture's first pixel lies, and its right and lower ends."""
    origin, right, lower = (np.array(point, float) for point in corners)
    height, width = texture.shape[:2]
    plane = np.zeros((4, 3))
    plane[:3, 0], plane[:3, 1], plane[:3, 2] = (right - origin) / width, (lower - origin) / height, origin
    plane[3, 2] = 1
    flat = camera @ plane
    back = np.linalg.inv(flat)
    ys, xs = np.mgrid[0 : SIZE[1], 0 : SIZE[0]].astype(np.float32)
    depth = back[2, 0] * xs + back[2, 1] * ys + back[2, 2]
    ahead = depth > 1e-9
    u = (back[0, 0] * xs + back[0, 1] * ys + back[0, 2]) / np.where(ahead, depth, 1)
    v = (back[1, 0] * xs + back[1, 1] * ys + back[1, 2]) / np.where(ahead, depth, 1)
    u, v = np.where(ahead, u, -9).astype(np.float32), np.where(ahead, v, -9).astype(np.float32)
    drawn = cv2.remap(texture, u, v, cv2.INTER_AREA, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    cover = drawn[:, :, 3:4].astype(np.float32) / 255
    out[:] = (drawn[:, :, :3] * cover + out * (1 - cover)).astype(np.uint8)


def _lit(picture: Picture, view: View, street: int) -> Picture:
    """The hour's light falls unevenly; the sensor adds its grain, which no two photos share."""
    rng = np.random.default_rng((street, view.noise, 7))
    height, width = picture.shape[:2]
    slope = cv2.resize(
        rng.uniform(0.85, 1.15, (3, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
    )
    tint = np.array([1 - view.warmth, 1.0, 1 + view.warmth], np.float32)
    lit = picture.astype(np.float32) * slope[:, :, None] * view.light * tint
    lit += rng.normal(0, 4.0, lit.shape).astype(np.float32)
    soft = cv2.GaussianBlur(np.clip(lit, 0, 255), (0, 0), 0.8)
    return soft.astype(np.uint8)


def _noise(rng: Any, size: tuple[int, int], *, coarse: int, octaves: int = 4) -> Picture:
    """Grain of several sizes between 0 and 1, as asphalt, plaster and leaves have it."""
    width, height = size
    found, weight = np.zeros((height, width), np.float32), 1.0
    for octave in range(octaves):
        cells = max(2, coarse * 2**octave)
        grid = rng.random((max(2, cells * height // max(width, height)) + 1, cells + 1)).astype(np.float32)
        found += weight * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        weight /= 1.7
    return (found - found.min()) / (found.max() - found.min() + 1e-6)


def _coloured(grain: Picture, colour: Any, depth: float) -> Picture:
    tone = (1 - depth / 2 + depth * grain)[:, :, None] * np.array(colour, np.float32)
    solid = np.full((*grain.shape, 1), 255, np.float32)
    return np.clip(np.concatenate([tone, solid], axis=2), 0, 255).astype(np.uint8)


def _sky(street: int) -> Picture:
    rng = np.random.default_rng((street, 1))
    clouds = _noise(rng, SIZE, coarse=2, octaves=5)
    return _coloured(clouds, rng.uniform(190, 245, 3), 0.35)[:, :, :3]


@lru_cache(maxsize=8)
def _street(street: int, is_fixed: bool) -> list[tuple[Picture, tuple[Any, Any, Any]]]:
    """The planes of a street, the farthest first."""
    rng = np.random.default_rng((street, 2))
    left, right = rng.uniform(3.5, 6.5), rng.uniform(3.5, 6.5)
    planes = [
        (_wall(rng, (900, 400)), ((-14, -9, 32), (14, -9, 32), (-14, 0, 32))),
        (_road(rng, is_fixed), ((-6, 0, 31), (6, 0, 31), (-6, 0, 1))),
        (_wall(rng, _WALL), ((-left, -8, 1), (-left, -8, 32), (-left, 0, 1))),
        (_wall(rng, _WALL), ((right, -8, 32), (right, -8, 1), (right, 0, 32))),
    ]
    things = sorted(((rng.uniform(6, 28), rng.integers(3)) for _ in range(9)), reverse=True)
    for far, kind in things:
        side = rng.choice([-1, 1]) * rng.uniform(1.8, 3.4)
        wide, high = [(0.5, 6.0), (2.6, 4.5), (1.9, 1.5)][kind]
        texture = (_pole, _tree, _car)[kind](rng)
        planes.append(
            (
                texture,
                ((side - wide / 2, -high, far), (side + wide / 2, -high, far), (side - wide / 2, 0, far)),
            )
        )
    return planes


def _wall(rng: Any, size: tuple[int, int]) -> Picture:
    """Houses side by side: plaster, doors, windows, roofs and signs."""
    width, height = size
    wall, x = np.zeros((height, width, 4), np.uint8), 0
    while x < width:
        wide, high = int(rng.integers(110, 240)), int(rng.integers(height // 2, height - 40))
        wide = min(wide, width - x)
        if wide < 30:
            break
        top = height - high
        house = _coloured(
            _noise(rng, (wide, high), coarse=int(rng.integers(4, 14))), rng.uniform(90, 235, 3), 0.3
        )
        for _ in range(int(rng.integers(3, 8))):
            _opening(rng, house)
        if rng.random() < 0.5:
            _sign(rng, house)
        cv2.rectangle(
            house, (0, 0), (wide, int(rng.integers(12, 34))), (*map(int, rng.uniform(40, 130, 3)), 255), -1
        )
        for y in range(0, 30, 6):
            cv2.line(house, (0, y), (wide, y), (*map(int, rng.uniform(40, 130, 3)), 255), 1)
        wall[top:, x : x + wide] = house
        x += wide + int(rng.integers(0, 14))
    return wall


def _opening(rng: Any, house: Picture) -> None:
    height, width = house.shape[:2]
    w, h = int(rng.integers(16, 52)), int(rng.integers(30, 90))
    x, y = int(rng.integers(0, max(1, width - w))), int(rng.integers(30, max(31, height - h)))
    cv2.rectangle(house, (x, y), (x + w, y + h), (*map(int, rng.uniform(20, 120, 3)), 255), -1)
    frame = (*map(int, rng.uniform(120, 250, 3)), 255)
    cv2.rectangle(house, (x, y), (x + w, y + h), frame, int(rng.integers(1, 4)))
    for _ in range(int(rng.integers(0, 3))):
        at = int(rng.integers(x, x + w))
        cv2.line(house, (at, y), (at, y + h), frame, 1)


def _sign(rng: Any, house: Picture) -> None:
    words = "".join(rng.choice(list("ABDEGIKLMNOPRSTU"), int(rng.integers(4, 9))))
    y = int(rng.integers(40, max(41, house.shape[0] - 40)))
    cv2.rectangle(
        house, (4, y - 22), (house.shape[1] - 4, y + 8), (*map(int, rng.uniform(30, 220, 3)), 255), -1
    )
    cv2.putText(
        house, words, (8, y), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (*map(int, rng.uniform(0, 255, 3)), 255), 2
    )


def _road(rng: Any, is_fixed: bool) -> Picture:
    """Asphalt with cracks, kerbs and holes; `is_fixed` has fresh asphalt where the holes were."""
    width, height = _GROUND
    grain = 0.6 * _noise(rng, _GROUND, coarse=8, octaves=6) + 0.4 * rng.random((height, width)).astype(
        np.float32
    )
    road = _coloured(grain, rng.uniform(85, 140) * np.array([1, 1, 1.02]), 0.7)
    kerb = _coloured(_noise(rng, (width, height), coarse=30), rng.uniform(130, 190, 3), 0.5)
    road[:, : width // 8], road[:, -width // 8 :] = kerb[:, : width // 8], kerb[:, -width // 8 :]
    for y in range(0, height, 60):
        cv2.line(road, (0, y), (width // 8, y), (60, 60, 60, 255), 2)
        cv2.line(road, (width - width // 8, y), (width, y), (60, 60, 60, 255), 2)
    for _ in range(14):
        crack = np.cumsum(rng.normal(0, 22, (12, 2)), axis=0) + rng.uniform((150, 0), (width - 150, height))
        cv2.polylines(road, [crack.astype(np.int32)], False, (45, 45, 48, 255), int(rng.integers(1, 4)))
    for _ in range(5):
        middle = rng.uniform((250, height * 0.55), (width - 250, height * 0.95))
        ring = [
            middle + np.array([math.cos(a) * rng.uniform(45, 110), math.sin(a) * rng.uniform(45, 110)])
            for a in np.linspace(0, 6.28, 18)
        ]
        shape = np.array(ring, np.int32)
        if is_fixed:
            low, high = shape.min(axis=0) - 18, shape.max(axis=0) + 18
            cv2.rectangle(road, low.tolist(), high.tolist(), (52, 52, 54, 255), -1)
        else:
            cv2.fillPoly(road, [shape], (58, 66, 74, 255))
            cv2.polylines(road, [shape], True, (150, 155, 160, 255), 3)
    return road


def _pole(rng: Any) -> Picture:
    pole = np.zeros((480, 60, 4), np.uint8)
    cv2.rectangle(pole, (26, 0), (34, 480), (*map(int, rng.uniform(60, 170, 3)), 255), -1)
    for y in range(20, 460, int(rng.integers(50, 120))):
        cv2.rectangle(
            pole, (16, y), (44, y + int(rng.integers(8, 26))), (*map(int, rng.uniform(0, 255, 3)), 255), -1
        )
    return pole


def _tree(rng: Any) -> Picture:
    tree = np.zeros((480, 280, 4), np.uint8)
    cv2.rectangle(tree, (130, 240), (150, 480), (40, 62, 84, 255), -1)
    for _ in range(420):
        at = rng.normal((140, 150), (60, 62))
        green = (int(rng.integers(20, 80)), int(rng.integers(70, 170)), int(rng.integers(20, 90)), 255)
        cv2.circle(tree, (int(at[0]), int(at[1])), int(rng.integers(3, 13)), green, -1)
    return tree


def _car(rng: Any) -> Picture:
    car = np.zeros((220, 280, 4), np.uint8)
    colour = (*map(int, rng.uniform(20, 240, 3)), 255)
    cv2.rectangle(car, (10, 90), (270, 190), colour, -1)
    cv2.rectangle(car, (50, 20), (230, 100), colour, -1)
    cv2.rectangle(car, (62, 32), (218, 86), (70, 60, 50, 255), -1)
    for x in (50, 230):
        cv2.circle(car, (x, 190), 26, (25, 25, 25, 255), -1)
    for x in (24, 236):
        cv2.rectangle(car, (x, 120), (x + 22, 138), (200, 240, 250, 255), -1)
    return car
