"""Joining a neighbour's report instead of sending another: what one had written is not lost."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import get_language

from guyub.events import reports as events
from guyub.kernel.access.api import Person
from guyub.kernel.files import api as files
from guyub.kernel.ledger import api as ledger
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.reports import following
from guyub.rooms.reports.actions import subject_of
from guyub.rooms.reports.models import Draft, Report

ADDITION = "addition"


@transaction.atomic
def add_to_report(*, report: Report, words: str, draft: UUID, at: datetime) -> int | None:
    """Keep what somebody wrote, with the photos of their draft, beside a report: only officers see it.

    A draft can be added once; returns the message, or None when it is gone or says nothing.
    """
    if Draft.objects.select_for_update().filter(uuid=draft).first() is None or not words.strip():
        return None
    said = conversation.post(
        subject=subject_of(report), audience=Audience.OFFICE, kind=ADDITION, body=words, at=at
    )
    files.keep(draft=draft, subject=f"conversation.message:{said}")
    Draft.objects.filter(uuid=draft).delete()
    fact = events.ReportAddedTo(report=report.pk, message=said)
    ledger.record(fact, subject=subject_of(report), at=at, place=report.place.code)
    return said


def follow_by_mail(*, report: Report, email: str, by: Person, at: datetime) -> bool:
    """Whoever left an address with the form is asked there whether they want to follow; an account follows already."""
    if by.account is not None or not email:
        return False
    try:
        validate_email(email)
    except ValidationError:
        return False
    following.ask_to_follow(
        thing=following.Thing(report=report.pk),
        email=email,
        frequency=following.Frequency.NOW,
        language=get_language() or "id",
        at=at,
    )
    return True
