"""The words of a PDF, as somebody reads them."""

from __future__ import annotations

import io

from pypdf import PdfReader


def words_on(paper: bytes) -> str:
    """All that stands on its pages, line ends as blanks."""
    pages = PdfReader(io.BytesIO(paper)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
