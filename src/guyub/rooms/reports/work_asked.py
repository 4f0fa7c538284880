"""Work that other rooms ask for is a report: nobody's own, with the voices of those who told of it."""

from __future__ import annotations

from datetime import datetime

from guyub.rooms.casework.api import Asked, Work
from guyub.rooms.reports import actions
from guyub.rooms.reports.models import Report, ReportClass


def take(work: Work, at: datetime) -> Asked:
    """Raises `Category.DoesNotExist`, `places.UnknownPlace`."""
    what = actions.Submission(
        submission=work.request,
        report_class=ReportClass.COMPLAINT,
        category=work.category,
        body=work.words,
        place=work.place,
        landmark=work.landmark,
        lat=work.lat,
        lon=work.lon,
        mark=work.mark,
    )
    receipt = actions.submit_report(what=what, at=at)
    report = Report.objects.get(number=receipt.number)
    for voice in work.voices:
        actions.support(report=report, supporter=voice, at=at)
    return Asked(receipt.number, actions.subject_of(report))
