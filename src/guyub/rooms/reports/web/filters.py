"""What a reader asks of the list, read from the address and written back into addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from guyub.rooms.places import api as places
from guyub.rooms.reports.groups import LABELS, OVERDUE, STATUS
from guyub.rooms.reports.map import Box
from guyub.rooms.reports.queries import (
    GROUP,
    RECENT_DAYS,
    YEAR_DAYS,
    Wanted,
    category_filters,
    days_before,
    find_choice,
)
from guyub.rooms.reports.search import LONGEST
from guyub.rooms.reports.web.forms import clean_text
from guyub.ui.rows import option_groups, options

TIMES = {
    "masuk-30": gettext_lazy("Masuk 30 hari terakhir"),
    "masuk-365": gettext_lazy("Masuk 365 hari terakhir"),
    "berakhir-30": gettext_lazy("Berakhir 30 hari terakhir"),
}
NUMBER = re.compile(r"LAP-\d{4}-\d{6,9}", re.ASCII)
_CODE = re.compile(rf"({GROUP})?[a-z0-9-]{{1,40}}")
_DECIMAL = re.compile(r"-?\d{1,3}(\.\d{1,12})?", re.ASCII)
_NAMES = ("cari", "status", "kategori", "wilayah", "waktu", "tampil")


@dataclass(frozen=True, slots=True)
class Filters:
    """The choices in an address, each empty or known to be good."""

    cari: str = ""
    status: str = ""
    kategori: str = ""
    wilayah: str = ""
    waktu: str = ""
    tampil: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        """Raises BadRequest for what no page of ours writes; words may be anything."""
        found, wrong = cls.read_what_fits(query)
        if wrong:
            raise BadRequest("The list has no such filter.")
        return found

    @classmethod
    def read_what_fits(cls, query: QueryDict) -> tuple[Filters, bool]:
        """The choices that are good, and whether any was left out because it is none."""
        said = {name: query.get(name, "") for name in _NAMES if name != "cari"}
        good = {name: value for name, value in said.items() if not value or _fits(name, value)}
        return cls(cari=_short(clean_text(query.get("cari", ""))), **good), len(good) < len(said)

    @property
    def is_map(self) -> bool:
        return self.tampil == "peta"

    def wanted(self, *, at: datetime) -> Wanted:
        since = days_before(at, YEAR_DAYS if self.waktu == "masuk-365" else RECENT_DAYS)
        return Wanted(
            states=STATUS.get(self.status, ()),
            overdue_at=at if self.status == OVERDUE else None,
            category=self.kategori,
            place=self.wilayah,
            submitted_since=since if self.waktu in ("masuk-30", "masuk-365") else None,
            ended_since=since if self.waktu == "berakhir-30" else None,
            words=self.cari,
        )

    def query(self, **changes: str) -> str:
        """The address's part after the page, `?` included; empty if nothing is chosen."""
        more = {key: value for key, value in changes.items() if key not in _NAMES}
        changed = replace(self, **{key: value for key, value in changes.items() if key in _NAMES})
        pairs = {name: getattr(changed, name) for name in _NAMES} | more
        chosen = urlencode({name: value for name, value in pairs.items() if value})
        return f"?{chosen}" if chosen else ""

    def said(self) -> list[str]:
        """What is chosen, in words."""
        category = find_choice(self.kategori) if self.kategori else ""
        place = places.gazetteer().by_code.get(self.wilayah)
        said = [
            f"“{self.cari}”" if self.cari else "",
            str(LABELS[self.status]) if self.status else "",
            category or self.kategori,
            place.label if place else "",
            str(TIMES[self.waktu]) if self.waktu else "",
        ]
        return [words for words in said if words]

    def besides_words(self) -> list[tuple[str, str]]:
        """Names and values that a new search keeps."""
        return [(name, getattr(self, name)) for name in _NAMES if name != "cari" and getattr(self, name)]

    def narrower(self, here: str) -> list[tuple[str, str]]:
        """Inside a chosen kecamatan: its kelurahan and desa with the address of each one's list."""
        rows = places.gazetteer().within(self.wilayah) if self.wilayah else []
        return [(here + self.query(wilayah=row.code), row.label) for row in rows]

    def fields(self) -> dict[str, Any]:
        """The choices of the form, ready to print."""
        return {
            "statuses": options((key, str(LABELS[key]), key == self.status) for key in STATUS),
            "categories": option_groups(
                (group, options((code, name, code == self.kategori) for code, name in pairs))
                for group, pairs in category_filters()
            ),
            "districts": options(
                (row.code, row.name, row.code == self.wilayah) for row in places.gazetteer().districts
            ),
            "within": self._within(),
            "times": options((key, str(label), key == self.waktu) for key, label in TIMES.items()),
        }

    def _within(self) -> dict[str, Any] | None:
        """The kelurahan and desa of the chosen kecamatan: a second step, so that the form stays light."""
        gazetteer = places.gazetteer()
        place = gazetteer.by_code.get(self.wilayah)
        district = gazetteer.by_code.get(place.parent_code) if place and place.is_settlement else place
        if district is None:
            return None
        rows = gazetteer.within(district.code)
        return {
            "district": district.label,
            "places": options((row.code, row.label, row.code == self.wilayah) for row in rows),
        }


def _fits(name: str, value: str) -> bool:
    """Whether a filter may have a value. A category that nobody knows is a choice without reports."""
    if name == "kategori":
        return bool(_CODE.fullmatch(value))
    if name == "wilayah":
        place = places.gazetteer().by_code.get(value)
        return place is not None and bool(place.parent_code)
    return value in {"status": [*STATUS], "waktu": [*TIMES], "tampil": ["peta"]}[name]


def _short(said: str) -> str:
    return " ".join(said.split())[:LONGEST]


def read_number(query: QueryDict, name: str) -> str:
    """The number of the report from which a page goes on; empty on the first. Raises BadRequest."""
    number = query.get(name, "")
    if number and not NUMBER.fullmatch(number):
        raise BadRequest("This is no number of a report.")
    return number


def read_box(query: QueryDict) -> Box | None:
    """`bbox=west,south,east,north` in degrees, in the order of GeoJSON. Raises BadRequest."""
    text = query.get("bbox", "")
    if not text:
        return None
    parts = text.split(",") if len(text) <= 80 else []
    if len(parts) != 4 or not all(_DECIMAL.fullmatch(part) for part in parts):
        raise BadRequest("bbox is west,south,east,north in degrees.")
    box = Box(*map(float, parts))
    if not (-180 <= box.west <= box.east <= 180 and -90 <= box.south <= box.north <= 90):
        raise BadRequest("bbox is west,south,east,north in degrees.")
    return box
