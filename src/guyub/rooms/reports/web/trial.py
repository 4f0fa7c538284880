"""A report for a trial on the pages of setting a city up, and whom the decision table does not reach."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.access.api import gate, roles
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.casework import api as casework
from guyub.rooms.places import api as places
from guyub.rooms.reports import first_day
from guyub.rooms.reports.categories import categories
from guyub.rooms.reports.models import ReportClass
from guyub.rooms.reports.queries import category_name

SHOWN = 100


class TrialForm(forms.Form):
    use_required_attribute = False
    category = forms.ChoiceField(label=gettext_lazy("Kategori"))
    place = forms.ChoiceField(label=gettext_lazy("Kelurahan atau desa"))
    report_class = forms.ChoiceField(label=gettext_lazy("Jenis"))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        choose = ("", _("Pilih …"))
        said = {
            "category": [choose, *((row.code, category_name(row)) for row in categories().offered)],
            "place": [choose, *((row.code, row.label) for row in places.gazetteer().settlements)],
            "report_class": [(one.value, casework.wording.CLASS_LABELS[_CLASS[one]]) for one in ReportClass],
        }
        for name, choices in said.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]


_CLASS = {
    ReportClass.COMPLAINT: casework.Classification.COMPLAINT,
    ReportClass.ASPIRATION: casework.Classification.ASPIRATION,
    ReportClass.INFO_REQUEST: casework.Classification.INFO_REQUEST,
}


@gate.officer(roles.MANAGE_PEOPLE)
def trial(request: HttpRequest) -> HttpResponse:
    """What would become of a report; nothing of it is stored."""
    form = TrialForm(request.POST or None)
    tried, status, now = None, 200, timezone.now()
    if request.method == "POST":
        if form.is_valid():
            tried = _try(form, now)
        status = 200 if tried else 422
    found = first_day.reach(at=now)
    names = {row.code: category_name(row) for row in categories().rows}
    page = {
        "form": form,
        "tried": tried,
        "reach": found,
        "unreached": [
            (office.name, len(codes), ", ".join(names[code] for code in codes[:3]))
            for office, codes in found.unreached[:SHOWN]
        ],
        "more": max(0, len(found.unreached) - SHOWN),
    }
    return render(request, "reports/desk/trial.html", page, status=status)


def _try(form: TrialForm, now: Any) -> first_day.Tried | None:
    try:
        return first_day.try_report(**form.cleaned_data, at=now)
    except rulebook.NoRule:
        form.add_error(None, _("Belum ada tenggat yang berlaku untuk jenis ini. Lihat langkah tenggat."))
        return None
