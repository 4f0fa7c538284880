"""What the sheets share: which there are, their page, and the choice of a month."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import Person, gate, person_of, roles
from guyub.rooms.casework import queries
from guyub.rooms.casework.kinds import category_names, kind_of, kind_of_number
from guyub.rooms.casework.web.lines import place_names
from guyub.rooms.people import api as people

MONTHS = 13


@gate.officer(roles.VIEW)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Which sheets this person can print."""
    return page(request, "casework/sheets/index.html", {"sheets": sheets_for(person_of(request))})


def sheets_for(person: Person) -> list[dict[str, str]]:
    """The sheets in the order of an officer's day, week and month."""
    offered = [
        (
            True,
            "desk_sheet_apel",
            _("Lembar apel"),
            _(
                "Pagi ini: yang baru, jatuh tempo, terlambat, dan menunggu pelapor, dengan tempat nama petugas."
            ),
        ),
        (
            person.can(roles.VIEW_AREA) or person.can(roles.VIEW_ALL),
            "desk_sheet_meeting",
            _("Bahan rapat kecamatan"),
            _("Sebulan atau seminggu di tiap kelurahan dan desa, dan apa yang perlu diputuskan."),
        ),
        (
            person.can(roles.VIEW_ALL),
            "desk_sheet_leaders",
            _("Satu halaman untuk rapim"),
            _("Yang perlu diputuskan di tingkat daerah, menurut kantor dan sebabnya."),
        ),
        (
            True,
            "desk_sheet_deeds",
            _("Bukti dukung e-Kinerja"),
            _("Apa yang Anda kerjakan dalam sebulan, dengan nomor laporan dan rujukan segel catatan."),
        ),
    ]
    return [
        {"url": reverse(name), "title": title, "words": words} for may, name, title, words in offered if may
    ]


def page(request: HttpRequest, template: str, found: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page for this person alone, kept by nobody."""
    made = {
        "desk": queries.desk_of(person_of(request)),
        "code": None,
        "printed": date_format(timezone.localtime(), "l, j F Y, H.i"),
        **found,
    }
    response = render(request, template, made, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def month_asked(text: str, *, today: date) -> date:
    """The first day of `2026-10`, or of the present month for what is no month or lies ahead."""
    said = re.fullmatch(r"(20[0-9]{2})-(0[1-9]|1[0-2])", text)
    found = date(int(said[1]), int(said[2]), 1) if said else today
    return min(found, today).replace(day=1)


def month_choices(chosen: date, *, today: date) -> list[tuple[str, str, bool]]:
    """The last months, newest first, and the chosen one if it is older."""
    months: list[date] = []
    month = today.replace(day=1)
    while len(months) < MONTHS:
        months.append(month)
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    if chosen not in months:
        months.append(chosen)
    return [(f"{one:%Y-%m}", date_format(one, "F Y"), one == chosen) for one in months]


class Naming:
    """Names for the lines of one sheet, looked up once."""

    def __init__(self) -> None:
        self.categories, self.places = category_names(), place_names()
        self.offices = people.directory().by_id

    def category(self, code: str) -> str:
        return self.categories.get(code, code)

    def place(self, code: str) -> str:
        return self.places.get(code, code)

    def office(self, office: int) -> str:
        return self.offices[office].short_name if office in self.offices else ""

    def url(self, number: str) -> str:
        return kind_of(kind_of_number(number)).desk_url(number)
