"""A report's timeline, drawn from the ledger: who sees which line, with the words and photos that belong to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum

from django.utils.translation import gettext as _

from guyub.events import reports as events
from guyub.kernel.files import api as files
from guyub.kernel.files.api import Picture
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import api as casework
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.people import api as people
from guyub.rooms.reports.actions import subject_of
from guyub.rooms.reports.joining import ADDITION
from guyub.rooms.reports.models import Report
from guyub.ui.rows import Printed

_WITH_PHOTOS = ("dispute", ADDITION)


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
class Entry(Printed):
    """One line: `text` says what happened, `words` is what somebody wrote with it (plain text)."""

    at: datetime
    text: str
    tone: str
    words: str = ""
    photos: list[Picture] = field(default_factory=list)
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """The lines, oldest first, the reporter's own photos, each proof of work with its photos, oldest first, and the
    numbers of the reports that were merged into this one and still are."""

    entries: list[Entry]
    photos: list[Picture]
    proofs: list[tuple[casework.queries.Proof, list[Picture]]]
    gathered: list[str]


def timeline(*, report: Report, reader: Reader) -> Timeline:
    """What happened to a report, as far as the reader may know. Four queries at most."""
    subject = subject_of(report)
    facts = list(ledger.facts_about(subject))
    told = [sentence for sentence in map(ledger.tell, facts) if sentence]
    if reader < Reader.OFFICER:
        told = [sentence for sentence in told if sentence.public]
    has_words = reader is Reader.OFFICER or any(sentence.message for sentence in told)
    said = conversation.words_by_id(subject=subject, audiences=AUDIENCES[reader]) if has_words else {}
    proofs = casework.queries.proofs_by_id([one.evidence for one in told if one.evidence])
    shown = files.pictures_of(
        [
            subject,
            *map(_proof_subject, proofs),
            *(_words_subject(words.id) for words in said.values() if words.kind in _WITH_PHOTOS),
        ],
        may_see=reader > Reader.PUBLIC,
    )
    whole = reader > Reader.PUBLIC
    entries = [_entry(sentence, said, proofs, shown, whole=whole) for sentence in told]
    if reader is Reader.OFFICER:
        entries += _notes(said)
    return Timeline(
        entries=sorted(entries, key=lambda entry: entry.at),
        photos=shown.get(subject, []),
        proofs=[(proof, shown.get(_proof_subject(proof.id), [])) for proof in proofs.values()],
        gathered=_gathered(facts),
    )


def _gathered(facts: Iterable[ledger.RecordedFact]) -> list[str]:
    found: dict[str, bool] = {}
    for fact in facts:
        if fact.name == events.ReportGathered.name:
            found[fact.payload["number"]] = not fact.payload["is_over"]
    return [number for number, is_here in found.items() if is_here]


def _proof_subject(proof: int) -> str:
    return f"casework.evidence:{proof}"


def _words_subject(message: int) -> str:
    return f"conversation.message:{message}"


def _entry(
    sentence: ledger.Sentence,
    said: dict[int, conversation.Words],
    proofs: dict[int, casework.queries.Proof],
    shown: dict[str, list[Picture]],
    *,
    whole: bool,
) -> Entry:
    """A stranger reads the public form of words, which is masked; whoever is part of it reads them whole."""
    words, photos, private = "", [], not sentence.public
    if sentence.message is not None:
        message = said.get(sentence.message)
        words = (message.body if whole else message.public) if message else ""
        private = private or (message is not None and message.audience != Audience.PUBLIC)
        photos = shown.get(_words_subject(sentence.message), [])
    if sentence.evidence is not None and sentence.evidence in proofs:
        proof = proofs[sentence.evidence]
        words = proof.words if whole else proof.public_words
        photos = shown.get(_proof_subject(sentence.evidence), [])
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
        if words.audience == Audience.OFFICE and words.kind != ADDITION  # that one has a fact of its own
    ]
