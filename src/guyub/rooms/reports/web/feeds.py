"""Atom feeds of what everyone may read: a report's way, a place's new reports. Asked again they cost little."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework import api as casework
from guyub.rooms.places import api as places
from guyub.rooms.reports import access, queries
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.rules import Seen, seen_by_public
from guyub.rooms.reports.timeline import Reader, timeline
from guyub.rooms.reports.web.filters import NUMBER
from guyub.rooms.reports.web.forms import clean_text
from guyub.rooms.reports.web.public import absolute

NEWEST = 30
FRESH_SECONDS = 300
NEVER = datetime(2020, 1, 1, tzinfo=UTC)  # a feed without entries has no moment that would tell anything


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `id` never changes, `at` in UTC."""

    id: str
    title: str
    words: str
    address: str
    at: datetime


class _Feed(Atom1Feed):
    """Its moment is its newest entry's and never the clock's, so that an unchanged feed stays the same."""

    def latest_post_date(self) -> datetime:
        return self.feed["moment"]


@gate.public
@require_safe
def report_feed(request: HttpRequest, number: str) -> HttpResponseBase:
    """What happened to a report, newest first. Until an officer has verified it, or if it is *rahasia*, nothing."""
    if not NUMBER.fullmatch(number):
        raise Http404
    report = access.public_report(number)
    page = absolute(reverse("report_page", args=[number]))
    title = queries.name_of(name_id=report.category.name_id, name_en=report.category.name_en)
    entries = _steps(report, page) if _is_shown(report) else []
    return _answer(request, f"{number}: {title}", page, entries)


def _is_shown(report: Report) -> bool:
    seen = seen_by_public(
        is_published=report.published_at is not None,
        is_confidential=report.is_confidential,
        about_conduct=report.about_conduct,
    )
    return seen is Seen.ALL


def _steps(report: Report, page: str) -> list[Entry]:
    steps = timeline(report=report, reader=Reader.PUBLIC)
    found = [
        Entry(f"{page}#{n}", step.text, step.words, f"{page}#{n}", step.at)
        for n, step in enumerate(steps.entries, 1)
    ]
    return found[::-1][:NEWEST]


@gate.public
@require_safe
def place_feed(request: HttpRequest, code: str, category: str = "") -> HttpResponseBase:
    """The newest reports of a place that everyone may read, of one category or of all."""
    if code not in places.gazetteer().by_code:
        raise Http404
    name = queries.find_category(category) if category else ""
    if name is None:
        raise Http404
    is_city = not places.gazetteer().get(code).parent_code
    wanted = queries.Wanted(place="" if is_city else code, category=category)
    rows = queries.published(queries.chosen(wanted)).order_by("-published_at", "-pk")
    entries = [_entry(row) for row in rows[:NEWEST]]
    title = queries.where(code)
    page = reverse("report_list") if is_city else reverse("place_page", args=[code])
    return _answer(request, f"{name}: {title}" if name else title, absolute(page), entries)


def _entry(row: Any) -> Entry:
    address = absolute(reverse("report_page", args=[row.number]))
    title = queries.name_of(name_id=row.category.name_id, name_en=row.category.name_en)
    state = casework.wording.STATE_LABELS[casework.State(row.state)]
    words = f"{row.public_body}\n\n{state}. {queries.where(row.place.code)}"
    return Entry(address, f"{title} · {row.number}", words, address, row.ended_at or row.published_at)


def _answer(request: HttpRequest, title: str, page: str, entries: Iterable[Entry]) -> HttpResponseBase:
    """The feed, or 304 for whoever has it already."""
    entries = list(entries)
    moment = max((entry.at for entry in entries), default=NEVER)
    feed = _Feed(
        title=title,
        link=page,
        description=_("Kabar laporan dari %(name)s") % {"name": get_city().government_name},
        language=get_language() or "id",
        feed_url=absolute(request.path),
        moment=moment,
    )
    for entry in entries:
        feed.add_item(
            title=clean_text(entry.title),
            link=entry.address,
            description=linebreaks(clean_text(entry.words), autoescape=True),  # readers take it for HTML
            unique_id=entry.id,
            pubdate=entry.at,
            updateddate=entry.at,
        )
    body = feed.writeString("utf-8").encode()
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    response["ETag"] = f'"{sha256(body).hexdigest()[:20]}"'
    response["Last-Modified"] = http_date(moment.timestamp())
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    found = get_conditional_response(
        request, etag=response["ETag"], last_modified=int(moment.timestamp()), response=response
    )
    return found or response
