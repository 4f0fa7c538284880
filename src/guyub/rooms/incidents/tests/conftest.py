"""Officers who run incidents, and incidents as the actions make them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from guyub.kernel.access.api import Person
from guyub.rooms.incidents import opening
from guyub.rooms.incidents.models import Incident
from guyub.rooms.incidents.opening import Opening
from guyub.rooms.people import api as people

DAY = date(2026, 11, 20)
PLACES = ("32.73.02.1001", "32.73.02.1004")
HOUR = timedelta(hours=1)


@dataclass
class Scene:
    """Sari is on duty (Pusdalops), Rini and Budi are of BPBD, Lala is a lurah, Wira of the public works."""

    now: datetime
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str, role: str = "", office: str = "bpbd", place: str = "") -> Person:
        if name not in self.people:
            account = people.add_account(email=f"{name}@uji.test", name=f"{name.title()} Uji")
            if role:
                people.give_grant(
                    account=account,
                    role=role,
                    organisation=people.directory().by_key[office].id,
                    place=place,
                    legal_basis="SK uji",
                    since=date(2025, 1, 1),
                    by=None,
                    at=self.now,
                )
            self.people[name] = people.person(account, on=DAY)
        return self.people[name]

    @property
    def sari(self) -> Person:
        return self.person("sari", "operator", "pusdalops")

    @property
    def rini(self) -> Person:
        return self.person("rini", "darurat")

    @property
    def budi(self) -> Person:
        return self.person("budi", "darurat")

    @property
    def wira(self) -> Person:
        return self.person("wira", "penghubung", "pu")

    @property
    def lala(self) -> Person:
        office = people.directory().of_settlement(PLACES[0])
        return self.person("lala", "lurah", office.key, PLACES[0])

    def opened(self, **changes: Any) -> Incident:
        by = changes.pop("by", self.rini)
        given: dict[str, Any] = {"kind": "rob", "title": "Rob uji", "places": PLACES, "level": "SIAGA"}
        return opening.open_incident(said=Opening(**{**given, **changes}), by=by, at=self.now)


@pytest.fixture
def scene(city, now) -> Scene:
    made = Scene(now)
    made.sari, made.rini, made.budi, made.wira, made.lala  # noqa: B018 (made in this order)
    return made
