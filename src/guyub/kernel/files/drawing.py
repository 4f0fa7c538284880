"""A program by itself: a PDF comes in on stdin, JPEG pictures of its pages go out, each after its length.

It is started by `papers` as a child process, with its limits as its one argument, and imports nothing of Guyub. The
first line that it writes is JSON: `{"sizes": […]}`, or `{"no": why, …}`. Whatever becomes of it, only bytes come back,
and these are checked like any photo.
"""

from __future__ import annotations

import io
import json
import math
import resource
import sys
from typing import Any

QUALITY = 88
MOST_ENLARGED = 4.0  # a small receipt is not blown up beyond 288 dots an inch
LEAST_SIDE = 16


class No(Exception):
    """Why nothing is drawn: a code and what belongs to it."""

    def __init__(self, code: str, **more: int) -> None:
        super().__init__(code)
        self.answer = {"no": code, **more}


def limit(*, memory: int, seconds: int, written: int) -> None:
    """From here on the system ends this process if it wants more."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def draw(raw: bytes, *, pages: int, side: int) -> list[bytes]:
    """Each page as a JPEG whose longer side is at most `side` pixels. Raises `No`."""
    import pypdfium2
    from pypdfium2 import raw as pdfium

    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as problem:
        locked = problem.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise No("LOCKED" if locked else "BROKEN") from None
    if document.get_formtype():
        document.init_forms()  # what was filled in is drawn too
    count = len(document)
    if not count:
        raise No("BROKEN")
    if count > pages:
        raise No("MANY", pages=count)
    return [_draw(document, number, side) for number in range(count)]


def _draw(document: Any, number: int, side: int) -> bytes:
    page = document[number]
    width, height = page.get_size()
    longer, shorter = max(width, height), min(width, height)
    if not (math.isfinite(longer) and shorter > 0):
        raise No("SIZE", page=number + 1)
    scale = min(side / longer, MOST_ENLARGED)
    if shorter * scale < LEAST_SIDE:
        raise No("SIZE", page=number + 1)
    out = io.BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(out, "JPEG", quality=QUALITY)
    page.close()
    return out.getvalue()


def main() -> None:
    limits = json.loads(sys.argv[1])
    raw = sys.stdin.buffer.read()
    import PIL.Image  # noqa: F401 — before the limits, which are for what the file asks for
    import pypdfium2

    limit(memory=limits["memory"], seconds=limits["seconds"], written=limits["written"])
    out = sys.stdout.buffer
    try:
        drawn = draw(raw, pages=limits["pages"], side=limits["side"])
        answer: dict[str, Any] = {"sizes": [len(one) for one in drawn]}
    except No as no:
        drawn, answer = [], no.answer
    except pypdfium2.PdfiumError:
        drawn, answer = [], {"no": "BROKEN"}
    except MemoryError:
        drawn, answer = [], {"no": "HEAVY"}
    out.write(json.dumps(answer).encode() + b"\n")
    for one in drawn:
        out.write(one)


if __name__ == "__main__":
    main()
