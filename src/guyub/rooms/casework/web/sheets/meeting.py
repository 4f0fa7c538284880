"""Bahan rapat kecamatan as a page."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import Person, gate, person_of, roles
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework.rules import State
from guyub.rooms.casework.sheets import meeting as figures
from guyub.rooms.casework.sheets.days import Span, month_span, week_span
from guyub.rooms.casework.web.sheets.page import Naming, month_asked, month_choices, page
from guyub.rooms.casework.wording import STATE_LABELS
from guyub.rooms.places import api as places
from guyub.ui.charts import bars

NOTE_LETTERS = 140


@gate.officer(roles.VIEW_AREA, roles.VIEW_ALL)
@require_safe
def meeting(request: HttpRequest) -> HttpResponse:
    """The material of one kecamatan for a month (`bulan=2026-10`) or a week (`minggu=2026-W42`)."""
    person, now = person_of(request), timezone.now()
    today = timezone.localdate(now)
    district = _district(person, request.GET.get("kecamatan", ""))
    period = _period(request.GET.get("minggu", ""), request.GET.get("bulan", ""), today)
    made = figures.material(person=person, district=district.code, period=period, at=now)
    names = Naming()
    found = {
        "district": made.district,
        "period": _said(period),
        "rows": made.rows,
        "totals": [sum(getattr(row, name) for row in made.rows) for name in _COUNTED],
        "categories": bars([(_trend(one, names), one.now, "") for one in made.categories]),
        "oldest": [_old(one, names) for one in made.oldest],
        "handed_out": made.handed_out,
        "decisions": [{**_line(one, names), "why": str(_why()[one.why])} for one in made.decisions],
        "months": month_choices(period.first.replace(day=1), today=today),
        "districts": [
            (row.code, row.label, row.code == district.code) for row in figures.districts_of(person)
        ],
    }
    return page(request, "casework/sheets/meeting.html", found)


_COUNTED = ("received", "confirmed", "no_response", "scheduled", "late", "open")


def _why() -> dict[str, str]:
    return {
        "jadwal": _("Usul penjadwalan menunggu kepala kantor"),
        "bulan-lewat": _("Bulan sasaran sudah lewat"),
        "permohonan": _("Permohonan kepada desa belum disanggupi"),
        "berpindah": _("Sudah tiga kali atau lebih berpindah kantor"),
    }


def _district(person: Person, code: str) -> places.PlaceRow:
    """The kecamatan asked for, or the first of this person's. Raises Http404 for another's."""
    own = figures.districts_of(person)
    found = next((row for row in own if row.code == code), None) if code else next(iter(own), None)
    if found is None:
        raise Http404
    return found


def _period(week: str, month: str, today: date) -> Span:
    tz = get_city().tz
    said = re.fullmatch(r"(20[0-9]{2})-W([0-5][0-9])", week)
    if said:
        try:
            return week_span(min(date.fromisocalendar(int(said[1]), int(said[2]), 1), today), tz)
        except ValueError:
            pass  # that year has no such week
    return month_span(month_asked(month, today=today), tz)


def _said(period: Span) -> str:
    if period.first.day == 1 and period.last.day > 7:
        return date_format(period.first, "F Y")
    return f"{date_format(period.first, 'j F')} – {date_format(period.last, 'j F Y')}"


def _trend(one: figures.Trend, names: Naming) -> str:
    """A category with its change against the period before."""
    change = one.now - one.then
    words = _("sama dengan sebelumnya") if not change else f"{change:+d}".replace("-", "−")
    return f"{names.category(one.category)} ({words})"


def _line(one: figures.Old | figures.Decision, names: Naming) -> dict[str, Any]:
    return {
        "number": one.number,
        "url": names.url(one.number),
        "category": names.category(one.category),
        "place": names.place(one.place_code).split(",")[0],
        "office": names.office(one.office),
    }


def _old(one: figures.Old, names: Naming) -> dict[str, Any]:
    words = " ".join(one.words.split())
    if len(words) > NOTE_LETTERS:
        words = words[:NOTE_LETTERS].rsplit(" ", 1)[0] + "\N{NO-BREAK SPACE}…"
    return {
        **_line(one, names),
        "since": date_format(one.received_on, "j M Y"),
        "state": str(STATE_LABELS[State(one.state)]),
        "words": words,
    }
