"""What everyone may do and read: say that there is water, and see where there is."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from guyub.kernel.access import device
from guyub.kernel.access.api import gate, person_of
from guyub.kernel.cities.api import absolute, fingerprint
from guyub.kernel.files import api as files
from guyub.kernel.limits import web as limits
from guyub.rooms.casework import api as casework
from guyub.rooms.floods import access, clustering, queries, receiving, reference, rules
from guyub.rooms.floods.models import Cluster
from guyub.rooms.floods.web import shown
from guyub.rooms.floods.web.forms import FloodForm
from guyub.rooms.places import api as places


@gate.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Place, depth, send."""
    at = timezone.now()
    if request.method != "POST":
        initial = {"submission": uuid4(), "place": request.GET.get("tempat", "")}
        return _form(request, FloodForm(initial=initial), at=at)
    form, stopped = FloodForm(request.POST, request.FILES), limits.find_flood(request, "flood", at=at)
    if stopped:
        form.add_error(None, stopped.words())
        response = _form(request, form, at=at, status=429)
        response["Retry-After"] = str(stopped.seconds)
        return response
    if not form.is_valid():
        return _form(request, form, at=at, status=422)
    receipt = receiving.submit(said=form.said(at=at, **_who(request)), at=at)
    if upload := form.cleaned_data["photo"]:
        try:
            receiving.add_photo(report=receipt.report, upload=upload, at=at)
        except files.NotAPhoto as problem:
            messages.warning(request, _("Laporan terkirim, fotonya belum: %(why)s") % {"why": problem})
    address = reverse("flood_follow", args=[receipt.follow_key])
    return device.remember(request, HttpResponseRedirect(f"{address}?terkirim=1", status=303))


def _who(request: HttpRequest) -> dict[str, Any]:
    """By what two reports of one person, one address or one network are known again, and nobody is."""
    return {
        "device": device.supporter_of(request),
        "address": fingerprint("flood-address", limits.address_of(request)),
        "network": fingerprint("flood-network", limits.network_of(request)),
        "account": person_of(request).account,
    }


def _form(request: HttpRequest, form: FloodForm, *, at: datetime, status: int = 200) -> HttpResponse:
    context = {"form": form, "calls": reference.calls(at=at), "map": _map()}
    return render(request, "floods/form.html", context, status=status)


def _map() -> dict[str, Any]:
    """What the map opens with; a city without known points has none."""
    south, west, north, east = places.gazetteer().bounds() or (-6.99, 107.55, -6.84, 107.74)
    return {
        "is_there": bool(places.gazetteer().points),
        "lat": f"{(south + north) / 2:.4f}",
        "lon": f"{(west + east) / 2:.4f}",
        "tiles": settings.GUYUB_TILES,
        "base": reverse("place_outline"),
    }


def _window(request: HttpRequest) -> str:
    return "hari" if request.GET.get("rentang") == "hari" else "baru"


def _shown_since(request: HttpRequest, *, at: datetime) -> list[queries.FloodCluster]:
    key = "day_hours" if _window(request) == "hari" else "recent_hours"
    return queries.clusters(at=at, since=at - reference.hours(key, at=at))


@gate.public
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Where there is water, of the last hours or the last day; as a list or on the map."""
    at, here = timezone.now(), reverse("flood_list")
    window = _window(request)
    is_map = request.GET.get("tampil") == "peta" and bool(places.gazetteer().points)
    context = {
        "rows": [] if is_map else [shown.cluster(one) for one in _shown_since(request, at=at)],
        "is_day": window == "hari",
        "is_map": is_map,
        "recent_hours": reference.amount("recent_hours", at=at),
        "day_hours": reference.amount("day_hours", at=at),
        "list_url": f"{here}?rentang={window}",
        "map_url": f"{here}?rentang={window}&tampil=peta" if places.gazetteer().points else "",
        "tabs": "&tampil=peta" if is_map else "",
        "here": here,
        "source": f"{reverse('flood_map')}?rentang={window}",
        "map": _map(),
        "calls": reference.calls(at=at),
        "canonical": absolute(here),
    }
    return render(request, "floods/list.html", context)


@gate.public
@require_safe
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One report or one cluster, by its number."""
    if rules.CLUSTER_NUMBER.fullmatch(number):
        return _cluster_page(request, access.public_cluster(number))
    row = access.public_report(number)
    context = {
        "row": shown.reports([row])[0],
        "cluster": shown.cluster(queries.shape_of(row.cluster)) if row.cluster else None,
        "entries": shown.entries(queries.told([row.subject], inside=False)),
        "canonical": absolute(reverse("flood_page", args=[row.number])),
    }
    return render(request, "floods/report.html", context)


def _cluster_page(request: HttpRequest, row: Cluster) -> HttpResponse:
    context = {
        "row": shown.cluster(queries.shape_of(row)),
        "reports": shown.reports(clustering.members(row)[::-1][:100]),
        "entries": shown.entries(queries.told([row.subject], inside=False)),
        "work": work_of(row),
        "canonical": absolute(reverse("flood_page", args=[row.number])),
    }
    return render(request, "floods/cluster.html", context)


def work_of(row: Cluster | None) -> dict[str, str] | None:
    """The report for the office's work, and how far it is."""
    if row is None or not row.work_number:
        return None
    cases = casework.queries.cases_of(subject=row.work_subject)
    state = casework.derive([casework.State(case.state) for case in cases])
    return {
        "number": row.work_number,
        "url": casework.public_url(row.work_number),
        "state": str(casework.wording.STATE_LABELS[state]),
        "tone": casework.wording.STATE_TONES[state],
    }
