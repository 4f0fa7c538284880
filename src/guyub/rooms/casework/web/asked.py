"""What a list of cases was asked for by its address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from guyub.kernel.access.api import Person
from guyub.kernel.calendar import local_date
from guyub.kernel.cities.api import get_city
from guyub.rooms.casework import queries
from guyub.rooms.casework.kinds import prefixes
from guyub.rooms.casework.rules import State, numbers_meant
from guyub.rooms.places import api as places

PAGE = 30  # what one goes through at a sitting; each row costs every opening of the list
LAST_PAGE = 300


def _numbers(search: str, *, year: int) -> tuple[str, ...]:
    """The numbers that may be meant; none for words, even if some look like a number of another kind."""
    known = prefixes()
    meant = numbers_meant(search, prefixes=known, year=year)
    return tuple(number for number in meant if number.partition("-")[0] in known)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list was asked for by its address; whatever cannot be meant is left out, never refused."""

    state: str
    place: str
    hazard: bool
    overdue: bool
    mine: bool
    search: str
    page: int

    @classmethod
    def of(cls, given: QueryDict) -> Asked:
        state, place, page = given.get("keadaan", ""), given.get("wilayah", ""), given.get("hal", "")
        return cls(
            state=state if state in set(State) else "",
            place=place if place in places.gazetteer().by_code else "",
            hazard=given.get("bahaya") == "1",
            overdue=given.get("terlambat") == "1",
            mine=given.get("milik") == "saya",
            search=" ".join(given.get("cari", "").replace("\0", "").split())[:80],
            page=min(int(page), LAST_PAGE) if re.fullmatch(r"[1-9][0-9]{0,3}", page) else 1,
        )

    def narrowed(self, person: Person, at: datetime) -> queries.Narrowed:
        """What a list shows. A search is for numbers, or else for words."""
        meant = _numbers(self.search, year=local_date(at, get_city().tz).year)
        return queries.Narrowed(
            state=self.state,
            place=self.place,
            hazard=self.hazard,
            overdue_at=at if self.overdue else None,
            assignee=person.account if self.mine else None,
            numbers=meant or None,
            words="" if meant else self.search,
        )

    @property
    def after(self) -> int:
        return (self.page - 1) * PAGE

    @property
    def how_many(self) -> int:
        return sum(map(bool, (self.state, self.place, self.hazard, self.overdue, self.mine)))

    def address(self, base: str, page: int) -> str:
        query = QueryDict(mutable=True)
        said = {
            "cari": self.search,
            "keadaan": self.state,
            "wilayah": self.place,
            "bahaya": "1" if self.hazard else "",
            "terlambat": "1" if self.overdue else "",
            "milik": "saya" if self.mine else "",
            "hal": str(page) if page > 1 else "",
        }
        query.update({key: value for key, value in said.items() if value})
        return f"{base}?{query.urlencode()}" if query else base
