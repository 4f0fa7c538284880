"""The officers' pages: clusters first, then each report with its photos and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guyub.kernel.access.api import NotAllowed, gate, person_of, roles
from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.rooms.casework import api as casework
from guyub.rooms.floods import access, moderating, queries, trusting
from guyub.rooms.floods.models import Cluster, FloodReport, ThresholdDoubt
from guyub.rooms.floods.moderating import Overtaken
from guyub.rooms.floods.web import shown
from guyub.rooms.floods.web.forms import DepthForm, HideForm
from guyub.rooms.floods.web.public import work_of
from guyub.rooms.sensing import api as sensing
from guyub.ui.blurring import BlurForm

MOST = 100
_officer = gate.officer(roles.FLOODS)


@_officer
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What goes on in one's places: who needs help first, then the newest; below what ended in the last week."""
    person, at = person_of(request), timezone.now()
    rows = Cluster.objects.filter(access.within(person, "place_code"))
    going = list(rows.filter(closed_at__isnull=True).order_by("-in_need", "-heard_at", "-pk")[:MOST])
    over = rows.filter(closed_at__gte=at - timedelta(days=7), reports__gt=0).order_by("-closed_at")[:MOST]
    doubts = ThresholdDoubt.objects.filter(access.within(person, "place_code"), settled_at__isnull=True)
    context = {
        "going": [_shown(row) for row in going],
        "over": [_shown(row) for row in over],
        "doubts": [_doubt(row) for row in doubts.order_by("raised_at")[:MOST]],
    }
    return render(request, "floods/desk/list.html", context)


def _shown(row: Cluster) -> shown.ClusterShown:
    return shown.cluster(queries.shape_of(row), route="desk_flood")


def _doubt(row: ThresholdDoubt) -> dict[str, Any]:
    stream = sensing.find_datastream(row.datastream)
    found = Cluster.objects.filter(pk__in=row.clusters).order_by("pk")
    return {
        "key": row.pk,
        "name": stream.name if stream else f"#{row.datastream}",
        "threshold": f"{row.threshold:g}",
        "proposed": f"{row.proposed:g}",
        "unit": row.unit,
        "clusters": [(one.number, reverse("desk_flood", args=[one.number])) for one in found],
    }


@_officer
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    """A cluster: how deep, who says so, what the nearest gauge says, each report."""
    return _page(request, access.desk_cluster(person_of(request), number))


def _page(request: HttpRequest, row: Cluster, *, status: int = 200) -> HttpResponse:
    members = FloodReport.objects.filter(cluster=row, erased_at__isnull=True).select_related("place")
    rows = list(members.order_by("-said_at")[:MOST])
    photos = files.pictures_of([one.subject for one in rows], may_see=True)
    public = set(
        Photo.objects.filter(subject__in=list(photos), is_public=True).values_list("uuid", flat=True)
    )
    context = {
        "row": _shown(row),
        "is_over": row.closed_at is not None,
        "is_dry": row.dried_at is not None,
        "by_officer": row.by_officer,
        "voices": row.voices,
        "work": work_of(row),
        "work_desk": _desk_url(request, row),
        "gauge": _gauge(row),
        "reports": [
            (shown.report(one, [], inside=True), [(p, p.uuid in public) for p in photos.get(one.subject, [])])
            for one in rows
        ],
        "entries": shown.entries(
            queries.told([row.subject, *(one.subject for one in rows[:20])], inside=True)
        ),
    }
    return render(request, "floods/desk/cluster.html", context, status=status)


def _desk_url(request: HttpRequest, row: Cluster) -> str:
    """Where the work is done, for who may open it there."""
    if not row.work_number:
        return ""
    seen = casework.access.visible(person_of(request)).filter(number=row.work_number).exists()
    return reverse("desk_report", args=[row.work_number]) if seen else ""


def _gauge(row: Cluster) -> dict[str, Any] | None:
    """The nearest gauge and what it said last."""
    if row.lat is None or row.lon is None:
        return None
    near = trusting.gauges_near(row.lat, row.lon, at=timezone.now())
    if not near:
        return None
    reading = sensing.latest([near[0].stream.id]).get(near[0].stream.id)
    return {
        "name": near[0].stream.name,
        "metres": near[0].metres,
        "threshold": f"{near[0].threshold:g}",
        "unit": near[0].stream.unit,
        "value": "" if reading is None or reading.value is None else f"{reading.value:g}",
        "when": shown.moment(reading.time) if reading else "",
        "is_simulated": near[0].stream.is_simulated,
    }


CLUSTER_ACTS: dict[str, Callable[..., Any]] = {
    "pastikan": moderating.confirm,
    "surut": moderating.settle_dry,
    "pekerjaan": moderating.ask_work,
}


@_officer
@require_POST
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Confirm, settle as dry, have work done."""
    person = person_of(request)
    row = access.desk_cluster(person, number)
    if act not in CLUSTER_ACTS:
        raise Http404
    try:
        CLUSTER_ACTS[act](cluster=row.pk, by=person, at=timezone.now())
        messages.success(request, _("Tercatat."))
    except NotAllowed:
        raise Http404 from None
    except Overtaken as overtaken:
        messages.info(request, str(overtaken))
    return redirect("desk_flood", number=number)


@_officer
@require_http_methods(["GET", "HEAD", "POST"])
def report_act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """Hide a report with a reason, correct its depth, show it again."""
    row = access.desk_report(person_of(request), number)
    if act not in REPORT_ACTS:
        raise Http404
    words, kind = REPORT_ACTS[act]
    form = (
        kind(request.POST if request.method == "POST" else None, initial={"depth": row.depth_cm})
        if kind
        else None
    )
    back = reverse("desk_flood", args=[row.cluster.number]) if row.cluster else reverse("desk_floods")
    if request.method == "POST" and (form is None or form.is_valid()):
        _do(request, row, act, form)
        return redirect(back)
    context = {"row": shown.report(row, [], inside=True), "label": words(), "form": form, "back": back}
    return render(request, "floods/desk/act.html", context, status=422 if request.method == "POST" else 200)


REPORT_ACTS: dict[str, tuple[Callable[[], str], type[DepthForm] | type[HideForm] | None]] = {
    "sembunyikan": (lambda: _("Sembunyikan laporan"), HideForm),
    "kedalaman": (lambda: _("Betulkan kedalaman"), DepthForm),
    "tampilkan": (lambda: _("Tampilkan lagi"), None),
}


def _do(request: HttpRequest, row: FloodReport, act: str, form: DepthForm | HideForm | None) -> None:
    given: dict[str, Any] = {"report": row.pk, "by": person_of(request), "at": timezone.now()}
    try:
        if isinstance(form, HideForm):
            moderating.hide(reason=form.chosen(), **given)
        elif isinstance(form, DepthForm):
            moderating.correct_depth(depth=form.cleaned_data["depth"], **given)
        else:
            moderating.show_again(**given)
    except NotAllowed:
        raise Http404 from None
    messages.success(request, _("Tercatat."))


@_officer
@require_POST
def photo(request: HttpRequest, number: str, photo: UUID) -> HttpResponse:
    """Let everyone see a photo, or no longer."""
    person = person_of(request)
    row = access.desk_report(person, number)
    given: dict[str, Any] = {"report": row.pk, "photo": photo, "by": person, "at": timezone.now()}
    try:
        moderating.let_photo(public=request.POST.get("umum") == "ya", **given)
        messages.success(request, _("Tercatat."))
    except NotAllowed:
        raise Http404 from None
    except Overtaken as overtaken:
        messages.info(request, str(overtaken))
    return redirect("desk_flood", number=row.cluster.number) if row.cluster else redirect("desk_floods")


@_officer
@require_http_methods(["GET", "HEAD", "POST"])
def blur(request: HttpRequest, number: str, photo: UUID) -> HttpResponse:
    """Make parts of a photo unreadable before everyone sees it."""
    person = person_of(request)
    row = access.desk_report(person, number)
    found = access.desk_photo(row, photo)
    form = BlurForm(request.POST if request.method == "POST" else None, photo=found)
    back = reverse("desk_flood", args=[row.cluster.number]) if row.cluster else reverse("desk_floods")
    if request.method == "POST" and form.is_valid():
        cells = form.cleaned_data["cells"]
        try:
            moderating.blur_photo(report=row.pk, photo=photo, cells=cells, by=person, at=timezone.now())
        except NotAllowed:
            raise Http404 from None
        messages.success(request, _("Foto disamarkan. Umum hanya melihat salinan ini."))
        return redirect(back)
    context = {"form": form, "photo": files.picture(found), "squares": form.squares, "back": back}
    response = render(request, "floods/desk/blur.html", context, status=422 if form.is_bound else 200)
    response["Cache-Control"] = "private, no-store"
    return response


@_officer
@require_POST
def settle_doubt(request: HttpRequest, key: int) -> HttpResponse:
    """Put a proposal of a lower threshold aside, taken up or not."""
    person = person_of(request)
    row = access.desk_doubt(person, key)
    taken = request.POST.get("dipakai") == "ya"
    try:
        moderating.settle_doubt(doubt=row.pk, taken=taken, by=person, at=timezone.now())
        messages.success(request, _("Tercatat."))
    except NotAllowed:
        raise Http404 from None
    except Overtaken as overtaken:
        messages.info(request, str(overtaken))
    return redirect("desk_floods")
