"""Founding a community, and one's own partners."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of
from guyub.rooms.partners import founding, merging, queries
from guyub.rooms.partners.acting import Refused
from guyub.rooms.partners.models import Member, Partner
from guyub.rooms.partners.rules import MAY_ACT, Standing, name_key
from guyub.rooms.partners.web.forms import FoundForm
from guyub.rooms.partners.wording import ROLES


@gate.signed_in
def found(request: HttpRequest) -> HttpResponse:
    """A resident founds a community; one that may be there already is shown first."""
    form = FoundForm(request.POST or None)
    page: dict[str, Any] = {"form": form, "alike": []}
    if request.method != "POST":
        return render(request, "partners/found.html", page)
    if form.is_valid():
        profile = form.profile()
        page["alike"] = _alike(profile.name)
        if page["alike"] and not form.cleaned_data["is_other"]:
            form.ask_whether_other()
            return render(request, "partners/found.html", page, status=409)
        try:
            row = founding.found(profile=profile, by=person_of(request), at=timezone.now())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(
                request, _("%(name)s terdaftar. Langkah berikutnya ada di bawah.") % {"name": row.name}
            )
            return redirect("partner_manage", slug=row.slug)
    return render(request, "partners/found.html", page, status=422)


def _alike(name: str) -> list[Partner]:
    """The active partners that a name may be, the surest first."""
    unsaved = Partner(pk=0, name_key=name_key(name))
    return [row for row, _why in merging.perhaps_the_same(unsaved, limit=4)]


@gate.signed_in
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The partners that one belongs to, and what one asked for."""
    account = person_of(request).acting
    memberships = queries.of_account(account=account)
    asked = Member.objects.filter(account_id=account, state=Standing.ASKED).select_related("partner")
    rows = [
        {
            "card": one.partner,
            "role": ROLES[one.role],  # type: ignore[index]
            "acts": one.role in MAY_ACT,
        }
        for one in memberships
    ]
    return render(request, "partners/own.html", {"rows": rows, "asked": asked.order_by("partner__name")})
