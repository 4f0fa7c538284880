"""When a post may be changed, and when promotion rests: plain Python, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

# Whose words stand out: those who were elected answer here, so that their answers are found.
ELECTED = frozenset({"kepala_daerah", "dewan"})


def may_edit(*, said_at: datetime, at: datetime, minutes: int) -> bool:
    """Soon after it was said words may be put right; later an answer may rest on them."""
    return at <= said_at + timedelta(minutes=minutes)


def election_of(periods: Iterable[Mapping[str, str]], today: date) -> str:
    """The name of the election period that a day lies in (`until` exclusive); empty outside of all."""
    for period in periods:
        if date.fromisoformat(period["from"]) <= today < date.fromisoformat(period["until"]):
            return period["name"]
    return ""


def stands_out(role: str, *, election: str) -> bool:
    """Answers of the head and the council stand out, but not while people vote on them."""
    return role in ELECTED and not election
