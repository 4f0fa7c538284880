"""What is counted, over which days, and how a number becomes a rate: plain Python that reads like the page
*Cara hitung*.

Each figure is said once, as data: the same words count a group of duties and, in `queries`, choose the list behind
the number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

CONFIRMED, NO_RESPONSE, WORK_DONE = "CONFIRMED", "NO_RESPONSE", "WORK_DONE"
SCHEDULED, EXTERNAL = "SCHEDULED", "EXTERNAL"
OVERRULED = "APPEAL_REFUSED"
BEING_DONE = frozenset({"RECEIVED", "FORWARDED", "IN_PROGRESS", "WAITING_REPORTER"})
DECLARED_DONE = frozenset({CONFIRMED, NO_RESPONSE, WORK_DONE, OVERRULED})
# Finished as far as the reporter had their say: only from here on does a declared fix count as time taken.
FINISHED = frozenset({CONFIRMED, NO_RESPONSE})
CLOSED_UNDONE = frozenset({"UNANSWERED", "REJECTED", "MERGED"})
# These say something about the time only until their last day: nothing was finished, or against the reporter's word.
WATCHED_UNTIL_THE_END = CLOSED_UNDONE | {OVERRULED}
OPEN = BEING_DONE | {SCHEDULED, EXTERNAL}
LONGEST_TRIAL = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Group:
    """So many duties that are alike. `days` is None where the time taken was not asked for."""

    state: str
    reopened: bool
    paused: bool
    held: bool
    late: bool
    days: int | None
    count: int
    paused_days: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """Which duties a number counts; what is None does not matter. `now`: whenever they came in."""

    key: str
    states: frozenset[str]
    reopened: bool | None = None
    paused: bool | None = None
    held: bool | None = None
    late: bool | None = None
    now: bool = False

    def counts(self, group: Group) -> bool:
        return group.state in self.states and all(
            wanted is None or wanted == found
            for wanted, found in (
                (self.reopened, group.reopened),
                (self.paused, group.paused),
                (self.held, group.held),
                (self.late, group.late),
            )
        )


EVERY_STATE = OPEN | DECLARED_DONE | CLOSED_UNDONE
# What became of what came in: each report in exactly one of them.
BECAME = (
    Figure("dikonfirmasi", frozenset({CONFIRMED})),
    Figure("tanpa-tanggapan", frozenset({NO_RESPONSE})),
    Figure("menunggu-konfirmasi", frozenset({WORK_DONE})),
    Figure("keberatan-ditolak", frozenset({OVERRULED})),
    Figure("dikerjakan", BEING_DONE),
    Figure("dijadwalkan", frozenset({SCHEDULED})),
    Figure("instansi-luar", frozenset({EXTERNAL})),
    Figure("tidak-dijawab", frozenset({"UNANSWERED"})),
    Figure("tidak-diproses", frozenset({"REJECTED"})),
    Figure("digabung", frozenset({"MERGED"})),
)
RECEIVED = Figure("masuk", EVERY_STATE)
REOPENED = Figure("dibuka-kembali", EVERY_STATE, reopened=True)
PAUSED = Figure("dijeda", EVERY_STATE, paused=True)
PASSED_ON = Figure("diteruskan", EVERY_STATE, held=False)
NOW = (
    Figure("terbuka", OPEN, held=True, now=True),
    Figure("terlambat", BEING_DONE, held=True, late=True, now=True),
    Figure("jadwal-lewat", frozenset({SCHEDULED}), held=True, late=True, now=True),
    Figure("luar-lewat", frozenset({EXTERNAL}), held=True, late=True, now=True),
)
# Only of an office: what it gave away and is late elsewhere stays in its sight.
LATE_ELSEWHERE = Figure("terlambat-diteruskan", BEING_DONE, held=False, late=True, now=True)
FIGURES = {one.key: one for one in (RECEIVED, *BECAME, REOPENED, PAUSED, PASSED_ON, *NOW, LATE_ELSEWHERE)}


def count(figure: Figure, groups: Iterable[Group]) -> int:
    return sum(group.count for group in groups if figure.counts(group))


def declared_done(groups: Iterable[Group]) -> int:
    """How many were ever declared done, those that the reporter disputed among them."""
    return sum(group.count for group in groups if group.reopened or group.state in DECLARED_DONE)


def times(groups: Iterable[Group]) -> dict[tuple[int, bool], int]:
    """How many took, or have been watched for, so many working days.

    What waits for the reporter's word is still running: declaring something done early changes nothing. What was
    rejected or closed over an unanswered question says something only for the days until then.
    """
    found: dict[tuple[int, bool], int] = {}
    for group in groups:
        key = group.days or 0, group.state in FINISHED
        found[key] = found.get(key, 0) + group.count
    return found


def done(groups: Iterable[Group]) -> dict[tuple[int, str], int]:
    """How many were finished in so many working days, the two ways apart."""
    found: dict[tuple[int, str], int] = {}
    for group in groups:
        if group.state in FINISHED:
            key = group.days or 0, group.state
            found[key] = found.get(key, 0) + group.count
    return found


def without_days(groups: Iterable[Group]) -> list[Group]:
    """The few groups that are left when nobody asks for the time taken: what every count is made from."""
    found: dict[tuple[str, bool, bool, bool, bool], list[int]] = {}
    for group in groups:
        key = group.state, group.reopened, group.paused, group.held, group.late
        sums = found.setdefault(key, [0, 0])
        sums[0] += group.count
        sums[1] += group.paused_days
    return [Group(*key, None, count, stood) for key, (count, stood) in found.items()]


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole. `percent` is None below the least number, where it would say more than is known."""

    part: int
    whole: int
    percent: float | None


def share(part: int, whole: int, *, least: int) -> Share:
    return Share(part, whole, round(100 * part / whole, 1) if whole >= max(least, 1) else None)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the city's calendar, `until` exclusive. `kind` is 'days', 'year' or 'quarter'."""

    key: str
    kind: str
    number: int
    since: date
    until: date


def periods(*, today: date, windows: Iterable[int]) -> list[Period]:
    """What may be chosen: the last days (the first is the default), this year and the two before, their quarters."""
    tomorrow = today + timedelta(days=1)
    found = [
        Period(f"{days}-hari", "days", days, tomorrow - timedelta(days=days), tomorrow) for days in windows
    ]
    for year in range(today.year, today.year - 3, -1):
        found.append(Period(str(year), "year", year, date(year, 1, 1), date(year + 1, 1, 1)))
        found += [
            Period(f"{year}-t{number}", "quarter", number, first, _three_months_on(first))
            for number in (4, 3, 2, 1)
            if (first := date(year, 3 * number - 2, 1)) <= today
        ]
    return found


def _three_months_on(first: date) -> date:
    return date(first.year + (first.month == 10), (first.month + 2) % 12 + 1, 1)


def internal_until(trial: Mapping[str, str] | None, *, today: date) -> date | None:
    """The first day on which the figures are public, if a trial of the city keeps them inside today.

    However long a trial is said to be, it keeps nothing inside for more than ninety days.
    """
    if trial is None:
        return None
    begins = date.fromisoformat(trial["begins_on"])
    ends = min(date.fromisoformat(trial["ends_on"]), begins + LONGEST_TRIAL)
    return ends if begins <= today < ends else None
