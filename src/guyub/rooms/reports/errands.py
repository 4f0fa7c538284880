"""What a crew without an account is told of a report, and what becomes of its proof.

A crew reads what everyone may read, and what the officer wrote for it: who reported is no part of an errand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from guyub.kernel.access.api import Person
from guyub.kernel.files import api as files
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.reports.actions import show_proof, subject_of
from guyub.rooms.reports.categories import category_of
from guyub.rooms.reports.models import Report
from guyub.rooms.reports.queries import category_name, where
from guyub.rooms.reports.rules import Seen, seen_by_public
from guyub.ui.rows import Printed


@dataclass(frozen=True, slots=True)
class Errand(Printed):
    """What, where and how. `words`, `landmark`, `point` and `photos` are empty for what is not public."""

    number: str
    title: str
    where: str
    instruction: str
    words: str
    landmark: str
    point: str
    photos: list[dict[str, str]]


def read(link: casework.crew.CrewLink) -> Errand:
    """The errand behind a link that is open."""
    report = Report.objects.select_related("category", "place").get(pk=link.case.subject.partition(":")[2])
    seen = seen_by_public(
        is_published=report.published_at is not None,
        is_confidential=report.is_confidential,
        about_conduct=report.about_conduct,
    )
    is_open, title = seen is Seen.ALL, category_name(category_of(report))
    shown = files.pictures(subject=subject_of(report), may_see=False) if is_open else []
    return Errand(
        number=report.number,
        title=title,
        where=where(report.place.code),
        instruction=link.instruction,
        words=report.public_body if is_open else "",
        landmark=report.public_landmark if is_open else "",
        point=f"{report.lat:.5f},{report.lon:.5f}" if is_open and report.lat is not None else "",
        photos=[{"url": one.url, "thumb": one.thumb_url, "alt": title, "caption": ""} for one in shown],
    )


@transaction.atomic
def send_proof(
    *,
    link: casework.crew.CrewLink,
    sent: UUID,
    words: str,
    photos: UUID,
    capture: casework.Capture,
    at: datetime,
) -> None:
    """Take a crew's proof in. Raises what `casework.crew.send_proof` raises."""
    proof = casework.crew.send_proof(link=link, sent=sent, words=words, photos=photos, capture=capture, at=at)
    if proof.outcome == casework.crew.Outcome.ACCEPTED:
        show_proof(proof.case)


@transaction.atomic
def accept_proof(*, proof: UUID, words: str, by: Person, at: datetime) -> Case:
    """The office accepts a crew's proof as the completion. Raises NotAllowed, NotPossible, NothingWaits."""
    row = casework.crew.accept_proof(proof=proof, words=words, by=by, at=at)
    show_proof(row)
    return row
