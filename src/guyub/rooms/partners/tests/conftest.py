"""People of two residents, an officer of partnership, and partners as the actions make them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pytest

from guyub.kernel.access.api import Person
from guyub.rooms.partners import api as partners
from guyub.rooms.partners.models import Partner
from guyub.rooms.people import api as people

DAY = date(2026, 11, 20)
PLACE = "32.73.02.1004"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class Scene:
    now: datetime

    def person(self, name: str) -> Person:
        return people.person(people.add_account(email=f"{name}@uji.test", name=f"{name.title()} Uji"), on=DAY)

    def officer(self, name: str = "kemitraan") -> Person:
        account = people.add_account(email=f"{name}@uji.test", name=f"{name.title()} Uji")
        office = people.directory().of_kind(people.OrganisationKind.SECRETARIAT)[0]
        people.give_grant(
            account=account,
            role="kemitraan",
            organisation=office.id,
            place="",
            legal_basis="SK uji",
            since=date(2025, 1, 1),
            by=None,
            at=self.now,
        )
        return people.person(account, on=DAY)

    def partner(self, name: str, by: str, *, verified: bool = False, **said: Any) -> Partner:
        """A partner that somebody founded, verified by the city if asked."""
        values: dict[str, Any] = {"themes": ("sampah",), "places": (PLACE,), **said}
        row = partners.found(profile=partners.Profile(name=name, **values), by=self.person(by), at=self.now)
        if verified:
            partners.verify(partner=row.pk, by=self.officer(), at=self.now)
        return Partner.objects.get(pk=row.pk)


@pytest.fixture
def scene(city, now) -> Scene:
    return Scene(now)
