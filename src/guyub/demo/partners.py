"""Invented communities and partners of the demo cities, set up by the actions themselves. Their names say what they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

from guyub.demo.people import DOMAIN
from guyub.kernel.access.api import Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.partners import api as partners
from guyub.rooms.partners import bodies, membership, verifying
from guyub.rooms.partners.models import Member, Partner
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places


def add_demo_partners(*, at: datetime) -> None:
    """Found the partners of the entered city and bring each to where its line says; once."""
    if Partner.objects.exists():
        return
    said = json.loads((resources.files("guyub.demo") / "data" / "partners.json").read_text("utf-8"))
    own = [one for one in said if one["city"] == get_city().slug]
    spots, officer = _spots(), _person("kemitraan", "Kemitraan Contoh", at)
    rows = [
        (one, *_found(one, number, spots, at=at - timedelta(days=400 - 9 * number)))
        for number, one in enumerate(own, 1)
    ]
    known = [(row, founder) for one, row, founder in rows if one["known"] == "CITY"]
    for row, _founder in known:
        partners.verify(partner=row.pk, by=officer, at=at - timedelta(days=90))
    for one, row, founder in rows:
        _bring(one["known"], row, founder, known, at=at)
    _people_of_the_first(rows[0][1], rows[0][2], at=at)
    district = places.gazetteer().get(next(_spots())).parent_code
    bodies.register_bodies(district=district, by=officer, at=at - timedelta(days=60))


def _spots() -> Iterator[str]:
    """Codes of kelurahan and desa, the demo's lurah's own first, then far and wide."""
    rows = [row for row in places.gazetteer().settlements if row.lat is not None]
    first = next((n for n, row in enumerate(rows) if row.kind == places.Kind.WARD), 0)
    while True:
        yield rows[first % len(rows)].code
        first += 7


def _found(
    said: dict[str, Any], number: int, spots: Iterator[str], *, at: datetime
) -> tuple[Partner, Person]:
    slug = said["founder"] or f"mitra-{number}"
    founder = _person(slug, "Warga Contoh" if slug == "warga" else f"Pengurus Contoh {number}", at)
    whole = said["places"] == "kota"
    codes = (get_city().code,) if whole else tuple(next(spots) for _ in range(said["places"]))
    profile = partners.Profile(
        name=said["name"],
        kind=said["kind"],
        legal_form=_legal_form(said),
        description=said["description"],
        routine=said["routine"],
        founded_year=said["year"],
        active_members=said["members"],
        themes=tuple(said["themes"]),
        places=codes,
    )
    return partners.found(profile=profile, by=founder, at=at), founder


def _legal_form(said: dict[str, Any]) -> str:
    """What a name says of itself must agree with what is written beside it."""
    named = said["name"].partition(" ")[0]
    return named if named in ("PT", "CV") else "UNIVERSITY" if said["kind"] == "UNIVERSITY" else "NONE"


def _person(slug: str, name: str, at: datetime) -> Person:
    account = people.add_account(email=f"{slug}@{DOMAIN}", name=name)
    return people.person(account, on=local_date(at, get_city().tz))


def _bring(
    how: str, row: Partner, founder: Person, known: list[tuple[Partner, Person]], *, at: datetime
) -> None:
    """Waiting for the city, vouched for by two, or by one so far."""
    if how == "ASKED":
        verifying.ask(partner=row.pk, by=founder, at=at - timedelta(days=2))
    # The first of the list is the demo resident's own, who is left something to vouch for.
    needed = {"VOUCHED": 2, "VOUCH1": 1}.get(how, 0)
    for speaker, person in [pair for pair in known[1:] if pair[0].pk != row.pk][:needed]:
        verifying.vouch(partner=row.pk, speaks_for=speaker.pk, by=person, at=at - timedelta(days=20))


def _people_of_the_first(row: Partner, founder: Person, *, at: datetime) -> None:
    """A member, and somebody who waits for an answer."""
    joined, asks = (_person(f"anggota-{n}", f"Anggota Contoh {n}", at) for n in (1, 2))
    words = "Saya tinggal di dekat sini dan ingin membantu tiap akhir pekan."
    for person in (joined, asks):
        membership.ask_to_join(partner=row.pk, words=words, by=person, at=at - timedelta(days=5))
    member = Member.objects.get(partner=row, account_id=joined.acting)
    membership.decide(member=member.pk, accept=True, by=founder, at=at - timedelta(days=4))
