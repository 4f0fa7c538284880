"""A meeting and a follow-up as everyone reads them, and the calendars that programs follow."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from guyub.kernel import masking
from guyub.kernel.access.api import NOBODY, gate, person_of
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.kernel.files import api as files
from guyub.rooms.meetings import access, actions, queries
from guyub.rooms.meetings.calendar import as_calendar, calendar
from guyub.rooms.meetings.models import FollowUp, Meeting, StepKind
from guyub.rooms.meetings.subjects import Subject
from guyub.rooms.meetings.web import shown
from guyub.rooms.meetings.web.forms import DoneForm, MoveForm, ReasonForm
from guyub.ui.rows import day_in_words

CALENDAR = "text/calendar; charset=utf-8"


@gate.public
@require_safe
def meeting(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = person_of(request)
    row, subject = access.meeting(uuid, person)
    return render(request, "meetings/meeting.html", shown.page(row, subject, person))


@gate.public
@require_safe
def one_calendar(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One meeting for a calendar."""
    row, subject = access.meeting(uuid, person_of(request))
    rows = Meeting.objects.filter(pk=row.pk).prefetch_related("agenda")
    return HttpResponse(as_calendar(rows, name=subject.title), content_type=CALENDAR)


@gate.public
@require_safe
def feed(request: HttpRequest, subject: str) -> HttpResponse:
    """All meetings and work days of a subject. A calendar program signs in nowhere, so it sees what nobody sees."""
    found = access.readable(subject, NOBODY)
    return HttpResponse(calendar(subjects=[subject], name=found.title), content_type=CALENDAR)


@gate.public
@require_safe
def follow_up(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was agreed, who must do it until when, and what became of it."""
    row, subject = access.follow_up(uuid, person_of(request))
    return _show(request, row, subject, {})


@gate.acting
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Whoever answers for it says that it is done; whoever runs the subject moves its day or opens it again."""
    person = person_of(request)
    row, subject = access.follow_up(uuid, person)
    if not actions.may_answer(row, person):
        raise Http404
    verb = request.POST.get("aksi", "")
    form = _form(verb, subject, request)
    if request.method != "POST" or form is None:
        return _show(request, row, subject, {}, status=422 if request.method == "POST" else 200)
    if form.is_valid() and _do(verb, row, form, request):
        messages.success(request, _("Tersimpan."))
        return redirect("meeting_follow_up", uuid)
    return _show(request, row, subject, {verb: form}, status=422)


def _form(verb: str, subject: Subject, request: HttpRequest) -> Any:
    if verb == "selesai":
        return DoneForm(request.POST, request.FILES)
    if subject.can_run and verb in ("geser", "buka"):
        return (MoveForm if verb == "geser" else ReasonForm)(request.POST)
    return None


def _do(verb: str, row: FollowUp, form: Any, request: HttpRequest) -> bool:
    person, at, said = person_of(request), timezone.now(), form.cleaned_data
    try:
        if verb == "selesai":
            draft = uuid4() if said["photo"] else None
            if draft:
                files.store_photo(said["photo"], at=at, draft=draft)
            actions.done(follow_up=row.uuid, note=said["note"], photos=draft, by=person, at=at)
        elif verb == "geser":
            actions.move(follow_up=row.uuid, due_on=said["due_on"], reason=said["reason"], by=person, at=at)
        else:
            actions.reopen(follow_up=row.uuid, reason=said["reason"], by=person, at=at)
    except (actions.NotNow, files.NotAPhoto) as refused:
        form.add_error(None, str(refused))
        return False
    return True


_TONES = {
    StepKind.CARRIED: "overdue",
    StepKind.MOVED: "scheduled",
    StepKind.DONE: "confirmed",
    StepKind.REOPENED: "waiting",
}


def _show(
    request: HttpRequest, row: FollowUp, subject: Subject, wrong: dict[str, Any], status: int = 200
) -> HttpResponse:
    person, tz = person_of(request), get_city().tz
    shown_row = queries.follow_up_rows(FollowUp.objects.filter(pk=row.pk), on=local_date(timezone.now(), tz))[
        0
    ]
    steps = [
        {
            "title": str(StepKind(step.kind).label),
            "tone": _TONES[StepKind(step.kind)],
            "when": day_in_words(step.at.astimezone(tz).date()),
            "note": masking.mask(step.note),
            "due": day_in_words(step.due_on) if step.kind == StepKind.MOVED else "",
        }
        for step in row.steps.order_by("at", "pk")
    ]
    answers = actions.may_answer(row, person)
    forms = [
        ("selesai", _("Sudah selesai"), DoneForm, answers and not shown_row.is_done),
        ("geser", _("Ubah tenggat"), MoveForm, subject.can_run and not shown_row.is_done),
        ("buka", _("Buka kembali"), ReasonForm, subject.can_run and shown_row.is_done),
    ]
    context = {
        "subject": subject,
        "row": shown_row,
        "agreed_on": day_in_words(row.made_at.astimezone(tz).date()),
        "meeting": queries.card_of(row.meeting) if row.meeting else None,
        "steps": steps,
        "photos": [
            {"url": one.url, "thumb": one.thumb_url, "alt": _("Foto hasil"), "caption": ""}
            for one in files.pictures(subject=actions.subject_of(row), may_see=False)
        ],
        "forms": [
            (verb, label, wrong.get(verb) or made(auto_id=f"{verb}-%s"))
            for verb, label, made, allowed in forms
            if allowed
        ],
        "wrong": next(iter(wrong), ""),
    }
    return render(request, "meetings/follow_up.html", context, status=status)
