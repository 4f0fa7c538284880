"""The figures of the city, a place, an office or a category; the reports behind a number; how they are counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.cities.api import absolute, get_city
from guyub.rooms.casework import api as casework
from guyub.rooms.performance import queries, rules, shown, wording
from guyub.rooms.performance.queries import CATEGORY, OFFICE, PLACE, Figures
from guyub.rooms.performance.shown import Line
from guyub.rooms.performance.web.asked import Asked, address_of, kept_inside, read, read_figure
from guyub.rooms.places import api as places
from guyub.rooms.reports import api as reports
from guyub.ui import charts
from guyub.ui.figures import percent
from guyub.ui.rows import day_in_words, options

LAST_PAGE = 10_000


@gate.public
@require_safe
def page(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    """All figures of a scope and a period; each number leads to the reports that it counts."""
    asked = read(request, kind, code)
    if inside := kept_inside(request, asked):
        return inside
    found = asked.figures()
    context = {
        **_about(asked),
        "few": found.is_few,
        "received": number_format(found.received),
        "received_address": asked.address("_behind", angka="masuk"),
        "least": found.least,
        "times": [(line.label, wording.said_days(line.value)) for line in shown.times(found)],
        "curve": _curve(found),
        "rows": shown.some_days(shown.by_day(found), besides=(found.half, found.most)),
        "rates": [_rate(line, asked) for line in shown.rates(found)],
        "became": _lines(shown.counted(found, rules.BECAME), asked),
        "besides": _lines(shown.counted(found, shown.besides(found)), asked),
        "paused_days": number_format(found.paused_days),
        "now": _lines(shown.counted(found, shown.now(found)), asked),
        "two_deadlines": casework.wording.TWO_DEADLINES,
        "computed": _moment(found.at),
        "others": _others(asked),
        "versions": asked.rules.versions,
    }
    return render(request, "performance/page.html", context)


@gate.public
@require_safe
def behind(request: HttpRequest, kind: str = "", code: str = "") -> HttpResponse:
    """The reports behind a number, the newest first, late ones with what their office says of it."""
    asked, figure = read(request, kind, code), read_figure(request)
    if inside := kept_inside(request, asked):
        return inside
    number = _page_number(request)
    found = queries.reports_behind(
        figure=figure, scope=asked.scope, period=asked.period, at=asked.at, page=number
    )
    context = {
        **_about(asked),
        "label": wording.LABELS[figure.key],
        "means": wording.MEANS[figure.key],
        "whenever": figure.now,
        "total": found.total,
        "hidden": found.hidden,
        "rows": [(row, office, _reason(figure, reason)) for row, office, reason in found.rows],
        "newer": asked.address("_behind", angka=figure.key, hal=str(number - 1)) if number > 1 else "",
        "older": asked.address("_behind", angka=figure.key, hal=str(number + 1)) if found.has_more else "",
        "list": reverse("report_list"),
        "back": asked.address(),
        "computed": _moment(asked.at),
    }
    return render(request, "performance/behind.html", context)


@gate.public
@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """The formulas in plain words, and the rules that they go by."""
    asked = read(request, "", "")
    context = {
        "figures": [(label, wording.MEANS[key]) for key, label in wording.LABELS.items()],
        "least": asked.rules.least,
        "versions": asked.rules.versions,
        "back": reverse("performance"),
        "canonical": absolute(reverse("performance_how")),
    }
    return render(request, "performance/how.html", context)


def _about(asked: Asked) -> dict[str, Any]:
    is_city = not asked.scope.kind
    return {
        "scope": asked.scope,
        "title": _("Kinerja %(name)s") % {"name": asked.scope.name},
        "is_city": is_city,
        "period": wording.said_period(asked.period),
        "days": wording.first_and_last(asked.period),
        "periods": options((one.key, wording.said_period(one), one is asked.period) for one in asked.periods),
        "here": address_of(asked.scope.kind, asked.scope.code),
        "city_address": reverse("performance"),
        "csv": asked.address("_csv"),
        "json": asked.address("_json"),
        "canonical": absolute(address_of(asked.scope.kind, asked.scope.code)),
    }


def _lines(lines: list[Line], asked: Asked) -> list[tuple[str, str, str]]:
    return [
        (line.label, number_format(line.value or 0), asked.address("_behind", angka=line.figure))
        for line in lines
    ]


def _rate(line: Line, asked: Asked) -> dict[str, Any]:
    """A rate in words, or only its two counts where they are too few for one."""
    counts = {"part": number_format(line.part or 0), "whole": number_format(line.whole or 0)}
    return {
        "label": line.label,
        "value": percent(line.value, 1) if line.value is not None else "–",
        "counts": _("%(part)s dari %(whole)s laporan") % counts,
        "address": asked.address("_behind", angka=line.figure),
        "is_few": line.value is None,
    }


def _curve(found: Figures) -> charts.Curve:
    if found.is_few:
        return charts.curve(steps=[], last=0)
    seen = (
        min(found.longest, found.points[-1].day + 5) if found.points else 0
    )  # far out nothing happens any more
    return charts.curve(steps=[(point.day, 1 - point.left) for point in found.points], last=seen)


def _reason(figure: rules.Figure, code: str) -> str:
    """What the office says of being late; that it says nothing is told too."""
    if not figure.late:
        return ""
    if code in casework.wording.DELAY_REASONS:
        said = str(casework.wording.DELAY_REASONS[casework.DelayReason(code)])
        return _("Kata kantornya: %(reason)s") % {"reason": said.lower()}
    return _("Kantornya belum memberi alasan")


def _moment(at: Any) -> str:
    local = at.astimezone(get_city().tz)
    return f"{day_in_words(local.date())}, {local:%H.%M}"


def _page_number(request: HttpRequest) -> int:
    """Raises BadRequest."""
    said = request.GET.get("hal", "1")
    if not (said.isascii() and said.isdecimal() and 1 <= int(said[:6]) <= LAST_PAGE):
        raise BadRequest("There is no such page.")
    return int(said)


def _others(asked: Asked) -> list[tuple[str, list[tuple[str, str]]]]:
    """Where else figures stand, by name: nothing here is in the order of its figures.

    The addresses are put together here: three hundred times `reverse` would be a third of the page's time.
    """
    scope, known, top = asked.scope, places.gazetteer(), reverse("performance")

    def listed(kind: str, rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(f"{top}{kind}/{quote(code, safe=':')}/", name) for code, name in rows]

    if scope.kind == PLACE:
        within = [(row.code, row.name) for row in known.within(scope.code)]
        return [(_("Kelurahan dan desa"), listed(PLACE, within))] if within else []
    if scope.kind:
        return []
    categories = [pair for _group, pairs in reports.category_choices() for pair in pairs]
    return [
        (_("Kecamatan"), listed(PLACE, ((row.code, row.name) for row in known.districts))),
        (_("Kantor"), listed(OFFICE, ((one.key, one.name) for one in queries.offices()))),
        (_("Kategori"), listed(CATEGORY, sorted(categories, key=lambda pair: pair[1]))),
    ]
