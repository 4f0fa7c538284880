"""The organiser's page: at the desk for an office, on the portal for a partner; each thing that can be done is a page."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import Person, gate, person_of, roles
from guyub.rooms.initiatives import access, managing
from guyub.rooms.initiatives.acting import manage_address
from guyub.rooms.initiatives.models import Initiative
from guyub.rooms.initiatives.web.acts import ORGANISER, do, target_of

DESK, PORTAL = "ui/desk.html", "ui/portal.html"


@gate.signed_in
@require_safe
def of_partner(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, _partners_own(person_of(request), slug), PORTAL)


@gate.officer(roles.COLLABORATE)
@require_safe
def of_office(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, _offices_own(person_of(request), slug), DESK)


@gate.signed_in
def partner_act(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    return _act(request, _partners_own(person_of(request), slug), verb, PORTAL)


@gate.officer(roles.COLLABORATE)
def office_act(request: HttpRequest, slug: str, verb: str) -> HttpResponse:
    """For the office's own initiative; a head of the place's office also decides on promises with declared interests."""
    person = person_of(request)
    return _act(request, _offices_own(person, slug), verb, DESK)


def _partners_own(person: Person, slug: str) -> Initiative:
    """What an office runs is run at the desk, where officers show their second factor."""
    row = access.run_by(person, slug)
    if row.partner_id is None:
        raise Http404
    return row


def _offices_own(person: Person, slug: str) -> Initiative:
    row = access.run_by(person, slug)
    if row.office_id is None:
        raise Http404
    return row


def _page(request: HttpRequest, row: Initiative, base: str) -> HttpResponse:
    context: dict[str, Any] = managing.page(row, at=timezone.now())
    here = manage_address(row)
    context |= {
        "base": base,
        "here": here,
        "is_desk": base == DESK,
        "next": [(verb, ORGANISER[verb].title) for verb in context["steps"]],
    }
    response = render(request, "initiatives/manage.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _act(request: HttpRequest, row: Initiative, verb: str, base: str) -> HttpResponse:
    if verb not in ORGANISER:
        raise Http404
    act = ORGANISER[verb]
    target = target_of(row, act.about, request.GET.get("untuk", ""))
    return do(request, act, row, target, person=person_of(request), back=manage_address(row), base=base)
