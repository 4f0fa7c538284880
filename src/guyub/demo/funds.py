"""Invented funds of one kelurahan or desa of each demo city, set up by the actions themselves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from guyub.demo import pictures
from guyub.demo.people import DOMAIN
from guyub.kernel.access.api import Person, roles
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.areafunds import api as areafunds
from guyub.rooms.areafunds import reference
from guyub.rooms.areafunds.models import Book, Ceiling, Step
from guyub.rooms.areafunds.rules import SetBy
from guyub.rooms.people import api as people
from guyub.rooms.people.models import Account
from guyub.rooms.places import api as places

BASIS = "SK percontohan 900/1"
# What is done, its picture, volume, million rupiah planned, and the steps it came to with million rupiah each.
ACTIVITIES = (
    ("Perbaikan saluran gang contoh", "water", 45, "meter", 38, ((0, 0), (50, 20), (100, 17))),
    ("Tempat sampah terpilah percontohan", "rubbish", 24, "unit", 18, ((0, 0), (50, 8))),
    ("Pelatihan kader posyandu khayalan", "tree", 30, "orang", 12, ((0, 0),)),
    ("Taman bermain rekaan", "tree", 1, "paket", 25, ()),
)


def add_demo_funds(*, at: datetime) -> None:
    """Ceilings of this year and last, and activities on their way; once."""
    if Book.objects.exists():
        return
    today = local_date(at, get_city().tz)
    lurah, tapem = (_person(slug, today) for slug in ("lurah", "tapem"))
    (code,) = set(lurah.places(roles.FUNDS))
    for year in (today.year - 1, today.year):
        _set(code, year, lurah, tapem, at=at)
    ceilings = list(Ceiling.objects.filter(book__year=today.year).order_by("-book_id", "pk"))
    for number, one in enumerate(ACTIVITIES):
        _do(ceilings[number % len(ceilings)], one, lurah, today, at=at - timedelta(days=40 - 9 * number))
    # The demo draws few pictures and uses them often: one step alone is left to be found out.
    newest = Step.objects.order_by("-pk").values("pk")[:1]
    Step.objects.exclude(pk__in=newest).update(compared_at=at)


def _person(slug: str, on: date) -> Person:
    return people.person(Account.objects.get(email=f"{slug}@{DOMAIN}").pk, on=on)


def _set(code: str, year: int, lurah: Person, tapem: Person, *, at: datetime) -> None:
    """The usual ceilings, else a round sum for each body."""
    for scheme in reference.schemes_in(places.gazetteer().get(code), year).values():
        by = lurah if scheme.set_by == SetBy.PLACE else tapem
        given: dict[str, Any] = {
            "place": code,
            "scheme": scheme.code,
            "year": year,
            "basis": BASIS,
            "by": by,
            "at": at,
        }
        if not areafunds.set_usual(**given):
            for body in scheme.bodies:
                areafunds.set_ceiling(body=body.code, amount=175_000_000, **given)


def _do(
    ceiling: Ceiling,
    said: tuple[str, str, int, str, int, tuple[tuple[int, int], ...]],
    by: Person,
    today: date,
    *,
    at: datetime,
) -> None:
    name, scene, volume, unit, amount, steps = said
    plan = areafunds.Plan(
        name=name,
        what="Disepakati dalam musyawarah contoh; dikerjakan warga secara swakelola.",
        where="Dekat balai warga contoh",
        volume=Decimal(volume),
        unit_word=unit,
        amount=amount * 1_000_000,
        begins_on=max(today - timedelta(days=40), date(today.year, 1, 1)),
        ends_on=date(today.year, 12, 20),
    )
    row = areafunds.plan(ceiling=ceiling.pk, said=plan, by=by, at=at)
    for percent, spent in steps:
        moment = "after" if percent == 100 else "before"
        drawn = pictures.pool()[scene, moment][percent // 50 % pictures.VARIANTS].full
        with drawn.open("rb") as photo, drawn.open("rb") as receipt:
            shown = areafunds.Shown(
                percent=percent,
                amount=spent * 1_000_000,
                on=local_date(at, get_city().tz),
                receipt="KW-CONTOH" if spent else "",
                photos=[photo],
                receipts=[receipt] if spent else [],
            )
            areafunds.show_step(activity=row.pk, said=shown, by=by, at=at + timedelta(days=percent // 20))
