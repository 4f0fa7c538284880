"""Where one's own office is found and when it is open, for the page of its place."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guyub.kernel.access.api import Person, gate, person_of, roles
from guyub.rooms.people.actions import describe_office
from guyub.rooms.people.queries import Office, directory
from guyub.rooms.people.web.desk_forms import Words
from guyub.rooms.people.web.frame import frame


class OfficeForm(forms.Form):
    address = Words(label=gettext_lazy("Alamat kantor"), max_length=200, required=False)
    phone = forms.RegexField(
        r"^[0-9+() .,/-]*$",
        label=gettext_lazy("Telepon"),
        max_length=40,
        required=False,
        error_messages={"invalid": gettext_lazy("Tulis angka, misalnya (022) 000000.")},
    )
    hours = Words(
        label=gettext_lazy("Jam buka"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Misalnya: Senin–Jumat 8.00–15.00."),
    )


@gate.officer(roles.DELEGATE)
def own(request: HttpRequest) -> HttpResponse:
    """The office that the person heads, or the one of several that is chosen."""
    person = person_of(request)
    offices = _headed(person)
    chosen = next((one for one in offices if str(one.id) == request.GET.get("kantor")), offices[0])
    known = {"address": chosen.address, "phone": chosen.phone, "hours": chosen.hours}
    form = OfficeForm(request.POST if request.method == "POST" else None, initial=known)
    here = reverse("own_office")
    if request.method == "POST" and form.is_valid():
        describe_office(office=chosen.id, **form.cleaned_data, by=person, at=timezone.now())
        messages.success(request, _("Disimpan. Warga melihatnya di halaman wilayah."))
        found = redirect(f"{here}?kantor={chosen.id}")
        found.status_code = 303
        return found
    others = [(f"{here}?kantor={one.id}", one.name) for one in offices if one != chosen]
    page = {**frame(person, "office"), "form": form, "office": chosen, "others": others}
    return render(request, "people/desk/office.html", page, status=422 if form.errors else 200)


def _headed(person: Person) -> list[Office]:
    known = directory().by_id
    return [known[one] for one in sorted(person.offices(roles.DELEGATE)) if one in known]
