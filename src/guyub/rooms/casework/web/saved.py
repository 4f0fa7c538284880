"""Saved views: tabs above the lists, and the page on which a person keeps them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.rooms.casework import queries, saved_views
from guyub.rooms.casework.models import SavedView
from guyub.rooms.casework.web.asked import Asked

BASES = {SavedView.List.INBOX: "desk_inbox", SavedView.List.ALL: "desk_cases"}
PLAIN = "tampilan=semua"  # the inbox as it is, for whoever begins with another list


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    url: str
    count: int | None
    current: bool


def tabs(person: Person, kind: str, asked: Asked, views: list[SavedView], at: datetime) -> list[Tab]:
    """The views as tabs with their counts, after the plain list; nothing for whoever keeps none. One query."""
    if not views:
        return []
    wanted = {view.pk: (view.list, _asked(view).narrowed(person, at)) for view in views}
    counted = saved_views.counts(person=person, narrowed=wanted)
    here = _address(kind, asked)
    found = [Tab(v.name, _address(v.list, _asked(v)), counted[v.pk], False) for v in views]
    found = [replace(tab, current=tab.url == here) for tab in found]
    plain = f"{reverse('desk_inbox')}?{PLAIN}"
    first = Tab(_("Kotak masuk"), plain, None, kind == SavedView.List.INBOX and not asked.how_many)
    return [first, *found]


def _asked(view: SavedView) -> Asked:
    return Asked.of(QueryDict(view.query))


def _address(kind: str, asked: Asked) -> str:
    return replace(asked, search="", page=1).address(reverse(BASES[SavedView.List(kind)]), 1)


def first_list(person: Person, views: list[SavedView]) -> str:
    """The address of the list with which this person begins; empty for the plain inbox."""
    view = next((one for one in views if one.is_default and one.account == person.account), None)
    return _address(view.list, _asked(view)) if view and view.query else ""


@gate.officer(roles.VIEW)
def views(request: HttpRequest) -> HttpResponse:
    """Keep a list (POST), or look at all that are kept."""
    person = person_of(request)
    if request.method == "POST":
        return _keep(request, person)
    rows = [
        {
            "id": view.pk,
            "name": view.name,
            "url": _address(view.list, _asked(view)),
            "mine": view.account == person.account,
            "is_default": view.is_default,
            "shared": view.office_id is not None,
            "can_begin": view.list == SavedView.List.INBOX,
        }
        for view in saved_views.seen_by(person)
    ]
    found = {"desk": queries.desk_of(person), "views": rows, "heads": bool(saved_views.headed(person))}
    response = render(request, "casework/views.html", found)
    response["Cache-Control"] = "private, no-store"
    return response


def _keep(request: HttpRequest, person: Person) -> HttpResponse:
    kind = request.POST.get("daftar", "")
    name = " ".join(request.POST.get("nama", "").replace("\0", "").split())[:40]
    if kind not in BASES:
        raise Http404
    asked = replace(Asked.of(QueryDict(request.POST.get("saringan", "")[:300])), search="", page=1)
    back = _address(kind, asked)
    if not name:
        messages.error(request, _("Beri nama dahulu, misalnya Terlambat di RW 05."))
        return redirect(back)
    try:
        query = asked.address("", 1).removeprefix("?")
        saved_views.keep(by=person, name=name, kind=kind, query=query, at=timezone.now())
    except saved_views.NameTaken:
        messages.error(request, _("Nama itu sudah dipakai tampilan lain. Pilih nama lain."))
    except saved_views.TooMany:
        messages.error(
            request, _("Paling banyak %(n)d tampilan. Hapus satu dahulu.") % {"n": saved_views.MOST}
        )
    else:
        messages.success(request, _("Tampilan disimpan."))
    return redirect(back)


_DEEDS: dict[str, Any] = {
    "hapus": lambda view, by: saved_views.remove(view=view, by=by),
    "bawaan": lambda view, by: saved_views.begin_with(view=view, by=by, yes=True),
    "bukan-bawaan": lambda view, by: saved_views.begin_with(view=view, by=by, yes=False),
    "bagikan": lambda view, by: saved_views.share(view=view, by=by, yes=True),
    "jangan-bagikan": lambda view, by: saved_views.share(view=view, by=by, yes=False),
}


@gate.officer(roles.VIEW)
def view(request: HttpRequest, view: int) -> HttpResponse:
    """Remove a view, begin with it, or share it."""
    deed = _DEEDS.get(request.POST.get("lakukan", ""))
    if request.method != "POST" or deed is None:
        raise Http404
    try:
        deed(view, person_of(request))
    except NotAllowed:
        raise Http404 from None
    return redirect("desk_views")
