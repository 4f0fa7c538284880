"""What a report is and what of it may be seen: plain Python."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from guyub.rooms.casework.api import Classification


class Seen(StrEnum):
    """How much of a report a stranger sees."""

    NOTHING = "NOTHING"
    OUTLINE = "OUTLINE"  # number, category, kelurahan and status
    ALL = "ALL"


def classification_of(*, report_class: str, about_conduct: bool) -> Classification:
    """The class of SP4N-LAPOR! that sets the clocks (PermenPANRB 62/2018): conduct makes it *berkadar pengawasan*."""
    if about_conduct:
        return Classification.OVERSIGHT
    return {
        "PENGADUAN": Classification.COMPLAINT,
        "ASPIRASI": Classification.ASPIRATION,
        "PERMINTAAN_INFORMASI": Classification.INFO_REQUEST,
    }[report_class]


def seen_by_public(*, is_published: bool, is_confidential: bool, about_conduct: bool) -> Seen:
    """A report on conduct is not public at all; *rahasia* and what no officer has verified only in outline."""
    if about_conduct:
        return Seen.NOTHING
    return Seen.ALL if is_published and not is_confidential else Seen.OUTLINE


class Said(Protocol):
    """What a report says of its own privacy."""

    published_at: datetime | None
    is_confidential: bool
    about_conduct: bool


def seen_of(report: Said) -> Seen:
    """The same of a report."""
    return seen_by_public(
        is_published=report.published_at is not None,
        is_confidential=report.is_confidential,
        about_conduct=report.about_conduct,
    )


def number_for(*, year: int, count: int) -> str:
    """`LAP-2026-000123`: read aloud on the telephone."""
    return f"LAP-{year}-{count:06d}"
