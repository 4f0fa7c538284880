"""A crew's errand behind its secret link: what, where and how; then the proof. No account, and no word of the reporter.

The key in the address is the only authority, as with the reporter's own link (see `following.py`).
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from guyub.kernel.access.api import gate
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.people import api as people
from guyub.rooms.reports import errands
from guyub.rooms.reports.web import evidence, flood
from guyub.rooms.reports.web.desk_forms import CaptureFields
from guyub.rooms.reports.web.following import guarded, unknown_link
from guyub.rooms.reports.web.uuids import uuid_or_none

crew = casework.crew


class CrewForm(CaptureFields):
    """`kiriman` is a random id that the page (or the script, once a proof was sent) makes: sent again it is one."""

    use_required_attribute = False
    field_order = ("kiriman", "draft", "camera", "photos", "words")
    kiriman = forms.UUIDField(widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("Apa yang sudah dikerjakan"),
        min_length=5,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Bagian ini perlu diisi."),
            "min_length": gettext_lazy("Tulis sedikitnya %(limit_value)d huruf."),
            "max_length": gettext_lazy("Paling banyak %(limit_value)d huruf."),
        },
    )


@gate.link
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def errand(request: HttpRequest, key: str) -> HttpResponse:
    """The errand, or that it is over. A key that is not of this city is no page at all."""
    link = crew.link_of(key)
    if link is None:
        return unknown_link(request, of_crew=True)
    try:
        if request.method == "POST":
            return guarded(_take(request, link, key))
        crew.ensure_open(link, at=timezone.now())
        return guarded(_show(request, link, key))
    except crew.LinkOver as over:
        return guarded(_over(request, link, over.why))


def _take(request: HttpRequest, link: Any, key: str) -> HttpResponse:
    sent = uuid_or_none(request.POST.get("kiriman", ""))
    if sent and crew.find_sent(link, sent):
        return _received(request, key)  # the answer was lost, the proof was not
    if stopped := flood.find_flood(request, "follow", at=timezone.now()):
        return flood.refuse(request, stopped, typed=request.POST.get("words", ""))
    at = timezone.now()
    crew.ensure_open(link, at=at)
    kept = evidence.keep_photos(request, {"crew_link": str(link.uuid)}, at=at)
    form = CrewForm(kept.data, kept=kept.count)
    for words in kept.problems:
        form.add_error("photos", words)
    if not form.is_valid():
        return _refused(request, link, key, form)
    said = form.cleaned_data
    try:
        errands.send_proof(
            link=link,
            sent=said["kiriman"],
            words=said["words"],
            photos=said["draft"],
            capture=evidence.capture_of(said, at=at),
            at=at,
        )
    except crew.TooManyWait:
        form.add_error(None, _("Bukti sebelumnya masih diperiksa kantor. Coba lagi nanti."))
        return _refused(request, link, key, form)
    except files.NotAPhoto:
        form.add_error("camera", _("Perlu sedikitnya satu foto hasil pekerjaan."))
        return _refused(request, link, key, form)
    return _received(request, key)


def _received(request: HttpRequest, key: str) -> HttpResponse:
    address = f"{reverse('crew_errand', args=[key])}?terkirim=1"
    if not flood.wants_page(request):
        return JsonResponse({"received": address})
    return HttpResponseRedirect(address, status=303)


def _refused(request: HttpRequest, link: Any, key: str, form: CrewForm) -> HttpResponse:
    if not flood.wants_page(request):
        return JsonResponse({"errors": form.errors}, status=422)
    return _show(request, link, key, form)


def _show(request: HttpRequest, link: Any, key: str, used: CrewForm | None = None) -> HttpResponse:
    form = used or CrewForm(initial={"kiriman": uuid4()})
    tell = casework.wording.DueTeller(timezone.now())
    draft = uuid_or_none(str(form["draft"].value() or ""))
    context = {
        "errand": errands.read(link),
        "office": people.directory().get(link.office_id).name,
        "until": tell.day(link.expires_at),
        "form": form,
        "kept_photos": _grid(files.pictures(draft=draft, may_see=True)) if draft and form.kept else [],
        "sent": [_line(proof, tell) for proof in crew.sent_by(link)],
        "just_sent": used is None and "terkirim" in request.GET,
        "path": reverse("crew_errand", args=[key]),
    }
    return render(request, "reports/crew/errand.html", context, status=422 if used else 200)


def _over(request: HttpRequest, link: Any, why: casework.crew.Over) -> HttpResponse:
    """Whoever held the link learns that it has ended and in which way, and nothing more of the case."""
    said = _why_over(link, why)
    if not flood.wants_page(request):
        return JsonResponse(
            {"errors": {"__all__": [f"{_('Tautan tugas ini sudah berakhir.')} {said}"]}}, status=410
        )
    office = people.directory().by_id.get(link.office_id)
    typed = request.POST.get("words", "")[:2000] if request.method == "POST" else ""
    context = {
        "why": said,
        "is_done": why is crew.Over.ACCEPTED,
        "office": office.name if office else "",
        "typed": typed,
    }
    return render(request, "reports/crew/over.html", context, status=410)


def _why_over(link: Any, why: casework.crew.Over) -> str:
    if why is crew.Over.EXPIRED:
        day = casework.wording.DueTeller(timezone.now()).day(link.expires_at)
        return _("Tautan ini berlaku sampai %(day)s.") % {"day": day}
    return {
        crew.Over.REVOKED: _("Kantor mencabut tautan ini."),
        crew.Over.ACCEPTED: _("Bukti Anda sudah diterima kantor dan pekerjaannya dinyatakan selesai."),
        crew.Over.NOT_NEEDED: _(
            "Pekerjaan ini tidak menunggu regu lagi: sudah selesai, ditunda, atau ditangani kantor lain."
        ),
    }[why]


def _line(proof: Any, tell: casework.wording.DueTeller) -> dict[str, str]:
    text, tone = casework.wording.CREW_OUTCOMES[proof.outcome]
    return {"when": tell.moment(proof.at), "text": str(text), "tone": tone, "reason": proof.reason}


def _grid(shown: list[files.Picture]) -> list[dict[str, str]]:
    return [
        {"url": one.url, "thumb": one.thumb_url, "alt": _("Foto %(n)s") % {"n": n}, "caption": ""}
        for n, one in enumerate(shown, 1)
    ]
