"""Support access, for the admin: open it, see what was looked at, end it."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guyub.kernel.access.api import gate, person_of, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.people import authority, support
from guyub.rooms.people.granting import GrantRefused
from guyub.rooms.people.models import SupportAccess
from guyub.rooms.people.web.authority import CONFIRMED, done_or_asked
from guyub.rooms.people.web.desk_forms import SupportForm
from guyub.rooms.people.web.frame import frame


@gate.officer(roles.MANAGE_PEOPLE)
def listed(request: HttpRequest) -> HttpResponse:
    """Who may look now, and who could before."""
    found = {**frame(person_of(request), "support"), "rows": authority.support_accesses(at=timezone.now())}
    return render(request, "people/desk/support.html", found)


@gate.officer(roles.MANAGE_PEOPLE, proved=True)
def open_(request: HttpRequest) -> HttpResponse:
    """Let a support person look for some hours."""
    person, now = person_of(request), timezone.now()
    people = authority.support_people(on=local_date(now, get_city().tz))
    form = SupportForm(request.POST or None, people=people)
    page = {
        **frame(person, "support"),
        "form": form,
        "title": _("Buka akses dukungan"),
        "button": _("Periksa"),
    }
    page["lead"] = _(
        "Petugas dukungan hanya melihat: tidak dapat mengirim apa pun, dan tidak melihat siapa pelapor. Setiap "
        "halaman yang dibukanya tercatat. Akses berakhir sendiri, paling lama %(n)d jam."
    ) % {"n": support.most_hours(at=now)}
    if request.method != "POST":
        return render(request, "people/desk/form.html", page)
    if form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                support.open_support(
                    by=person, account=said["account"], reason=said["reason"], hours=said["hours"], at=now
                )
                if CONFIRMED not in request.POST:
                    transaction.set_rollback(True)
        except GrantRefused as refused:
            form.refuse(refused)
        else:
            name = dict(people)[said["account"]]
            words = [
                _("%(name)s dapat melihat layar petugas selama %(n)d jam.")
                % {"name": name, "n": said["hours"]},
                _("Semua admin kota diberi tahu."),
            ]
            return done_or_asked(request, page, words, "support_list")
    return render(request, "people/desk/form.html", page, status=422)


@gate.officer(roles.MANAGE_PEOPLE)
def pages(request: HttpRequest, access: int) -> HttpResponse:
    """Every page that was asked for while an access was open."""
    if not SupportAccess.objects.filter(pk=access).exists():
        raise Http404
    found = {**frame(person_of(request), "support"), "rows": authority.support_pages(access)}
    return render(request, "people/desk/support_pages.html", found)


@require_POST
def _end(request: HttpRequest, access: int) -> HttpResponse:
    if not SupportAccess.objects.filter(pk=access).exists():
        raise Http404
    support.end_support(by=person_of(request), access=access, at=timezone.now())
    messages.success(request, _("Akses dukungan berakhir."))
    return redirect("support_list")


# Closing is never delayed by a question about the second factor.
end = gate.officer(roles.MANAGE_PEOPLE)(_end)
