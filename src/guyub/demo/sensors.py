"""Invented sensors of the demo cities: a week of values, and new ones while the demo lives. All marked simulated."""

from __future__ import annotations

import math
import random
from datetime import datetime, timedelta

from guyub.demo.people import DOMAIN
from guyub.kernel.access.api import roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account
from guyub.rooms.places import api as places
from guyub.rooms.sensing import api as sensing
from guyub.rooms.sensing import managing
from guyub.rooms.sensing.models import Datastream

DAYS = 7
# Kind, name, and what is wrong with it, if anything.
COAST = (
    ("pump_state", "Pompa contoh 1", ""),
    ("pump_state", "Pompa contoh 2", ""),
    ("pump_state", "Pompa contoh 3", "silent"),
    ("gate_state", "Pintu air contoh", ""),
    ("rain", "Penakar hujan contoh", ""),
)
INLAND = (
    ("rain", "Penakar hujan contoh utara", ""),
    ("rain", "Penakar hujan contoh selatan", "silent"),
    ("river_level", "Duga muka air contoh hulu", ""),
    ("river_level", "Duga muka air contoh hilir", "spikes"),
    ("pm25", "Pemantau udara contoh", ""),
    ("traffic_light", "Lampu lalu lintas contoh 1", ""),
    ("traffic_light", "Lampu lalu lintas contoh 2", ""),
    ("street_light", "Lampu jalan contoh 1", ""),
    ("street_light", "Lampu jalan contoh 2", ""),
)
NETWORKS = {"pekalongan": COAST, "bandung": INLAND}


def add_demo_sensors(*, at: datetime) -> None:
    """The network of a city that has one, with its last week; once."""
    network = NETWORKS.get(get_city().slug)
    if network is None or Datastream.objects.exists():
        return
    operator = people.person(
        Account.objects.get(email=f"pusdalops@{DOMAIN}").pk, on=local_date(at, get_city().tz)
    )
    owner = min(operator.offices(roles.SENSORS))
    spots = places.gazetteer().points
    for n, (kind, name, fault) in enumerate(network):
        lat, lon, _place = spots[(7 * n) % len(spots)]
        row = managing.add_sensor(
            what=managing.Plan(
                kind=kind,
                name=name,
                description="Alat rekaan untuk peragaan.",
                lat=lat,
                lon=lon,
                owner=owner,
                cadence=3600 if kind == "river_level" else None,
                is_public=kind not in ("traffic_light", "street_light"),
                is_simulated=True,
            ),
            by=None,
            at=at - timedelta(days=DAYS),
        )
        row.properties = {"simulated": True, "fault": fault}
        row.save(update_fields=["properties"])
        _fill(row, kind, fault, at)


def _fill(row: Datastream, kind: str, fault: str, at: datetime) -> None:
    hour = at.replace(minute=0, second=0, microsecond=0)
    last = 6 if fault == "silent" else 0
    rows = []
    for n in range(DAYS * 24, last, -1):
        moment = hour - timedelta(hours=n - 1)
        value = simulated(kind, row.pk, moment)
        if fault == "spikes" and n % 37 == 5 and isinstance(value, float):
            value = -999.0 if n % 2 else value + 2.5
        rows.append(sensing.Row(row.pk, moment, value))
    if fault != "silent":  # else whatever sends more often would be silent until the simulator wakes
        rows.append(sensing.Row(row.pk, at, simulated(kind, row.pk, at)))
    sensing.ingest(rows, at=at)


def send_due(*, at: datetime) -> int:
    """A value of each simulated sensor of the entered city whose time has come; returns how many."""
    streams = Datastream.objects.filter(is_simulated=True, cadence__isnull=False)
    known = {
        row.pk: row
        for row in streams.select_related("observed_property")
        if (row.properties or {}).get("fault") != "silent" and not (row.properties or {}).get("sea")
    }
    newest = sensing.latest(known)
    rows = [
        sensing.Row(key, at, simulated(row.observed_property.code, key, at))
        for key, row in known.items()
        if key not in newest or (at - newest[key].time).total_seconds() >= (row.cadence or 0)
    ]
    sensing.ingest(rows, at=at)
    return len(rows)


def simulated(kind: str, key: int, at: datetime) -> float | str:
    """What such a sensor would say at a moment: the same for the same moment."""
    hours = at.timestamp() / 3600
    rng = random.Random(f"{kind}:{key}:{int(hours)}")  # noqa: S311 — invented values, repeated on purpose
    if kind == "river_level":
        return round(1.1 + 0.3 * math.sin(2 * math.pi * hours / 61) + rng.gauss(0, 0.03), 3)
    if kind == "rain":
        return round(rng.expovariate(0.2), 1) if rng.random() < 0.18 else 0.0
    if kind == "pm25":
        rush = math.cos(2 * math.pi * (hours + 7 - 8) / 12)
        return round(max(28 + 11 * rush + rng.gauss(0, 4), 2), 1)
    if kind == "pump_state":
        return "ON" if math.cos(2 * math.pi * hours / 23.93) > 0.4 else "OFF"
    if kind == "gate_state":
        return "CLOSED" if math.cos(2 * math.pi * hours / 23.93) > 0.5 else "OPEN"
    if kind == "street_light":
        return "ON" if (hours + 7) % 24 < 6 or (hours + 7) % 24 > 18 else "OFF"
    return "FAULT" if rng.random() < 0.01 else "ON"
