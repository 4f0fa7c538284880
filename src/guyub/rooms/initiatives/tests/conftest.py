"""Officers of a kelurahan, people of partners and residents, and initiatives as the actions make them."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from guyub.kernel.access.api import Person
from guyub.rooms.initiatives import delivering, drafting, lines, partnering, pledging, working
from guyub.rooms.initiatives.delivering import Brings
from guyub.rooms.initiatives.drafting import Plan
from guyub.rooms.initiatives.lines import Wanted
from guyub.rooms.initiatives.models import Initiative, Line, Pledge, Task
from guyub.rooms.partners import api as partners
from guyub.rooms.partners.models import Member, Partner
from guyub.rooms.people import api as people

DAY = date(2026, 11, 20)
PLACE = "32.73.02.1004"
DISTRICT = "32.73.02"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def photo(colour: str = "teal") -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    out.seek(0)
    out.name = "foto.jpg"
    return out


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
            "kasi": offices.of_settlement(place),
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

    @property
    def office(self) -> int:
        return people.directory().of_settlement(PLACE).id

    def partner(self, name: str, by: str, *, verified: bool = True, members: tuple[str, ...] = ()) -> Partner:
        profile = partners.Profile(name=name, themes=("ruang-publik",), places=(PLACE,))
        row = partners.found(profile=profile, by=self.person(by), at=self.now)
        if verified:
            partners.verify(partner=row.pk, by=self.officer("kemitraan", role="kemitraan"), at=self.now)
        for member in members:
            Member.objects.create(
                partner=row,
                account_id=self.person(member).acting,
                role=partners.Role.BOARD,
                state="ACTIVE",
                asked_at=self.now,
                decided_at=self.now,
            )
        return Partner.objects.get(pk=row.pk)

    def plan(self, **changes: Any) -> Plan:
        values: dict[str, Any] = {
            "title": "Taman Contoh Bersama",
            "purpose": "Menjadikan lahan kosong taman yang teduh.",
            "theme": "ruang-publik",
            "places": (PLACE,),
            "starts_on": DAY,
            "ends_on": DAY + timedelta(days=60),
        }
        return Plan(**{**values, **changes})

    def draft(self, **changes: Any) -> Initiative:
        """Of the kelurahan's office unless a partner is given."""
        known = {name: changes.pop(name) for name in ("template", "cause", "need") if name in changes}
        partner, by = changes.pop("partner", None), changes.pop("by", None) or self.officer()
        owner = {"partner": partner} if partner else {"office": self.office}
        return drafting.draft(plan=self.plan(**changes), by=by, at=self.now, **owner, **known)

    def opened(self, *, running: bool = False, **changes: Any) -> Initiative:
        """An office's open initiative with lines of every kind and one task."""
        row = self.draft(**changes)
        lurah = self.officer()
        for wanted in (
            Wanted("MONEY", "Pupuk dan tanah", "", 10_000_000),
            Wanted("GOODS", "Bibit pohon", "pohon", 100),
            Wanted("HOURS", "Kerja bakti", "jam", 200),
        ):
            lines.add_line(initiative=row.pk, wanted=wanted, by=lurah, at=self.now)
        working.set_task(initiative=row.pk, title="Pohon ditanam", due_on=DAY, by=lurah, at=self.now)
        drafting.open_up(initiative=row.pk, by=lurah, at=self.now)
        if running:
            drafting.start(initiative=row.pk, by=lurah, at=self.now)
        return Initiative.objects.get(pk=row.pk)

    def line(self, row: Initiative, resource: str) -> Line:
        return Line.objects.get(initiative=row, resource=resource)

    def task(self, row: Initiative) -> Task:
        return Task.objects.filter(initiative=row).first()

    def joined(self, row: Initiative, partner: Partner, by: Person) -> None:
        """A partner that was called and takes part."""
        partnering.invite(initiative=row.pk, partner=partner.pk, role="MITRA", by=self.officer(), at=self.now)
        partnering.answer(initiative=row.pk, partner=partner.pk, is_accepted=True, by=by, at=self.now)

    def pledge(
        self, line: Line, amount: int, *, by: Person, partner: Partner | None = None, **more: Any
    ) -> Pledge:
        values = {"due_on": DAY + timedelta(days=7), **more}
        key = pledging.pledge(
            line=line.pk, amount=amount, by=by, at=self.now, partner=partner.pk if partner else None, **values
        )
        return Pledge.objects.get(pk=key)

    def accepted(self, line: Line, amount: int, **more: Any) -> Pledge:
        made = self.pledge(line, amount, **more)
        pledging.accept(pledge=made.pk, by=self.officer(), at=self.now)
        made.refresh_from_db()
        return made

    def delivered(self, pledge: Pledge, amount: int, *, by: Person, signed: bool = True) -> Any:
        said = Brings(amount=amount, on=DAY, receiver_name="Penerima Uji")
        made = delivering.deliver(pledge=pledge.pk, said=said, photos=[photo()], by=by, at=self.now)
        if signed:
            delivering.receive(delivery=made.pk, at=self.now)
        return made


@pytest.fixture
def scene(city, now) -> Scene:
    return Scene(now)
