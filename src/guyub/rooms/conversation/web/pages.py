"""Threads: lists, one thread with its posts, writing into it and following it."""

from __future__ import annotations

import re
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guyub.kernel.access.api import gate, person_of
from guyub.kernel.cities.api import signature_fits
from guyub.rooms.conversation import access, queries, reference, speaking, threads
from guyub.rooms.conversation.models_threads import ThreadFollow
from guyub.rooms.conversation.subscribers import LEAVE
from guyub.rooms.conversation.web import shown
from guyub.rooms.conversation.web.forms import FollowForm, OpenForm, SayForm


@gate.public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The newest threads on all subjects that this person may read."""
    rows = [(row, shown.moment(row.last_at)) for row in queries.newest_threads(person_of(request))]
    return render(request, "conversation/index.html", {"rows": rows})


@gate.public
@require_safe
def about(request: HttpRequest, subject: str) -> HttpResponse:
    page = access.page(subject, person_of(request))
    rows = [(row, shown.moment(row.last_at)) for row in queries.threads_about(subject=subject)]
    return render(request, "conversation/about.html", {"page": page, "rows": rows, "subject": subject})


@gate.public
@require_safe
def thread(request: HttpRequest, uuid: UUID) -> HttpResponse:
    person = person_of(request)
    row, page = access.thread(uuid, person)
    found = shown.thread(row, page, person, number=_number(request))
    return render(request, "conversation/thread.html", found)


def _number(request: HttpRequest) -> int:
    said = request.GET.get("hal", "")
    return int(said) if re.fullmatch(r"[1-9][0-9]{0,4}", said) else 1


@gate.acting
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, subject: str) -> HttpResponse:
    """Open a thread about a subject."""
    person = person_of(request)
    page = access.page(subject, person)
    if not page.can_write or person.support is not None:
        raise Http404
    form = OpenForm(request.POST or None, voices=speaking.voices_of(person))
    if request.method == "POST" and form.is_valid():
        try:
            row = threads.open_thread(subject=subject, **form.cleaned_data, by=person, at=timezone.now())
        except threads.Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("thread", row.uuid)
    status = 422 if request.method == "POST" else 200
    context = {"page": page, "form": form, "election": reference.election(at=timezone.now())}
    return render(request, "conversation/new.html", context, status=status)


@gate.acting
@require_POST
def say(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write into a thread; what could not be kept is shown again with the reason."""
    person = person_of(request)
    row, page = access.thread(uuid, person)
    if not page.can_write or person.support is not None:
        raise Http404
    form = SayForm(request.POST, voices=speaking.voices_of(person))
    if form.is_valid():
        try:
            made = threads.say(thread=uuid, **form.cleaned_data, by=person, at=timezone.now())
        except threads.Refused as refused:
            form.add_error(None, str(refused))
        else:
            response = redirect("thread", uuid)
            response["Location"] += f"?hal={queries.page_of(made)}#pesan-{made.pk}"
            return response
    found = {**shown.thread(row, page, person, number=2**15), "form": form}
    return render(request, "conversation/thread.html", found, status=422)


@gate.acting
@require_POST
def follow(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Be told in a digest, or no longer."""
    person = person_of(request)
    access.thread(uuid, person)
    form = FollowForm(request.POST)
    if request.POST.get("aksi") == "berhenti":
        threads.unfollow(thread=uuid, by=person)
        messages.success(request, _("Anda tidak dikirimi ringkasan percakapan ini lagi."))
    elif form.is_valid() and person.support is None:
        language = "en" if (get_language() or "").startswith("en") else "id"
        threads.follow(
            thread=uuid, pace=form.cleaned_data["pace"], language=language, by=person, at=timezone.now()
        )
        messages.success(request, _("Ringkasan percakapan ini akan dikirim ke surel Anda."))
    return redirect("thread", uuid)


@csrf_exempt  # mail programs end it by themselves (RFC 8058); the link is the proof
@gate.link
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, key: str) -> HttpResponse:
    """The link in a digest ends the following of its thread, after one question or by the mail program itself."""
    found = re.fullmatch(r"([0-9a-f]{32})-([\w-]{22})", key, re.ASCII)
    if not found or not signature_fits(LEAVE, found[1], found[2]):
        raise Http404
    if request.method == "POST":
        ThreadFollow.objects.filter(uuid=UUID(hex=found[1])).delete()
    return render(request, "conversation/leave.html", {"left": request.method == "POST"})
