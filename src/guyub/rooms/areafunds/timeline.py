"""What happened to an activity or a book, from the facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.utils.formats import date_format
from django.utils.timezone import localtime

from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.ui.rows import Printed

MOST = 60


class _Subject(Protocol):
    @property
    def subject(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Entry(Printed):
    title: str
    tone: str
    when: str
    datetime: str


def entries(row: _Subject, *, public: bool) -> list[Entry]:
    """The newest first; `public` leaves out what only who oversees the fund reads. One query."""
    told = [(fact, ledger.tell(fact)) for fact in reversed(ledger.facts_about(row.subject)[-MOST:])]
    return [
        Entry(
            said.text,
            said.tone,
            date_format(localtime(fact.occurred_at, get_city().tz), "j F Y, H.i"),
            fact.occurred_at.isoformat(),
        )
        for fact, said in told
        if said is not None and (said.public or not public)
    ]
