"""Drawn pictures for the demo: plainly no photos of real places, and each says that it is an example."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import shutil
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from guyub.kernel.files.photos import path_of

VARIANTS = 3
# What a picture shows, by category; of any other there is no "before", and "after" is a tidy street.
SCENES = {
    **dict.fromkeys(
        ("jalan-berlubang", "jalan-lingkungan", "jembatan-rusak", "trotoar-rusak", "galian-jalan"), "holes"
    ),
    **dict.fromkeys(("banjir", "rob", "saluran-tersumbat", "tanggul-rusak", "pencemaran-sungai"), "water"),
    **dict.fromkeys(("sampah", "angkut-sampah", "asap-bakaran", "limbah", "pasar"), "rubbish"),
    **dict.fromkeys(("pohon-tumbang", "pangkas-pohon", "taman"), "tree"),
}
PLAIN = "street"
SIZE = (960, 720)
SKIES = ((214, 231, 240), (236, 226, 208), (205, 214, 222), (228, 236, 226))


@dataclass(frozen=True)
class Made:
    """A picture of the pool: where its two sizes lie."""

    full: Path
    thumb: Path
    sha256: str
    size: int
    width: int
    height: int


def pool() -> dict[tuple[str, str], list[Made]]:
    """The pictures of each scene 'before' and 'after' work, drawn once for each checkout."""
    kinds = [(scene, moment) for scene in sorted({*SCENES.values(), PLAIN}) for moment in ("before", "after")]
    kinds.remove((PLAIN, "before"))
    return {kind: [_made(*kind, number) for number in range(VARIANTS)] for kind in kinds}


def _made(scene: str, moment: str, number: int) -> Made:
    folder = Path(settings.GUYUB_DATA) / "files" / "demo-pictures"
    folder.mkdir(parents=True, exist_ok=True)
    full, thumb = folder / f"{scene}-{moment}-{number}.jpg", folder / f"{scene}-{moment}-{number}-k.jpg"
    if not thumb.exists():
        picture = drawn(scene, moment, number)
        picture.save(full, "JPEG", quality=70, optimize=True)
        picture.resize((360, 270)).save(thumb, "JPEG", quality=70, optimize=True)
    raw = full.read_bytes()
    return Made(full, thumb, hashlib.sha256(raw).hexdigest(), len(raw), *SIZE)


def drawn(scene: str, moment: str, number: int) -> Image.Image:
    """One place twice: what is wrong is drawn over it before, and gone after."""
    rng = random.Random(f"{scene}{number}")  # noqa: S311
    picture = Image.new("RGB", SIZE, rng.choice(SKIES))
    draw = ImageDraw.Draw(picture)
    horizon = rng.randint(250, 330)
    for x in range(0, SIZE[0], 160):
        height = rng.randint(90, 190)
        wall = tuple(rng.randint(150, 215) for _ in range(3))
        draw.rectangle((x, horizon - height, x + 150, horizon), fill=wall)
        draw.polygon(
            ((x - 8, horizon - height), (x + 75, horizon - height - 50), (x + 158, horizon - height)),
            fill=(156, 84, 62),
        )
        draw.rectangle((x + 55, horizon - 60, x + 95, horizon), fill=(108, 86, 70))
    draw.rectangle((0, horizon, *SIZE), fill=(138, 140, 138))
    draw.rectangle((0, horizon, SIZE[0], horizon + 36), fill=(176, 170, 158))
    for x in range(40, SIZE[0], 200):
        draw.rectangle((x, 520, x + 90, 532), fill=(236, 232, 220))
    if scene == "tree" and moment == "after":
        draw.rectangle((470, horizon - 190, 494, horizon + 30), fill=(96, 72, 52))
        draw.ellipse((380, horizon - 320, 584, horizon - 130), fill=(86, 128, 74))
    if moment == "before":
        _TROUBLES[scene](draw, rng, horizon)
    elif scene == "holes":
        x = rng.randint(200, 640)
        draw.rounded_rectangle((x, horizon + 90, x + 260, horizon + 190), 18, fill=(112, 113, 112))
    draw.rectangle((0, 672, SIZE[0], SIZE[1]), fill=(40, 44, 46))
    words = "GAMBAR CONTOH - SEBELUM" if moment == "before" else "GAMBAR CONTOH - SESUDAH"
    draw.text((24, 682), words, fill=(240, 240, 236), font=ImageFont.load_default(26))
    return picture


def _holes(draw: ImageDraw.ImageDraw, rng: random.Random, horizon: int) -> None:
    for _ in range(rng.randint(4, 9)):
        x, y = rng.randint(80, 860), rng.randint(horizon + 80, 660)
        w, h = rng.randint(40, 150), rng.randint(16, 50)
        draw.ellipse((x - w, y - h, x + w, y + h), fill=(84, 82, 80))
        draw.ellipse((x - w // 2, y - h // 2, x + w // 2, y + h // 2), fill=(60, 70, 82))


def _water(draw: ImageDraw.ImageDraw, rng: random.Random, horizon: int) -> None:
    draw.rectangle((0, horizon - 24, *SIZE), fill=(120, 128, 118))
    for y in range(horizon, 670, 34):
        x = rng.randint(0, 500)
        draw.arc((x, y, x + 300, y + 22), 180, 360, fill=(164, 172, 160), width=5)


def _rubbish(draw: ImageDraw.ImageDraw, rng: random.Random, horizon: int) -> None:
    for _ in range(rng.randint(16, 26)):
        x, y, size = rng.randint(240, 720), rng.randint(horizon + 30, horizon + 170), rng.randint(24, 62)
        colour = rng.choice(((52, 54, 58), (196, 190, 176), (92, 110, 132), (150, 106, 78)))
        draw.ellipse((x - size, y - size, x + size, y + size), fill=colour)


def _tree(draw: ImageDraw.ImageDraw, rng: random.Random, horizon: int) -> None:
    draw.line((180, horizon + 60, 640, horizon + 210), fill=(96, 72, 52), width=30)
    for _ in range(14):
        x, y = rng.randint(560, 780), rng.randint(horizon + 120, horizon + 270)
        draw.ellipse((x - 62, y - 44, x + 62, y + 44), fill=(86, 128, rng.randint(60, 90)))


_TROUBLES = {"holes": _holes, "water": _water, "rubbish": _rubbish, "tree": _tree}


def link(made: Made, uuid: UUID) -> None:
    """Put a picture of the pool where a photo of the entered city is looked for; hard links cost no space."""
    for source, target in ((made.full, path_of(uuid)), (made.thumb, path_of(uuid, thumb=True))):
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            _link(source, target)


def _link(source: Path, target: Path) -> None:
    """A file has some 65,000 names at most; after that the pool goes on with a copy of it."""
    try:
        os.link(source, target)
    except OSError as problem:
        if problem.errno != errno.EMLINK:
            raise
        shutil.copyfile(source, target)
        fresh = source.with_suffix(".new")
        os.link(target, fresh)
        fresh.replace(source)
