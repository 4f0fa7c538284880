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

PAGE = 50
LAST_PAGE = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list was asked for by its address; whatever cannot be meant is left out, never refused."""

    state: str
    place: str
    hazard: bool
    overdue: bool
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
            search=" ".join(given.get("cari", "").replace("\0", "").split())[:40],
            page=min(int(page), LAST_PAGE) if re.fullmatch(r"[1-9][0-9]{0,3}", page) else 1,
        )

    def narrowed(self, person: Person, at: datetime) -> queries.Narrowed:
        """What a list shows; a search that is no number finds nothing."""
        numbers = None
        if self.search:
            year = local_date(at, get_city().tz).year
            numbers = tuple(numbers_meant(self.search, prefixes=prefixes(), year=year))
        return queries.Narrowed(
            state=self.state,
            place=self.place,
            hazard=self.hazard,
            overdue_at=at if self.overdue else None,
            numbers=numbers,
        )

    @property
    def after(self) -> int:
        return (self.page - 1) * PAGE

    @property
    def how_many(self) -> int:
        return sum(map(bool, (self.state, self.place, self.hazard, self.overdue)))

    def address(self, base: str, page: int) -> str:
        query = QueryDict(mutable=True)
        said = {
            "cari": self.search,
            "keadaan": self.state,
            "wilayah": self.place,
            "bahaya": "1" if self.hazard else "",
            "terlambat": "1" if self.overdue else "",
            "hal": str(page) if page > 1 else "",
        }
        query.update({key: value for key, value in said.items() if value})
        return f"{base}?{query.urlencode()}" if query else base
