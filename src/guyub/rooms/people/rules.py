"""How long authority may be lent, and to whom: plain Python that reads like the regulation.

Legal source: UU 30/2014 (Administrasi Pemerintahan), Pasal 11-14: attribution, delegation, mandate. A *pelaksana
harian* (Plh) stands in for a head who is away, a *pelaksana tugas* (Plt) fills a post that is vacant; a mandate is
not handed on. The lengths are dated rules of the rulebook (`authority.*`).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """How a role is held. Support access counts in hours and is kept apart."""

    DEFINITIVE = "DEFINITIVE"
    PLT = "PLT"
    PLH = "PLH"
    DELEGATION = "DELEGATION"


class Told(StrEnum):
    """How far the two people have been told of a grant."""

    NOTHING = ""
    BEGUN = "BEGUN"
    ENDING = "ENDING"
    ENDED = "ENDED"


ACTING = (Kind.PLT, Kind.PLH)
# Roles that make nobody an officer of the office they are held at.
WITHOUT_OFFICE = ("ketua_rt", "dukungan", "kepala_daerah", "dewan")
# At which kinds of office a role is held; a role that is not named here may be held at any.
_NEIGHBOURHOOD = frozenset({"RT", "RW"})
# Neighbourhoods are no government, and the council has no authority over cases: officers are held at neither.
_WITHOUT_OFFICERS = _NEIGHBOURHOOD | {"COUNCIL"}
_CENTRAL = frozenset({"AGENCY", "COORDINATOR", "SECRETARIAT"})
HELD_AT: dict[str, frozenset[str]] = {
    "ketua_rt": _NEIGHBOURHOOD | {"WARD", "VILLAGE"},
    "lurah": frozenset({"WARD", "VILLAGE"}),
    "kasi": frozenset({"WARD", "VILLAGE", "DISTRICT"}),
    "camat": frozenset({"DISTRICT"}),
    "koordinator": frozenset({"COORDINATOR"}),
    "kepala_opd": frozenset({"AGENCY", "COORDINATOR"}),
    "inspektur": frozenset({"INSPECTORATE"}),
    "sekda": frozenset({"SECRETARIAT"}),
    "kepala_daerah": frozenset({"SECRETARIAT"}),
    "dewan": frozenset({"COUNCIL"}),
    "operator": frozenset({"COMMAND_CENTRE"}),
    "kemitraan": _CENTRAL,
    "admin_kota": _CENTRAL,
    "dukungan": _CENTRAL,
}


def fits(role: str, kind_of_office: str) -> bool:
    """Whether a role is held at this kind of office. Only neighbourhood roles are held in RT and RW, and only members in the council."""
    held_at = HELD_AT.get(role)
    return kind_of_office not in _WITHOUT_OFFICERS if held_at is None else kind_of_office in held_at


# Two Plt periods this near to each other are one that was extended.
SAME_VACANCY = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Period:
    """From a day until another, which is exclusive; None is without end."""

    since: date
    until: date | None

    def overlaps(self, other: Period) -> bool:
        return (other.until is None or self.since < other.until) and (
            self.until is None or other.since < self.until
        )


def latest_end(since: date, *, amount: int, unit: str) -> date:
    """The last possible `until` of what begins on a day: `amount` days or months later."""
    return since + timedelta(days=amount) if unit == "day" else _months_later(since, amount)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def times_extended(since: date, earlier: Iterable[Period]) -> int:
    """How many earlier periods of the same vacancy a Plt that begins on a day would follow."""
    found, begins = 0, since
    for period in sorted(earlier, key=lambda one: one.since, reverse=True):
        if period.until is not None and period.since < begins and begins - period.until <= SAME_VACANCY:
            found, begins = found + 1, period.since
    return found
