"""Floods for programs: the map's data, GeoJSON, and a feed. Points are the middles of cells, never a household's."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guyub.kernel.access.api import gate
from guyub.kernel.cities.api import absolute, get_city
from guyub.rooms.floods import queries, reference
from guyub.rooms.floods.queries import FloodCluster, FloodSighting
from guyub.rooms.floods.web import shown
from guyub.rooms.floods.web.public import _shown_since

FRESH_SECONDS = 60
NEVER = datetime(2020, 1, 1, tzinfo=UTC)


@gate.public
@require_safe
def map_data(request: HttpRequest) -> HttpResponse:
    """Clusters as pins, in the shape that the map reads."""
    found = []
    for row in _shown_since(request, at=timezone.now()):
        if row.lat is not None:
            said = shown.cluster(row)
            found.append(
                {
                    "n": row.number,
                    "lat": row.lat,
                    "lon": row.lon,
                    "t": said.title,
                    "s": said.tone,
                    "w": f"{said.state} · {said.reports} · {said.heard}",
                    "u": said.url,
                }
            )
    return JsonResponse({"reports": found, "cells": []}, headers={"Cache-Control": "private, no-store"})


@gate.public
@require_safe
def geojson(request: HttpRequest) -> HttpResponse:
    """Clusters and reports of the last day. `geometry` is null where only a kelurahan was named."""
    at = timezone.now()
    since = at - reference.hours("day_hours", at=at)
    features = [
        *(_feature(one, _of_cluster(one)) for one in queries.clusters(at=at, since=since)),
        *(_feature(one, _of_report(one)) for one in queries.reports_since(since)),
    ]
    said = {"type": "FeatureCollection", "generated": at.isoformat(timespec="seconds"), "features": features}
    response = HttpResponse(json.dumps(said, ensure_ascii=False), content_type="application/geo+json")
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _feature(one: FloodCluster | FloodSighting, properties: dict[str, Any]) -> dict[str, Any]:
    point = None if one.lat is None else {"type": "Point", "coordinates": [one.lon, one.lat]}
    address = absolute(reverse("flood_page", args=[one.number]))
    return {
        "type": "Feature",
        "id": one.number,
        "geometry": point,
        "properties": {"number": one.number, "place": one.place, "url": address, **properties},
    }


def _of_cluster(one: FloodCluster) -> dict[str, Any]:
    return {
        "kind": "cluster",
        "state": one.state,
        "depth_cm": one.depth,
        "depth_low_cm": one.low,
        "depth_high_cm": one.high,
        "reports": one.reports,
        "sensor": one.trust,
        "began_at": one.began_at.isoformat(timespec="seconds"),
        "heard_at": one.heard_at.isoformat(timespec="seconds"),
    }


def _of_report(one: FloodSighting) -> dict[str, Any]:
    return {
        "kind": "report",
        "cluster": one.cluster,
        "depth_cm": one.depth,
        "road": one.road,
        "sensor": one.trust,
        "gone": one.is_gone,
        "said_at": one.said_at.isoformat(timespec="seconds"),
    }


class _Feed(Atom1Feed):
    """Its moment is its newest entry's and never the clock's, so that an unchanged feed stays the same."""

    def latest_post_date(self) -> datetime:
        return self.feed["moment"]


@gate.public
@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    """The confirmed clusters of the last days, newest first."""
    at = timezone.now()
    rows = [one for one in queries.clusters(at=at, since=at - timedelta(days=7)) if one.confirmed_at][:50]
    feed = _Feed(
        title=_("Banjir di %(city)s") % {"city": get_city().name},
        link=absolute(reverse("flood_list")),
        description=_("Genangan yang dipastikan warga dan petugas."),
        language=get_language() or "id",
        feed_url=absolute(request.path),
        moment=max((one.heard_at for one in rows), default=NEVER),
    )
    for one in rows:
        said, address = shown.cluster(one), absolute(reverse("flood_page", args=[one.number]))
        feed.add_item(
            title=said.title,
            link=address,
            description=f"{said.state}. {said.reports}. {said.trust}",
            unique_id=address,
            pubdate=one.confirmed_at,
            updateddate=one.heard_at,
        )
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    return response
