"""The second person, on their phone: the whole text and the whole area, then yes, or back with a reason.

The key in the address is the only authority besides the roster's: it is for one person, one message, some hours.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from guyub.kernel.access.api import NotAllowed, Person, gate, person_of
from guyub.rooms.people import api as people
from guyub.rooms.warnings import drafting, issuing, queries, showing
from guyub.rooms.warnings.acting import Refused
from guyub.rooms.warnings.models import Ask, Note
from guyub.rooms.warnings.web import shown
from guyub.rooms.warnings.web.forms import ReasonForm


# The key in the address is the only authority here; no cookie adds any, so a forged request gains nothing. With
# "no-referrer" browsers send "Origin: null", which Django's check would refuse.
@gate.link
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, key: str) -> HttpResponse:
    """What is to be approved, or that it is over. Somebody else who is signed in is told there is no such page."""
    asked = issuing.ask_of(key)
    if asked is None:
        raise Http404
    account = person_of(request).account
    if account is not None and account != asked.account:
        raise Http404
    at = timezone.now()
    try:
        person = issuing.approver_of(asked, at=at)
        if request.method != "POST":
            return _guarded(_page(request, asked, ReasonForm()))
        return _guarded(_answer(request, asked, person, key, at))
    except (issuing.LinkOver, NotAllowed):
        return _guarded(_over(request, asked))


def _answer(request: HttpRequest, asked: Ask, person: Person, key: str, at: Any) -> HttpResponse:
    form = ReasonForm(request.POST)
    try:
        if request.POST.get("jawaban") == "setuju":
            issuing.approve(message=asked.message_id, texts=asked.text_version, by=person, at=at)
        elif form.is_valid():
            issuing.send_back(message=asked.message_id, reason=form.cleaned_data["reason"], by=person, at=at)
        else:
            return _page(request, asked, form)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, asked, form)
    return HttpResponseRedirect(reverse("warning_approve", args=[key]), status=303)


def _page(request: HttpRequest, asked: Ask, form: ReasonForm) -> HttpResponse:
    row = asked.message
    context = {
        **shown.content(row),
        "texts": shown.texts(row, at=timezone.now()),
        "areas": queries.area_names(row.areas),
        "author": people.names_of([row.author]).get(row.author, "") if row.author else _("sistem"),
        "until": showing.moment(asked.expires_at),
        "form": form,
    }
    return render(request, "warnings/approve.html", context, status=422 if form.errors else 200)


def _over(request: HttpRequest, asked: Ask) -> HttpResponse:
    """Whoever held the link learns how it ended."""
    asked.refresh_from_db()
    row = asked.message
    row.refresh_from_db()
    words = {
        Ask.Answer.APPROVED: _("Anda menyetujui peringatan ini. Peringatannya sudah dikirim."),
        Ask.Answer.SENT_BACK: _("Anda mengembalikan peringatan ini. Penyusunnya diberi tahu."),
    }.get(Ask.Answer(asked.answer))
    note = Note.objects.filter(message=row, kind=drafting.WITHDRAWN).first()
    if words is None and note is not None:
        words = _(
            "Sistem yang menyusun peringatan ini sudah menariknya sebelum disetujui. %(reason)s "
            "Tidak ada yang dikirim, dan Anda tidak perlu berbuat apa-apa."
        ) % {"reason": note.words}
    context = {
        "words": words or _("Sudah dijawab orang lain, diubah, atau waktunya habis."),
        "done": bool(words) and note is None,
        "page": reverse("warning_page", args=[row.chain.number]) if row.issued_at else "",
    }
    return render(request, "warnings/approve_over.html", context, status=200 if context["done"] else 410)


def _guarded(response: HttpResponse) -> HttpResponse:
    """The address is a key: it goes into no other site's logs, no index and no shared store."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response
