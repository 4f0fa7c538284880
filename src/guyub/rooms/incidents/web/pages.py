"""Incidents beyond the desk: what the city shows to everyone, and the tasks of an office or a partner."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guyub.kernel import parties
from guyub.kernel.access.api import NotAllowed, gate, person_of
from guyub.kernel.cities.api import absolute
from guyub.kernel.files import api as files
from guyub.rooms.incidents import access, queries, reference, tasking
from guyub.rooms.incidents.acting import Refused, parties_of
from guyub.rooms.incidents.models import Task
from guyub.rooms.incidents.rules import State
from guyub.rooms.incidents.web import shown
from guyub.rooms.incidents.web.forms import ProofForm
from guyub.rooms.incidents.wording import STATES

SHOWN = 30


@gate.public
@require_safe
def incident_list(request: HttpRequest) -> HttpResponse:
    """The incidents that the city shows, the newest first."""
    at = timezone.now()
    rows = [
        {
            "url": reverse("incident_page", args=[row.number]),
            "title": row.title,
            "kind": reference.label_of(row.kind, at=at),
            "where": shown.place_names(row.places),
            "when": shown.moment(row.opened_at),
            "state": STATES[State(row.state)][0],
            "tone": STATES[State(row.state)][1],
            "is_exercise": row.is_exercise,
        }
        for row in access.public_incidents()[:SHOWN]
    ]
    context = {"rows": rows, "canonical": absolute(reverse("incident_list"))}
    return render(request, "incidents/list.html", context)


@gate.public
@require_safe
def incident_page(request: HttpRequest, number: str) -> HttpResponse:
    """What and where, the shelters and whom to call. Nothing of the log."""
    row, at = access.public_incident(number), timezone.now()
    state, tone = STATES[State(row.state)]
    context = {
        "incident": row,
        "kind": reference.label_of(row.kind, at=at),
        "state": state,
        "tone": tone,
        "where": shown.place_names(row.places),
        "opened": shown.moment(row.opened_at),
        "shelters": [
            {
                "name": one.name,
                "address": one.address,
                "place": shown.place_names([one.place]),
                "capacity": one.capacity,
            }
            for one in row.shelters.filter(closed_at__isnull=True).order_by("name")
        ],
        "canonical": absolute(reverse("incident_page", args=[row.number])),
    }
    return render(request, "incidents/page.html", context)


@gate.acting
@require_safe
def task_list(request: HttpRequest) -> HttpResponse:
    """What one's offices and partners must do in incidents that go on."""
    person, at = person_of(request), timezone.now()
    mine = parties_of(person)
    tasks, ended = queries.open_tasks_of(mine), queries.ended_tasks_of(mine)
    cards = parties.cards({one.party for one in [*tasks, *ended]})
    context = {
        "tasks": [shown.task(one, cards, at) for one in tasks],
        "ended": [shown.task(one, cards, at) for one in ended],
    }
    return render(request, "incidents/tasks.html", context)


@gate.acting
@require_http_methods(["GET", "HEAD", "POST"])
def task_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One task, and the proof that it was done."""
    person, at = person_of(request), timezone.now()
    row = access.task(person, uuid)
    form = ProofForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            tasking.finish(task=row.pk, proof=said["proof"], photos=said["photos"], by=person, at=at)
        except Refused as refused:
            form.refuse(refused)
        except NotAllowed:
            messages.warning(request, _("Tugas ini sudah berubah. Keadaannya sekarang terlihat di bawah."))
            return redirect("incident_task", uuid)
        else:
            messages.success(request, _("Tersimpan. Posko melihat bahwa tugas ini selesai."))
            return redirect("incident_task", uuid)
    context = {
        "task": shown.task(row, parties.cards({row.party}), at),
        "open_now": row.state == "OPEN" and row.incident.is_live,
        "photos": _photos(row),
        "form": form,
    }
    return render(request, "incidents/task.html", context, status=422 if form.errors else 200)


def _photos(row: Task) -> list[dict[str, str]]:
    found = files.pictures_of([row.photos], may_see=True).get(row.photos, [])
    return [{"url": one.url, "thumb": one.thumb_url, "alt": _("Foto bukti tugas")} for one in found]
