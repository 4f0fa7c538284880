"""Officers on duty, approvers with a roster, and warnings as the actions make them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from guyub.kernel.access.api import Person
from guyub.kernel.rulebook import api as rulebook
from guyub.rooms.people import api as people
from guyub.rooms.warnings import drafting, issuing, roster
from guyub.rooms.warnings.drafting import Content
from guyub.rooms.warnings.models import Ask, Message

DAY = date(2026, 11, 20)
AREAS = ("32.73.02.1001", "32.73.02.1004")
HOUR = timedelta(hours=1)


@dataclass
class Scene:
    """Sari is on duty (Pusdalops), Rini and Budi approve (BPBD), Lala is a lurah without any part in it."""

    now: datetime
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str, role: str = "", office: str = "bpbd") -> Person:
        if name not in self.people:
            account = people.add_account(email=f"{name}@uji.test", name=f"{name.title()} Uji")
            if role:
                people.give_grant(
                    account=account,
                    role=role,
                    organisation=people.directory().by_key[office].id,
                    place="",
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
        return self.person("rini", "peringatan")

    @property
    def budi(self) -> Person:
        return self.person("budi", "peringatan")

    def roster(self) -> None:
        for person in (self.rini, self.budi):
            roster.put(account=person.acting, from_hour=0, until_hour=24, by=self.rini, at=self.now)

    def content(self, **changes: Any) -> Content:
        given: dict[str, Any] = {
            "level": "SIAGA",
            "areas": AREAS,
            "onset": self.now + 6 * HOUR,
            "expires": self.now + 10 * HOUR,
            "facts": {"sources": "BMKG GAUGE", "peak_cm": 112},
            "probability": 0.61,
        }
        return Content(**{**given, **changes})

    def draft(self, by: Person | None = None, source: str = "uji:1", **changes: Any) -> Message:
        how = {key: changes.pop(key) for key in ("mode", "hazard", "at", "tell_public") if key in changes}
        given: dict[str, Any] = {"hazard": "rob", "at": self.now, **how}
        return drafting.draft(source=source, content=self.content(**changes), by=by, **given)

    def ask(self, row: Message, at: datetime | None = None) -> Ask:
        return issuing.ask_approval(message=row.pk, by=self.sari, at=at or self.now)

    def issue(self, row: Message, at: datetime | None = None) -> Message:
        self.ask(row, at)
        return issuing.approve(message=row.pk, texts=row.text_version, by=self.rini, at=at or self.now)

    def issued(self, **changes: Any) -> Message:
        return self.issue(self.draft(**changes))


@pytest.fixture
def scene(city, now) -> Scene:
    made = Scene(now)
    made.sari, made.rini, made.budi  # noqa: B018 (made in this order)
    made.roster()
    return made


@pytest.fixture
def visitor(city) -> Client:
    """Somebody with a browser at the city's address."""
    return Client(headers={"host": "bandung.test"})


@pytest.fixture
def javanese(city, now):
    """A city of the west in which Javanese is spoken, too."""
    rulebook.publish(
        key="warnings.languages",
        value={"jv": ["32"]},
        effective_from=date(2026, 1, 1),
        legal_basis="uji",
        confidence="V",
        at=now,
    )
