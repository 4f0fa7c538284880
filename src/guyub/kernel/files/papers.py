"""Papers that people send: photos as they are, and PDF, whose pages become pictures. Nothing of a PDF itself is kept.

A PDF is hostile: it is opened in a child process (`drawing.py`) that the system limits in time, memory and what it
writes. What comes back goes the way of every photo: decoded, encoded anew, stored. Drawing takes seconds, so it is
done before a transaction begins.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guyub.kernel.files.photos import MAX_BYTES, SIDE, NotAPhoto

# The limits of a PDF, all of them.
MAX_PAGES = 20  # of all that is sent at once, unless the caller allows fewer
MAX_SECONDS = 20
MAX_MEMORY = (
    1024 * 1024 * 1024
)  # of addresses, not of bytes used; an A3 page scanned at 600 dpi is drawn within it
MAX_WRITTEN = 48 * 1024 * 1024
AT_ONCE = 2  # children of one process; who comes then waits, and is asked to come again

_CHILD = str(Path(__file__).with_name("drawing.py"))
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"RIFF")
_START = 1024
_places = BoundedSemaphore(AT_ONCE)


class NotAPaper(NotAPhoto):
    """The upload is neither a photo nor a PDF that can be drawn. The message is for people."""


class Papers(list[IO[bytes]]):
    """Pictures to be stored; `pages` of them were drawn from PDF."""

    pages = 0

    @property
    def said(self) -> str:
        """How many pages were drawn, in words; empty where only photos came."""
        words = ngettext(
            "%(n)d halaman PDF disimpan sebagai gambar.",
            "%(n)d halaman PDF disimpan sebagai gambar.",
            self.pages,
        )
        return words % {"n": self.pages} if self.pages else ""


def pictures_in(uploads: Iterable[IO[bytes]], *, most: int = MAX_PAGES) -> Papers:
    """Photos and the pages of PDFs in their order, at most so many. Raises `NotAPaper`; slow, so in no transaction."""
    found, sent = Papers(), list(uploads)
    for upload in sent:
        try:
            raw = _pdf(upload)
            drawn = draw(raw, most=most) if raw is not None else [upload]
        except NotAPaper as no:
            raise NotAPaper(f"{_name(upload)}: {no}" if len(sent) > 1 else str(no)) from None
        found += drawn
        found.pages += len(drawn) if raw is not None else 0
    if len(found) > most:
        said = {"n": len(found), "most": most}
        raise NotAPaper(
            _("Semuanya %(n)d halaman; paling banyak %(most)d sekali kirim. Kirim yang perlu saja.") % said
        )
    return found


def _pdf(upload: IO[bytes]) -> bytes | None:
    """The bytes of a PDF; None for a photo, which is looked at where it is stored. Names and types say nothing."""
    start = upload.read(_START)
    upload.seek(0)
    if start.startswith(_PICTURES):
        return None
    if b"%PDF-" not in start:
        raise NotAPaper(_("Berkas ini bukan foto atau PDF. Kirim PDF, JPEG, PNG, atau WebP."))
    raw = upload.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise NotAPaper(
            _("PDF ini terlalu besar. Paling besar %(n)d MB; pindai dengan mutu lebih rendah atau bagi dua.")
            % {"n": MAX_BYTES // 1024**2}
        )
    return raw


def _name(upload: Any) -> str:
    return str(getattr(upload, "name", "") or _("Berkas"))[-60:]


def draw(raw: bytes, *, most: int = MAX_PAGES) -> list[IO[bytes]]:
    """The pages of a PDF as JPEG pictures. Raises `NotAPaper`."""
    if not _places.acquire(timeout=MAX_SECONDS):
        raise NotAPaper(_("Banyak PDF sedang dibaca. Kirim lagi sebentar lagi."))
    try:
        with tempfile.TemporaryFile() as out:
            answer = _asked(raw, out, most=most)
            if "no" in answer:
                raise NotAPaper(_why(answer, most))
            return [io.BytesIO(out.read(size)) for size in answer["sizes"]]
    finally:
        _places.release()


def _asked(raw: bytes, out: IO[bytes], *, most: int) -> dict[str, Any]:
    """What the child says of a PDF; `out` then stands before its first picture."""
    limits = {
        "pages": most,
        "side": SIDE,
        "seconds": MAX_SECONDS,
        "memory": MAX_MEMORY,
        "written": MAX_WRITTEN,
    }
    try:
        subprocess.run(  # noqa: S603 — our own interpreter with our own program
            [sys.executable, "-I", _CHILD, json.dumps(limits)],
            input=raw,
            stdout=out,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=MAX_SECONDS,
            check=True,
        )
        out.seek(0)
        answer: dict[str, Any] = json.loads(out.readline(_START))
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, ValueError):
        return {"no": "HEAVY"}
    return answer


def _why(answer: dict[str, Any], most: int) -> str:
    said = {"n": answer.get("pages", 0), "most": most, "page": answer.get("page", 0)}
    return {
        "LOCKED": _("PDF ini terkunci kata sandi. Simpan tanpa kata sandi, lalu kirim lagi."),
        "MANY": _("PDF ini %(n)d halaman; paling banyak %(most)d. Kirim halaman yang perlu saja."),
        "SIZE": _(
            "Halaman %(page)d PDF ini ukurannya tidak wajar. Simpan ulang sebagai A4, atau kirim fotonya."
        ),
        "BROKEN": _("PDF ini tidak dapat dibaca. Simpan ulang sebagai PDF, atau kirim fotonya."),
    }.get(
        answer["no"],
        _("PDF ini terlalu berat untuk dibaca. Simpan ulang dengan mutu lebih rendah, atau kirim fotonya."),
    ) % said
