"""Reports as lines of a list, prepared so that the template only prints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from guyub.rooms.casework import api as casework
from guyub.rooms.places import api as places
from guyub.rooms.reports.actions import follow_key
from guyub.rooms.reports.categories import category_of
from guyub.rooms.reports.models import Category, Report
from guyub.rooms.reports.nearby import Similar
from guyub.rooms.reports.rules import Seen, seen_by_public
from guyub.ui.rows import Printed, day_in_words, shortened


@dataclass(frozen=True, slots=True)
class Row(Printed):
    number: str
    url: str
    title: str
    where: str
    when: str
    state: str
    tone: str
    words: str
    supporters: int


def day(moment: datetime) -> str:
    """'Jumat, 27 November 2026', by the city's own days."""
    return day_in_words(timezone.localtime(moment).date(), "l, j F Y")


def moment(at: datetime) -> str:
    """'Jumat, 27 November 2026, 14.05', by the city's own clock."""
    return f"{day(at)}, {timezone.localtime(at):%H.%M}"


def category_name(category: Category) -> str:
    return category.name_en if (get_language() or "").startswith("en") else category.name_id


def public_rows(reports: Iterable[Report]) -> list[Row]:
    """Neighbours' reports as far as strangers may read them."""
    return [
        _row(report, _public_words(report), reverse("report_page", args=[report.number]))
        for report in reports
    ]


@dataclass(frozen=True, slots=True)
class SimilarRow(Printed):
    """A report that may be the same; of an outline there are neither words nor reasons nor voices."""

    number: str
    url: str
    title: str
    where: str
    state: str
    tone: str
    reasons: str
    words: str
    supporters: int
    takes_voices: bool


def similar_rows(found: Iterable[Similar]) -> list[SimilarRow]:
    """Reports that may be the same, ready to print for a stranger."""
    return [
        SimilarRow(
            number=one.number,
            url=reverse("report_page", args=[one.number]),
            title=category_name(one.category),
            where=places.gazetteer().get(one.place).label,
            state=str(casework.wording.STATE_LABELS[one.state]),
            tone=casework.wording.STATE_TONES[one.state],
            reasons=" · ".join(one.reasons),
            words=shortened(one.words, 140),
            supporters=one.supporters,
            takes_voices=one.takes_voices,
        )
        for one in found
    ]


def own_rows(reports: Iterable[Report]) -> list[Row]:
    """A person's own reports, each leading to its own page."""
    return [
        _row(report, report.body, reverse("report_follow", args=[follow_key(report.uuid, report.link_issue)]))
        for report in reports
    ]


def _public_words(report: Report) -> str:
    seen = seen_by_public(
        is_published=report.published_at is not None,
        is_confidential=report.is_confidential,
        about_conduct=report.about_conduct,
    )
    return report.public_body if seen is Seen.ALL else ""


def _row(report: Report, words: str, url: str) -> Row:
    state = casework.State(report.state)
    return Row(
        number=report.number,
        url=url,
        title=category_name(category_of(report)),
        where=places.gazetteer().get(report.place.code).label,
        when=day(report.submitted_at),
        state=str(casework.wording.STATE_LABELS[state]),
        tone=casework.wording.STATE_TONES[state],
        words=shortened(words, 140),
        supporters=report.supporters,
    )
