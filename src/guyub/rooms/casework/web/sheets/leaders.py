"""Satu halaman rapim as a page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.rooms.casework.rules import DelayReason
from guyub.rooms.casework.sheets import leaders as figures
from guyub.rooms.casework.web.sheets.page import Naming, page
from guyub.rooms.casework.wording import DELAY_REASONS
from guyub.ui.charts import Series, columns


@gate.officer(roles.VIEW_ALL)
@require_safe
def leaders(request: HttpRequest) -> HttpResponse:
    """What the leadership of the city must decide, on one page."""
    made, names = figures.overview(person=person_of(request), at=timezone.now()), Naming()
    city = made.city
    lists = (
        (_("Bahaya yang melewati tenggat"), made.hazards, made.hazards_more, _late),
        (_("Dijadwalkan, bulan sasaran sudah lewat"), made.passed, made.passed_more, _late),
        (_("Tiga kali atau lebih berpindah kantor"), made.moved, made.moved_more, _moves),
    )
    found = {
        "figures": [
            (_("Terbuka"), city.open),
            (_("Terlambat"), city.late),
            (_("Dinaikkan"), city.escalated),
            (_("Terlambat paling lama (hari kerja)"), city.oldest),
            (_("Separuh selesai dalam (hari kerja)"), _half(city)),
        ],
        "offices": [_office(row) for row in made.offices],
        "offices_more": made.offices_more,
        "lists": [
            {"title": title, "lines": [_line(one, names, say) for one in lines], "more": more}
            for title, lines, more, say in lists
        ],
        "chart": columns(
            labels=[date_format(day, "j M") for day, *_counts in made.weeks],
            series=[
                Series(_("Masuk"), "waiting", [received for _day, received, _done in made.weeks]),
                Series(_("Selesai dikerjakan"), "done", [done for _day, _received, done in made.weeks]),
            ],
        ),
        "reasons": [(_reason(code), n) for code, n in made.reasons],
        "watched_days": made.watched_days,
        "least_cases": made.least_cases,
    }
    return page(request, "casework/sheets/leaders.html", found)


def _half(row: figures.OfficeRow) -> str:
    if row.few:
        return _("terlalu sedikit")
    return _("belum separuh") if row.half is None else str(row.half)


def _office(row: figures.OfficeRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "open": row.open,
        "late": row.late,
        "escalated": row.escalated,
        "oldest": row.oldest,
        "steps": [row.steps[key] for key in figures.STEPS.values()],
        "half": _half(row),
    }


def _line(one: figures.CaseLine, names: Naming, say: Any) -> dict[str, str]:
    return {
        "number": one.number,
        "url": names.url(one.number),
        "what": f"{names.category(one.category)}, {names.place(one.place_code).split(',')[0]}",
        "office": names.office(one.office),
        "words": say(one),
    }


def _late(one: figures.CaseLine) -> str:
    words = _("terlambat")
    if one.late >= 1:
        words = ngettext("terlambat %(n)d hari kerja", "terlambat %(n)d hari kerja", one.late) % {
            "n": one.late
        }
    return f"{words}: {_reason(one.reason).lower()}" if one.reason else words


def _reason(code: str) -> str:
    """An office's own reason for being late."""
    return str(DELAY_REASONS[DelayReason(code)]) if code else _("Belum dijelaskan kantornya")


def _moves(one: figures.CaseLine) -> str:
    return ngettext("%(n)d kali berpindah", "%(n)d kali berpindah", one.hand_overs) % {"n": one.hand_overs}
