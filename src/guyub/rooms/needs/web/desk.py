"""The officers' pages: their offices' needs, partners' needs to be read, and needs made of many reports."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework import api as casework
from guyub.rooms.needs import access, grouping, listing, offering, publishing, reference
from guyub.rooms.needs.acting import Refused
from guyub.rooms.needs.publishing import Wish
from guyub.rooms.needs.web import managing
from guyub.rooms.needs.web.filters import place_options
from guyub.rooms.needs.web.forms import NeedForm, WordsForm
from guyub.rooms.needs.web.frame import DESK, overtaken
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places
from guyub.ui.rows import day_in_words, options

MOST = 100
MOST_SAID = 500
_officer = gate.officer(roles.COLLABORATE, roles.PARTNERS)


@_officer
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Partners' needs that wait, then those of one's own offices."""
    person, now = person_of(request), timezone.now()
    waiting = list(access.to_read(person).order_by("look_due_on", "pk")[:MOST])
    today = reference.today(now)
    context = {
        "waiting": [
            (printed, day_in_words(row.look_due_on or today), (row.look_due_on or today) < today)
            for printed, row in zip(listing.need_rows(waiting), waiting, strict=True)
        ],
        "rows": listing.need_rows(access.own_offices(person).order_by("ended_at", "-changed_at")[:MOST]),
        "may_write": person.can(roles.COLLABORATE),
    }
    return render(request, "needs/desk/list.html", context)


@_officer
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    return managing.page(request, access.desk_need(person_of(request), number), DESK)


@_officer
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    return managing.act(request, access.desk_need(person_of(request), number), act, DESK)


@_officer
def edit(request: HttpRequest, number: str) -> HttpResponse:
    person = person_of(request)
    row = access.desk_need(person, number)
    return managing.edit(request, row, DESK, reach=_reach(person, row.office_id))


@_officer
def ask(request: HttpRequest, number: str) -> HttpResponse:
    return managing.ask(request, access.desk_need(person_of(request), number), DESK)


def _reach(person: Person, office: int | None) -> tuple[str, ...]:
    """The codes below which a person collaborates for an office."""
    return tuple(
        grant.place
        for grant in person.grants
        if roles.COLLABORATE in grant.powers and grant.organisation == office
    )


@gate.officer(roles.COLLABORATE)
def new(request: HttpRequest) -> HttpResponse:
    """A need of an office; `?laporan=` are the numbers of cases behind it, `?kantor=` the office of several."""
    person, now = person_of(request), timezone.now()
    office = _office(request, person)
    cases = _chosen(request, person)
    asked_more = "tambah" in request.POST
    form = NeedForm(
        request.POST or None,
        reach=_reach(person, office.id),
        wish=_drafted(cases, _reach(person, office.id)),
        days=reference.amount("lasts", at=now),
    )
    if request.method == "POST" and not asked_more and form.is_valid():
        try:
            row = publishing.draft(
                wish=form.wish(), by=person, office=office.id, cases=[one.number for one in cases], at=now
            )
        except Refused as refused:
            form.refuse(refused)
        except NotAllowed:
            form.add_error("place", _("Kantor ini tidak bekerja di wilayah itu."))
        else:
            messages.success(request, _("Tersimpan sebagai rancangan. Baca sekali lagi, lalu terbitkan."))
            return redirect("desk_need", number=row.number)
    context = {
        "layout": DESK.layout,
        "title": _("Kebutuhan baru dari %(who)s") % {"who": office.name},
        "form": form,
        "back": reverse("desk_needs"),
        "cases": [one.number for one in cases],
        "group": _group_said(cases),
        "left_out": len(_numbers(request)) - len(cases),
    }
    status = 422 if request.method == "POST" and not asked_more else 200
    return render(request, "needs/form.html", context, status=status)


def _office(request: HttpRequest, person: Person) -> people.Office:
    """The office that writes: the one named, if it is theirs; else the first of theirs."""
    held = sorted(person.offices(roles.COLLABORATE))
    said = request.GET.get("kantor", "")
    named = int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0
    return people.directory().get(named if named in held else held[0])


def _chosen(request: HttpRequest, person: Person) -> list[casework.Case]:
    """The cases that an address or a form names, as far as they lie in this person's places: by number."""
    wanted = _numbers(request)
    if not wanted:
        return []
    return list(grouping.within_reach(person).filter(number__in=wanted).order_by("number"))


def _numbers(request: HttpRequest) -> list[str]:
    said = request.POST.getlist("laporan") or request.GET.getlist("laporan")
    numbers = {one.strip() for text in said[:MOST_SAID] for one in text.split(",") if len(one) <= 20}
    return [one for one in sorted(numbers) if one and one.isascii() and one.isprintable()][:MOST_SAID]


def _drafted(cases: list[casework.Case], reach: tuple[str, ...]) -> Wish | None:
    """What a form begins with when cases lie behind it: what they say together."""
    if not cases:
        return None
    code = grouping.common_place({case.place_code for case in cases})
    place = code if any(code.startswith(one) for one in reach) else ""
    return Wish(_group_said(cases)[:120], "", place, "", ())


def _group_said(cases: list[casework.Case]) -> str:
    """ "34 laporan: Genangan, Kelurahan Contoh"."""
    if not cases:
        return ""
    names, kinds = casework.category_names(), {case.category for case in cases}
    where = listing.place_said(grouping.common_place({case.place_code for case in cases}))
    said = ngettext("%(n)d laporan", "%(n)d laporan", len(cases)) % {"n": len(cases)}
    about = names.get(next(iter(kinds)), "") if len(kinds) == 1 else ""
    return " · ".join(one for one in (said, about, where) if one)


@gate.officer(roles.COLLABORATE)
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Where many report the same, and the reports of one such group to choose from."""
    person, now = person_of(request), timezone.now()
    place, category, days = _asked(request, at=now)
    names = casework.category_names()
    cases = (
        grouping.members(person, place=place, category=category, days=days, at=now)
        if place or category
        else []
    )
    gazetteer = places.gazetteer()
    chosen = gazetteer.by_code.get(place)
    context = {
        "groups": [_group(one, names, days) for one in grouping.groups(person, at=now)],
        "days": days,
        "categories": options((code, label, code == category) for code, label in names.items()),
        "places": _own_places(person, place),
        "said": " · ".join(one for one in (names.get(category, ""), chosen.label if chosen else "") if one),
        "is_asked": bool(place or category),
        "cases": [
            {
                "number": case.number,
                "label": names.get(case.category, case.category),
                "place": listing.place_said(case.place_code),
                "day": day_in_words(localtime(case.received_at, get_city().tz).date()),
            }
            for case in cases
        ],
    }
    return render(request, "needs/desk/groups.html", context)


def _asked(request: HttpRequest, *, at: Any) -> tuple[str, str, int]:
    """Place, category and days of an address; what is none is left out."""
    place = places.gazetteer().by_code.get(request.GET.get("wilayah", ""))
    category, said = request.GET.get("kategori", ""), request.GET.get("hari", "")
    usual = reference.amount("group_days", at=at)
    days = int(said) if said.isascii() and said.isdigit() and 0 < len(said) < 4 else usual
    known = category if category in casework.category_names() else ""
    return (place.code if place and place.parent_code else "", known, max(1, min(days, 730)))


def _group(one: grouping.Group, names: dict[str, str], days: int) -> dict[str, Any]:
    query = urlencode({"wilayah": one.place, "kategori": one.category, "hari": str(days)})
    return {
        "url": f"{reverse('desk_need_groups')}?{query}",
        "category": names.get(one.category, one.category),
        "place": listing.place_said(one.place),
        "count": one.count,
        "newest": day_in_words(localtime(one.newest, get_city().tz).date()),
    }


def _own_places(person: Person, chosen: str) -> SafeString:
    """The kecamatan and kelurahan below which a person collaborates; of a whole city its kecamatan first."""
    reach, gazetteer = person.places(roles.COLLABORATE), places.gazetteer()
    if "" in reach:
        return place_options(chosen)
    rows = [*gazetteer.districts, *gazetteer.settlements]
    inside = [row for row in rows if any(row.code.startswith(one) for one in reach)]
    return options((row.code, row.label, row.code == chosen) for row in inside)


@gate.officer(roles.PARTNERS)
def end_offer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """An offer that does not belong there is ended, with a reason that its giver reads."""
    person, now = person_of(request), timezone.now()
    row = access.city_offer(person, uuid)
    form = WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            offering.end_for_city(offer=row.pk, words=form.cleaned_data["words"], by=person, at=now)
        except NotAllowed:
            messages.warning(request, overtaken())
        else:
            messages.success(request, _("Tersimpan. Pemberinya diberi tahu."))
        return redirect("offer_list")
    context = {"form": form, "what": row.what, "back": reverse("offer_list")}
    status = 422 if request.method == "POST" else 200
    return render(request, "needs/desk/end_offer.html", context, status=status)
