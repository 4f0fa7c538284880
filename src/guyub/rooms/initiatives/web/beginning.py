"""An initiative begins: by a verified partner on the portal, by an office at the desk; from a template or a need."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.rooms.initiatives import drafting, reference
from guyub.rooms.initiatives.acting import Refused, manage_address
from guyub.rooms.initiatives.web.forms import BeginForm, offices_of
from guyub.rooms.initiatives.web.manage import DESK, PORTAL
from guyub.rooms.needs import api as needs
from guyub.rooms.partners import api as partners


@gate.signed_in
def by_partner(request: HttpRequest) -> HttpResponse:
    """A partner's initiative. Whoever acts for none is told what comes first."""
    person = person_of(request)
    own = [one.partner for one in partners.of_account(account=person.acting)]
    owners = [
        (f"partner:{card.id}", card.name)
        for card in own
        if card.is_verified and partners.may_act(account=person.acting, partner=card.id)
    ]
    if not owners:
        page = {"is_officer": person.can(roles.COLLABORATE), "query": request.GET.urlencode()}
        return render(request, "initiatives/cannot_begin.html", page)
    return _begin(request, person, owners, PORTAL)


@gate.officer(roles.COLLABORATE)
def by_office(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    return _begin(request, person, offices_of(person), DESK)


def _begin(request: HttpRequest, person: Person, owners: list[tuple[str, str]], base: str) -> HttpResponse:
    now, need = timezone.now(), _need(request)
    form = BeginForm(request.POST or None, owners=owners, at=now, initial=_initial(request, need, at=now))
    if request.method == "POST" and form.is_valid():
        kind, _sep, key = form.cleaned_data["organiser"].partition(":")
        try:
            row = drafting.draft(
                plan=form.plan(),
                template=form.cleaned_data["template"],
                need=need.pk if need else None,
                by=person,
                at=now,
                **{kind: int(key)},  # type: ignore[arg-type]
            )
        except Refused as refused:
            form.refuse(refused)
        except NotAllowed:
            form.add_error("organiser", _("Kantor ini tidak berwenang di semua wilayah yang dipilih."))
        else:
            messages.success(request, _("Rancangan tersimpan. Lengkapi, lalu buka untuk umum."))
            return redirect(manage_address(row))
    page = {
        "form": form,
        "base": base,
        "need": need,
        "need_address": needs.card_of(need).address if need else "",
    }
    return render(request, "initiatives/new.html", page, status=422 if request.method == "POST" else 200)


def _need(request: HttpRequest) -> Any:
    """The need that is to be taken up, if the address names one that everyone may read and that is still wanted."""
    number = request.GET.get("kebutuhan", "")
    if not number:
        return None
    found = needs.find(number=number[:40])
    if found is None or found.published_at is None or found.is_hidden or found.state != needs.State.PUBLISHED:
        raise Http404
    return found


def _initial(request: HttpRequest, need: Any, *, at: datetime) -> dict[str, Any]:
    today = reference.today(at)
    if need is not None:
        return {
            "title": need.title,
            "purpose": need.why,
            "theme": need.theme,
            "places": (need.place_code,),
            "starts_on": today,
        }
    found = reference.find_template(request.GET.get("templat", "")[:40], at=at)
    if found is None:
        return {"starts_on": today}
    return {
        "template": found.code,
        "title": found.label,
        "purpose": found.purpose,
        "theme": found.theme,
        "on_public_ground": found.on_public_ground,
        "starts_on": today,
    }
