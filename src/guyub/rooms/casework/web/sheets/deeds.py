"""Bukti dukung e-Kinerja as a page: one's own by its address, another's only by asking, which is recorded."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from guyub.events import casework as events
from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework.sheets import deeds as figures
from guyub.rooms.casework.web.sheets.page import Naming, month_asked, month_choices, page


@gate.officer(roles.VIEW)
def deeds(request: HttpRequest) -> HttpResponse:
    """What this officer did in a month. A head who sends an officer's id sees that one's, for their own office."""
    person, now = person_of(request), timezone.now()
    today = timezone.localdate(now)
    if request.method == "POST":
        month = month_asked(request.POST.get("bulan", ""), today=today)
        made = _looked_at(person, request.POST.get("petugas", ""), month, now, today)
    else:
        month = month_asked(request.GET.get("bulan", ""), today=today)
        made = figures.own_month(person=person, month=month)
    found = {
        "name": made.name,
        "is_own": request.method != "POST",
        "month": date_format(month, "F Y"),
        "counts": [(_verbs()[name], n) for name, n in made.counts.items() if n],
        "deeds": _lines(made),
        "seals": [
            (one.number, one.hash, date_format(one.sealed_at.astimezone(get_city().tz), "j M Y, H.i"))
            for one in made.seals
        ],
        "months": month_choices(month, today=today),
        "colleagues": figures.colleagues(head=person, on=today),
    }
    return page(request, "casework/sheets/deeds.html", found)


def _looked_at(person: Person, officer: str, month: date, at: datetime, today: date) -> figures.Month:
    if not (officer.isascii() and officer.isdigit() and len(officer) < 18):
        raise Http404
    try:
        return figures.look_at(officer=int(officer), head=person, month=month, at=at, on=today)
    except NotAllowed:
        raise Http404 from None


def _verbs() -> dict[str, str]:
    return {
        events.RequestAccepted.name: _("Menyanggupi permohonan"),
        events.CaseVerified.name: _("Memverifikasi"),
        events.CaseAnswered.name: _("Menjawab"),
        events.ReporterAsked.name: _("Bertanya kepada pelapor"),
        events.CaseHandedOver.name: _("Meneruskan ke kantor lain"),
        events.ScheduleProposed.name: _("Mengusulkan penjadwalan"),
        events.ScheduleDecided.name: _("Memutuskan penjadwalan"),
        events.WorkCompleted.name: _("Menyelesaikan dengan bukti foto"),
        events.CaseRejected.name: _("Menyatakan tidak dapat diproses, dengan alasan"),
        events.CaseDisposed.name: _("Menugaskan petugas"),
        events.CaseSplit.name: _("Membagi dengan kantor lain"),
        events.CaseSentOut.name: _("Menyurati instansi luar"),
        events.DelayExplained.name: _("Menjelaskan keterlambatan"),
    }


def _lines(made: figures.Month) -> list[dict[str, Any]]:
    verbs, names, tz = _verbs(), Naming(), get_city().tz
    return [
        {
            "when": date_format(deed.at.astimezone(tz), "j M, H.i"),
            "what": verbs[deed.name],
            "number": deed.number,
            "url": names.url(deed.number) if deed.number else "",
            "reference": f"{deed.fact} / {deed.seal}" if deed.seal else f"{deed.fact} / –",
        }
        for deed in made.deeds
    ]
