"""Tap the squares of a photo that nobody should recognise: for officers and for reporters, without any script."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from guyub.kernel.access.api import NotAllowed, gate, person_of, roles
from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.rooms.reports import access, blurring, redacting
from guyub.rooms.reports.web.desk import part_of
from guyub.rooms.reports.web.following import guarded
from guyub.ui.blurring import BlurForm


@gate.officer(roles.VERIFY)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_blur(request: HttpRequest, number: str, photo: UUID) -> HttpResponse:
    """The officer's way: a copy for everyone, the original stays with the office."""
    person = person_of(request)
    report, case = access.case_for_desk(person, number, part_of(request))
    if not redacting.may_choose(person, case):
        raise Http404
    row = blurring.photo_for_office(report, photo)
    form = BlurForm(request.POST if request.method == "POST" else None, photo=row)
    back = reverse("desk_report", args=[number])
    if request.method == "POST" and form.is_valid():
        cells = form.cleaned_data["cells"]
        try:
            blurring.blur_for_everyone(case=case.uuid, photo=photo, cells=cells, by=person, at=timezone.now())
        except NotAllowed:
            raise Http404 from None
        messages.success(request, _("Foto disamarkan. Umum hanya melihat salinan ini."))
        return redirect(back)
    return _page(request, "reports/desk/blur.html", form, row, back)


# As for the rest behind the link: the key is the only authority, see `following.follow`.
@gate.link
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def own_blur(request: HttpRequest, key: str, photo: UUID) -> HttpResponse:
    """The reporter's way: the original is destroyed."""
    report = access.followed_report(key)
    row = blurring.photo_of_reporter(report, photo)
    form = BlurForm(request.POST if request.method == "POST" else None, photo=row)
    back = reverse("report_follow", args=[key])
    if request.method == "POST" and form.is_valid():
        blurring.blur_own(report=report, photo=photo, cells=form.cleaned_data["cells"], at=timezone.now())
        return guarded(redirect(f"{back}?sesudah=foto"))
    return guarded(_page(request, "reports/blur.html", form, row, back))


def _page(request: HttpRequest, template: str, form: BlurForm, row: Photo, back: str) -> HttpResponse:
    context = {"form": form, "photo": files.picture(row), "squares": form.squares, "back": back}
    response = render(request, template, context, status=422 if form.is_bound else 200)
    response["Cache-Control"] = "private, no-store"
    return response
