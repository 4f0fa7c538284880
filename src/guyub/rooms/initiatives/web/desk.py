"""The officers' desk: what their offices run and are asked about, responses from a template, cases that are joined."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import NotAllowed, Person, gate, person_of, roles
from guyub.rooms.casework import api as casework
from guyub.rooms.initiatives import access, drafting, joining, listing, pledging, queries
from guyub.rooms.initiatives.acting import Refused, manage_address
from guyub.rooms.initiatives.models import Initiative, Pledge, Task
from guyub.rooms.initiatives.rules import LIVE, Consent, Pledged
from guyub.rooms.initiatives.rules import Task as Stage
from guyub.rooms.initiatives.web.acts import ORGANISER, do
from guyub.rooms.initiatives.web.forms import TemplateForm
from guyub.rooms.initiatives.web.manage import DESK
from guyub.rooms.initiatives.wording import STATE_TONES, STATES
from guyub.rooms.partners import api as partners

MOST_CHOICES = 60


@gate.officer(roles.COLLABORATE)
@require_safe
def desk_list(request: HttpRequest) -> HttpResponse:
    """What this officer's offices run, what asks them for consent, and what goes on in their places."""
    person = person_of(request)
    offices = person.offices(roles.COLLABORATE)
    rows = list(access.at_desk(person).only(*_SHOWN).order_by("ended_at", "-changed_at")[:100])
    cards = partners.by_ids(ids=[row.partner_id for row in rows if row.partner_id is not None])
    own: list[dict[str, Any]] = []
    asked: list[dict[str, Any]] = []
    around: list[dict[str, Any]] = []
    for row in rows:
        waits = row.consent == Consent.ASKED and row.consent_office_id in offices
        (own if row.office_id in offices else asked if waits else around).append(_row(row, cards))
    page = {"own": own, "asked": asked, "around": around, "decide": _to_decide(person)}
    return render(request, "initiatives/desk/list.html", page)


def _to_decide(person: Person) -> list[tuple[str, str, str]]:
    """Promises with declared interests to partners' initiatives on which this person decides as a head. One query."""
    rows = Pledge.objects.filter(
        state=Pledged.PROMISED, has_conflict=True, line__initiative__office__isnull=True
    )
    rows = rows.select_related("line__initiative", "partner").order_by("pk")[:MOST_CHOICES]
    return [
        (
            reverse("desk_decide_pledge", args=[one.uuid]),
            one.line.initiative.title,
            one.partner.name if one.partner else "",
        )
        for one in rows
        if pledging.may_decide_conflict(person, one.line.initiative)
    ]


_SHOWN = (
    *("title", "slug", "places", "office_id", "partner_id", "consent", "consent_office_id"),
    *("state", "starts_on", "ends_on"),
)


def _row(row: Initiative, cards: dict[int, partners.PartnerCard]) -> dict[str, Any]:
    return {
        "title": row.title,
        "url": manage_address(row) if row.office_id is not None else f"/prakarsa/{row.slug}/",
        "slug": row.slug,
        "organiser": cards[row.partner_id].name if row.partner_id in cards else "",
        "places": listing.places_in_words(row.places),
        "days": listing.days_in_words(row.starts_on, row.ends_on),
        "state": str(STATES[row.state]),  # type: ignore[index]
        "tone": STATE_TONES[row.state],  # type: ignore[index]
    }


@gate.officer(roles.COLLABORATE)
def from_template(request: HttpRequest) -> HttpResponse:
    """*Buka dari templat*: a response is open at once, and the partners of its theme in the place are called."""
    person, now = person_of(request), timezone.now()
    form = TemplateForm(request.POST or None, person=person, at=now)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = drafting.open_from_template(
                template=said["template"],
                place=said["place"],
                office=int(said["office"].partition(":")[2]),
                by=person,
                at=now,
            )
        except (Refused, NotAllowed):
            form.add_error(
                "place", _("Kantor ini tidak berwenang di wilayah itu, atau templatnya tidak berlaku.")
            )
        else:
            messages.success(
                request, _("Prakarsa dibuka, dan mitra tema ini di wilayah itu sudah dipanggil.")
            )
            return redirect(manage_address(row))
    status = 422 if request.method == "POST" else 200
    return render(request, "initiatives/desk/template.html", {"form": form}, status=status)


@gate.officer(roles.COLLABORATE)
def consent(request: HttpRequest, slug: str) -> HttpResponse:
    """The office of the place agrees to a partner's initiative, or says why not."""
    person, now = person_of(request), timezone.now()
    row = access.consent_asked(person, slug)
    decision, words = request.POST.get("putusan", ""), request.POST.get("kata", "").strip()[:2000]
    wrong = ""
    if request.method == "POST":
        if decision not in ("setuju", "tidak"):
            wrong = _("Pilih setuju atau tidak.")
        elif decision == "tidak" and not words:
            wrong = _("Tulis alasannya.")
        else:
            try:
                drafting.decide_consent(
                    initiative=row.pk, is_given=decision == "setuju", words=words, by=person, at=now
                )
            except NotAllowed:
                messages.warning(request, _("Ini tidak dapat dilakukan (lagi)."))
            else:
                messages.success(request, _("Keputusan tersimpan; penyelenggaranya diberi tahu."))
            return redirect("desk_initiatives")
    page = {
        "row": _row(row, partners.by_ids(ids=[row.partner_id] if row.partner_id is not None else [])),
        "purpose": row.purpose,
        "words": words,
        "wrong": wrong,
        "waits": row.consent == Consent.ASKED,
    }
    return render(request, "initiatives/desk/consent.html", page, status=422 if wrong else 200)


@gate.officer(roles.COLLABORATE)
def decide_pledge(request: HttpRequest, pledge: UUID) -> HttpResponse:
    """The head of the place's office decides on a promise to a partner's initiative whose giver declared interests."""
    person = person_of(request)
    row = access.pledge_to(person, pledge)
    back = reverse("desk_initiatives")
    return do(
        request, ORGANISER["terima-janji"], row.line.initiative, row, person=person, back=back, base=DESK
    )


@gate.officer(roles.COLLABORATE)
def join_case(request: HttpRequest, case: UUID) -> HttpResponse:
    """Answer one case by a task of an initiative in its place."""
    person, now = person_of(request), timezone.now()
    found = joining.joinable(person).filter(uuid=case).first()
    if found is None:
        raise Http404
    tasks = tasks_for(found.place_code)
    wrong = ""
    if request.method == "POST":
        chosen = next((one for one in tasks if str(one.uuid) == request.POST.get("pekerjaan", "")), None)
        if chosen is None:
            wrong = _("Pilih pekerjaan yang menjawab laporan ini.")
        else:
            try:
                joining.join_case(task=chosen.pk, case=found.pk, by=person, at=now)
            except (Refused, NotAllowed, casework.NotPossible) as problem:
                wrong = (
                    str(problem) if isinstance(problem, Refused) else _("Ini tidak dapat dilakukan (lagi).")
                )
            else:
                messages.success(
                    request,
                    _(
                        "Laporan dijawab lewat prakarsa. Bila Anda bukan kepala kantor, kepala kantor menyetujui penjadwalannya."
                    ),
                )
                return redirect("desk_report", number=found.number)
    page = {
        "number": found.number,
        "label": found.label,
        "tasks": [_choice(one) for one in tasks],
        "wrong": wrong,
    }
    return render(request, "initiatives/desk/join.html", page, status=422 if wrong else 200)


def tasks_for(place: str) -> list[Task]:
    """The open tasks of live initiatives in or around a place. One query."""
    rows = Task.objects.filter(state__in=[Stage.TODO, Stage.PROVED], initiative__state__in=LIVE)
    codes = queries.codes_of(place)
    if codes is not None:
        rows = rows.filter(initiative__places__overlap=codes)
    return list(rows.select_related("initiative").order_by("initiative__title", "position")[:MOST_CHOICES])


def _choice(task: Task) -> tuple[str, str]:
    return str(task.uuid), f"{task.initiative.title}: {task.title}"


@gate.officer(roles.COLLABORATE)
def join_many(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer many cases at once by one task of an initiative."""
    person, now = person_of(request), timezone.now()
    row = access.readable(person, slug)
    if row.state not in LIVE:
        raise Http404
    tasks = list(
        Task.objects.filter(initiative=row, state__in=[Stage.TODO, Stage.PROVED]).select_related("initiative")
    )
    cases = list(_in_places(person, row)[: joining.MOST_AT_ONCE])
    outcomes: list[joining.Outcome] = []
    wrong = ""
    if request.method == "POST":
        chosen = next((one for one in tasks if str(one.uuid) == request.POST.get("pekerjaan", "")), None)
        numbers = request.POST.getlist("laporan")
        if chosen is None or not numbers:
            wrong = _("Pilih pekerjaan dan paling sedikit satu laporan.")
        else:
            outcomes = joining.join_many(task=chosen.pk, numbers=numbers, by=person, at=now)
            _say(request, outcomes)
            if not any(one.why_not for one in outcomes):
                return redirect("desk_join_many", slug=row.slug)
            cases = list(_in_places(person, row)[: joining.MOST_AT_ONCE])
    page = {
        "title": row.title,
        "back": manage_address(row) if row.office_id is not None else f"/prakarsa/{row.slug}/",
        "tasks": [(str(one.uuid), one.title) for one in tasks],
        "cases": [(case.number, case.label) for case in cases],
        "failed": [one for one in outcomes if one.why_not],
        "wrong": wrong,
    }
    return render(request, "initiatives/desk/join_many.html", page, status=422 if wrong else 200)


def _in_places(person: Person, row: Initiative) -> Any:
    rows = joining.joinable(person).order_by("received_at")
    wanted = [code for code in row.places]
    if any(queries.codes_of(code) is None for code in wanted):
        return rows
    return rows.filter(
        place_code__in=sorted({one for code in wanted for one in queries.codes_of(code) or ()})
    )


def _say(request: HttpRequest, outcomes: list[joining.Outcome]) -> None:
    done = sum(not one.why_not for one in outcomes)
    if done:
        words = ngettext(
            "%(n)d laporan dijawab lewat prakarsa ini.", "%(n)d laporan dijawab lewat prakarsa ini.", done
        )
        messages.success(request, words % {"n": done})
