"""What BMKG says of a place, from what was kept: rain to come, warnings of the next hours, earthquakes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from guyub.rooms.places import api as places
from guyub.rooms.warnings.bmkg.fetching import FORECAST, NOWCAST, QUAKE
from guyub.rooms.warnings.bmkg.parsing import contains
from guyub.rooms.warnings.models import Bulletin

ATTRIBUTION = "BMKG (Badan Meteorologi, Klimatologi, dan Geofisika)"
STALE_AFTER = timedelta(hours=24)
QUAKES_FROM = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rain:
    """Rain in mm from a moment (UTC) until the next; None where BMKG said nothing of it."""

    at: datetime
    mm: float | None
    words: str


@dataclass(frozen=True, slots=True)
class RainForecast:
    """Of one kelurahan. `source` must be shown wherever this is; `fetched_at` is when it last came."""

    place: str
    hours: tuple[Rain, ...]
    fetched_at: datetime
    source: str = ATTRIBUTION


@dataclass(frozen=True, slots=True)
class Nowcast:
    """A warning of BMKG for the next hours. `link` is BMKG's own page."""

    identifier: str
    event: str
    headline: str
    severity: str
    effective: datetime | None
    expires: datetime
    link: str
    areas: tuple[str, ...]
    source: str = ATTRIBUTION


@dataclass(frozen=True, slots=True)
class Quake:
    at: datetime
    lat: float
    lon: float
    magnitude: float
    where: str
    potential: str
    source: str = ATTRIBUTION


def rain_forecast(place: str, *, at: datetime) -> RainForecast | None:
    """The rain to come in a kelurahan; of a kecamatan the wettest of its kelurahan. None if nothing fresh is known."""
    known = places.gazetteer()
    row = known.by_code.get(place)
    codes = [one.code for one in known.within(place)] if row and not row.is_settlement else [place]
    rows = Bulletin.objects.filter(
        kind=FORECAST, place_code__in=codes, read__isnull=False, fetched_at__gt=at - STALE_AFTER
    )
    found = [one for kept in rows if (one := _rain(kept, at))]
    return max(found, key=lambda one: (sum(hour.mm or 0 for hour in one.hours), one.place), default=None)


def _rain(row: Bulletin, at: datetime) -> RainForecast | None:
    slots = (row.read or {}).get("slots", [])
    hours = tuple(
        Rain(begins, one["rain_mm"], one["words"])
        for one in slots
        if (begins := datetime.fromisoformat(one["at"])) > at - timedelta(hours=3)
    )
    return RainForecast(row.place_code, hours, row.fetched_at) if hours and row.fetched_at else None


def nowcasts(*, place: str | None, at: datetime) -> list[Nowcast]:
    """BMKG's warnings in force that touch a place (any, without one), the latest to end first. One query."""
    rows = Bulletin.objects.filter(kind=NOWCAST, read__isnull=False).order_by("pk")
    found = []
    for row in rows:
        said: dict[str, Any] = row.read or {}
        if said.get("kind") == "Cancel" or not said.get("expires"):
            continue
        if (ends := datetime.fromisoformat(said["expires"])) > at and (
            place is None or _touches(said, place)
        ):
            found.append(_nowcast(said, ends, row.address))
    return sorted(found, key=lambda one: one.expires, reverse=True)


def _touches(said: dict[str, Any], place: str) -> bool:
    """By the middles of the kelurahan concerned; where an area has no polygon, by the name of the kecamatan."""
    known = places.gazetteer()
    row = known.by_code.get(place)
    if row is None:
        return False
    here = [row] if row.is_settlement else known.within(place) or known.settlements
    names = {one.district.lower() for one in here if one.district}
    for area in said.get("areas", []):
        rings = [tuple((lat, lon) for lat, lon in ring) for ring in area["rings"]]
        if not rings and any(name in area["name"].lower() for name in names):
            return True
        middles = [(one.lat, one.lon) for one in here if one.lat is not None and one.lon is not None]
        if any(contains(ring, lat, lon) for ring in rings for lat, lon in middles):
            return True
    return False


def _nowcast(said: dict[str, Any], ends: datetime, address: str) -> Nowcast:
    begins = said.get("effective")
    return Nowcast(
        identifier=said["identifier"],
        event=said["event"],
        headline=said["headline"] or said["event"],
        severity=said["severity"],
        effective=datetime.fromisoformat(begins) if begins else None,
        expires=ends,
        link=said["web"] if str(said.get("web", "")).startswith("https://") else address,
        areas=tuple(area["name"] for area in said["areas"]),
    )


def quakes(*, at: datetime) -> list[Quake]:
    """Earthquakes of the last day that BMKG reported, the newest first. One query."""
    found = {}
    for row in Bulletin.objects.filter(kind=QUAKE, read__isnull=False):
        for one in row.read or []:
            when = datetime.fromisoformat(one["at"])
            if at - QUAKES_FROM < when <= at:
                place = (one["lat"], one["lon"])
                found[when, place] = Quake(when, *place, one["magnitude"], one["where"], one["potential"])
    return [found[key] for key in sorted(found, reverse=True)]
