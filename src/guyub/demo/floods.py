"""Invented water: at Pekalongan's shore the floods of high waters that the demo's gauges measured, and those of the rob
that comes while one watches; in Bandung a street.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from guyub.demo import pictures, tides
from guyub.demo.people import DOMAIN
from guyub.kernel.access.api import Person, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.floods import api as floods
from guyub.rooms.floods import clustering, receiving, rules, trusting
from guyub.rooms.floods.models import Cluster, FloodReport
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account
from guyub.rooms.places import api as places
from guyub.rooms.sensing import api as sensing
from guyub.rooms.tides.models import Station

SPACE = UUID("5f1d9a52-6f0c-4c53-9d0a-0f3f7a0c6b11")
SHORE = ("Panjang Wetan", "Bandengan", "Krapyak", "Kandang Panjang")
FLOODS, APART, LOOKS_BACK = 3, timedelta(days=4), 45 * 24
KNEE_DEEP_FROM = 1.1
# Metres north and east of the kelurahan's middle, centimetres, what is said.
SHORE_SEEN = (
    (0, 0, 30, "Air rob masuk gang contoh, motor masih bisa lewat pelan."),
    (120, 40, 50, "Sudah selutut di depan mushala rekaan."),
    (210, -60, 50, ""),
    (90, -140, 40, "Selokan meluap bersama air laut."),
)
STREET_SEEN = ((0, 0, 30, "Gorong-gorong contoh tersumbat."), (80, 60, 50, ""), (150, 10, 30, ""))


def add_demo_floods(*, at: datetime) -> None:
    """Once in each city that has water to show; at the sea when its gauges are there."""
    if FloodReport.objects.exists():
        return
    if get_city().slug == tides.CITY and Station.objects.exists():
        _shore(at=at)
    elif get_city().slug == "bandung":
        place = _lurah(at=at).places(roles.FLOODS)[0]
        street = _seen(place, STREET_SEEN, "jalan", at=at - timedelta(minutes=75))
        first = FloodReport.objects.filter(cluster=street).order_by("pk")[0]
        with pictures.pool()["water", "before"][0].full.open("rb") as photo:
            receiving.add_photo(report=first.pk, upload=photo, at=first.said_at)


def _lurah(*, at: datetime) -> Person:
    account = Account.objects.get(email=f"lurah@{DOMAIN}").pk
    return people.person(account, on=local_date(at, get_city().tz))


def _shore(*, at: datetime) -> None:
    """Floods at the three highest waters of late, by the demo's own gauge."""
    place, gauge = _by_the_gauge()
    for high in _high_waters(gauge, at=at):
        moment = high - timedelta(minutes=15)
        _seen(place.code, SHORE_SEEN, f"rob-{high:%Y%m%d}", at=moment)
        _over(at=moment + timedelta(hours=4))
        _over(at=moment + timedelta(hours=12))


def _over(*, at: datetime) -> None:
    trusting.judge_due(at=at)
    clustering.sweep(at=at)


def _by_the_gauge() -> tuple[places.PlaceRow, int]:
    """The kelurahan at the shore that is nearest to one of the sea's gauges, and which gauge that is."""
    found = []
    for number, (_name, lat, lon, *_more) in enumerate(tides.STATIONS):
        for row in places.gazetteer().settlements:
            if row.name in SHORE and row.lat is not None and row.lon is not None:
                found.append((rules.metres_between((lat, lon), (row.lat, row.lon)), number, row))
    _metres, number, row = min(found, key=lambda one: one[:2])
    return row, number


def _high_waters(gauge: int, *, at: datetime) -> list[datetime]:
    """Days apart, and none so near that it would still be of today."""
    hours = [
        at.replace(minute=0, second=0, microsecond=0) - timedelta(hours=n) for n in range(72, LOOKS_BACK)
    ]
    ranked = sorted(zip(tides.heights(gauge, hours, began=at), hours, strict=True), reverse=True)
    found: list[datetime] = []
    for _height, moment in ranked:
        if len(found) < FLOODS and all(abs(moment - one) > APART for one in found):
            found.append(moment)
    return sorted(found)


def tell_of_rob(*, at: datetime) -> bool:
    """While the demo's rob stands in the streets, neighbours tell of it, one a minute; whether one did now."""
    if get_city().slug != tides.CITY or not Station.objects.exists():
        return False
    place, gauge = _by_the_gauge()
    station = Station.objects.get(name=tides.STATIONS[gauge][0])
    newest = sensing.latest([station.datastream]).get(station.datastream)
    if newest is None or (newest.value or 0) < KNEE_DEEP_FROM or at - newest.time > timedelta(minutes=5):
        return False
    what = f"rob-{at:%Y%m%d}"
    told = [_submission(what, n) for n in range(len(SHORE_SEEN))]
    before = FloodReport.objects.filter(submission__in=told).order_by("-said_at")
    if (before and at - before[0].said_at < timedelta(minutes=1)) or len(before) == len(told):
        return False
    n = len(before)
    floods.submit(said=_said(place, SHORE_SEEN[n], what, n, in_need=3 if n == 1 else 0), at=at)
    return True


def _seen(place: str, told: tuple[tuple[int, int, int, str], ...], what: str, *, at: datetime) -> Cluster:
    """Neighbours tell of the same water, each from their own phone and network, some minutes apart."""
    row = places.gazetteer().get(place)
    for n, seen in enumerate(told):
        moment = at + timedelta(minutes=9 * n)
        receipt = floods.submit(said=_said(row, seen, what, n), at=moment)
        with transaction.atomic():
            clustering.lock()
            trusting.judge(FloodReport.objects.select_related("cluster").get(pk=receipt.report), at=moment)
    return Cluster.objects.order_by("-pk")[0]


def _submission(what: str, n: int) -> UUID:
    return uuid5(SPACE, f"{get_city().slug}:{what}:{n}")


def _said(
    row: places.PlaceRow, seen: tuple[int, int, int, str], what: str, n: int, *, in_need: int = 0
) -> floods.Said:
    north, east, depth, words = seen
    point: dict[str, Any] = {}
    if row.lat is not None and row.lon is not None:
        point = {"lat": row.lat + north / 111_320, "lon": row.lon + east / 110_500}
    return floods.Said(
        submission=_submission(what, n),
        place=row.code,
        depth=depth,
        road="SEMUA" if depth < 50 else "MOBIL",
        in_need=in_need,
        needs=("EVAKUASI", "RENTAN") if in_need else (),
        words=words,
        device=f"contoh:{what}:{n}",
        address=f"contoh:{what}:{n}",
        network=f"contoh:{n % 2}",
        **point,
    )
