"""Lembar apel as a page: one read, said in words, ready for A4 and for a phone."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.rooms.casework.sheets import apel as morning
from guyub.rooms.casework.web.sheets.page import Naming, page
from guyub.rooms.casework.wording import DueTeller
from guyub.ui.qr import code_of


@gate.officer(roles.VIEW)
@require_safe
def apel(request: HttpRequest) -> HttpResponse:
    """The morning's sheet of this person's offices."""
    person, now = person_of(request), timezone.now()
    made, tell = morning.sheet(person=person, at=now), DueTeller(now)
    several = len(person.offices(roles.VIEW)) > 1 or person.can(roles.VIEW_HAZARDS)
    groups = _groups(made, tell, with_office=several)
    found = {
        "figures": list(zip(_columns(), _values(made.own), strict=True)),
        "groups": groups,
        "any": bool(groups),
        "others": [(name, _values(tally)) for name, tally in made.others],
        "others_title": _("Seluruh kota menurut kantor")
        if person.can(roles.VIEW_ALL)
        else _("Laporan di kecamatan ini menurut kantor"),
        "columns": _columns(),
        "explained": _(
            "Baru: masuk sejak %(since)s. Jatuh tempo: sampai akhir %(until)s. Keterlambatan dihitung dalam "
            "hari kerja. Tiap laporan ditulis sekali, di bagian yang paling mendesak."
        )
        % {"since": _day(made.last_day), "until": _day(made.next_day)},
        "code": code_of(request.build_absolute_uri(reverse("desk_inbox"))),
    }
    return page(request, "casework/sheets/apel.html", found)


def _columns() -> list[str]:
    return [_("Baru"), _("Jatuh tempo"), _("Terlambat"), _("Menunggu pelapor"), _("Bahaya"), _("Terbuka")]


def _values(tally: morning.Tally) -> list[int]:
    return [tally.new, tally.due, tally.late, tally.waiting, tally.hazards, tally.open]


def _groups(made: morning.Sheet, tell: DueTeller, *, with_office: bool) -> list[dict[str, Any]]:
    titles = {
        "hazard": (_("Bahaya"), _("Tenggat")),
        "late": (_("Terlambat"), _("Lamanya")),
        "due": (_("Jatuh tempo hari ini dan hari kerja berikutnya"), _("Tenggat")),
        "new": (_("Baru"), _("Tenggat")),
        "waiting": (_("Menunggu pelapor"), _("Sampai")),
    }
    names = Naming()
    found = []
    for group in made.groups:
        if not group.items:
            continue
        title, clock_title = titles[group.key]
        found.append(
            {
                "title": title,
                "clock_title": clock_title,
                "count": len(group.items) + group.more,
                "lines": [
                    {
                        "url": names.url(item.number),
                        "number": item.number,
                        "category": names.category(item.category),
                        "place": names.place(item.place_code),
                        "office": names.office(item.office) if with_office else "",
                        "clock": _clock(item, tell),
                    }
                    for item in group.items
                ],
                "more": ngettext(
                    "%(n)d lagi tidak muat di lembar ini; buka daftarnya.",
                    "%(n)d lagi tidak muat di lembar ini; buka daftarnya.",
                    group.more,
                )
                % {"n": group.more}
                if group.more
                else "",
            }
        )
    return found


def _clock(item: morning.Item, tell: DueTeller) -> str:
    if item.state in morning.WAITING:
        return tell.day(item.reporter_due_at) if item.reporter_due_at else ""
    return tell.due(item.due_at).words if item.due_at else ""


def _day(day: Any) -> str:
    return date_format(day, "l, j F")
