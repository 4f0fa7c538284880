"""A second person's words about a proof of work, and the verdict that they carry."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from guyub.kernel.access.api import Person, roles
from guyub.rooms.casework import api as casework
from guyub.rooms.casework.api import Case
from guyub.rooms.conversation import api as conversation
from guyub.rooms.conversation.api import Audience
from guyub.rooms.reports.models import Report


@transaction.atomic
def give(
    *, look: casework.second_look.SecondLook, verdict: str, words: str, by: Person, at: datetime
) -> Case:
    """Say whether the proof fits, in public where the report is. Raises what `casework.second_look.give` raises."""
    report = Report.objects.get(pk=look.case.subject.partition(":")[2])
    hidden = report.about_conduct or report.is_confidential or report.published_at is None
    own = by.offices(roles.SECOND_LOOK)
    said = conversation.post(
        subject=look.case.subject,
        audience=Audience.REPORTER if hidden else Audience.PUBLIC,
        kind="second_look",
        body=words,
        at=at,
        office=look.case.office_id if look.case.office_id in own else min(own, default=None),
        by=by.account,
    )
    return casework.second_look.give(look=look.pk, verdict=verdict, message=said, by=by, at=at)
