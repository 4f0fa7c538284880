"""Programs of others and their keys, for the admin: give one, see which there are, end one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.rooms.people.clients import add_client, clients, end_client
from guyub.rooms.people.granting import GrantRefused
from guyub.rooms.people.models_clients import ApiClient
from guyub.rooms.people.web.desk_forms import ClientForm
from guyub.rooms.people.web.frame import frame


@gate.officer(roles.MANAGE_PEOPLE)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Which programs may send, since when, and who let them."""
    found = {**frame(person_of(request), "clients"), "rows": list(clients())}
    return render(request, "people/desk/clients.html", found)


@gate.officer(roles.MANAGE_PEOPLE, proved=True)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Give a program a key. It is shown on the page that answers, and nowhere afterwards."""
    person = person_of(request)
    form = ClientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _id, key = add_client(**form.cleaned_data, by=person, at=timezone.now())
        except GrantRefused as refused:
            form.refuse(refused)
        else:
            made = {**frame(person, "clients"), "name": form.cleaned_data["name"], "key": key}
            return render(request, "people/desk/client_key.html", made)
    page = {
        **frame(person, "clients"),
        "form": form,
        "title": _("Beri kunci aplikasi"),
        "button": _("Buat kunci"),
        "lead": _(
            "Dengan kunci ini sebuah aplikasi mengirim laporan untuk warga. Laporannya melalui pemeriksaan yang "
            "sama. Kunci tidak membuka apa pun yang tidak dilihat umum."
        ),
    }
    return render(request, "people/desk/form.html", page, status=422 if request.method == "POST" else 200)


@require_POST
def _end(request: HttpRequest, client: int) -> HttpResponse:
    try:
        end_client(client=client, by=person_of(request), at=timezone.now())
    except (ApiClient.DoesNotExist, OverflowError):
        raise Http404 from None
    messages.success(request, _("Kunci aplikasi ini tidak berlaku lagi."))
    return redirect("client_list")


# Closing is never delayed by a question about the second factor.
end = gate.officer(roles.MANAGE_PEOPLE)(_end)
