"""Parts of a report's photos made unreadable: by an officer for everyone's eyes, by the reporter for all eyes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404

from guyub.events import reports as events
from guyub.kernel.access import roles
from guyub.kernel.access.api import NotAllowed, Person
from guyub.kernel.files import api as files
from guyub.kernel.files.api import Photo
from guyub.kernel.ledger import api as ledger
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.reports.actions import subject_of
from guyub.rooms.reports.models import Report


def photo_for_office(report: Report, photo: UUID) -> Photo:
    """A photo of a report or of the proof of its work. Raises Http404."""
    cases = [case.pk for case in casework.queries.cases_of(subject=subject_of(report))]
    proofs = [f"casework.evidence:{proof.id}" for proof in casework.queries.proofs_of(cases=cases)]
    return _found(photo, [subject_of(report), *_disputes(report), *proofs])


def photo_of_reporter(report: Report, photo: UUID) -> Photo:
    """A photo that the reporter sent. Raises Http404."""
    return _found(photo, [subject_of(report), *_disputes(report)])


def _disputes(report: Report) -> list[str]:
    said = conversation.words_about(subject=subject_of(report), audiences=[Audience.REPORTER])
    return [f"conversation.message:{words.id}" for words in said if words.kind == "dispute"]


def _found(photo: UUID, subjects: list[str]) -> Photo:
    row = Photo.objects.filter(uuid=photo, subject__in=subjects).first()
    if row is None:
        raise Http404
    return row


@transaction.atomic
def blur_for_everyone(*, case: UUID, photo: UUID, cells: Iterable[int], by: Person, at: datetime) -> None:
    """An officer makes a copy for everyone; the original stays with the office. Raises NotAllowed, Http404."""
    row = Case.objects.get(uuid=case)
    if not casework.access.may(by, roles.VERIFY, row):
        raise NotAllowed("This person does not decide what everyone sees of this report.")
    report = Report.objects.select_related("place").get(pk=row.subject.partition(":")[2])
    files.blur(photo=photo_for_office(report, photo), cells=cells, keep_original=True)
    ledger.record(
        events.PhotoBlurred(report=report.pk, is_original_kept=True, photo=str(photo)),
        subject=row.subject,
        at=at,
        by=by.account,
        on_behalf_of=casework.access.speaking_for(by, roles.VERIFY, row),
        place=row.place_code,
    )


@transaction.atomic
def blur_own(*, report: Report, photo: UUID, cells: Iterable[int], at: datetime) -> None:
    """The reporter makes parts unreadable for all; the original is destroyed. The caller has checked the link.

    Raises Http404.
    """
    files.blur(photo=photo_of_reporter(report, photo), cells=cells, keep_original=False)
    fact = events.PhotoBlurred(report=report.pk, is_original_kept=False, photo=str(photo))
    ledger.record(fact, subject=subject_of(report), at=at, place=report.place.code)
