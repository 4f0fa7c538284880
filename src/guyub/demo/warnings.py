"""What the demo's coast has seen of warnings: a roster, one warning of rob that was updated, withdrawn and scored, and an
exercise. Nothing is in force when the demo starts. All of it is invented, and says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from guyub.demo.people import DOMAIN
from guyub.kernel.access.api import Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account
from guyub.rooms.places import api as places
from guyub.rooms.warnings import drafting, issuing, roster, scoring
from guyub.rooms.warnings.drafting import Content
from guyub.rooms.warnings.models import Approver, Chain, Message

COAST = ("33.75",)
# Kelurahan of Pekalongan next to the sea, by name: their codes are looked up.
BY_THE_SEA = ("Panjang Wetan", "Kandang Panjang", "Bandengan", "Krapyak", "Degayu", "Padukuhan Kraton")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def show_warnings(*, at: datetime) -> None:
    """Set the examples up in the entered city, if it lies at the sea; once."""
    if get_city().code not in COAST or Chain.objects.exists():
        return
    writer, first, second = (_person(slug, at) for slug in ("pusdalops", "kalaksa", "kabid-siaga"))
    if not Approver.objects.exists():
        roster.put(account=first.acting, from_hour=0, until_hour=24, by=first, at=at - 30 * DAY)
        roster.put(account=second.acting, from_hour=0, until_hour=24, by=first, at=at - 30 * DAY)
    _flood(writer, first, second, at=_evening(at - 9 * DAY))
    _exercise(writer, first, at=_evening(at - 4 * DAY))


def _evening(at: datetime) -> datetime:
    """Three o'clock in the afternoon of the city's day."""
    return at.astimezone(get_city().tz).replace(hour=15, minute=0, second=0, microsecond=0)


def _person(slug: str, at: datetime) -> Person:
    account = Account.objects.get(email=f"{slug}@{DOMAIN}").pk
    return people.person(account, on=local_date(at, get_city().tz))


def _areas(most: int) -> tuple[str, ...]:
    known = places.gazetteer().settlements
    named = [row.code for row in known if row.name in BY_THE_SEA]
    return tuple((named or [row.code for row in known])[:most])


def _content(level: str, areas: tuple[str, ...], onset: datetime, hours: int, **more: object) -> Content:
    return Content(
        level=level,
        areas=areas,
        onset=onset,
        expires=onset + hours * HOUR,
        facts={"sources": "BMKG SIMULASI", "catatan": "data simulasi", **more},
        probability=0.64,
    )


def _send(row: Message, by: Person, second: Person, *, at: datetime) -> Message:
    issuing.ask_approval(message=row.pk, by=by, at=at)
    return issuing.approve(message=row.pk, texts=row.text_version, by=second, at=at + timedelta(minutes=6))


def _flood(by: Person, first: Person, second: Person, *, at: datetime) -> None:
    """A warning of rob that rose, was withdrawn early, and came true."""
    areas, onset = _areas(5), at + 3 * HOUR
    row = drafting.draft(
        source=f"demo:rob:{at.date()}",
        hazard="rob",
        content=_content("WASPADA", areas[:3], onset, 5, puncak_cm=104),
        by=None,
        at=at,
    )
    sent = _send(row, by, first, at=at + timedelta(minutes=10))
    risen = at + 2 * HOUR
    update = drafting.draft_update(
        warning=sent.chain_id, content=_content("SIAGA", areas, onset, 6, puncak_cm=112), by=by, at=risen
    )
    _send(update, by, second, at=risen)
    ebb = onset + 5 * HOUR
    over = drafting.draft_cancel(
        warning=sent.chain_id, reason="Air sudah surut di semua kelurahan pesisir.", by=by, at=ebb
    )
    _send(over, by, first, at=ebb)
    scoring.score(
        warning=sent.chain_id,
        outcome="HIT",
        evidence={"puncak_cm": 115, "ambang_cm": 110, "laporan_warga": 14, "data": "simulasi"},
        words="Genangan 10 sampai 25 cm di tiga kelurahan, sesuai laporan warga (simulasi).",
        by=by,
        at=ebb + 12 * HOUR,
    )


def _exercise(by: Person, second: Person, *, at: datetime) -> None:
    """A rehearsal with the officers of the coast, which went to no follower."""
    row = drafting.draft(
        source=f"demo:latihan:{at.date()}",
        hazard="rob",
        content=_content("AWAS", _areas(3), at + HOUR, 2),
        by=by,
        at=at,
        mode="EXERCISE",
    )
    _send(row, by, second, at=at)
    issuing.expire_due(at=at + 3 * HOUR)
