"""What the city suggests as the category of a text: to whoever writes it, and to whoever verifies it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guyub.kernel.access.api import gate
from guyub.rooms.casework.api import Case, State
from guyub.rooms.reports.categories import category_of
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.queries import category_name
from guyub.rooms.reports.suggesting import Suggestion, disagrees, suggest
from guyub.rooms.reports.web import flood
from guyub.rooms.reports.web.forms import ReportForm, clean_text


@gate.public
@never_cache
@require_POST
def guess(request: HttpRequest) -> HttpResponse:
    """For the script, while the form is filled: a part of a page, or nothing. Sent in a body: it stands in no log."""
    now = timezone.now()
    if flood.find_flood(request, "guess", at=now):
        return HttpResponse(status=204)
    found = suggest(clean_text(request.POST.get("body", "")), at=now)
    if found is None or found.category.code == request.POST.get("category"):
        return HttpResponse(status=204)
    return render(request, "reports/_guess.html", {"guess": _shown(found)})


def _shown(found: Suggestion) -> dict[str, Any]:
    return {
        "code": found.category.code,
        "name": category_name(found.category),
        "words": ", ".join(found.words),
        "percent": round(found.sure * 100),
    }


def ask_again(form: ReportForm, *, at: datetime) -> None:
    """Without a script the suggestion comes once, at sending, and only where the text says strongly something else."""
    category, said = form.chosen_category(), form.cleaned_data
    if category is None or said["category_asked"] or said["about_conduct"]:
        return
    found = disagrees(said["body"], chosen=category, at=at)
    if found is None:
        return
    words = _("Mungkin maksud Anda: %(name)s (karena: %(words)s). Ganti bila benar, atau kirim sekali lagi.")
    form.add_error("category", words % _shown(found))
    form.data["category_asked"] = "1"


def for_desk(report: Report, case: Case, *, at: datetime) -> str:
    """One line for the officer who verifies, where the text speaks of another category than the chosen one."""
    if State(case.state) is not State.RECEIVED or report.about_conduct:
        return ""
    found = suggest(report.body, at=at)
    if found is None or found.category == category_of(report):
        return ""
    if not found.is_learnt:
        return _("Kata-katanya lebih mirip kategori %(name)s (karena: %(words)s).") % _shown(found)
    return _("Model menyarankan kategori %(name)s, keyakinan %(percent)s%% (karena: %(words)s).") % _shown(
        found
    )
