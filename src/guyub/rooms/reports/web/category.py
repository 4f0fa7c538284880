"""The page on which an officer says what a report is really about."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Verb
from guyub.rooms.reports import access, recategorising
from guyub.rooms.reports.categories import category_of
from guyub.rooms.reports.models import Category, Report
from guyub.rooms.reports.queries import category_name
from guyub.rooms.reports.recategorising import CannotCorrect, Corrected
from guyub.rooms.reports.web.desk import part_of
from guyub.rooms.reports.web.forms import OneOfMany, TextField, grouped


class CategoryForm(forms.Form):
    """Carries the category under which the officer saw the report, so that a change in between is noticed."""

    use_required_attribute = False
    seen = forms.CharField(max_length=40, widget=forms.HiddenInput)
    category = OneOfMany(
        label=gettext_lazy("Sebenarnya tentang"),
        error_messages={
            "required": gettext_lazy("Pilih salah satu dari daftar."),
            "invalid_choice": gettext_lazy("Pilih salah satu dari daftar."),
        },
    )
    words = TextField(
        label=gettext_lazy("Alasan"),
        help_text=gettext_lazy("Dibaca pelapor dan, bila laporannya tampil, umum."),
        min_length=10,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Bagian ini perlu diisi.")},
    )

    def __init__(self, *args: Any, rows: list[Category], **more: Any) -> None:
        super().__init__(*args, **more)
        suffix = "en" if (get_language() or "").startswith("en") else "id"
        field = cast(OneOfMany, self.fields["category"])
        field.known = {row.code for row in rows}
        field.choices = lambda: grouped(rows, f"group_{suffix}", "code", f"name_{suffix}")


@gate.officer(roles.VERIFY)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Another category for a report, with the reason."""
    person = person_of(request)
    report, case = access.case_for_desk(person, number, part_of(request))
    if not recategorising.may_correct(person, report, case):
        raise Http404
    sent = request.POST if request.method == "POST" else None
    initial = {"seen": category_of(report).code}
    form = CategoryForm(sent, rows=recategorising.choices_for(report), initial=initial)
    if sent is not None and form.is_valid():
        try:
            found = _correct(form, case, person)
        except NotAllowed:
            raise Http404 from None
        except CannotCorrect as problem:
            form.add_error(None, str(problem))
        else:
            return _go_on(request, report, found, person)
    return _show(request, report, case, form, status=200 if sent is None else 422)


def _correct(form: CategoryForm, case: casework.Case, person: Person) -> Corrected:
    said = form.cleaned_data
    return recategorising.correct_category(
        case=case.uuid,
        seen=said["seen"],
        category=said["category"],
        words=said["words"],
        by=person,
        at=timezone.now(),
    )


def _go_on(request: HttpRequest, report: Report, found: Corrected, person: Person) -> HttpResponse:
    """To the case; where it seems to be another office's, to the hand-over with that office chosen: not yet sent."""
    case = found.case
    due = casework.wording.DueTeller(timezone.now()).day(case.resolve_due_at)
    messages.success(
        request,
        _("Kategori dibetulkan. Tenggat penyelesaian, dihitung sejak diterima: %(day)s.") % {"day": due},
    )
    address = f"{reverse('desk_report', args=[report.number])}?kasus={case.part}"
    if found.office:
        words = _("Menurut tabel kewenangan, ini urusan %(office)s. Periksa, lalu teruskan bila benar.")
        messages.info(request, words % {"office": found.office.name})
        if Verb.HAND_OVER in casework.access.offered(person, case):
            address += f"&langkah={Verb.HAND_OVER}&kantor={found.office.id}#{Verb.HAND_OVER}"
    return HttpResponseRedirect(address, status=303)


def _show(
    request: HttpRequest, report: Report, case: casework.Case, form: CategoryForm, *, status: int
) -> HttpResponse:
    context = {
        "number": report.number,
        "form": form,
        "now": category_name(category_of(report)),
        "body": report.body,
        "back": f"{reverse('desk_report', args=[report.number])}?kasus={case.part}",
    }
    response = render(request, "reports/desk/category.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
