"""The door to warnings: whoever sees something coming opens a draft here; people approve and send it.

Levels `NORMAL < WASPADA < SIAGA < AWAS`; areas are codes of kelurahan and desa; times are UTC. Nothing that comes
through this door reaches a resident before a second person has approved it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from guyub.kernel.access.api import Person
from guyub.rooms.warnings import drafting, queries, scoring
from guyub.rooms.warnings.access import count_waiting
from guyub.rooms.warnings.acting import Refused
from guyub.rooms.warnings.bmkg.asking import (
    Nowcast,
    Quake,
    Rain,
    RainForecast,
    nowcasts,
    quakes,
    rain_forecast,
)
from guyub.rooms.warnings.drafting import Content
from guyub.rooms.warnings.queries import (
    Told,
    Warning_,
    in_force,
    issued,
    open_then,
    open_warnings,
    told,
    unscored,
)
from guyub.rooms.warnings.rules import Level, Mode, Outcome
from guyub.rooms.warnings.showing import Row, rows

__all__ = [
    "Level",
    "Mode",
    "Nowcast",
    "Outcome",
    "Quake",
    "Rain",
    "RainForecast",
    "Refused",
    "Row",
    "Told",
    "Warning_",
    "banners",
    "count_waiting",
    "draft_cancel",
    "draft_update",
    "draft_warning",
    "get_warning",
    "in_force",
    "issued",
    "nowcasts",
    "open_then",
    "open_warnings",
    "quakes",
    "rain_forecast",
    "score_warning",
    "told",
    "unscored",
    "withdraw_draft",
]


def draft_warning(
    *,
    source: str,
    hazard: str,
    level: str,
    areas: Iterable[str],
    onset: datetime,
    expires: datetime,
    facts: Mapping[str, Any],
    by: Person | None,
    at: datetime,
    probability: float | None = None,
    is_observed: bool = False,
    mode: str = Mode.ACTUAL,
) -> Warning_:
    """Write a warning down; the same `source` again comes back to the one it has open.

    `source` names what led to it, such as `tides.outlook:2026-11-23`, at most 120 letters. `facts` are plain values;
    `facts["sources"]` names whose data was used, with `BMKG` among them where it was, so that every text cites it.
    While a program's draft is untouched, calling again renews it; once in force, another level, area or time opens an
    update. Levels below Waspada are no warning: see `draft_cancel`. Raises `Refused`, `NotAllowed`.
    """
    content = _content(level, areas, onset, expires, facts, probability, is_observed)
    row = drafting.draft(source=source, hazard=hazard, content=content, by=by, at=at, mode=mode)
    return queries.get(id=row.chain_id)


def draft_update(
    *,
    warning: int,
    level: str,
    areas: Iterable[str],
    onset: datetime,
    expires: datetime,
    facts: Mapping[str, Any],
    by: Person | None,
    at: datetime,
    probability: float | None = None,
    is_observed: bool = False,
) -> Warning_:
    """A message that shall take the place of the one in force. Raises `Refused`, `NotAllowed`."""
    content = _content(level, areas, onset, expires, facts, probability, is_observed)
    drafting.draft_update(warning=warning, content=content, by=by, at=at)
    return queries.get(id=warning)


def draft_cancel(*, warning: int, reason: str, by: Person | None, at: datetime) -> Warning_:
    """The all-clear before its time; everyone reads the reason. A second person approves this too.

    An update that waits gives way to what a person calls off. Raises `Refused`, also when it is not in force, or when
    a cancellation waits already, or (for a program) any message; `NotAllowed`.
    """
    drafting.draft_cancel(warning=warning, reason=reason, by=by, at=at)
    return queries.get(id=warning)


def withdraw_draft(*, source: str, reason: str, at: datetime) -> bool:
    """What a program drafted under this source and nobody has approved is not proposed any more; officers read why.

    Words that people have changed are theirs by now and stay. Again, or where nothing waits, it does nothing.
    Returns whether a draft was withdrawn.
    """
    return drafting.withdraw(source=source, reason=reason, at=at)


def score_warning(
    *,
    outcome: str,
    evidence: Mapping[str, Any],
    at: datetime,
    warning: int | None = None,
    event: str = "",
    hazard: str = "",
    level: str = "",
    areas: Iterable[str] = (),
    happened_at: datetime | None = None,
    words: str = "",
    by: Person | None = None,
) -> int:
    """Keep what came of a warning: HIT, NEAR or FALSE_ALARM with its evidence (plain values).

    An event that nobody warned of is a MISS: without `warning`, with its own subject as `event`, and hazard, level,
    areas and `happened_at`. The same again changes nothing. Returns the score's id. Raises `Refused`, `NotAllowed`.
    """
    row = scoring.score(
        outcome=outcome,
        evidence=evidence,
        at=at,
        warning=warning,
        event=event,
        hazard=hazard,
        level=level,
        areas=areas,
        happened_at=happened_at,
        words=words,
        by=by,
    )
    return row.pk


def get_warning(*, id: int) -> Warning_:
    """Whatever became of it. Raises `Chain.DoesNotExist`."""
    return queries.get(id=id)


def _content(
    level: str,
    areas: Iterable[str],
    onset: datetime,
    expires: datetime,
    facts: Mapping[str, Any],
    probability: float | None,
    is_observed: bool,
) -> Content:
    return Content(
        level=level,
        areas=tuple(areas),
        onset=onset,
        expires=expires,
        facts=facts,
        probability=probability,
        is_observed=is_observed,
    )


def banners(*, at: datetime, place: str | None = None) -> list[Row]:
    """What holds now in a place (or anywhere), ready for a page's head. No query, save once in some seconds."""
    return rows(in_force(at=at, place=place), at=at)
