"""Pages of the decision table: what holds, its history, and its file."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework import queries, table, table_file
from guyub.rooms.casework.decision_table import ANY
from guyub.rooms.casework.models import Route, RouteChange
from guyub.rooms.casework.routing import rows_of
from guyub.rooms.casework.web import table_page

_CODE = re.compile(r"[A-Za-z0-9:.-]{1,60}")
ALL = "semua"
STATUS_TONES = {
    RouteChange.Status.SUBMITTED: "progress",
    RouteChange.Status.DRAFT: "waiting",
    RouteChange.Status.DECLINED: "rejected",
    RouteChange.Status.APPROVED: "confirmed",
}


@gate.officer(roles.VIEW)
@require_safe
def decision_table(request: HttpRequest) -> HttpResponse:
    """Which office handles what, today; with what is planned and what waits for approval."""
    today = local_date(timezone.now(), get_city().tz)
    group, office = _asked(request, "kelompok"), _asked(request, "kantor")
    rows = list(rows_of(Route.objects.filter(kind=table.REPORT)))
    found = table_page.entries(table.Table(rows), rows, today=today, group=group, office=office)
    person, shared = person_of(request), table_page.shared_basis(found)
    context: dict[str, Any] = {
        "desk": queries.desk_of(person),
        "entries": found,
        "shared": shared,
        "has_others": any(line.rests_on != shared for entry in found for line in entry.lines),
        "groups": table_page.group_choices(group),
        "offices": table_page.office_filter(office),
        "base": reverse("route_table"),
        "is_narrowed": bool(group or office),
        "may_edit": person.can(roles.ROUTE_EDIT),
        "changes": _changes() if person.can(roles.ROUTE_EDIT) or person.can(roles.ROUTE_APPROVE) else [],
    }
    return _private(render(request, "casework/table.html", context))


def _asked(request: HttpRequest, name: str) -> str:
    value = request.GET.get(name, "")
    return value if _CODE.fullmatch(value) else ""


def _changes() -> list[dict[str, Any]]:
    """The newest changes, those that wait for somebody first."""
    rows = RouteChange.objects.order_by("-updated_at")[:20]
    found = sorted(rows, key=lambda row: row.status != RouteChange.Status.SUBMITTED)
    return [
        {
            "url": reverse("route_change", args=[row.uuid]),
            "title": row.title,
            "basis": row.legal_basis,
            "since": row.effective_from,
            "tone": STATUS_TONES[RouteChange.Status(row.status)],
            "status": status_said(row.status),
        }
        for row in found
    ]


def status_said(status: str) -> str:
    return {
        RouteChange.Status.DRAFT: _("Konsep"),
        RouteChange.Status.SUBMITTED: _("Menunggu persetujuan"),
        RouteChange.Status.APPROVED: _("Disetujui"),
        RouteChange.Status.DECLINED: _("Dikembalikan"),
    }[RouteChange.Status(status)]


@gate.officer(roles.VIEW)
@require_safe
def history(request: HttpRequest, category: str) -> HttpResponse:
    """Every row that a category ever had."""
    today = local_date(timezone.now(), get_city().tz)
    code = ANY if category == ALL else category
    names = {one.code: one.name for one in table.categories()} | {ANY: _("Semua kategori lain")}
    if code not in names:
        raise Http404
    said = table_page.Words.now()
    lines = [said.line(row, today=today) for row in table.history_of(category=code)]
    context = {"desk": queries.desk_of(person_of(request)), "name": names[code], "lines": lines}
    return _private(render(request, "casework/table_history.html", context))


@gate.officer(roles.VIEW)
@require_safe
def as_file(request: HttpRequest) -> HttpResponse:
    """The table of today as CSV, to be changed and read back."""
    today = local_date(timezone.now(), get_city().tz)
    text = table_file.written(table.table_of().in_force(on=today))
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="kewenangan-{today.isoformat()}.csv"'
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
