"""The door to conversation: words about a case, and threads on any subject across those who govern and live here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guyub.kernel import masking
from guyub.kernel.compiled import Compiled
from guyub.rooms.conversation.models import Audience, Message
from guyub.rooms.conversation.queries import ThreadCard, threads_about
from guyub.rooms.conversation.reference import election
from guyub.rooms.conversation.rules import ELECTED
from guyub.rooms.conversation.speaking import actor_label
from guyub.rooms.conversation.subjects import Page, Task, register_subject

__all__ = [
    "ELECTED",
    "Audience",
    "Page",
    "Task",
    "ThreadCard",
    "Words",
    "actor_label",
    "election",
    "erase_words",
    "forget_author",
    "last_of_offices",
    "post",
    "register_subject",
    "remask",
    "threads_about",
    "words_about",
    "words_by_id",
]

Form = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Words:
    """A message: `office` is None when the reporter speaks, `public` what everyone may read of it. `at` in UTC."""

    id: int
    audience: str
    kind: str
    body: str
    office: int | None
    at: datetime
    public: str


def post(
    *,
    subject: str,
    audience: Audience,
    kind: str,
    body: str,
    at: datetime,
    office: int | None = None,
    by: int | None = None,
    form: Form = masking.mask,
) -> int:
    """Keep what was said; returns the message's id. Call it inside the transaction of what it belongs to.

    What everyone may read is kept beside it in its public form.
    """
    row = Message.objects.create(
        subject=subject,
        audience=audience,
        kind=kind,
        body=body,
        public_body=form(body) if audience == Audience.PUBLIC else "",
        office=office,
        by=by,
        at=at,
    )
    return row.pk


def remask(*, subject: str, form: Form) -> None:
    """Give all public words about a subject their public form anew."""
    for row in Message.objects.filter(subject=subject, audience=Audience.PUBLIC):
        row.public_body = form(row.body)
        row.save(update_fields=["public_body"])


def forget_author(*, subject: str) -> None:
    """By whom the reporter's own words were sent is kept no longer."""
    Message.objects.filter(subject=subject, office__isnull=True).update(by=None)


def erase_words(*, subject: str, words: str) -> None:
    """Put words in place of all that the reporter said about a subject."""
    Message.objects.filter(subject=subject, office__isnull=True).update(body=words, public_body="")


_COLUMNS = ("pk", "audience", "kind", "body", "office", "at", "public_body")


def words_about(*, subject: str, audiences: Iterable[Audience]) -> list[Words]:
    """What was said about a subject to one of the audiences, oldest first."""
    heard = [str(audience) for audience in audiences]
    return [Words(*row) for row in _words_about.rows(subject=subject, audiences=heard)]


_words_about: Compiled[tuple[Any, ...]] = Compiled(
    lambda subject, audiences: (
        Message.objects.filter(subject=subject, audience__any=audiences)
        .order_by("at", "pk")
        .values_list(*_COLUMNS)
    )
)


def words_by_id(*, subject: str, audiences: Iterable[Audience]) -> dict[int, Words]:
    return {words.id: words for words in words_about(subject=subject, audiences=audiences)}


def last_of_offices(*, subjects: Iterable[str], audiences: Iterable[Audience]) -> dict[str, str]:
    """The newest words of an office about each subject that has any. One query."""
    rows = Message.objects.filter(
        subject__in=list(subjects), audience__in=list(audiences), office__isnull=False
    )
    newest = rows.order_by("subject", "-at", "-pk").distinct("subject")
    return dict(newest.values_list("subject", "body"))
