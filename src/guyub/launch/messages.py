"""`guyub messages`: compile the translations, or list what lacks an English word; no system tool is needed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).resolve().parents[1]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def run(args: list[str]) -> int:
    from guyub.launch.arguments import parser

    options = parser("messages", "Compile the translations, or list what is missing.")
    options.add_argument("what", choices=["compile", "missing"])
    if options.parse_args(args).what == "compile":
        compile_all()
        return 0
    found = 0
    for catalogue, texts in missing().items():
        for text in texts:
            print(f"{catalogue}: {text!r}")
            found += 1
    return 1 if found else 0


def compile_all() -> int:
    """Write a .mo beside each .po that is newer; returns how many were written."""
    written = 0
    for po in SOURCE.rglob("locale/*/LC_MESSAGES/django.po"):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalogue = read_po(source)
        out = io.BytesIO()
        write_mo(out, catalogue)
        part = mo.with_suffix(".part")
        part.write_bytes(out.getvalue())
        part.replace(mo)
        written += 1
    return written


def texts_of(folder: Path) -> Iterator[tuple[str, str | None]]:
    """The Indonesian texts (and contexts) of an app's code and templates."""
    from django.utils.translation.template import templatize

    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.html"), *folder.rglob("*.txt")]):
        inner = path.relative_to(folder).parts
        if "tests" in inner or "migrations" in inner or "locale" in inner or "static" in inner:
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            source = templatize(source)
        for _, message, _, context in extract("python", io.BytesIO(source.encode()), KEYWORDS, (), {}):
            for one in message if isinstance(message, tuple) else (message,):
                if one:
                    yield one, context


def apps() -> list[Path]:
    """The folders that carry a catalogue of their own, and those that should."""
    return sorted(
        [
            *(SOURCE / "rooms").glob("[a-z]*/"),
            *(SOURCE / "sites").glob("[a-z]*/"),
            SOURCE / "ui",
            SOURCE / "kernel",
        ],
        key=str,
    )


def missing() -> dict[str, list[str]]:
    """The texts without an English word, by the app in which they stand. Any app's catalogue may have the word."""
    known: set[tuple[str, str | None]] = set()
    for po in SOURCE.rglob("locale/en/LC_MESSAGES/django.po"):
        with po.open("rb") as source:
            for message in read_po(source):
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                if message.id and all(
                    message.string if isinstance(message.string, tuple) else (message.string,)
                ):
                    known |= {(str(one), message.context) for one in ids}
    gaps: dict[str, list[str]] = {}
    for folder in [*apps(), SOURCE / "sites"]:
        lacking = sorted({text for text, context in texts_of(folder) if (text, context) not in known})
        if lacking:
            gaps[str(folder.relative_to(SOURCE))] = lacking
    return gaps
