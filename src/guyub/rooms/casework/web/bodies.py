"""Bodies outside the city: where letters to them go, and how long a reply is waited for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework import deadlines, queries, referring

_NEEDED = {"required": gettext_lazy("Bagian ini perlu diisi.")}


class BodyForm(forms.Form):
    use_required_attribute = False
    name = forms.CharField(label=gettext_lazy("Nama"), max_length=160, error_messages=_NEEDED)
    short_name = forms.CharField(label=gettext_lazy("Nama singkat"), max_length=60, error_messages=_NEEDED)
    address = forms.CharField(
        label=gettext_lazy("Alamat surat"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Dicetak di surat, di bawah nama instansi."),
    )
    email = forms.EmailField(
        label=gettext_lazy("Surel"),
        required=False,
        error_messages={"invalid": gettext_lazy("Alamat surel tidak benar.")},
    )
    channel = forms.CharField(
        label=gettext_lazy("Saluran pengaduan"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Telepon atau aplikasi yang menerima keluhan."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Waktu balasan (hari kerja)"),
        min_value=1,
        max_value=250,
        help_text=gettext_lazy("Berlaku untuk surat yang dikirim mulai hari ini."),
        error_messages={
            "required": gettext_lazy("Bagian ini perlu diisi."),
            "invalid": gettext_lazy("Tulis angka."),
            "min_value": gettext_lazy("Sedikitnya 1 hari kerja."),
            "max_value": gettext_lazy("Paling banyak 250 hari kerja."),
        },
    )


@gate.officer(roles.COORDINATE, roles.MANAGE_PEOPLE)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """All bodies, those without an address marked."""
    found = {"desk": queries.desk_of(person_of(request)), "bodies": _rows()}
    return render(request, "casework/bodies.html", found)


@gate.officer(roles.COORDINATE, roles.MANAGE_PEOPLE)
def edit(request: HttpRequest, body: int) -> HttpResponse:
    """What is known of one body."""
    person, row = person_of(request), next((one for one in _rows() if one["id"] == body), None)
    if row is None:
        raise Http404
    form = BodyForm(request.POST if request.method == "POST" else None, initial=row)
    if request.method == "POST" and form.is_valid():
        referring.describe_body(body=body, **form.cleaned_data, by=person, at=timezone.now())
        messages.success(request, _("Disimpan. Surat yang belum dikirim memakai alamat ini."))
        return redirect("desk_bodies")
    found = {"desk": queries.desk_of(person), "form": form, "body": row}
    return render(request, "casework/body.html", found, status=422 if form.errors else 200)


def _rows() -> list[dict[str, Any]]:
    today = local_date(timezone.now(), get_city().tz)
    return [
        {
            "id": office.id,
            "name": office.name,
            "short_name": office.short_name,
            "address": known.address if known else "",
            "email": known.email if known else "",
            "channel": known.channel if known else "",
            "note": known.note if known else "",
            "days": deadlines.body_days(office.key, on=today).value["amount"],
        }
        for office, known in queries.bodies()
    ]
