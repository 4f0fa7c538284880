"""What happened to a partner, for its board and for the verifier."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime

from guyub.kernel.cities.api import get_city
from guyub.kernel.ledger import api as ledger
from guyub.rooms.partners.models import Note, Partner
from guyub.ui.rows import Printed

MOST = 60


@dataclass(frozen=True, slots=True)
class Entry(Printed):
    title: str
    tone: str
    when: str
    datetime: str
    words: str


def entries(row: Partner) -> list[Entry]:
    """The newest first, with the words that belong to a decision. Two queries."""
    facts = ledger.facts_about(row.subject)[-MOST:]
    notes = dict(Note.objects.filter(partner=row).values_list("pk", "words"))
    told = [(fact, ledger.tell(fact)) for fact in reversed(facts)]
    return [
        Entry(
            said.text,
            said.tone,
            date_format(localtime(fact.occurred_at, get_city().tz), "j F Y, H.i"),
            fact.occurred_at.isoformat(),
            notes.get(fact.payload.get("note") or 0, ""),
        )
        for fact, said in told
        if said is not None
    ]
