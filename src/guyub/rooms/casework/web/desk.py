"""The officers' lists: the inbox, and all that one may see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guyub.kernel.access.api import Person, gate, person_of, roles
from guyub.rooms.casework import queries, saved_views
from guyub.rooms.casework.kinds import kind_of
from guyub.rooms.casework.models import SavedView
from guyub.rooms.casework.rules import ENDED, State
from guyub.rooms.casework.web.asked import LAST_PAGE, PAGE, Asked
from guyub.rooms.casework.web.lines import lines
from guyub.rooms.casework.web.saved import first_list, tabs
from guyub.rooms.casework.wording import STATE_LABELS
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.ui.rows import options


@gate.officer()
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits on this person, overdue first; the address of the desk leads those who see no cases to their own page."""
    person, now, asked = person_of(request), timezone.now(), Asked.of(request.GET)
    if not person.can(roles.VIEW):
        return redirect(people.desk_home(person))
    views = [] if request.htmx else saved_views.seen_by(person)  # type: ignore[attr-defined]
    if not request.GET and (first := first_list(person, views)):
        return redirect(first)
    narrowed = replace(asked, search="").narrowed(person, now)
    rows = queries.inbox_rows(person=person, narrowed=narrowed, after=asked.after, limit=PAGE + 1)
    several = len(person.offices(roles.VIEW)) > 1 or person.can(roles.VIEW_HAZARDS)
    found = {
        **_list(rows, asked, reverse("desk_inbox"), person, at=now, with_office=several),
        "list_template": "casework/_inbox_list.html",
        "all_chosen": request.GET.get("pilih") == "semua",
        "may_gather": person.can(roles.COLLABORATE),
    }
    if request.htmx:  # type: ignore[attr-defined]
        return _part(request, found)
    counts = queries.inbox_counts(person=person, at=now)
    states = [
        (state, STATE_LABELS[state], counts.by_state.get(state, 0)) for state in State if state not in ENDED
    ]
    found |= {
        "tabs": tabs(person, SavedView.List.INBOX, asked, views, now),
        "bulk": kind_of("report").bulk_url(),
        "may_dispose": person.can(roles.DISPOSE),
        "choose_all": _choosing_all(asked),
        "map": replace(asked, search="").address(reverse("desk_map"), 1),
        "keep_list": SavedView.List.INBOX.value,
        "keep_query": asked.address("", 1).removeprefix("?"),
        "counts": counts,
        "states": options((s.value, f"{label} ({n})", s == asked.state) for s, label, n in states),
        **_frame(person, asked),
    }
    return _whole(request, "casework/inbox.html", found)


@gate.officer(roles.VIEW)
def all_cases(request: HttpRequest) -> HttpResponse:
    """Every case that this person may see, ended ones too, newest change first; found by its number or by words."""
    person, now, asked = person_of(request), timezone.now(), Asked.of(request.GET)
    narrowed = replace(asked, overdue=False, mine=False).narrowed(person, now)
    rows = queries.all_rows(person=person, narrowed=narrowed, after=asked.after, limit=PAGE + 1)
    found = {
        **_list(rows, asked, reverse("desk_cases"), person, at=now, with_office=True),
        "list_template": "casework/_all_list.html",
        "all_chosen": False,
        "may_gather": person.can(roles.COLLABORATE),
    }
    if request.htmx:  # type: ignore[attr-defined]
        return _part(request, found)
    found |= {
        "states": options((state.value, str(STATE_LABELS[state]), state == asked.state) for state in State),
        "tabs": tabs(person, SavedView.List.ALL, asked, saved_views.seen_by(person), now),
        "keep_list": SavedView.List.ALL.value,
        "keep_query": asked.address("", 1).removeprefix("?"),
        "export": asked.address(reverse("desk_export"), 1),
        "bulk": kind_of("report").bulk_url(),
        **_frame(person, asked),
    }
    return _whole(request, "casework/all_cases.html", found)


def _list(
    rows: list[queries.InboxRow], asked: Asked, base: str, person: Person, *, at: Any, with_office: bool
) -> dict[str, Any]:
    more = len(rows) > PAGE and asked.page < LAST_PAGE
    return {
        "lines": lines(rows[:PAGE], at=at, with_office=with_office, without_words=person.support is not None),
        "base": base,
        "search": asked.search,
        "is_narrowed": bool(asked.how_many or asked.search),
        "filters_said": _filters_said(asked.how_many),
        "previous": asked.address(base, asked.page - 1) if asked.page > 1 else "",
        "next": asked.address(base, asked.page + 1) if more else "",
        "position": _("Halaman %(n)s") % {"n": asked.page} if more or asked.page > 1 else "",
    }


def _choosing_all(asked: Asked) -> str:
    address = asked.address(reverse("desk_inbox"), asked.page)
    return f"{address}{'&' if '?' in address else '?'}pilih=semua"


def _filters_said(n: int) -> str:
    return ngettext("%(n)d saringan dipakai", "%(n)d saringan dipakai", n) % {"n": n} if n else ""


def _frame(person: Person, asked: Asked) -> dict[str, Any]:
    """What stands around a list: the desk, and the choices of the filters."""
    return {
        "place_choices": _places(person, asked.place),
        "hazard": asked.hazard,
        "overdue": asked.overdue,
        "mine": asked.mine,
    }


def _places(person: Person, chosen: str) -> SafeString:
    """The places to choose from: kecamatan for who serves the whole city, else the places of one's own
    duty.
    """
    gazetteer, duty = places.gazetteer(), {grant.place for grant in person.grants if grant.powers}
    if "" in duty:
        rows = gazetteer.districts
    else:
        rows = [row for row in [*gazetteer.districts, *gazetteer.settlements] if _in_duty(row.code, duty)]
    return options((row.code, row.label, row.code == chosen) for row in rows)


def _in_duty(code: str, duty: set[str]) -> bool:
    return any(code == place or code.startswith(place + ".") for place in duty)


def _part(request: HttpRequest, found: dict[str, Any]) -> HttpResponse:
    return _kept_by_nobody(render(request, found["list_template"], found))


def _whole(request: HttpRequest, template: str, found: dict[str, Any]) -> HttpResponse:
    return _kept_by_nobody(render(request, template, found))


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """The same address gives a part or a whole, and both are for this person alone."""
    patch_vary_headers(response, ["HX-Request"])
    response["Cache-Control"] = "private, no-store"
    return response
