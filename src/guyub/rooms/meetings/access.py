"""Which meetings and follow-up this person may see: what the room of their subject says. Raises Http404."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from guyub.kernel.access.api import Person
from guyub.rooms.meetings.models import FollowUp, Meeting
from guyub.rooms.meetings.subjects import Subject, find_subject


def meeting(uuid: UUID, person: Person) -> tuple[Meeting, Subject]:
    row = Meeting.objects.filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row, readable(row.subject, person)


def meeting_to_run(uuid: UUID, person: Person) -> tuple[Meeting, Subject]:
    row, subject = meeting(uuid, person)
    if not subject.can_run:
        raise Http404
    return row, subject


def follow_up(uuid: UUID, person: Person) -> tuple[FollowUp, Subject]:
    row = FollowUp.objects.filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row, readable(row.subject, person)


def readable(subject: str, person: Person) -> Subject:
    found = find_subject(subject, person)
    if found is None or not found.can_read:
        raise Http404
    return found


def runnable(subject: str, person: Person) -> Subject:
    found = find_subject(subject, person)
    if found is None or not found.can_run:
        raise Http404
    return found
