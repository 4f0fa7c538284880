"""A report's timeline, drawn from the ledger: who sees which line, with the words and photos that belong to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from django.utils.translation import gettext as _

from guyub.kernel.files import api as files
from guyub.kernel.files.api import Picture
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import api as casework
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.people import api as people
from guyub.rooms.reports.actions import subject_of
from guyub.rooms.reports.models import Report


class Reader(IntEnum):
    """Who reads: each sees what the one before sees, and more."""

    PUBLIC = 1
    REPORTER = 2
    OFFICER = 3


AUDIENCES = {
    Reader.PUBLIC: (Audience.PUBLIC,),
    Reader.REPORTER: (Audience.PUBLIC, Audience.REPORTER),
    Reader.OFFICER: (Audience.PUBLIC, Audience.REPORTER, Audience.OFFICE),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `text` says what happened, `words` is what somebody wrote with it (plain text)."""

    at: datetime
    text: str
    tone: str
    words: str = ""
    photos: list[Picture] = field(default_factory=list)
    is_private: bool = False


def timeline(*, report: Report, reader: Reader) -> list[Entry]:
    """What happened to a report, oldest first, as far as the reader may know. Six queries at most."""
    subject = subject_of(report)
    said = conversation.words_by_id(subject=subject, audiences=AUDIENCES[reader])
    cases = casework.queries.cases_of(subject=subject)
    proofs = {proof.id: proof for proof in casework.queries.proofs_of(cases=[case.pk for case in cases])}
    entries = []
    for fact in ledger.facts_about(subject):
        sentence = ledger.tell(fact)
        if sentence is None or (reader < Reader.OFFICER and not sentence.public):
            continue
        entries.append(_entry(sentence, said, proofs, reader))
    if reader is Reader.OFFICER:
        entries += _notes(said)
    return sorted(entries, key=lambda entry: entry.at)


def _entry(
    sentence: ledger.Sentence,
    said: dict[int, conversation.Words],
    proofs: dict[int, casework.queries.Proof],
    reader: Reader,
) -> Entry:
    words, photos, private = "", [], not sentence.public
    if sentence.message is not None:
        message = said.get(sentence.message)
        words = message.body if message else ""
        private = private or (message is not None and message.audience != Audience.PUBLIC)
        if message and message.kind == "dispute":
            photos = files.pictures(
                subject=f"conversation.message:{message.id}", may_see=reader > Reader.PUBLIC
            )
    if sentence.evidence is not None and sentence.evidence in proofs:
        words = proofs[sentence.evidence].words
        photos = files.pictures(
            subject=f"casework.evidence:{sentence.evidence}", may_see=reader > Reader.PUBLIC
        )
    return Entry(sentence.at, sentence.text, sentence.tone, words, photos, private)


def _notes(said: dict[int, conversation.Words]) -> list[Entry]:
    offices = people.directory()
    return [
        Entry(
            words.at,
            _("Catatan internal %(office)s")
            % {"office": offices.get(words.office).name if words.office else ""},
            "info",
            words.body,
            is_private=True,
        )
        for words in said.values()
        if words.audience == Audience.OFFICE
    ]
