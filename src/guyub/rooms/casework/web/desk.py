"""The officers' lists: the inbox, and all that one may see."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guyub.kernel.access.api import Person, gate, person_of, roles
from guyub.rooms.casework import queries
from guyub.rooms.casework.kinds import prefixes
from guyub.rooms.casework.rules import ENDED, State, numbers_meant
from guyub.rooms.casework.web.lines import lines
from guyub.rooms.casework.wording import STATE_LABELS
from guyub.rooms.places import api as places
from guyub.ui.rows import options

PAGE = 30  # what one goes through at a sitting; each row costs every opening of the list
LAST_PAGE = 300


@gate.officer(roles.VIEW)
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits on this person, overdue first."""
    person, now, asked = person_of(request), timezone.now(), Asked.of(request.GET)
    narrowed = queries.Narrowed(
        state=asked.state,
        place=asked.place,
        hazard=asked.hazard,
        overdue_at=now if asked.overdue else None,
        assignee=person.account if asked.mine else None,
    )
    rows = queries.inbox_rows(person=person, narrowed=narrowed, after=asked.after, limit=PAGE + 1)
    several = len(person.offices(roles.VIEW)) > 1 or person.can(roles.VIEW_HAZARDS)
    found = {
        **_list(rows, asked, reverse("desk_inbox"), person, at=now, with_office=several),
        "list_template": "casework/_inbox_list.html",
    }
    if request.htmx:  # type: ignore[attr-defined]
        return _part(request, found)
    counts = queries.inbox_counts(person=person, at=now)
    states = [
        (state, STATE_LABELS[state], counts.by_state.get(state, 0)) for state in State if state not in ENDED
    ]
    found |= {
        "counts": counts,
        "states": options((s.value, f"{label} ({n})", s == asked.state) for s, label, n in states),
        **_frame(person, asked),
    }
    return _whole(request, "casework/inbox.html", found)


@gate.officer(roles.VIEW)
def all_cases(request: HttpRequest) -> HttpResponse:
    """Every case that this person may see, ended ones too, newest change first; found by its number or by words."""
    person, now, asked = person_of(request), timezone.now(), Asked.of(request.GET)
    meant = _numbers(asked.search)
    narrowed = queries.Narrowed(
        state=asked.state,
        place=asked.place,
        hazard=asked.hazard,
        numbers=meant or None,
        words="" if meant else asked.search,
    )
    rows = queries.all_rows(person=person, narrowed=narrowed, after=asked.after, limit=PAGE + 1)
    found = {
        **_list(rows, asked, reverse("desk_cases"), person, at=now, with_office=True),
        "list_template": "casework/_all_list.html",
    }
    if request.htmx:  # type: ignore[attr-defined]
        return _part(request, found)
    found |= {
        "states": options((state.value, str(STATE_LABELS[state]), state == asked.state) for state in State),
        **_frame(person, asked),
    }
    return _whole(request, "casework/all_cases.html", found)


def _numbers(search: str) -> tuple[str, ...]:
    """The numbers that may be meant; none for words, even if some look like a number of another kind."""
    known = prefixes()
    meant = numbers_meant(search, prefixes=known, year=timezone.localdate().year)
    return tuple(number for number in meant if number.partition("-")[0] in known)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list was asked for by its address; whatever cannot be meant is left out, never refused."""

    state: str
    place: str
    hazard: bool
    overdue: bool
    mine: bool
    search: str
    page: int

    @classmethod
    def of(cls, given: QueryDict) -> Asked:
        state, place, page = given.get("keadaan", ""), given.get("wilayah", ""), given.get("hal", "")
        return cls(
            state=state if state in set(State) else "",
            place=place if place in places.gazetteer().by_code else "",
            hazard=given.get("bahaya") == "1",
            overdue=given.get("terlambat") == "1",
            mine=given.get("milik") == "saya",
            search=" ".join(given.get("cari", "").replace("\0", "").split())[:80],
            page=min(int(page), LAST_PAGE) if re.fullmatch(r"[1-9][0-9]{0,3}", page) else 1,
        )

    @property
    def after(self) -> int:
        return (self.page - 1) * PAGE

    @property
    def how_many(self) -> int:
        return sum(map(bool, (self.state, self.place, self.hazard, self.overdue, self.mine)))

    def address(self, base: str, page: int) -> str:
        query = QueryDict(mutable=True)
        said = {
            "cari": self.search,
            "keadaan": self.state,
            "wilayah": self.place,
            "bahaya": "1" if self.hazard else "",
            "terlambat": "1" if self.overdue else "",
            "milik": "saya" if self.mine else "",
            "hal": str(page) if page > 1 else "",
        }
        query.update({key: value for key, value in said.items() if value})
        return f"{base}?{query.urlencode()}" if query else base


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
