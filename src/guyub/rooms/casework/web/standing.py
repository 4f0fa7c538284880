"""Standing dispositions: what a head has given beforehand, and to whom."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework import dispositions, queries, table
from guyub.rooms.casework.models import StandingDisposition
from guyub.rooms.casework.web.table_forms import category_choices
from guyub.rooms.people import api as people


class StandingForm(forms.Form):
    """`officer` names the office too, since a head may lead several: `12:34` is account 34 of office 12."""

    use_required_attribute = False
    category = forms.ChoiceField(label=gettext_lazy("Kategori"))
    officer = forms.ChoiceField(
        label=gettext_lazy("Petugas"), error_messages={"required": gettext_lazy("Pilih petugas dari daftar.")}
    )
    until = forms.DateField(
        label=gettext_lazy("Sampai tanggal"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Bagian ini perlu diisi."),
            "invalid": gettext_lazy("Tulis tanggal, misalnya 2027-01-31."),
        },
    )
    nota = forms.CharField(
        label=gettext_lazy("Nomor nota dinas"),
        max_length=120,
        min_length=3,
        error_messages={"required": gettext_lazy("Bagian ini perlu diisi.")},
    )

    def __init__(self, *args: Any, person: Person, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["category"].choices = category_choices()  # type: ignore[attr-defined]
        staff: list[Any] = [("", _("Pilih petugas"))]
        for office in sorted(person.offices(roles.DISPOSE)):
            found = queries.staff_of(office, at=timezone.now())
            staff.append(
                (people.directory().get(office).name, [(f"{office}:{one}", name) for one, name in found])
            )
        self.fields["officer"].choices = staff  # type: ignore[attr-defined]

    def clean_until(self) -> Any:
        if self.cleaned_data["until"] <= local_date(timezone.now(), get_city().tz):
            raise forms.ValidationError(_("Tanggal itu sudah lewat."))
        return self.cleaned_data["until"]

    def said(self) -> dict[str, Any]:
        office, _colon, officer = self.cleaned_data["officer"].partition(":")
        rest = {name: self.cleaned_data[name] for name in ("category", "until", "nota")}
        return {"office": int(office), "officer": int(officer), **rest}


@gate.officer(roles.DISPOSE)
def standing(request: HttpRequest) -> HttpResponse:
    """What holds now, and a form for another."""
    person = person_of(request)
    form = StandingForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid():
        dispositions.set_standing(**form.said(), by=person, at=timezone.now())
        messages.success(request, _("Disposisi tetap disimpan. Laporan baru langsung sampai ke petugasnya."))
        return _back()
    context = {"desk": queries.desk_of(person), "form": form, "rows": _rows(person)}
    response = render(request, "casework/standing.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "private, no-store"
    return response


@gate.officer(roles.DISPOSE)
@require_POST
def end(request: HttpRequest, standing: int) -> HttpResponse:
    """End one before its day."""
    try:
        dispositions.end_standing(standing=standing, by=person_of(request), at=timezone.now())
    except (NotAllowed, StandingDisposition.DoesNotExist):
        raise Http404 from None
    messages.success(request, _("Disposisi tetap diakhiri."))
    return _back()


def _back() -> HttpResponse:
    found = redirect("standing_dispositions")
    found.status_code = 303
    return found


def _rows(person: Person) -> list[dict[str, Any]]:
    today = local_date(timezone.now(), get_city().tz)
    rows = StandingDisposition.objects.filter(
        office__in=person.offices(roles.DISPOSE), ended_at=None, until__gt=today
    )
    names = {one.code: one.name for one in table.categories()} | {"*": _("Semua kategori")}
    found = []
    for row in rows.order_by("office", "category"):
        works = row.officer in dict(queries.staff_of(row.office_id, at=timezone.now()))
        found.append(
            {
                "id": row.pk,
                "category": names.get(row.category, row.category),
                "officer": people.person(row.officer, on=today).name,
                "works": works,
                "until": date_format(row.until, "j M Y"),
                "nota": row.nota,
            }
        )
    return found
