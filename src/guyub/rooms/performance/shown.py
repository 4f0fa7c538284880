"""The figures as lines to print and to take away: the page and the files say the same numbers from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guyub.rooms.performance import rules, wording
from guyub.rooms.performance.queries import OFFICE, Figures
from guyub.rooms.performance.rules import Figure, Share
from guyub.ui.rows import Printed


@dataclass(frozen=True, slots=True)
class Line(Printed):
    """A figure: `value` is None where it cannot be said. `figure` names the list behind it, '' if it has none."""

    key: str
    label: str
    value: float | None
    unit: str
    part: int | None = None
    whole: int | None = None
    figure: str = ""

    @property
    def means(self) -> str:
        return str(wording.MEANS[self.key])


def counted(found: Figures, figures: tuple[Figure, ...]) -> list[Line]:
    return [
        Line(one.key, str(wording.LABELS[one.key]), found.count(one), "laporan", figure=one.key)
        for one in figures
    ]


def rates(found: Figures) -> list[Line]:
    return [
        _share("dikonfirmasi-persen", found.confirmed, "dikonfirmasi"),
        _share("dibuka-kembali-persen", found.reopened, "dibuka-kembali"),
    ]


def _share(key: str, share: Share, figure: str) -> Line:
    return Line(
        key, str(wording.LABELS[key]), share.percent, "persen", share.part, share.whole, figure=figure
    )


def times(found: Figures) -> list[Line]:
    return [
        Line("separuh", str(wording.LABELS["separuh"]), found.half, "hari kerja"),
        Line("sembilan-puluh", str(wording.LABELS["sembilan-puluh"]), found.most, "hari kerja"),
    ]


def besides(found: Figures) -> tuple[Figure, ...]:
    more = (rules.PASSED_ON,) if found.scope.kind == OFFICE else ()
    return (rules.REOPENED, rules.PAUSED, *more)


def now(found: Figures) -> tuple[Figure, ...]:
    return (*rules.NOW, rules.LATE_ELSEWHERE) if found.scope.kind == OFFICE else rules.NOW


def every(found: Figures) -> list[Line]:
    """All figures, in the order of the page."""
    pause = Line("hari-jeda", str(wording.LABELS["hari-jeda"]), found.paused_days, "hari kerja")
    return [
        *times(found),
        *rates(found),
        *counted(found, (rules.RECEIVED, *rules.BECAME, *besides(found))),
        pause,
        *counted(found, now(found)),
    ]


@dataclass(frozen=True, slots=True)
class OnDay(Printed):
    """What was finished by a working day, the two ways apart, and the share estimated from all."""

    day: int
    confirmed: int
    no_response: int
    at_risk: int
    percent: int


def by_day(found: Figures) -> list[OnDay]:
    """The curve as a table: a line for each day on which something was finished."""
    rows, so_far = [], {rules.CONFIRMED: 0, rules.NO_RESPONSE: 0}
    for point in found.points:
        for state in so_far:
            so_far[state] += found.done.get((point.day, state), 0)
        rows.append(
            OnDay(
                point.day,
                so_far[rules.CONFIRMED],
                so_far[rules.NO_RESPONSE],
                point.at_risk,
                round(100 * (1 - point.left)),
            )
        )
    return rows


SAID_DAYS = (0, 1, 2, 3, 5, 7, 10, 14, 20, 30, 40, 60, 90, 120, 180, 250)


def some_days(rows: list[OnDay], *, besides: tuple[int | None, ...]) -> list[OnDay]:
    """Enough lines to read: how far it had come by some days, and the days that the page names."""
    last = {max((row.day for row in rows if row.day <= day), default=-1) for day in SAID_DAYS}
    return [row for row in rows if row.day in last or row.day in besides]


def head(found: Figures, versions: tuple[tuple[str, int], ...], at: datetime) -> dict[str, object]:
    """What a file says before its numbers."""
    return {
        "tentang": found.scope.name,
        "masa": wording.said_period(found.period),
        "sejak": found.period.since.isoformat(),
        "sampai_sebelum": found.period.until.isoformat(),
        "dihitung_pada": at.isoformat(timespec="seconds"),
        "paling_sedikit_untuk_persen": found.least,
        "aturan": {name: number for name, number in versions},
    }
