"""Sensors as everyone reads them, and what their pages share with the desk's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate, person_of, roles
from guyub.rooms.places import api as places
from guyub.rooms.sensing import access, listing, reference
from guyub.rooms.sensing.models import Datastream
from guyub.rooms.sensing.queries import hourly
from guyub.rooms.sensing.web import shown
from guyub.ui.rows import options

DAYS = 7
NEWEST = 12


@gate.public
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    context = {
        **listing_of(request, at=timezone.now(), public=True),
        "desk": reverse("desk_sensors") if person_of(request).can(roles.SENSORS) else "",
        "canonical": request.build_absolute_uri(reverse("sensor_list")),
    }
    return render(request, "sensing/list.html", context)


@gate.public
@require_safe
def page(request: HttpRequest, key: int) -> HttpResponse:
    row, at = access.public_datastream(key), timezone.now()
    unit = str(row.unit_of_measurement.get("symbol") or "")
    context = {
        **about(row, at=at),
        "newest": [shown.value_row(one, unit) for one in listing.newest(row.pk, limit=NEWEST)],
        "canonical": request.build_absolute_uri(reverse("sensor", args=[row.pk])),
        "back": reverse("sensor_list"),
    }
    return render(request, "sensing/sensor.html", context)


def listing_of(request: HttpRequest, *, at: datetime, public: bool) -> dict[str, Any]:
    """The rows that a list's filter asks for, and the filter itself."""
    kinds = {code: one.label for code, one in reference.kinds(at=at).items()}
    kind = request.GET.get("jenis", "") if request.GET.get("jenis", "") in kinds else ""
    known = places.gazetteer()
    place = request.GET.get("wilayah", "")
    within = known.around(place) if place in known.by_code else None
    rows = listing.health(at=at, kind=kind, places=within, public=public)
    here = reverse("sensor_list" if public else "desk_sensors")
    address = "sensor" if public else "desk_sensor"
    return {
        "rows": [shown.health_row(row, kinds, at=at, address=address) for row in rows],
        "silent": sum(1 for row in rows if row.silent_since is not None),
        "here": here,
        "active": _active(kinds.get(kind, ""), known.get(place).label if within else ""),
        "kinds": options([("", _("Semua jenis"), not kind), *((c, n, c == kind) for c, n in kinds.items())]),
        "places": options(
            [
                ("", _("Seluruh daerah"), not within),
                *((row.code, row.label, row.code == place) for row in known.districts),
            ]
        ),
    }


def _active(*words: str) -> str:
    return ", ".join(word for word in words if word)


def about(row: Datastream, *, at: datetime) -> dict[str, Any]:
    """What the page of a sensor shows to everyone: the newest value, a week as a curve and as a table."""
    kinds = reference.kinds(at=at)
    kind = kinds.get(row.observed_property.code)
    unit = str(row.unit_of_measurement.get("symbol") or "")
    start = (at - timedelta(days=DAYS)).replace(minute=0, second=0, microsecond=0)
    hours = hourly(row.pk, start=start, until=at)
    latest = getattr(row, "latest", None)
    words = latest and (
        latest.result_text if latest.result_text is not None else str(latest.result_json or "")
    )
    return {
        "sensor": row,
        "kind": kind.label if kind else row.observed_property.name,
        "place": shown.place_name(row.thing.place),
        "owner": row.owner.name if row.owner else "",
        "value": shown.value_in_words(latest.result_num, words, unit) if latest else "",
        "age": shown.age_in_words(latest.phenomenon_time, at) if latest else "",
        "is_good": latest is None or latest.quality < 3,
        "curve": shown.week(hours, until=at, days=DAYS) if hours else None,
        "days": shown.days_of(hours, unit),
        "link": _link(row) if kind is None or kind.result == "link" else "",
    }


def _link(row: Datastream) -> str:
    return str((row.thing.properties or {}).get("link") or "")
