"""*Putaran hari ini*: the round of an officer or head of a crew, on a phone, with or without signal."""

from __future__ import annotations

from typing import Any
from uuid import uuid4, uuid5

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.reports import actions
from guyub.rooms.reports.queries import label_said, where
from guyub.rooms.reports.web import evidence, flood
from guyub.rooms.reports.web.crew import CrewForm
from guyub.rooms.reports.web.uuids import uuid_or_none


class StopForm(CrewForm):
    """`who` is whose page it was: a proof that waited on a shared phone is not sent in another's name."""

    case = forms.UUIDField(widget=forms.HiddenInput)
    who = forms.IntegerField(widget=forms.HiddenInput)


@gate.officer(roles.COMPLETE)
@require_safe
def todays_round(request: HttpRequest) -> HttpResponse:
    """Today's stops: the most urgent first; the script orders them by nearness."""
    person = person_of(request)
    context = {"stops": _stops(person), "path": reverse("round")}
    response = render(request, "reports/crew/round.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _stops(person: Person) -> list[dict[str, Any]]:
    tell = casework.wording.DueTeller(timezone.now())
    return [
        {
            "id": str(stop.case.uuid),
            "title": label_said(stop.case.label),
            "number": stop.case.number,
            "url": reverse("desk_report", args=[stop.case.number]) + f"?kasus={stop.case.part}",
            "where": where(stop.case.place_code),
            "is_hazard": stop.case.is_hazard,
            "due": tell.due(stop.case.due_at) if stop.case.due_at else None,
            "lat": f"{stop.point[0]:.6f}" if stop.point else "",
            "lon": f"{stop.point[1]:.6f}" if stop.point else "",
            "form": StopForm(
                initial={"kiriman": uuid4(), "case": stop.case.uuid, "who": person.account},
                auto_id=f"h{stop.case.pk}-%s",
            ),
        }
        for stop in casework.rounds.stops(person)
    ]


@gate.officer(roles.COMPLETE)
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """A proof from the round: taken once, however often the phone sends it."""
    person, at = person_of(request), timezone.now()
    case = _case(request, person)
    kept = evidence.keep_photos(request, {"evidence_for": str(case.uuid)}, at=at)
    form = StopForm(kept.data, kept=kept.count)
    for words in kept.problems:
        form.add_error("photos", words)
    if not form.is_valid():
        return _refused(request, form.errors, 422)
    said = form.cleaned_data
    if said["who"] != person.account:
        return _refused(request, {"__all__": [_("Bukti ini disimpan oleh akun lain di ponsel ini.")]}, 409)
    try:
        with transaction.atomic():
            actions.complete_report(
                case=case.uuid,
                words=said["words"],
                photos=said["draft"],
                capture=evidence.capture_of(said, at=at),
                submission=uuid5(case.uuid, said["kiriman"].hex),
                by=person,
                at=at,
            )
    except (NotAllowed, casework.NotPossible, files.NotAPhoto):
        return _refused(
            request, {"__all__": [_("Keadaan laporan sudah berubah; bukti ini tidak dicatat.")]}, 409
        )
    address = reverse("round")
    if flood.wants_page(request):
        messages.success(request, _("Pekerjaan dinyatakan selesai. Pelapor diminta mengonfirmasi."))
        found = redirect(address)
        found.status_code = 303
        return found
    return JsonResponse({"received": address})


def _case(request: HttpRequest, person: Person) -> Case:
    """A case of an office for which this person completes; moved on or not. Raises Http404."""
    meant = uuid_or_none(request.POST.get("case", ""))
    if meant is None:
        raise Http404
    rows = casework.access.visible(person).filter(
        uuid=meant, office__in=person.offices(roles.COMPLETE), is_restricted=False
    )
    case = rows.first()
    if case is None:
        raise Http404
    return case


def _refused(request: HttpRequest, errors: Any, status: int) -> HttpResponse:
    """What was written comes back; with the script it has never left the phone."""
    if not flood.wants_page(request):
        return JsonResponse({"errors": errors}, status=status)
    lines = [line for name in errors for line in errors[name]]
    context = {"lines": lines, "typed": request.POST.get("words", "")[:2000], "back": reverse("round")}
    return render(request, "reports/crew/round_refused.html", context, status=status)
