"""The book of requests about personal data: who decides sees what waits and until when (UU 27/2022, 3 × 24 hours)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from guyub.kernel.access.api import NotAllowed, gate, person_of, roles
from guyub.rooms.reports import own_data
from guyub.rooms.reports.categories import category_of
from guyub.rooms.reports.models import DataRequest
from guyub.rooms.reports.web.own_data import DECISIONS, KINDS
from guyub.rooms.reports.web.rows import category_name, moment

DECIDED_SHOWN = 30


class DecideForm(forms.Form):
    use_required_attribute = False
    decision = forms.ChoiceField(
        label=gettext_lazy("Keputusan"),
        choices=[("kabul", gettext_lazy("Kabulkan")), ("tolak", gettext_lazy("Tolak"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Penjelasan untuk pelapor"),
        min_length=5,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@gate.officer(roles.COORDINATE, roles.OVERSIGHT)
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    return _list(request)


def _list(
    request: HttpRequest, *, used: tuple[int, DecideForm] | None = None, status: int = 200
) -> HttpResponse:
    rows, now = own_data.requests_for(person_of(request)), timezone.now()
    waiting = rows.filter(decided_at__isnull=True).order_by("due_at", "pk")
    decided = rows.filter(decided_at__isnull=False).order_by("-decided_at", "-pk")[:DECIDED_SHOWN]
    context = {
        "waiting": [_row(row, now, used) for row in waiting],
        "decided": [_row(row, now, None) for row in decided],
    }
    response = render(request, "reports/desk/data_requests.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _row(row: DataRequest, now: Any, used: tuple[int, DecideForm] | None) -> dict[str, Any]:
    form = used[1] if used and used[0] == row.pk else DecideForm(auto_id=f"r{row.pk}-%s")
    return {
        "kind": KINDS[DataRequest.Kind(row.kind)],
        "number": row.report.number,
        "url": reverse("desk_report", args=[row.report.number]),
        "category": category_name(category_of(row.report)),
        "words": row.words,
        "asked": moment(row.asked_at),
        "due": moment(row.due_at),
        "late": row.decided_at is None and row.due_at < now,
        "decision": DECISIONS[row.decision],
        "reason": row.reason,
        "form": form,
        "action": reverse("data_request_decide", args=[row.pk]),
    }


@gate.officer(roles.COORDINATE, roles.OVERSIGHT)
@require_POST
def decide(request: HttpRequest, key: int) -> HttpResponse:
    person = person_of(request)
    if not own_data.requests_for(person).filter(pk=min(key, 2**63 - 1)).exists():
        raise Http404
    form = DecideForm(request.POST, auto_id=f"r{key}-%s")
    if not form.is_valid():
        return _list(request, used=(key, form), status=422)
    said = form.cleaned_data
    try:
        own_data.decide(
            request=key,
            grant=said["decision"] == "kabul",
            reason=said["reason"],
            by=person,
            at=timezone.now(),
        )
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("Keputusan disimpan. Pelapor membacanya di halaman laporannya."))
    return redirect("data_requests")
