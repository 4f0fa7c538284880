"""Officers of a kelurahan, people of partners and residents, and needs as the actions make them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest

from guyub.kernel.access.api import Person
from guyub.rooms.needs import publishing
from guyub.rooms.needs.models import Need
from guyub.rooms.needs.publishing import LineSaid, Wish
from guyub.rooms.partners import api as partners
from guyub.rooms.partners.models import Partner
from guyub.rooms.people import api as people
from guyub.rooms.places import api as places

DAY = date(2026, 11, 20)
PLACE = "32.73.02.1004"
SACKS = LineSaid("GOODS", "Karung pasir untuk tanggul darurat", 200, "karung")
HANDS = LineSaid("HOURS", "Mengisi dan menyusun karung", 40)


@dataclass
class Scene:
    now: datetime
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        if name not in self.people:
            account = people.add_account(email=f"{name}@uji.test", name=f"{name.title()} Uji")
            self.people[name] = people.person(account, on=DAY)
        return self.people[name]

    def officer(self, name: str = "lurah", *, role: str = "lurah", place: str = PLACE) -> Person:
        """An officer of the office of a place; `kemitraan` sits at the secretariat."""
        if name in self.people:
            return self.people[name]
        account = people.add_account(email=f"{name}@uji.test", name=f"{name.title()} Uji")
        offices = people.directory()
        office = {
            "lurah": offices.of_settlement(place),
            "camat": offices.of_district(place),
            "kemitraan": offices.of_kind(people.OrganisationKind.SECRETARIAT)[0],
        }[role]
        people.give_grant(
            account=account,
            role=role,
            organisation=office.id,
            place=place if role != "kemitraan" else "",
            legal_basis="SK uji",
            since=date(2025, 1, 1),
            by=None,
            at=self.now,
        )
        self.people[name] = people.person(account, on=DAY)
        return self.people[name]

    def partner(self, name: str, by: str, *, verified: bool = True, **said: Any) -> Partner:
        values: dict[str, Any] = {"themes": ("bencana",), "places": (PLACE,), **said}
        row = partners.found(profile=partners.Profile(name=name, **values), by=self.person(by), at=self.now)
        if verified:
            officer = self.officer("kemitraan", role="kemitraan")
            partners.verify(partner=row.pk, by=officer, at=self.now)
        return Partner.objects.get(pk=row.pk)

    def wish(self, **changes: Any) -> Wish:
        values: dict[str, Any] = {
            "title": "Karung pasir dan tenaga untuk tanggul darurat",
            "why": "Jalan yang sama tergenang setiap hujan deras.",
            "place": PLACE,
            "theme": "bencana",
            "lines": (SACKS, HANDS),
        }
        return Wish(**{**values, **changes})

    def office(self, place: str = PLACE) -> int:
        found = people.directory().of_settlement(place)
        assert found is not None
        return found.id

    def need(self, *, published: bool = True, **changes: Any) -> Need:
        """A need of the kelurahan's office."""
        by = self.officer()
        row = publishing.draft(wish=self.wish(**changes), by=by, office=self.office(), at=self.now)
        if published:
            publishing.publish(need=row.pk, by=by, at=self.now)
        return Need.objects.get(pk=row.pk)

    def partners_need(self, partner: Partner, by: str, *, published: bool = True, **changes: Any) -> Need:
        person = self.person(by)
        row = publishing.draft(wish=self.wish(**changes), by=person, partner=partner.pk, at=self.now)
        if published:
            publishing.publish(need=row.pk, by=person, at=self.now)
        return Need.objects.get(pk=row.pk)

    def neighbour(self) -> str:
        """Another kelurahan of the same kecamatan."""
        district = places.gazetteer().get(PLACE).parent_code
        return next(row.code for row in places.gazetteer().within(district) if row.code != PLACE)


@pytest.fixture
def scene(city, now) -> Scene:
    return Scene(now)
