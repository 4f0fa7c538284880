"""The work is done: whoever shows it, the case, its proof and the fact are the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from guyub.kernel.access.api import Person
from guyub.kernel.files import api as files
from guyub.rooms.casework import transitions
from guyub.rooms.casework.acting import overtake_proposal, save
from guyub.rooms.casework.capture import Capture
from guyub.rooms.casework.kinds import kind_of
from guyub.rooms.casework.models import Case, Evidence


def complete(
    case: Case,
    *,
    words: str,
    capture: Capture,
    take_photos: Callable[[str], int],
    by: Person | None,
    office: int,
    at: datetime,
    given_by: int | None = None,
    submission: UUID | None = None,
) -> Evidence:
    """Keep the proof and ask the reporter. `take_photos` gives photos to a subject and returns their number.

    Nobody acts (`by`) where a rule completes what a crew sent; then `given_by` gave the crew its link.
    Raises NotPossible, `files.NotAPhoto` when there is no photo.
    """
    account = by.account if by else given_by
    proof = Evidence.objects.create(
        case=case,
        words=words,
        public_words=kind_of(case.kind).public_form(case.subject, words),
        by=account,
        at=at,
        submission=submission,
        **capture.as_columns(),
    )
    if not take_photos(f"casework.evidence:{proof.pk}"):
        raise files.NotAPhoto("A photo of the finished work is needed.")
    if account is not None:
        overtake_proposal(case, by=account, at=at)
    save(case, transitions.complete(case, evidence=proof.pk, at=at), by=by, office=office, at=at)
    return proof
