"""Stations and their datums: which gauge is read as the sea of a port, and what its zero means on land."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.db import transaction

from guyub.events import tides as events
from guyub.kernel.access.api import Person
from guyub.kernel.cities.api import Remembered
from guyub.rooms.sensing import api as sensing
from guyub.rooms.tides.acting import Refused, as_keeper, record
from guyub.rooms.tides.models import Datum, Station
from guyub.rooms.tides.rules import No
from guyub.rooms.tides.wording import GAUGE_ZERO

# Every page of the portal asks whether this city has a sea.
coastal = Remembered(lambda: Station.objects.filter(closed_at__isnull=True).exists(), seconds=60)


def is_coastal() -> bool:
    """Whether this city has a tide station. What belongs to the sea is shown only where there is one."""
    return coastal()


# The desk is also for a city whose gauge is no station yet.
has_gauge = Remembered(
    lambda: bool(Station.objects.exists() or sensing.find_datastreams(kind="sea_level")), seconds=60
)


def may_be_coastal() -> bool:
    return has_gauge()


def open_stations() -> list[Station]:
    return list(Station.objects.filter(closed_at__isnull=True).order_by("name"))


def stations_then(*, at: datetime) -> list[Station]:
    """Those that were read as the sea at a past moment."""
    return list(Station.objects.filter(opened_at__lte=at).exclude(closed_at__lte=at).order_by("name"))


@transaction.atomic
def add_station(
    *,
    datastream: int,
    name: str,
    port: str,
    latitude: float,
    longitude: float,
    by: Person,
    at: datetime,
) -> Station:
    """Read a gauge's numbers as the sea of a port. Raises `Refused` when it is no sea gauge or is a station already."""
    as_keeper(by)
    found = sensing.find_datastream(datastream)
    if found is None or found.kind != "sea_level":
        raise Refused(No.NOT_THE_SEA, field="datastream")
    if Station.objects.filter(datastream=datastream).exists():
        raise Refused(No.TAKEN, field="datastream")
    row = Station.objects.create(
        slug=_slug(name),
        name=name,
        port=port,
        datastream=datastream,
        latitude=latitude,
        longitude=longitude,
        is_simulated=found.is_simulated,
        opened_at=at,
    )
    record(events.StationAdded(station=row.pk, datastream=datastream), subject=row.subject, by=by, at=at)
    transaction.on_commit(coastal.forget)
    return row


def _slug(name: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:50] or "stasiun"
    taken = set(Station.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken
    )


@transaction.atomic
def set_datum(
    *, station: int, name: str, zero: float, surveyed_on: date, basis: str, by: Person, at: datetime
) -> Datum:
    """Say how high a datum's zero lies above the gauge's; the newest levelling holds. Raises `Refused`."""
    as_keeper(by)
    row = Station.objects.select_for_update().get(pk=station)
    if (
        name.casefold() == GAUGE_ZERO.casefold()
        or Datum.objects.filter(station=row, name=name, surveyed_on=surveyed_on).exists()
    ):
        raise Refused(No.THERE, field="name")
    datum = Datum.objects.create(
        station=row, name=name, zero=zero, surveyed_on=surveyed_on, basis=basis, by_id=by.acting, at=at
    )
    fact = events.DatumSet(station=row.pk, datum=datum.pk, millimetres=round(zero * 1000))
    record(fact, subject=row.subject, by=by, at=at)
    return datum


def zeros(station: int) -> dict[str, float]:
    """The datums that a station knows, by name: metres above the gauge's zero, by the newest levelling. One query."""
    rows = Datum.objects.filter(station=station).order_by("surveyed_on", "pk")
    return {GAUGE_ZERO: 0.0} | {row.name: row.zero for row in rows}
