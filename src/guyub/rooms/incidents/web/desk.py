"""The desk of incidents: what goes on and what is proposed, one incident by its sections, and the playbooks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guyub.kernel import documents, parties
from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.rooms.casework import api as casework
from guyub.rooms.incidents import access, opening, playing, queries, reference, situation
from guyub.rooms.incidents.acting import Refused, runs
from guyub.rooms.incidents.models import Incident, OwnStep, Proposal
from guyub.rooms.incidents.opening import Opening
from guyub.rooms.incidents.rules import StepKind
from guyub.rooms.incidents.web import shown
from guyub.rooms.incidents.web.acts import ACTS, Act
from guyub.rooms.incidents.web.forms import DeclineForm, OpenForm, OwnStepForm
from guyub.rooms.incidents.wording import LEVELS, STEP_KINDS

PAST = 20
_WRITES = ["GET", "HEAD", "POST"]
_gate = gate.officer(roles.INCIDENTS)
Data = Callable[[Incident, Person, Any], dict[str, Any]]
SECTIONS: dict[str, tuple[Any, Data]] = {
    "": (gettext_lazy("Ringkasan"), shown.overview),
    "langkah": (gettext_lazy("Panduan"), shown.steps_section),
    "tugas": (gettext_lazy("Tugas"), shown.tasks_section),
    "catatan": (gettext_lazy("Catatan"), shown.log_section),
    "kaji-cepat": (gettext_lazy("Kaji cepat"), shown.assessment_section),
    "pengungsian": (gettext_lazy("Pengungsian"), shown.shelters_section),
    "logistik": (gettext_lazy("Logistik"), shown.stock_section),
    "status": (gettext_lazy("Status hukum"), shown.status_section),
    "laporan": (gettext_lazy("Laporan situasi"), shown.reports_section),
    "serah-terima": (gettext_lazy("Posko dan serah terima"), shown.hand_over_section),
    "keadaan": (gettext_lazy("Keadaan dan pengumuman"), shown.public_section),
}


@_gate
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What is proposed first, then what goes on, then what is over."""
    person, at = person_of(request), timezone.now()
    rows = access.visible(person)
    going = queries.shaped(rows.filter(closed_at__isnull=True), at=at)
    past = rows.filter(closed_at__isnull=False).order_by("-closed_at")[:PAST].values_list("pk", flat=True)
    ended = queries.shaped(rows.filter(pk__in=list(past)), at=at)
    context = {
        "proposals": [_proposal(one, at) for one in queries.undecided() if runs(person, one.places)],
        "going": [shown.card(one, at) for one in going],
        "past": [shown.card(one, at) for one in ended],
    }
    return render(request, "incidents/desk/list.html", context)


def _proposal(row: Proposal, at: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "url": f"/peringatan/{row.number}/",
        "kind": reference.label_of(row.kind, at=at),
        "level": LEVELS[row.level][0],
        "tone": LEVELS[row.level][1],
        "is_exercise": row.mode == "LATIHAN",
        "where": shown.place_names(row.places),
        "when": shown.moment(row.made_at),
        "form": DeclineForm(prefix=f"u{row.pk}"),
    }


@_gate
@require_POST
def decide(request: HttpRequest, proposal: int, answer: str) -> HttpResponse:
    """Open what a warning proposes, or leave it with a reason."""
    person, at = person_of(request), timezone.now()
    row = Proposal.objects.filter(pk=proposal).first()
    if row is None or not runs(person, row.places) or answer not in ("buka", "tolak"):
        raise Http404
    try:
        if answer == "buka":
            found = opening.accept(proposal=row.pk, by=person, at=at)
            messages.success(request, _("Insiden berjalan. Langkah panduannya ada di bawah."))
            return redirect("desk_incident_section", found.number, "langkah")
        form = DeclineForm(request.POST, prefix=f"u{row.pk}")
        if not form.is_valid():
            messages.warning(request, _("Tulis alasan mengapa usulan tidak dijalankan."))
        else:
            opening.decline(proposal=row.pk, reason=form.cleaned_data["reason"], by=person, at=at)
            messages.success(request, _("Usulan tidak dijalankan, alasannya tercatat."))
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("desk_incidents")


@_gate
@require_http_methods(_WRITES)
def new(request: HttpRequest) -> HttpResponse:
    """An incident by hand, perhaps from reports."""
    person, at = person_of(request), timezone.now()
    form = OpenForm(request.POST if request.method == "POST" else None, at=at)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = opening.open_incident(
                said=Opening(
                    kind=said["kind"],
                    title=said["title"],
                    places=tuple(_whole(form.chosen)),
                    level=said["level"],
                    mode=said["mode"],
                    sources=_reports(person, form.numbers()),
                ),
                by=person,
                at=at,
                token=form.token_sent(),
            )
        except Refused as refused:
            form.refuse(refused)
        except NotAllowed:
            form.add_error(None, _("Wilayah ini di luar wewenang Anda."))
        else:
            messages.success(request, _("Insiden dibuka. Anda menjadi komandannya sampai diserahkan."))
            return redirect("desk_incident", row.number)
    return render(request, "incidents/desk/new.html", {"form": form}, status=422 if form.errors else 200)


def _whole(chosen: set[str]) -> list[str]:
    """A whole kecamatan stands for all in it."""
    return sorted(one for one in chosen if one.rpartition(".")[0] not in chosen)


def _reports(person: Person, numbers: list[str]) -> tuple[str, ...]:
    """The subjects of reports that the person may see. Raises `Refused` for any other number."""
    if not numbers:
        return ()
    rows = casework.access.visible(person).filter(number__in=numbers[:50])
    found = dict(rows.values_list("number", "subject"))
    if lacking := [one for one in numbers if one not in found]:
        raise Refused(
            _("Nomor laporan ini tidak ditemukan: %(numbers)s.") % {"numbers": ", ".join(lacking)[:200]},
            field="reports",
        )
    return tuple(found[one] for one in numbers)


# ── One incident ───────────────────────────────────────────────────────────────────────────────────────────


@_gate
@require_safe
def page(request: HttpRequest, number: str, section: str = "") -> HttpResponse:
    row = access.desk_incident(person_of(request), number)
    if section not in SECTIONS:
        raise Http404
    return _page(request, row, section)


def _page(
    request: HttpRequest, row: Incident, section: str, used: dict[str, Any] | None = None
) -> HttpResponse:
    person, at = person_of(request), timezone.now()
    title, data = SECTIONS[section]
    offered = {name: act for name, act in ACTS.items() if act.section == section and act.is_offered(row)}
    context = {
        **shown.head(row, at),
        **data(row, person, at),
        "section": section,
        "title": title,
        "part": f"incidents/desk/_{section or 'ringkasan'}.html",
        "sections": [(_url(row, code), label, code == section) for code, (label, _data) in SECTIONS.items()],
        "buttons": {name: act.button for name, act in offered.items() if act.is_button},
        "forms": [
            (name, act.heading, act.button, (used or {}).get(name) or _form(act, name, row, person, at))
            for name, act in offered.items()
            if not act.is_button
        ],
    }
    if section == "catatan":
        context |= shown.page_of(context["entries"], request.GET.get("sebelum", ""))
    return render(request, "incidents/desk/incident.html", context, status=422 if used else 200)


def _url(row: Incident, section: str) -> str:
    if not section:
        return reverse("desk_incident", args=[row.number])
    return reverse("desk_incident_section", args=[row.number, section])


def _form(act: Act, name: str, row: Incident, person: Person, at: Any, data: Any = None) -> Any:
    return act.form(data, row=row, person=person, at=at, prefix=name)


@_gate
@require_POST
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """One act in an incident, if it is offered now; what was overtaken is said and is no error."""
    person, at = person_of(request), timezone.now()
    row = access.desk_incident(person, number)
    chosen = ACTS.get(act)
    if chosen is None:
        raise Http404
    if not chosen.is_offered(row):
        messages.warning(request, _overtaken())
        return redirect(_url(row, chosen.section))
    form = _form(chosen, act, row, person, at, request.POST)
    if not form.is_valid():
        return _wrong(request, row, act, chosen, form)
    try:
        done = chosen.do(row, form, person, at)
    except Refused as refused:
        if not chosen.is_button:
            form.refuse(refused)
            return _page(request, row, chosen.section, {act: form})
        messages.warning(request, str(refused))
    except NotAllowed:
        messages.warning(request, _overtaken())
    else:
        messages.success(request, done)
    return redirect(_url(row, chosen.section))


def _wrong(request: HttpRequest, row: Incident, act: str, chosen: Act, form: Any) -> HttpResponse:
    if not chosen.is_button:
        return _page(request, row, chosen.section, {act: form})
    messages.warning(request, _overtaken())
    return redirect(_url(row, chosen.section))


def _overtaken() -> str:
    return _("Ini tidak dapat dilakukan (lagi). Keadaannya sekarang terlihat di bawah.")


@_gate
@require_safe
def report(request: HttpRequest, number: str, report: int) -> HttpResponse:
    """A report of the situation as PDF."""
    row = access.desk_incident(person_of(request), number)
    found = row.reports.filter(number=report).first() if report < 32768 else None
    if found is None:
        raise Http404
    found.incident = row
    try:
        content = situation.pdf(found)
    except documents.DocumentFailed:
        messages.error(request, _("Dokumen belum dapat dibuat. Coba lagi sebentar."))
        return redirect("desk_incident_section", number, "laporan")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{row.number}-{found.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


# ── Playbooks ──────────────────────────────────────────────────────────────────────────────────────────────


@_gate
@require_http_methods(_WRITES)
def playbooks(request: HttpRequest) -> HttpResponse:
    """The steps of every kind, and those that the city adds."""
    person, at = person_of(request), timezone.now()
    form = OwnStepForm(request.POST if request.method == "POST" else None, at=at)
    if request.method == "POST" and form.is_valid():
        try:
            playing.add_own_step(by=person, at=at, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        except NotAllowed:
            form.add_error(None, _("Panduan berlaku di seluruh daerah; wewenang Anda tidak menjangkaunya."))
        else:
            messages.success(request, _("Langkah ditambahkan. Insiden yang sudah berjalan tidak berubah."))
            return redirect("incident_playbooks")
    own = list(OwnStep.objects.filter(ended_at__isnull=True).order_by("pk"))
    cards = parties.cards({one.party for one in own})
    context = {
        "form": form,
        "books": [
            {
                "label": kind.label,
                "steps": [(LEVELS[one.level][0], STEP_KINDS[StepKind(one.kind)], one.what, one.minutes) for one in
                          reference.playbook(kind.code, at=at)],
                "own": [
                    (one.pk, LEVELS[one.level][0], STEP_KINDS[StepKind(one.step)], one.what,
                     parties.card_of(cards, one.party).name if one.party else "")
                    for one in own
                    if one.kind == kind.code
                ],
            }
            for kind in reference.kinds(at=at).values()
        ],
    }  # fmt: skip
    return render(request, "incidents/desk/playbooks.html", context, status=422 if form.errors else 200)


@_gate
@require_POST
def end_own_step(request: HttpRequest, step: int) -> HttpResponse:
    """Take a step of the city's own off."""
    person, at = person_of(request), timezone.now()
    if not OwnStep.objects.filter(pk=step).exists():
        raise Http404
    try:
        playing.end_own_step(own_step=step, by=person, at=at)
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("Langkah dicabut dari panduan."))
    return redirect("incident_playbooks")
