"""The public form of all words about a report: masked by itself, and by what an officer chose for this report.

What people wrote stays whole; the public form stands in columns of its own, so that lists, search and files never
touch the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from guyub.events import reports as events
from guyub.kernel import masking
from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.reports.models import Masking, Report

LANDMARK = 160
Form = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Choices:
    """`shown`: what looks personal and is not, such as a pole's number. `hidden`: words to be masked by hand."""

    shown: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()


def choices_of(report: int) -> Choices:
    """What an officer chose for a report. One query."""
    row = Masking.objects.filter(report=report).first()
    return (
        Choices(**{key: tuple(value) for key, value in json.loads(row.choices).items()}) if row else Choices()
    )


def form_for(chosen: Choices) -> Form:
    return lambda words: masking.mask(words, shown=chosen.shown, hidden=chosen.hidden)


def form_of(report: int) -> Form:
    """How words about a report read in public."""
    return form_for(choices_of(report))


def public_form(subject: str, words: str) -> str:
    """The same for casework, which knows a report by its subject."""
    return form_of(int(subject.partition(":")[2]))(words)


def dress(report: Report, form: Form) -> None:
    """Give a published report its public words, in memory."""
    body = report.body if report.edited_body is None else report.edited_body
    landmark = report.landmark if report.edited_landmark is None else report.edited_landmark
    report.public_body, report.public_landmark = form(body), form(landmark)[:LANDMARK]


DRESSED = ("public_body", "public_landmark", "edited_body", "edited_landmark")


def keep(report: int, chosen: Choices, *, at: datetime) -> None:
    values = json.dumps({"shown": list(chosen.shown), "hidden": list(chosen.hidden)})
    Masking.objects.update_or_create(report_id=report, defaults={"choices": values, "changed_at": at})


@dataclass(frozen=True, slots=True)
class Said:
    """Words about a report that everyone may read in their public form: `what` they are, and all of them."""

    what: str
    words: str


def said_in_public(report: Report) -> list[Said]:
    """All words of a report that have a public form, whole. Four queries."""
    subject = f"reports.report:{report.pk}"
    cases = [case.pk for case in casework.queries.cases_of(subject=subject)]
    answers = conversation.words_about(subject=subject, audiences=[Audience.PUBLIC])
    found = [
        Said("body", report.body if report.edited_body is None else report.edited_body),
        Said("landmark", report.landmark if report.edited_landmark is None else report.edited_landmark),
        *(Said("answer", one.body) for one in answers),
        *(Said("proof", one.words) for one in casework.queries.proofs_of(cases=cases)),
        *(Said("plan", one.reason) for one in casework.queries.schedules_of(cases=cases)),
    ]
    return [one for one in found if one.words.strip()]


def may_choose(person: Person, case: Case) -> bool:
    """Whoever verifies decides what everyone reads, also afterwards."""
    return casework.access.may(person, roles.VERIFY, case)


@transaction.atomic
def choose(*, case: UUID, shown: Iterable[str], hidden: Iterable[str], by: Person, at: datetime) -> Choices:
    """An officer shows false alarms and hides words by hand; all that is public follows at once. Raises NotAllowed."""
    row = Case.objects.select_for_update().get(uuid=case)
    if not may_choose(by, row):
        raise NotAllowed("This person does not decide what everyone reads of this report.")
    report = Report.objects.select_for_update(of=("self",)).get(pk=row.subject.partition(":")[2])
    before = choices_of(report.pk)
    chosen = Choices(tuple(dict.fromkeys(shown)), tuple(dict.fromkeys(hidden)))
    if chosen == before:
        return chosen
    keep(report.pk, chosen, at=at)
    apply(report, form_for(chosen), at=at)
    fact = events.MaskingChanged(report=report.pk, shown=len(chosen.shown), hidden=len(chosen.hidden))
    ledger.record(
        fact,
        subject=row.subject,
        at=at,
        by=by.account,
        on_behalf_of=casework.access.speaking_for(by, roles.VERIFY, row),
        place=row.place_code,
    )
    return chosen


def apply(report: Report, form: Form, *, at: datetime) -> None:
    """Give everything that is public about a report its form anew."""
    if report.published_at is not None and not report.is_confidential:
        dress(report, form)
        report.changed_at = at
        report.save(update_fields=["public_body", "public_landmark", "changed_at"])
    conversation.remask(subject=f"reports.report:{report.pk}", form=form)
    casework.actions.remask(subject=f"reports.report:{report.pk}")
