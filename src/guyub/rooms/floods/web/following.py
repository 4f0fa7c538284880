"""Behind the sender's own link: the water is gone, a photo more, a copy of one's data, erase it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.files import api as files
from guyub.kernel.limits import web as limits
from guyub.rooms.floods import access, own, queries, receiving, reference
from guyub.rooms.floods.models import FloodReport
from guyub.rooms.floods.web import shown
from guyub.rooms.floods.web.public import work_of

AFTER = ("surut", "foto")


def guarded(response: HttpResponse) -> HttpResponse:
    """The address is a key: it goes into no other site's logs, no index and no shared store."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "private, no-store"
    return response


# The key in the address is the only authority here; no cookie adds any, so a forged request gains nothing. With
# "no-referrer" browsers send "Origin: null", which Django's check would refuse.
@gate.link
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, key: str) -> HttpResponse:
    row = access.followed_report(key)
    return guarded(_act(request, row, key) if request.method == "POST" else _show(request, row, key))


def _show(
    request: HttpRequest, row: FloodReport, key: str, *, error: str = "", status: int = 200
) -> HttpResponse:
    at = timezone.now()
    context = {
        "row": shown.report(row, files.pictures(subject=row.subject, may_see=True), inside=True),
        "cluster": shown.cluster(queries.shape_of(row.cluster))
        if row.cluster and row.cluster.reports
        else None,
        "work": work_of(row.cluster),
        "entries": shown.entries(queries.told([row.subject], inside=False)),
        "key": key,
        "error": error,
        "is_new": request.GET.get("terkirim") == "1",
        "after": request.GET.get("sesudah", "") if request.GET.get("sesudah") in AFTER else "",
        "calls": reference.calls(at=at),
        "has_room": len(files.pictures(subject=row.subject, may_see=True)) < files.MAX_PHOTOS,
    }
    return render(request, "floods/follow.html", context, status=status)


def _act(request: HttpRequest, row: FloodReport, key: str) -> HttpResponse:
    at, verb = timezone.now(), request.POST.get("verb", "")
    if stopped := limits.find_flood(request, "follow", at=at):
        response = _show(request, row, key, error=stopped.words(), status=429)
        response["Retry-After"] = str(stopped.seconds)
        return response
    if verb == "surut":
        own.say_gone(report=row.pk, at=at)
    elif verb == "foto":
        if upload := request.FILES.get("photo"):
            try:
                receiving.add_photo(report=row.pk, upload=upload, at=at)
            except files.NotAPhoto as problem:
                return _show(request, row, key, error=str(problem), status=422)
        else:
            return _show(request, row, key, error=_("Pilih dahulu fotonya."), status=422)
    elif verb == "hapus" and request.POST.get("yakin") == "ya":
        own.erase(report=row.pk, at=at)
        return HttpResponseRedirect(reverse("flood_list"), status=303)
    elif verb == "hapus":
        return _show(request, row, key, error=_("Centang dahulu bahwa Anda yakin."), status=422)
    else:
        return _show(request, row, key, error=_("Pilih salah satu tombol di halaman ini."), status=422)
    return HttpResponseRedirect(f"{reverse('flood_follow', args=[key])}?sesudah={verb}", status=303)


@gate.link
@require_safe
def own_data(request: HttpRequest, key: str) -> HttpResponse:
    """All that is kept about who sent it, as JSON."""
    row = access.followed_report(key)
    response = JsonResponse(own.copy(row), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="{row.number}.json"'
    return guarded(response)
